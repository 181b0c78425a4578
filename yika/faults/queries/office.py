"""What waits for the Office."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from yika.commitments.models import Exemption
from yika.commitments.policies import visible as visible_commitments
from yika.commitments.rules import Outcome, outcome
from yika.faults.models import (
    Classification,
    Complaint,
    Fault,
    Ruling,
)
from yika.faults.policies import visible
from yika.faults.queries.lists import in_lists
from yika.faults.rules import (
    OUT_OF_CLOCKS,
    State,
)
from yika.lib.rows import within
from yika.people.models import User
from yika.standards.models import StandardVersion
from yika.standards.queries import standard_of
from yika.standards.rules import due_at


@dataclass(frozen=True)
class Waiting:
    """How much waits for the Office's word."""

    rulings: int
    exemptions: int
    complaints: int

    @property
    def decisions(self) -> int:
        """Rulings and exemptions together: they stand on one page."""
        return self.rulings + self.exemptions


def waiting_for_office(user: User) -> Waiting:
    """The numbers of what the lists below show."""
    return Waiting(_rulings(user).count(), _exemptions(user).count(), _complaints(user).count())


def _rulings(user: User) -> QuerySet[Ruling]:
    rows = Ruling.objects.filter(within("fault", visible(user)), decided_at__isnull=True)
    return rows.exclude(fault__state__in=sorted(OUT_OF_CLOCKS))


def _exemptions(user: User) -> QuerySet[Exemption]:
    rows = Exemption.objects.filter(decided_at__isnull=True, commitment__voided_at__isnull=True)
    of_a_fault = Q(commitment__fault_by_response__isnull=False) | Q(commitment__fault_by_repair__isnull=False)
    return rows.filter(of_a_fault, within("commitment", visible_commitments(user)))


def _complaints(user: User) -> QuerySet[Complaint]:
    return Complaint.objects.filter(within("report__fault", visible(user)), answered_at__isnull=True)


def open_rulings(user: User) -> list[Ruling]:
    """What waits for the Office, oldest first."""
    return list(
        _rulings(user)
        .select_related(
            "fault__place",
            "fault__device__kind",
            "fault__standard",
            "fault__repair",
            "fault__response",
            "asked_by",
            "evidence",
            "classification",
            "move",
        )
        .order_by("asked_at", "pk")
    )


def open_exemptions(user: User) -> list[Exemption]:
    """Exemptions of faults' clocks that wait for the Office, oldest first, each with its fault."""
    return list(
        _exemptions(user)
        .select_related(
            "commitment__fault_by_response__place",
            "commitment__fault_by_repair__place",
            "claimed_by",
            "evidence",
        )
        .order_by("claimed_at", "pk")
    )


@dataclass(frozen=True)
class Granted:
    """What one exemption would make of its limit and its outcome."""

    due_before: datetime
    due_after: datetime
    outcome_before: Outcome
    outcome_after: Outcome


def granted_each(exemptions: Sequence[Exemption], at: datetime) -> dict[int, Granted]:
    """What granting would do, by open exemption; as many queries for many as for one."""
    rows = [exemption.commitment for exemption in exemptions]
    standing: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in Exemption.objects.filter(commitment__in=rows, granted=True):
        standing[one.commitment_id].append((one.from_at, one.until_at))
    versions = StandardVersion.objects.in_bulk({row.standard_id for row in rows})

    def granted(exemption: Exemption) -> Granted:
        row = exemption.commitment
        excused = [*standing[row.pk], (exemption.from_at, exemption.until_at)]
        due = due_at(row.limit, row.started_at, standard_of(versions[row.standard_id]), excused)
        ruled = Outcome(row.ruled_outcome) if row.ruled_outcome else None
        return Granted(
            row.excused_due_at, due, row.final_outcome(at), ruled or outcome(due, row.settled_at, at)
        )

    return {exemption.pk: granted(exemption) for exemption in exemptions}


def open_complaints(user: User) -> list[Complaint]:
    """Complaints not yet answered, oldest first."""
    return list(
        _complaints(user)
        .select_related("report__fault__place", "report__fault__technician")
        .order_by("at", "pk")
    )


def called_off_lately(user: User, at: datetime) -> list[Fault]:
    """Ended without a clock in the last seven days: the Office may reinstate them."""
    rows = in_lists(visible(user)).filter(
        state__in=(State.CALLED_OFF, State.REFERRED), ended_at__gte=at - timedelta(days=7)
    )
    return list(rows.order_by("-ended_at")[:50])


def stated_without_devices(user: User, at: datetime) -> list[Classification]:
    """Open faults graded at intake without a named device: for the Office's eye."""
    rows = (
        Classification.objects.filter(
            fault__in=visible(user).open(), devices__isnull=True, ruled=False, by__isnull=False, reason=""
        )
        .filter(Q(terminals__gt=1) | Q(cardholders__gt=1))
        .select_related("fault__place", "fault__standard", "fault__device__kind", "by", "reach")
        .defer("reach__listed")
        .order_by("-at")
    )
    return list(rows[:50])
