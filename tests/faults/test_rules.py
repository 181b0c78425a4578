"""The rules of faults as a specification: classes, limits, moves, readings (a) to (e)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yika.commitments.rules import Outcome, Promise, outcome
from yika.faults.rules import (
    CLASSIFIABLE,
    ENDED,
    MOVES,
    Facts,
    State,
    Statement,
    Verb,
    clocks,
    needs_consent,
    recurs,
    reopening_problem,
    repair_level,
)
from yika.lib.clock import CAMPUS
from yika.standards import loader
from yika.standards.rules import Impact, Standard, Start, classify, due_at

STANDARD = loader.builtin()
T = datetime(2026, 11, 22, 1, 12, 5, tzinfo=UTC)  # 09:12:05 on the campus
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# The figures of clauses 2.1-2.4 and 4.2.2, written down once more by hand.
BY_TERMINALS = {0: 0, 1: 0, 4: 0, 5: 1, 6: 1, 9: 1, 10: 2, 11: 2, 49: 2, 50: 3, 51: 3}
BY_CARDHOLDERS = {0: 0, 1: 0, 2: 1, 99: 1, 100: 2, 101: 2, 999: 2, 1000: 3, 1001: 3}
LEVELS = [
    ("general", "2.1", "4.2.2.1", 3600, 12 * 3600),
    ("larger", "2.2", "4.2.2.2", 1800, 24 * 3600),
    ("major", "2.3", "4.2.2.3", 1800, 48 * 3600),
    ("severe", "2.4", "4.2.2.4", 1800, 72 * 3600),
]


def said(
    terminals: int = 0,
    cardholders: int = 0,
    *,
    after: timedelta = timedelta(),
    by_office: bool = False,
    named: int = 0,
    consented: bool = False,
) -> Statement:
    return Statement(Impact(terminals, cardholders), T + after, by_office, named, consented)


def facts(*statements: Statement, special: bool = False, factory: bool = False) -> Facts:
    return Facts(T, statements or (said(),), special=special, factory=factory)


def dues(given_facts: Facts, standard: Standard = STANDARD) -> tuple[timedelta | None, timedelta | None]:
    """How long after the report response and repair are due."""
    found = clocks(given_facts, standard)

    def due(promise: Promise | None) -> timedelta | None:
        return None if promise is None else due_at(promise.limit, promise.started_at, standard) - T

    return due(found.response), due(found.repair)


# ---- Classes and limits (2.1-2.7, 4.2.2) ----


@pytest.mark.parametrize("cardholders", BY_CARDHOLDERS)
@pytest.mark.parametrize("terminals", BY_TERMINALS)
def test_every_boundary(terminals: int, cardholders: int) -> None:
    graver = max(BY_TERMINALS[terminals], BY_CARDHOLDERS[cardholders])
    key, clause, limits, response, repair = LEVELS[graver]
    found = clocks(facts(said(terminals, cardholders)), STANDARD)
    assert (found.level.key, found.level.clause) == (key, clause)
    assert found.repair_level == found.level
    assert found.response and found.repair
    assert found.response.limit.clause == found.repair.limit.clause == limits
    assert dues(facts(said(terminals, cardholders))) == (
        timedelta(seconds=response),
        timedelta(seconds=repair),
    )


@pytest.mark.parametrize("terminals", [0, 60])
def test_a_special_fault_has_a_response_limit_and_no_repair_limit(terminals: int) -> None:
    found = clocks(facts(said(terminals), special=True), STANDARD)
    assert (found.level.key, found.level.clause) == ("special", "2.5")
    assert found.response is not None
    assert found.response.limit.clause == "4.2.2.5"
    assert dues(facts(said(terminals), special=True)) == (30 * MINUTE, None)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="不能为负"):
        classify(Impact(-1, 0), STANDARD)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_harm_is_never_a_milder_class(terminals: int, cardholders: int) -> None:
    here = classify(Impact(terminals, cardholders), STANDARD).rank
    assert classify(Impact(terminals + 1, cardholders), STANDARD).rank >= here
    assert classify(Impact(terminals, cardholders + 1), STANDARD).rank >= here


# ---- States and verbs ----


def test_every_pair_of_state_and_verb_is_a_move_or_refused() -> None:
    """The whole table; a pair that is not here is refused."""
    table = {
        State.REPORTED: "dispatch call_off merge refer",
        State.DISPATCHED: "refuse hand_over accept call_off merge refer",
        State.ACCEPTED: "hand_over set_out arrive start_remotely call_off merge refer",
        State.ON_THE_WAY: "hand_over arrive start_remotely call_off merge refer",
        State.WORKING: "hand_over wait_part send_to_factory wait_third_party restore_temporarily restore"
        " merge refer",
        State.WAITING_PART: "hand_over resume restore_temporarily restore merge",
        State.AT_FACTORY: "hand_over resume restore_temporarily restore merge",
        State.WAITING_THIRD_PARTY: "hand_over resume restore_temporarily restore merge",
        State.TEMPORARILY_RESTORED: "hand_over wait_part send_to_factory wait_third_party restore"
        " merge reopen",
        State.RESTORED: "give_feedback reopen",
        State.FED_BACK: "write_log reopen",
        State.LOGGED: "close reopen",
        State.CLOSED: "reopen",
        State.CALLED_OFF: "reinstate",
        State.MERGED: "split",
        State.REFERRED: "reinstate",
    }
    assert table.keys() == set(State)
    for state in State:
        for verb in Verb:
            assert ((state, verb) in MOVES) == (verb in table[state].split()), (state, verb)


def reachable(start: State) -> set[State]:
    found, queue = {start}, [start]
    while queue:
        state = queue.pop()
        for (before, _verb), after in MOVES.items():
            if before == state and after not in found:
                found.add(after)
                queue.append(after)
    return found


def test_every_state_is_reached_and_every_one_can_end() -> None:
    assert reachable(State.REPORTED) == set(State)
    for state in State:
        assert State.CLOSED in reachable(state), state
    assert ENDED.isdisjoint(CLASSIFIABLE)


def test_nothing_is_closed_without_feedback_and_log() -> None:
    assert {before for (before, _v), after in MOVES.items() if after is State.CLOSED} == {State.LOGGED}
    assert {before for (before, _v), after in MOVES.items() if after is State.LOGGED} == {State.FED_BACK}
    assert {before for (before, _v), after in MOVES.items() if after is State.FED_BACK} == {State.RESTORED}


# ---- (a) and (b): another class ----

WHEN = [5 * MINUTE, 30 * MINUTE, 31 * MINUTE, 2 * HOUR, 12 * HOUR, 13 * HOUR, 80 * HOUR]


@pytest.mark.parametrize("after", WHEN)
def test_a_raise_shortens_response_at_once_but_lengthens_repair_only_with_evidence(after: timedelta) -> None:
    bare, half = said(12, after=after), said(12, after=after, named=9)
    named, consented = said(12, after=after, named=10), said(12, after=after, consented=True)
    ruled = said(12, after=after, by_office=True)
    for statement in (bare, half):
        assert dues(facts(said(1), statement)) == (30 * MINUTE, 12 * HOUR)
        assert clocks(facts(said(1), statement), STANDARD).waits_for_consent
    for statement in (named, consented, ruled):
        assert dues(facts(said(1), statement)) == (30 * MINUTE, 48 * HOUR)
        assert not clocks(facts(said(1), statement), STANDARD).waits_for_consent


@pytest.mark.parametrize("after", WHEN)
def test_a_lower_class_counts_at_once_and_from_the_report(after: timedelta) -> None:
    assert dues(facts(said(60), said(1, after=after))) == (HOUR, 12 * HOUR)
    assert dues(facts(said(60), said(5, after=after))) == (30 * MINUTE, 24 * HOUR)


def test_cardholders_are_no_evidence_but_consent_is_enough() -> None:
    raised = said(1, 1000, after=MINUTE, named=1)
    assert dues(facts(said(1), raised)) == (30 * MINUTE, 12 * HOUR)
    assert dues(facts(said(1), replace(raised, consented=True))) == (30 * MINUTE, 72 * HOUR)


def test_going_down_and_up_again_needs_consent_again() -> None:
    assert dues(facts(said(60), said(1, after=HOUR), said(60, after=2 * HOUR))) == (30 * MINUTE, 12 * HOUR)


def test_a_standard_may_do_without_consent() -> None:
    free = replace(STANDARD, readings=replace(STANDARD.readings, raise_needs_evidence_or_consent=False))
    assert dues(facts(said(1), said(60, after=HOUR)), free) == (30 * MINUTE, 72 * HOUR)


def test_only_a_longer_limit_asks_for_consent() -> None:
    general, severe = (STANDARD.level(key) for key in ("general", "severe"))
    assert needs_consent(said(60), general, STANDARD)
    assert not needs_consent(said(60), severe, STANDARD)
    assert not needs_consent(said(1), severe, STANDARD)
    assert repair_level([said(60)], STANDARD) == severe


def test_a_special_cause_granted_and_taken_back_leaves_the_ordinary_clock_as_if_never_stopped() -> None:
    before = dues(facts(said(5)))
    assert dues(facts(said(5), special=True)) == (30 * MINUTE, None)
    assert dues(facts(said(5))) == before


# ---- (c) the factory ----


def test_ten_natural_days_take_the_repair_limits_place() -> None:
    found = clocks(facts(said(10), factory=True), STANDARD)
    assert found.repair and found.response
    assert (found.repair.limit.clause, found.response.limit.clause) == ("4.2.3", "4.2.2.3")
    due = due_at(found.repair.limit, found.repair.started_at, STANDARD)
    assert due == datetime(2026, 12, 3, tzinfo=CAMPUS)


def test_the_factorys_days_may_start_at_shipping() -> None:
    shipping = replace(STANDARD, readings=replace(STANDARD.readings, factory_starts_at=Start.SHIPPING))
    sent = replace(facts(factory=True), shipped_at=T + 3 * DAY)
    for standard, started in ((STANDARD, T), (shipping, T + 3 * DAY)):
        promise = clocks(sent, standard).repair
        assert promise and promise.started_at == started
    unsent = clocks(facts(factory=True), shipping).repair
    assert unsent and unsent.started_at == T


def test_a_special_fault_at_the_factory_has_no_repair_limit() -> None:
    assert clocks(facts(special=True, factory=True), STANDARD).repair is None


# ---- (d) reopening ----


def test_a_restoration_taken_back_leaves_the_clock_running_from_the_first_report() -> None:
    repaired = replace(facts(), responses=(T + HOUR,), restorations=(T + 2 * HOUR,))
    reopened = replace(repaired, restorations=())
    again = replace(repaired, restorations=(T + 13 * HOUR,))
    first, second, third = (clocks(one, STANDARD).repair for one in (repaired, reopened, again))
    assert first and second and third
    assert [p.started_at for p in (first, second, third)] == [T, T, T]
    assert [p.settled_at for p in (first, second, third)] == [T + 2 * HOUR, None, T + 13 * HOUR]
    due = due_at(third.limit, T, STANDARD)
    assert outcome(due, third.settled_at, T + DAY) is Outcome.MISSED
    response = clocks(reopened, STANDARD).response
    assert response and response.settled_at == T + HOUR


def test_the_window_of_reopening_ends_after_its_last_second() -> None:
    assert reopening_problem(T, T + DAY, STANDARD) is None
    assert reopening_problem(T, T + DAY + timedelta(seconds=1), STANDARD) == timedelta(seconds=1)
    assert reopening_problem(None, T + 9 * DAY, STANDARD) is None


# ---- (e) merging ----


def test_merging_starts_the_clock_at_the_earliest_report() -> None:
    earlier = replace(facts(said(10)), reported_at=T - 20 * MINUTE)
    assert dues(earlier) == (10 * MINUTE, 48 * HOUR - 20 * MINUTE)


def test_what_was_merged_or_called_off_owes_nothing() -> None:
    found = clocks(replace(facts(said(10)), out_of_clocks=True), STANDARD)
    assert (found.level.key, found.response, found.repair) == ("major", None, None)


# ---- What settles ----


def test_the_first_arrival_settles_and_a_later_one_changes_nothing() -> None:
    response = clocks(replace(facts(), responses=(T + 3 * HOUR, T + HOUR)), STANDARD).response
    assert response and response.settled_at == T + HOUR


def test_a_remote_repair_settles_the_response() -> None:
    for responses in ((), (T + 2 * HOUR,)):
        found = clocks(replace(facts(), responses=responses, restorations=(T + 5 * MINUTE,)), STANDARD)
        assert found.response and found.repair
        assert found.response.settled_at == found.repair.settled_at == T + 5 * MINUTE


def test_a_late_entry_counts_only_by_the_moment_that_was_accepted() -> None:
    recorded = replace(facts(), responses=(T + 2 * HOUR,))
    accepted = replace(facts(), responses=(T + HOUR,))
    for one, expected in ((recorded, Outcome.MISSED), (accepted, Outcome.MET)):
        promise = clocks(one, STANDARD).response
        assert promise
        assert outcome(due_at(promise.limit, T, STANDARD), promise.settled_at, T + DAY) is expected


@pytest.mark.parametrize(
    ("settled", "as_of", "expected"),
    [
        (0, 10, Outcome.MET),
        (-1, 10, Outcome.MET),
        (1, 10, Outcome.MISSED),
        (None, 0, Outcome.OPEN),
        (None, -1, Outcome.OPEN),
        (None, 1, Outcome.MISSED),
        (5, -1, Outcome.OPEN),
        (5, 1, Outcome.MISSED),
    ],
)
def test_outcomes_to_the_second(settled: int | None, as_of: int, expected: Outcome) -> None:
    done = None if settled is None else T + timedelta(seconds=settled)
    moment = T + timedelta(seconds=as_of)
    assert outcome(T, done, moment) is expected


def test_a_device_that_fails_three_times_in_thirty_days_recurs() -> None:
    assert recurs([T - 30 * DAY, T - DAY, T], T, STANDARD)
    assert not recurs([T - 30 * DAY - timedelta(seconds=1), T - DAY, T], T, STANDARD)


# ---- Against a counter that counts one by one ----

moments = st.integers(0, 3 * 86_400).map(lambda s: T + timedelta(seconds=s))
impacts = st.sampled_from([(0, 0), (4, 1), (5, 0), (0, 100), (50, 0), (1, 1000)])
statements = st.lists(
    st.builds(
        lambda size, office, named, answer: said(*size, by_office=office, named=named, consented=answer),
        impacts,
        st.booleans(),
        st.sampled_from([0, 5, 10, 50]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(
    impacts,
    st.integers(0, 86_400),
    st.lists(st.tuples(st.integers(-500, 5000), st.integers(1, 900)), max_size=3),
)
@example((5, 0), 0, [(0, 1440), (100, 100)])
def test_due_times_against_counting_minute_by_minute(
    size: tuple[int, int], seconds: int, excused: list[tuple[int, int]]
) -> None:
    """The counter walks minute by minute and counts those that nothing excuses."""
    started = T + timedelta(seconds=seconds)
    spans = [(started + a * MINUTE, started + (a + n) * MINUTE) for a, n in excused]
    covered = {minute for a, n in excused for minute in range(a, a + n)}
    level = classify(Impact(*size), STANDARD)
    for limit in (level.response, level.repair):
        assert limit and limit.seconds
        left, minute = limit.seconds // 60, 0
        while left:
            left -= minute not in covered
            minute += 1
        assert due_at(limit, started, STANDARD, spans) == started + minute * MINUTE


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_the_factorys_days_against_leafing_through_the_calendar(local: datetime) -> None:
    started = local.replace(microsecond=0, tzinfo=CAMPUS)
    day: date = started.date()
    for _ in range(10 + 1):  # the first day does not count; the end is 00:00 of the day behind the tenth
        day += DAY
    assert due_at(STANDARD.factory, started, STANDARD) == datetime(
        day.year, day.month, day.day, tzinfo=CAMPUS
    )


@given(st.integers(-3, 4000), st.one_of(st.none(), st.integers(0, 4000)))
def test_outcomes_against_watching_second_by_second(as_of: int, settled: int | None) -> None:
    due = 3600
    seen = Outcome.OPEN
    for second in range(max(as_of, 0) + 1):
        if seen is Outcome.OPEN and second > due:
            seen = Outcome.MISSED
        if seen is Outcome.OPEN and settled == second and second <= as_of:
            seen = Outcome.MET
    done = None if settled is None else T + timedelta(seconds=settled)
    assert outcome(T + timedelta(seconds=due), done, T + timedelta(seconds=as_of)) is seen


@given(statements, st.lists(moments, max_size=4), st.lists(moments, max_size=4))
def test_clocks_are_a_function_of_the_facts_whatever_their_order(
    stated: list[Statement], arrivals: list[datetime], repairs: list[datetime]
) -> None:
    one = Facts(T, tuple(stated), tuple(arrivals), tuple(repairs))
    other = replace(one, responses=tuple(reversed(arrivals)), restorations=tuple(sorted(repairs)))
    found = clocks(one, STANDARD)
    assert clocks(one, STANDARD) == found
    assert clocks(other, STANDARD) == found
    assert found.response and found.repair
    if repairs:
        assert found.repair.settled_at == min(repairs)
        assert found.response.settled_at == min([*arrivals, *repairs])
    else:
        assert found.repair.settled_at is None
    assert found.repair_level.rank <= max(classify(s.impact, STANDARD).rank for s in stated)
    assert found.response.started_at == found.repair.started_at == T


@given(statements)
def test_the_repair_limit_never_grows_by_the_vendors_word_alone(stated: list[Statement]) -> None:
    bare = [replace(s, by_office=False, named=0, consented=False) for s in stated]
    first = classify(bare[0].impact, STANDARD).repair
    found = repair_level(bare, STANDARD).repair
    assert first and found
    assert found.allowance_s <= first.allowance_s
