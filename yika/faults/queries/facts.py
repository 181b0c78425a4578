"""What a fault's clocks rest on, read from its rows; and what an answer of the Office would change."""

from dataclasses import dataclass
from datetime import datetime

from yika.commitments.models import Commitment
from yika.commitments.rules import Kind, Promise
from yika.faults.models import Classification, Fault, Move, Report, Ruling
from yika.faults.rules import OUT_OF_CLOCKS, Facts, RulingKind, State, Statement, Verb, clocks
from yika.standards.queries import standard_of
from yika.standards.rules import Impact, Standard, due_at


def facts_of(fault: Fault, standard: Standard, *, assuming: Ruling | None = None) -> Facts:
    """Everything the clocks rest on, read from the fault's rows and those merged into it.

    ``assuming`` is an open question taken as granted: what would follow if the Office said yes.
    """
    own_and_merged = [fault.pk, *Fault.objects.filter(merged_into=fault).values_list("pk", flat=True)]
    rulings = [
        ruling
        for ruling in Ruling.objects.filter(fault__in=own_and_merged).order_by("decided_at", "pk")
        if ruling.decided_at
    ]
    if assuming:
        rulings.append(assuming)
    granted = [ruling for ruling in rulings if ruling.granted or ruling is assuming]
    accepted = {(ruling.kind, ruling.move_id) for ruling in granted if ruling.move_id}
    moves = list(Move.objects.filter(fault__in=own_and_merged).order_by("pk"))

    def counted(move: Move) -> datetime:
        """The recorded time, or the claimed one once the Office has accepted it."""
        return move.happened_at if (RulingKind.LATE_ENTRY, move.pk) in accepted else move.recorded_at

    own = [move for move in moves if move.fault_id == fault.pk]
    last = {ruling.kind: ruling for ruling in rulings if ruling.fault_id == fault.pk}
    remote = standard.readings.remote_start_counts_as_response
    return Facts(
        reported_at=min(
            Report.objects.filter(fault__in=own_and_merged).values_list("reported_at", flat=True)
        ),
        statements=_statements(fault, {ruling.classification_id for ruling in granted}),
        responses=tuple(
            counted(move)
            for move in moves
            if move.verb == Verb.ARRIVE or (remote and move.verb == Verb.START_REMOTELY)
        ),
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
        special=last.get(RulingKind.SPECIAL) in granted,
        factory=last.get(RulingKind.FACTORY) in granted,
        shipped_at=min((counted(move) for move in own if move.verb == Verb.SEND_TO_FACTORY), default=None),
        out_of_clocks=State(fault.state) in OUT_OF_CLOCKS,
    )


def _statements(fault: Fault, consented: set[int | None]) -> tuple[Statement, ...]:
    rows = Classification.objects.filter(fault=fault).order_by("pk").prefetch_related("devices__kind")
    return tuple(
        Statement(
            impact=Impact(row.terminals, row.cardholders),
            at=row.at,
            by_office=row.ruled,
            named=sum(1 for device in row.devices.all() if device.kind.is_terminal),
            consented=row.pk in consented,
        )
        for row in rows
    )


def restored_at(fault: Fault) -> datetime | None:
    """When the standing restoration for good was recorded: the reopening window runs from it."""
    made = Move.objects.filter(fault=fault, verb=Verb.RESTORE, taken_back_at__isnull=True)
    last = made.order_by("-pk").first()
    return last.recorded_at if last else None


@dataclass(frozen=True)
class Consequence:
    """What saying yes would change of one clock; None where nothing is owed."""

    kind: Kind
    due_before: datetime | None
    due_after: datetime | None
    settled_before: datetime | None
    settled_after: datetime | None


def consequences(ruling: Ruling) -> list[Consequence]:
    """What exactly will change if the Office says yes; empty if nothing will."""
    fault = ruling.fault
    standard = standard_of(fault.standard)
    now = clocks(facts_of(fault, standard), standard)
    then = clocks(facts_of(fault, standard, assuming=ruling), standard)
    pairs = (
        (Kind.RESPONSE, fault.response, now.response, then.response),
        (Kind.REPAIR, fault.repair, now.repair, then.repair),
    )
    found = [
        Consequence(
            kind,
            _due(before, row, standard),
            _due(after, row, standard),
            before.settled_at if before else None,
            after.settled_at if after else None,
        )
        for kind, row, before, after in pairs
    ]
    return [
        one for one in found if (one.due_before, one.settled_before) != (one.due_after, one.settled_after)
    ]


def _due(promise: Promise | None, row: Commitment | None, standard: Standard) -> datetime | None:
    """When a promise is due, granted exemptions included."""
    if promise is None:
        return None
    excused = [(e.from_at, e.until_at) for e in row.exemptions.filter(granted=True)] if row else []
    return due_at(promise.limit, promise.started_at, standard, excused)
