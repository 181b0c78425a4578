"""The one place that brings a fault's stored results in line with its facts."""

from datetime import datetime

from yika.commitments.actions import keep
from yika.faults.models import NEVER, Classification, Fault, Move, Report, Ruling
from yika.faults.rules import (
    OUT_OF_CLOCKS,
    RESPONSES,
    Facts,
    RulingKind,
    State,
    Statement,
    Verb,
    clocks,
)
from yika.journal.actions import Actor
from yika.standards.queries import standard_of
from yika.standards.rules import Impact, Standard


def bring(fault: Fault, *, by: Actor, at: datetime) -> None:
    """Compute class, start and both commitments afresh and write what differs.

    Called by every action that adds a fact, inside its transaction, with the fault locked.
    """
    standard = standard_of(fault.standard)
    facts = facts_of(fault, standard)
    found = clocks(facts, standard)
    subject = f"{fault.number} {fault.spot} {fault.get_symptom_display()}".strip()
    kept = [
        keep(
            commitment,
            promise,
            contract=fault.contract,
            standard=standard,
            standard_version_id=fault.standard_id,
            holder=fault.technician,
            subject=subject,
            by=by,
            at=at,
        )
        for commitment, promise in ((fault.response, found.response), (fault.repair, found.repair))
    ]
    fault.response, fault.repair = kept
    fault.reported_at = facts.reported_at
    fault.severity = found.level.key
    open_dues = [row.excused_due_at for row in kept if row is not None and row.is_open]
    fault.urgent_at = min(open_dues, default=NEVER)
    fault.save(update_fields=["response", "repair", "reported_at", "severity", "urgent_at"])


def facts_of(fault: Fault, standard: Standard) -> Facts:
    """Everything the clocks rest on, read from the fault's rows and those merged into it."""
    own_and_merged = [fault.pk, *Fault.objects.filter(merged_into=fault).values_list("pk", flat=True)]
    rulings = list(Ruling.objects.filter(fault=fault).order_by("decided_at", "pk"))
    moves = list(Move.objects.filter(fault__in=own_and_merged).order_by("pk"))
    granted = Ruling.objects.filter(fault__in=own_and_merged, move__isnull=False, granted=True)
    accepted = set(granted.values_list("kind", "move"))

    def counted(move: Move) -> datetime:
        """The recorded time, or the claimed one once the Office has accepted it."""
        return move.happened_at if (RulingKind.LATE_ENTRY, move.pk) in accepted else move.recorded_at

    own = [move for move in moves if move.fault_id == fault.pk]
    special = [r for r in rulings if r.kind == RulingKind.SPECIAL and r.decided_at]
    factory = [r for r in rulings if r.kind == RulingKind.FACTORY and r.decided_at]
    return Facts(
        reported_at=min(
            Report.objects.filter(fault__in=own_and_merged).values_list("reported_at", flat=True)
        ),
        statements=_statements(fault, rulings),
        responses=tuple(counted(move) for move in moves if move.verb in RESPONSES),
        restorations=tuple(
            counted(move)
            for move in own
            if move.taken_back_at is None
            and (
                move.verb == Verb.RESTORE
                or (
                    move.verb == Verb.RESTORE_TEMPORARILY
                    and (
                        (RulingKind.TEMPORARY, move.pk) in accepted
                        or not standard.readings.temporary_restoration_needs_consent
                    )
                )
            )
        ),
        special=bool(special and special[-1].granted),
        factory=bool(factory and factory[-1].granted),
        shipped_at=min((counted(move) for move in own if move.verb == Verb.SEND_TO_FACTORY), default=None),
        out_of_clocks=State(fault.state) in OUT_OF_CLOCKS,
    )


def _statements(fault: Fault, rulings: list[Ruling]) -> tuple[Statement, ...]:
    consents = {r.classification_id: r.granted for r in rulings if r.kind == RulingKind.LENGTHEN}
    rows = Classification.objects.filter(fault=fault).order_by("pk").prefetch_related("devices__kind")
    return tuple(
        Statement(
            impact=Impact(row.terminals, row.cardholders),
            at=row.at,
            by_office=row.ruled,
            named=sum(1 for device in row.devices.all() if device.kind.is_terminal),
            consented=consents.get(row.pk),
        )
        for row in rows
    )
