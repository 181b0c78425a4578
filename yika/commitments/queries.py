"""Boards and figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from yika.commitments.models import Alert, Commitment, CommitmentRows, Exemption
from yika.commitments.rules import Outcome, position_at
from yika.people.models import User
from yika.people.rules import Role
from yika.standards.queries import standard_of

GRACE = timedelta(minutes=5)


def told_by(rows: Iterable[Commitment]) -> Callable[[Commitment, str], Sequence[User]]:
    """Whom a role of the ladder means for a commitment; two queries however many rows."""
    rows = list(rows)
    organisations = {row.owed_by_id for row in rows} | {row.contract.office_id for row in rows}
    by_role: dict[tuple[int, str], list[User]] = defaultdict(list)
    for person in User.objects.active().filter(organisation__in=organisations):
        by_role[person.organisation_id, person.role].append(person)
    holders = User.objects.in_bulk({row.holder_id for row in rows if row.holder_id})

    def people(row: Commitment, role: str) -> Sequence[User]:
        if role == "holder":
            return [holders[row.holder_id]] if row.holder_id else []
        organisation = row.contract.office_id if role == Role.OFFICE else row.owed_by_id
        return by_role[organisation, role]

    return people


def unhandled(at: datetime) -> list[int]:
    """Keys of open commitments whose alerts the sweep has missed by more than the grace.

    Looks at due times and recorded alerts, not at ``next_alert_at`` alone, so that a wrong mark shows.
    """
    late = at - GRACE
    told = Alert.objects.filter(
        commitment=OuterRef("pk"), due_at=OuterRef("excused_due_at"), at__gte=F("due_at")
    )
    rows = (
        Commitment.objects.open()
        .filter(
            Q(excused_due_at__lte=late) & ~Exists(told)
            | Q(next_alert_at__lte=late)
            | Q(next_alert_at__isnull=True)
        )
        .select_related("standard")
        .order_by("excused_due_at")
    )
    return [
        row.pk
        for row in rows[:1000]
        if row.alerts_sent
        < position_at(standard_of(row.standard).ladder, row.started_at, row.excused_due_at, late)
    ]


@dataclass(frozen=True)
class Figure:
    """Counts of one clause: raw, and with exemptions and rulings."""

    clause: str
    kind: str
    total: int
    raw_met: int
    raw_missed: int
    met: int
    missed: int
    open: int

    @property
    def raw_rate(self) -> float | None:
        """Share met of what is decided, without exemptions; None when nothing is."""
        decided = self.raw_met + self.raw_missed
        return self.raw_met / decided if decided else None

    @property
    def rate(self) -> float | None:
        """Share met of what is decided, with exemptions; None when nothing is."""
        decided = self.met + self.missed
        return self.met / decided if decided else None


def compliance(
    rows: CommitmentRows, *, from_at: datetime, until_at: datetime, as_of: datetime
) -> list[Figure]:
    """Figures by clause of the commitments that started (were reported) in a period, one query."""
    counted = (
        rows.standing()
        .filter(started_at__gte=from_at, started_at__lt=until_at)
        .with_outcomes(as_of)
        .values("clause", "kind")
        .annotate(
            total=Count("pk"),
            raw_met=Count("pk", filter=Q(raw=Outcome.MET)),
            raw_missed=Count("pk", filter=Q(raw=Outcome.MISSED)),
            met=Count("pk", filter=Q(final=Outcome.MET)),
            missed=Count("pk", filter=Q(final=Outcome.MISSED)),
            open=Count("pk", filter=Q(final=Outcome.OPEN)),
        )
        .order_by("kind", "clause")
    )
    return [Figure(**row) for row in counted]


def due_until(rows: CommitmentRows, until_at: datetime) -> CommitmentRows:
    """Open commitments due before a moment, overdue ones first."""
    return rows.open().filter(excused_due_at__lt=until_at).order_by("excused_due_at", "pk")


def open_claims() -> "list[Exemption]":
    """Exemptions that wait for the Office, oldest first."""
    return list(
        Exemption.objects.filter(decided_at__isnull=True)
        .select_related("commitment", "claimed_by", "evidence")
        .order_by("claimed_at")
    )
