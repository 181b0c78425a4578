"""Boards and figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from yika.commitments.models import Alert, Commitment, CommitmentRows, Exemption
from yika.commitments.rules import Outcome, position_at
from yika.people.models import User
from yika.people.rules import Role
from yika.standards.models import StandardVersion
from yika.standards.queries import standard_of
from yika.standards.rules import Step

GRACE = timedelta(minutes=5)
MOST_NAMED = 100
CHUNK = 1000


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


def ladders_of(versions: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """The notification ladders of some versions of the standard; one query."""
    return {
        key: standard_of(version).ladder
        for key, version in StandardVersion.objects.in_bulk(sorted(set(versions))).items()
    }


def unhandled(at: datetime, *, most: int = MOST_NAMED) -> list[int]:
    """Keys of open commitments of which a rung reached more than the grace ago was never told, some of them.

    Looks at promises and recorded alerts, never at ``next_alert_at``: a mark wrongly emptied or put off
    shows. Costs in proportion to what is open, not to what was ever promised.
    """
    late = at - GRACE
    told = Alert.objects.filter(commitment=OuterRef("pk"), due_at=OuterRef("excused_due_at"))
    rows = (
        Commitment.objects.open()
        .filter(armed_at__lte=late)
        .annotate(told=Coalesce(Subquery(told.order_by("-position").values("position")[:1]), 0))
        .order_by("excused_due_at", "pk")
        .values_list("pk", "standard_id", "started_at", "excused_due_at", "told")
    )
    ladders: dict[int, tuple[Step, ...]] = {}
    left: list[int] = []
    for key, version, started_at, due_at, position in rows.iterator(chunk_size=CHUNK):
        if version not in ladders:
            ladders |= ladders_of([version])
        if position < position_at(ladders[version], started_at, due_at, late):
            left.append(key)
            if len(left) == most:
                break
    return left


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


def open_claims(rows: CommitmentRows) -> list[Exemption]:
    """Exemptions of these commitments that wait for the Office, oldest first."""
    return list(
        Exemption.objects.filter(decided_at__isnull=True, commitment__in=rows)
        .select_related("commitment", "claimed_by", "evidence")
        .order_by("claimed_at", "pk")
    )
