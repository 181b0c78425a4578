"""豁免: claimed by the vendor, decided by the Office, counted like a clock that is stopped by hand."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import builders, cast
from yika.commitments import actions
from yika.commitments.models import Commitment, Exemption
from yika.commitments.rules import Outcome
from yika.journal.models import Event
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.models import User

AT = cast.AT
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
Span = tuple[int, int]


def claimed(row: Commitment, from_min: int, until_min: int, by: User) -> Exemption:
    return actions.claim_exemption(
        row,
        from_at=AT + from_min * MINUTE,
        until_at=AT + until_min * MINUTE,
        reason="楼宇封闭",
        by=by,
        at=AT + 24 * HOUR,
    )


def decided(exemption: Exemption, granted: bool, by: User, at: datetime = AT + 25 * HOUR) -> Exemption:
    return actions.decide_exemption(exemption, granted=granted, decision="已核实", by=by, at=at)


def counted(minutes: int, excused: Sequence[Span]) -> int:
    """By brute force: let the minutes pass one by one and count those that nobody excuses."""
    now = 0
    while minutes:
        if not any(start <= now < end for start, end in excused):
            minutes -= 1
        now += 1
    return now


class AgainstACounter(TestCase):
    """Any set of claims, granted or refused, in any order."""

    office: User
    manager: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.office, cls.manager = cast.office(), cast.manager()
        builders.contract()

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(-30, 150), st.integers(1, 90), st.sampled_from([True, True, False, None])),
            max_size=5,
        )
    )
    @example([(10, 20, True), (15, 30, True)])  # overlapping
    @example([(10, 10, True), (20, 10, True)])  # touching
    @example([(-30, 40, True)])  # partly before the start
    @example([(50, 60, True)])  # beginning inside, ending behind the limit
    @example([(60, 30, True)])  # from the limit on: nothing is left to be excused
    @example([(60, 30, True), (50, 10, True)])  # … until an earlier one moves the limit behind it
    @example([(0, 90, False), (0, 90, None)])  # refused, undecided
    def test_due_time(self, claims: list[tuple[int, int, bool | None]]) -> None:
        row = builders.commitment()
        granted: list[Span] = []
        for start, length, answer in claims:
            if start + length <= 0:
                continue
            exemption = claimed(row, start, start + length, self.manager)
            if answer is not None:
                decided(exemption, answer, self.office)
            if answer:
                granted.append((start, start + length))
        row.refresh_from_db()
        assert row.due_at == AT + HOUR
        assert row.excused_due_at == AT + counted(60, granted) * MINUTE
        assert row.alerts_sent == 0 and row.next_alert_at is not None
        assert row.next_alert_at == AT + (row.excused_due_at - AT) / 2


@pytest.mark.django_db
class TestClaimAndDecision:
    """Who may, when, and what stays."""

    def test_both_figures_stay(self) -> None:
        row = builders.commitment(settled_at=AT + 70 * MINUTE)
        decided(claimed(row, 20, 40, cast.manager()), True, cast.office())
        row.refresh_from_db()
        assert row.raw_outcome(AT + 24 * HOUR) is Outcome.MISSED
        assert row.final_outcome(AT + 24 * HOUR) is Outcome.MET
        assert row.settled_at == AT + 70 * MINUTE and row.next_alert_at is None

    def test_the_ladder_is_climbed_anew_for_a_new_due_time(self) -> None:
        row = builders.commitment()
        Commitment.objects.filter(pk=row.pk).update(alerts_sent=3, next_alert_at=AT + 2 * HOUR)
        decided(claimed(row, 0, 60 * 48, cast.manager()), True, cast.office(), at=AT + 25 * HOUR)
        row.refresh_from_db()
        assert row.alerts_sent == 0 and row.armed_at == AT + 25 * HOUR

    def test_a_refusal_changes_nothing_but_is_kept(self) -> None:
        row = builders.commitment()
        exemption = decided(claimed(row, 10, 40, cast.manager()), False, cast.office())
        before = row.next_alert_at
        row.refresh_from_db()
        assert (row.excused_due_at, row.next_alert_at) == (AT + HOUR, before)
        assert exemption.granted is False and exemption.decision == "已核实"
        assert Event.objects.filter(verb="commitments.refuse_exemption").count() == 1

    @pytest.mark.parametrize(
        ("from_min", "until_min", "field"),
        [(10, 10, "until_at"), (20, 10, "until_at"), (-20, 0, "until_at"), (60 * 24 + 1, 60 * 30, "from_at")],
        ids=["empty", "backwards", "before the start", "not begun yet"],
    )
    def test_intervals_that_make_no_sense(self, from_min: int, until_min: int, field: str) -> None:
        row = builders.commitment()
        with pytest.raises(BadInput) as refused:
            claimed(row, from_min, until_min, cast.manager())
        assert refused.value.field == field

    def test_reasons_are_needed(self) -> None:
        row, manager = builders.commitment(), cast.manager()
        with pytest.raises(BadInput):
            actions.claim_exemption(row, from_at=AT, until_at=AT + HOUR, reason=" ", by=manager, at=AT + HOUR)
        with pytest.raises(BadInput):
            actions.decide_exemption(
                claimed(row, 0, 10, manager), granted=True, decision="", by=cast.office(), at=AT + HOUR
            )

    def test_only_the_vendor_that_owes_claims_and_only_the_office_decides(self) -> None:
        row = builders.commitment()
        other = cast.manager()
        other.organisation = cast.stranger().organisation
        other.save()
        for by in (other, cast.office(), cast.technician(), cast.auditor()):
            with pytest.raises(NotAllowed):
                claimed(row, 0, 10, by)
        exemption = claimed(row, 0, 10, cast.dispatcher())
        for by in (cast.manager(), cast.dispatcher(), cast.auditor(), cast.administrator()):
            with pytest.raises(NotAllowed):
                decided(exemption, True, by)

    def test_nothing_void_is_excused(self) -> None:
        row = builders.commitment()
        builders.kept(row, None)
        with pytest.raises(WrongState):
            claimed(row, 0, 10, cast.manager())

    def test_a_decision_stands(self) -> None:
        row, office = builders.commitment(), cast.office("周敏")
        exemption = decided(claimed(row, 10, 40, cast.manager()), False, office)
        with pytest.raises(WrongState, match="周敏"):
            decided(exemption, True, cast.office())
        row.refresh_from_db()
        assert row.excused_due_at == AT + HOUR

    def test_the_database_refuses_what_cannot_be(self) -> None:
        exemption = claimed(builders.commitment(), 10, 40, cast.manager())
        for wrong in ({"until_at": exemption.from_at}, {"granted": True}, {"decided_at": AT}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Exemption.objects.filter(pk=exemption.pk).update(**wrong)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_deciders_at_once_one_wins_the_other_is_told() -> None:
    row = builders.commitment()
    exemption = claimed(row, 10, 40, cast.manager())
    offices = [cast.office("甲"), cast.office("乙")]
    start = threading.Barrier(2)
    answers: list[str] = []

    def decide(by: User, granted: bool) -> None:
        start.wait()
        try:
            decided(Exemption.objects.get(pk=exemption.pk), granted, by)
            answers.append("won")
        except WrongState as told:
            answers.append(str(told))
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(by, number == 0)) for number, by in enumerate(offices)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    exemption.refresh_from_db()
    row.refresh_from_db()
    won = exemption.decided_by
    assert won is not None
    assert sorted(answers, key=len) == ["won", f"该豁免申请已由 {won.name} 认定"]
    assert row.excused_due_at == AT + (90 * MINUTE if exemption.granted else HOUR)
    decisions = Event.objects.filter(verb__in=["commitments.grant_exemption", "commitments.refuse_exemption"])
    assert decisions.count() == 1
