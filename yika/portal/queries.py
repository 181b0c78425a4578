"""The home page: what burns, what waits for me, how the month stands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yika.assets.policies import refused_attempts
from yika.changes.policies import visible as visible_changes
from yika.changes.queries import awaiting, unconfirmed
from yika.commitments.policies import visible as visible_commitments
from yika.commitments.queries import DueCounts, Figure, compliance, due_counts
from yika.commitments.rules import Kind, Month
from yika.commitments.words import KINDS
from yika.faults.models import Fault
from yika.faults.policies import visible as visible_faults
from yika.faults.queries import (
    URGENCY,
    OnDuty,
    Waiting,
    board_counts,
    duty_board,
    gravest,
    in_lists,
    waiting_for_office,
)
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right, Side

SHOWN = 10
REFUSED_DAYS = 7


@dataclass(frozen=True)
class MonthFigure:
    """One kind of promise this month, beside the month before."""

    kind: Kind
    now: Figure
    before: Figure

    @property
    def word(self) -> str:
        """What was promised."""
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class WaitingChanges:
    """How many changes wait for the Office: for consent beforehand, for confirmation afterwards.

    ``refused``: attempts without consent in the last ``REFUSED_DAYS`` days.
    """

    asked: int
    unconfirmed: int
    refused: int


@dataclass(frozen=True)
class Home:
    """What one person's home shows; a part that is not theirs is None or empty."""

    counts: dict[str, int] | None = None
    down: Fault | None = None
    burning: list[Fault] = field(default_factory=list)
    due: DueCounts | None = None
    waiting: Waiting | None = None
    changes: WaitingChanges | None = None
    duty: list[OnDuty] = field(default_factory=list)
    month: Month | None = None
    figures: list[MonthFigure] = field(default_factory=list)


def home(user: User, at: datetime) -> Home:
    """The parts that a person's rights allow; a fixed number of queries."""
    if not may(user, Right.SEE_FAULTS):
        return Home()
    month = Month.of(at)
    return Home(
        counts=board_counts(user, at),
        down=gravest(user),
        burning=burning(user),
        due=due_counts(visible_commitments(user), at),
        waiting=waiting_for_office(user) if may(user, Right.RULE_CLASS) else None,
        changes=_changes(user, at) if may(user, Right.CONSENT_TO_CHANGES) else None,
        duty=duty_board(user.organisation_id if user.side is Side.VENDOR else None, at),
        month=month,
        figures=_figures(user, month, at) if may(user, Right.SEE_COMPLIANCE) else [],
    )


def burning(user: User) -> list[Fault]:
    """The most urgent open faults."""
    return list(in_lists(visible_faults(user).open()).order_by(*URGENCY)[:SHOWN])


def _changes(user: User, at: datetime) -> WaitingChanges:
    lately = refused_attempts(user).filter(at__gte=at - timedelta(days=REFUSED_DAYS))
    return WaitingChanges(awaiting(user).count(), unconfirmed(visible_changes(user)).count(), lately.count())


def _figures(user: User, month: Month, at: datetime) -> list[MonthFigure]:
    before = month.shifted(-1)
    found = compliance(visible_commitments(user), from_at=before.starts_at, until_at=month.ends_at, as_of=at)

    def total(of: Month, kind: Kind) -> Figure:
        return sum((figure for duty, figure in found.get(of, {}).items() if duty[1] == kind), Figure())

    return [MonthFigure(kind, total(month, kind), total(before, kind)) for kind in Kind]
