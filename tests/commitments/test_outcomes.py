"""One rule decides an outcome; the database counts by the same one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import builders, cast
from yika.commitments import actions
from yika.commitments.models import Commitment
from yika.commitments.queries import compliance
from yika.commitments.rules import Kind, Month, Outcome, Promise, outcome
from yika.journal.models import Event
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.models import User
from yika.standards.rules import Limit

AT = cast.AT
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
moments = st.integers(-3, 3).map(lambda n: AT + HOUR + n * SECOND)


@pytest.mark.parametrize(
    ("settled", "as_of", "expected"),
    [
        (None, -1, Outcome.OPEN),
        (None, 0, Outcome.OPEN),
        (None, 1, Outcome.MISSED),
        (-1, 5, Outcome.MET),
        (0, 5, Outcome.MET),
        (1, 5, Outcome.MISSED),
        (0, -1, Outcome.OPEN),  # seen from before it was settled
        (5, 2, Outcome.MISSED),
        (-2, -2, Outcome.MET),
    ],
)
def test_met_on_the_second_is_met(settled: int | None, as_of: int, expected: Outcome) -> None:
    due = AT + HOUR
    settled_at = None if settled is None else due + settled * SECOND
    assert outcome(due, settled_at, due + as_of * SECOND) is expected


class TheDatabaseCountsAsTheRule(TestCase):
    """Every combination around the due time, in SQL and by the rule."""

    row: Commitment
    office: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.row = builders.commitment()
        cls.office = cast.office()

    @settings(max_examples=150, deadline=None)
    @given(
        settled_at=st.none() | moments,
        as_of=moments,
        longer=st.integers(0, 3),
        ruled=st.sampled_from(["", "met", "missed"]),
    )
    @example(settled_at=AT + HOUR, as_of=AT + HOUR, longer=0, ruled="")
    def test_agreement(self, settled_at: datetime | None, as_of: datetime, longer: int, ruled: str) -> None:
        Commitment.objects.filter(pk=self.row.pk).update(
            settled_at=settled_at,
            next_alert_at=None,
            excused_due_at=AT + HOUR + longer * SECOND,
            ruled_outcome=ruled,
            ruled_at=AT if ruled else None,
            ruled_by=self.office if ruled else None,
        )
        row = Commitment.objects.with_outcomes(as_of).get(pk=self.row.pk)
        assert (row.raw, row.final) == (row.raw_outcome(as_of), row.final_outcome(as_of))


@pytest.mark.django_db
def test_figures_are_counted_raw_and_with_exemptions_and_rulings() -> None:
    def made(settled: int | None, *, excused: int = 0, ruled: str = "", clause: str = "4.2.2.1") -> None:
        row = builders.commitment(Limit(clause, 3600))
        changed: dict[str, object] = {"excused_due_at": row.due_at + excused * MINUTE}
        if settled is not None:
            changed |= {"settled_at": AT + settled * MINUTE, "next_alert_at": None}
        if ruled:
            changed |= {"ruled_outcome": ruled, "ruled_at": AT, "ruled_by": cast.office()}
        Commitment.objects.filter(pk=row.pk).update(**changed)

    made(60)
    made(61)
    made(61, excused=1)
    made(61, ruled="met")
    made(60, ruled="missed")
    made(None)  # overdue as of two hours later
    made(None, excused=600)
    made(10, clause="4.2.2.2")
    voided = builders.commitment()
    builders.kept(voided, None)
    builders.commitment(started_at=AT - timedelta(days=40))
    figures = compliance(Commitment.objects.all(), from_at=AT - HOUR, until_at=AT + HOUR, as_of=AT + 2 * HOUR)
    assert list(figures) == [Month(2026, 3)]
    first, second = figures[Month(2026, 3)].values()
    assert list(figures[Month(2026, 3)]) == [("4.2.2.1", "response"), ("4.2.2.2", "response")]
    assert (first.total, first.raw_met, first.raw_missed, first.raw_open) == (7, 2, 5, 0)
    assert (first.met, first.missed, first.open) == (3, 3, 1)
    assert (first.raw_decided, first.decided) == (7, 6)
    assert (second.total, second.met, second.decided) == (1, 1, 1)
    assert (first + second).total == 8


@pytest.mark.django_db
class TestRuling:
    """认定: the Office overrides with a reason; the computed outcome stays beside it."""

    def missed(self) -> Commitment:
        return builders.commitment(settled_at=AT + 2 * HOUR)

    def test_overrides_and_leaves_the_raw_figure(self) -> None:
        row, office = self.missed(), cast.office()
        row = actions.rule_outcome(row, outcome=Outcome.MET, reason="系停电所致", by=office, at=AT + 3 * HOUR)
        assert row.raw_outcome(AT + 3 * HOUR) is Outcome.MISSED
        assert row.final_outcome(AT + 3 * HOUR) is Outcome.MET
        said = Event.objects.get(verb="commitments.rule_outcome")
        assert said.data == {"outcome": "met", "computed": "missed", "reason": "系停电所致"}

    def test_a_later_ruling_takes_its_place_and_both_are_on_record(self) -> None:
        row, office = self.missed(), cast.office()
        for found in (Outcome.MET, Outcome.MISSED):
            row = actions.rule_outcome(row, outcome=found, reason="复核", by=office, at=AT + 3 * HOUR)
        assert row.ruled_outcome == "missed"
        assert Event.objects.filter(verb="commitments.rule_outcome").count() == 2

    def test_needs_a_reason_an_outcome_and_the_office(self) -> None:
        row = self.missed()
        with pytest.raises(BadInput):
            actions.rule_outcome(row, outcome=Outcome.MET, reason=" ", by=cast.office(), at=AT + 3 * HOUR)
        with pytest.raises(BadInput):
            actions.rule_outcome(row, outcome=Outcome.OPEN, reason="x", by=cast.office(), at=AT + 3 * HOUR)
        for by in (cast.manager(), cast.auditor(), cast.administrator()):
            with pytest.raises(NotAllowed):
                actions.rule_outcome(row, outcome=Outcome.MET, reason="x", by=by, at=AT + 3 * HOUR)

    def test_what_has_no_outcome_yet_or_is_void_cannot_be_ruled(self) -> None:
        row, office = builders.commitment(), cast.office()
        with pytest.raises(WrongState):
            actions.rule_outcome(row, outcome=Outcome.MISSED, reason="x", by=office, at=AT + HOUR)
        actions.rule_outcome(row, outcome=Outcome.MET, reason="x", by=office, at=AT + HOUR + SECOND)
        void = self.missed()
        builders.kept(void, None)
        with pytest.raises(WrongState):
            actions.rule_outcome(void, outcome=Outcome.MET, reason="x", by=office, at=AT + 3 * HOUR)

    def test_survives_a_corrected_settling_moment(self) -> None:
        """补录 accepted afterwards moves the moment, not what the Office has said."""
        row = actions.rule_outcome(
            self.missed(), outcome=Outcome.MET, reason="x", by=cast.office(), at=AT + 3 * HOUR
        )
        promise = Promise(Kind.RESPONSE, row.limit, AT, AT + 90 * MINUTE)
        builders.kept(row, promise, at=AT + 4 * HOUR)
        row.refresh_from_db()
        assert row.ruled_outcome == "met"
