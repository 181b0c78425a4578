"""``keep`` brings one commitment in line with what the facts promise, and does nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

import yika.standards
from tests import builders, cast
from yika.calendars.models import SpecialDay
from yika.commitments.models import Alert, Commitment, Term
from yika.commitments.rules import Kind, Outcome, Promise
from yika.journal.models import Event
from yika.standards.rules import Clock, Limit

pytestmark = pytest.mark.django_db
AT = cast.AT
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PROMISE = Promise(Kind.RESPONSE, Limit("4.2.2.1", 3600), AT, None, "一般故障（2.1）")
HALF = replace(PROMISE, limit=Limit("4.2.2.2", 1800), reason="较大故障（2.2）")
DAYS = Limit("4.2.3", days=10)


BUILTIN = (Path(yika.standards.__file__).parent / "builtin/ccnu.toml").read_text(encoding="utf-8")
EVERY_DAY = "".join(
    f'{day} = ["08:00-18:00"]\n'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
SERVICE_HOURS = f"{BUILTIN}\n[service_calendar]\n{EVERY_DAY}"


def verbs(row: Commitment) -> list[str]:
    events = Event.objects.filter(noun="commitment", key=str(row.pk)).order_by("id")
    return [event.verb.removeprefix("commitments.") for event in events]


def state(row: Commitment) -> Mapping[str, object]:
    return Commitment.objects.filter(pk=row.pk).values().get()


def kept(row: Commitment | None, promise: Promise | None, at: datetime = AT) -> Commitment:
    found = builders.kept(row, promise, at=at)
    assert found
    found.refresh_from_db()
    return found


def test_opening() -> None:
    row = kept(None, PROMISE)
    assert (row.due_at, row.excused_due_at) == (AT + HOUR, AT + HOUR)
    assert row.next_alert_at == AT + 30 * MINUTE
    assert row.owed_by == row.contract.vendor
    assert [(term.clause, term.reason) for term in row.terms.all()] == [("4.2.2.1", "一般故障（2.1）")]
    assert verbs(row) == ["open"]


def test_nothing_owed_opens_nothing() -> None:
    assert builders.kept(None, None) is None
    assert not Commitment.objects.exists()


def test_days_end_at_midnight_and_the_first_does_not_count() -> None:
    row = kept(None, replace(PROMISE, kind=Kind.REPAIR, limit=DAYS))
    assert row.due_at == datetime.fromisoformat("2026-03-13T00:00:00+08:00")


def test_what_is_settled_already_opens_and_settles() -> None:
    row = kept(None, replace(PROMISE, settled_at=AT + MINUTE), at=AT + HOUR)
    assert row.settled_at == AT + MINUTE and row.next_alert_at is None
    assert verbs(row) == ["open", "settle"]


STORIES = {
    "settle": [replace(PROMISE, settled_at=AT + MINUTE)],
    "settle late": [replace(PROMISE, settled_at=AT + 2 * HOUR)],
    "move": [replace(PROMISE, settled_at=AT + 2 * HOUR), replace(PROMISE, settled_at=AT + MINUTE)],
    "take back": [replace(PROMISE, settled_at=AT + MINUTE), PROMISE],
    "replace": [HALF],
    "replace and back": [HALF, PROMISE],
    "another start": [replace(PROMISE, started_at=AT - HOUR)],
    "void": [None],
    "reinstate": [None, PROMISE],
    "reinstate otherwise": [None, replace(HALF, settled_at=AT + MINUTE)],
    "void settled": [replace(PROMISE, settled_at=AT + MINUTE), None],
    "void settled, reinstate open": [replace(PROMISE, settled_at=AT + MINUTE), None, PROMISE],
    "days": [replace(PROMISE, limit=DAYS)],
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_the_row_says_what_was_promised_last_and_a_repetition_changes_nothing(
    story: list[Promise | None],
) -> None:
    row = kept(None, PROMISE)
    for step, promise in enumerate(story, 1):
        at = AT + 3 * HOUR + step * MINUTE
        row = kept(row, promise, at)
        if promise is None:
            assert row.voided_at == at and row.next_alert_at is None
        else:
            fresh = kept(None, promise, at)
            assert row.voided_at is None
            assert (row.limit, row.started_at, row.settled_at) == (
                promise.limit,
                promise.started_at,
                promise.settled_at,
            )
            assert (row.due_at, row.excused_due_at) == (fresh.due_at, fresh.excused_due_at)
            assert (row.next_alert_at is None) == (promise.settled_at is not None)
            current = Term.objects.get(commitment=row, replaced_at=None)
            assert (current.clause, current.started_at, current.due_at) == (
                row.clause,
                row.started_at,
                row.due_at,
            )
        before, said = state(row), verbs(row)
        row = kept(row, promise, at + MINUTE)
        assert (state(row), verbs(row)) == (before, said)


def test_each_change_is_said() -> None:
    row = kept(None, PROMISE)
    for promise in (
        replace(PROMISE, settled_at=AT + MINUTE),
        PROMISE,
        HALF,
        None,
        replace(PROMISE, settled_at=AT + 2 * MINUTE),
        replace(PROMISE, settled_at=AT + 3 * MINUTE),
    ):
        kept(row, promise, AT + HOUR)
    assert verbs(row) == [
        "open", "settle", "take_back", "replace", "void", "reinstate", "replace", "settle", "settle",
    ]  # fmt: skip


def test_the_holder_follows() -> None:
    row = kept(None, PROMISE)
    technician = cast.technician()
    builders.kept(row, PROMISE, holder=technician, subject="G000001 二食堂")
    row.refresh_from_db()
    assert row.holder == technician and row.subject == "G000001 二食堂"
    assert verbs(row) == ["open"]


def test_a_shorter_limit_may_have_run_out_already_and_says_so() -> None:
    row = kept(None, PROMISE)
    row = kept(row, HALF, AT + 40 * MINUTE)
    assert row.due_at == AT + 30 * MINUTE
    assert row.raw_outcome(AT + 40 * MINUTE) is Outcome.MISSED
    assert row.next_alert_at is not None and row.next_alert_at <= AT + 40 * MINUTE


def test_a_deadline_missed_under_an_earlier_class_stays_visible() -> None:
    row = kept(None, HALF)
    row = kept(row, PROMISE, AT + 40 * MINUTE)
    row = kept(row, replace(PROMISE, settled_at=AT + 50 * MINUTE), AT + 50 * MINUTE)
    assert row.raw_outcome(AT + HOUR) is Outcome.MET
    assert [term.was_missed(row.settled_at) for term in row.terms.all()] == [True, False]
    assert Commitment.objects.with_former_misses().get(pk=row.pk).formerly_missed


@pytest.mark.parametrize(
    ("replaced", "settled"),
    [(29, None), (30, None), (40, 20), (40, 30), (29, 50)],
    ids=["before", "on the second", "settled before", "settled on it", "replaced before, settled behind"],
)
def test_a_deadline_not_missed_is_not_said_to_be(replaced: int, settled: int | None) -> None:
    row = kept(None, HALF)
    settled_at = AT + settled * MINUTE if settled else None
    row = kept(row, replace(PROMISE, settled_at=settled_at), AT + replaced * MINUTE)
    assert [term.was_missed(row.settled_at) for term in row.terms.all()] == [False, False]
    assert not Commitment.objects.with_former_misses().get(pk=row.pk).formerly_missed


def test_a_due_time_that_comes_back_does_not_tell_its_rungs_again() -> None:
    row = kept(None, PROMISE)
    Alert.objects.create(commitment=row, due_at=row.due_at, position=1, at=AT + 30 * MINUTE, told=[])
    Commitment.objects.filter(pk=row.pk).update(alerts_sent=1, next_alert_at=AT + 48 * MINUTE)
    row = kept(row, HALF, AT + 35 * MINUTE)
    assert row.alerts_sent == 0
    row = kept(row, PROMISE, AT + 40 * MINUTE)
    assert (row.alerts_sent, row.next_alert_at) == (1, AT + 48 * MINUTE)


def test_a_reopening_takes_a_ruling_back_with_the_outcome_it_was_about() -> None:
    row = kept(None, replace(PROMISE, settled_at=AT + 2 * HOUR), AT + 2 * HOUR)
    Commitment.objects.filter(pk=row.pk).update(
        ruled_outcome="met", ruled_reason="属实", ruled_by=cast.office(), ruled_at=AT + 3 * HOUR
    )
    row = kept(row, PROMISE, AT + 4 * HOUR)
    assert (row.ruled_outcome, row.ruled_reason, row.ruled_by, row.ruled_at) == ("", "", None, None)
    assert row.final_outcome(AT + 4 * HOUR) is Outcome.MISSED
    taken = Event.objects.get(verb="commitments.take_back")
    assert taken.data["ruled"] == "met"


def test_a_day_declared_free_later_moves_the_due_time_and_leaves_a_term() -> None:
    """The calendar is one of the facts: brought in line again, both parties find the same due time."""
    parties = builders.contract(standard=SERVICE_HOURS)
    limit = Limit("4.2.2.1", 3600 * 10, clock=Clock.SERVICE)
    promise = Promise(Kind.REPAIR, limit, AT, None, "一般故障（2.1）")
    row = builders.kept(None, promise, under=parties)
    assert row
    before = row.due_at
    SpecialDay.objects.create(day=date(2026, 3, 3), is_working=False, name="停电检修")
    row = builders.kept(row, promise, under=parties, at=AT + HOUR)
    assert row and row.due_at == before + timedelta(days=1)
    assert [term.due_at for term in row.terms.all()] == [before, row.due_at]


@pytest.mark.parametrize(
    "wrong",
    [
        {"allowance_days": 1},
        {"allowance_s": None},
        {"due_at": AT - MINUTE},
        {"excused_due_at": AT + MINUTE},
        {"settled_at": AT + MINUTE},  # with an alert still to come
        {"voided_at": AT},
        {"ruled_outcome": "met"},
        {"ruled_outcome": "open", "ruled_at": AT},
        {"kind": "return"},
    ],
    ids="-".join,
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, object]) -> None:
    row = kept(None, PROMISE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=row.pk).update(**wrong)


def test_one_term_is_in_force() -> None:
    row = kept(None, PROMISE)
    term = row.terms.get()
    term.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        term.save(force_insert=True)
