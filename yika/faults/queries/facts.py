"""What a fault's clocks rest on, read from its rows; and what an answer of the Office would change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yika.commitments.models import Exemption
from yika.commitments.rules import Kind, Promise
from yika.faults.models import Classification, Fault, Move, Report, Ruling
from yika.faults.rules import OUT_OF_CLOCKS, Facts, RulingKind, State, Statement, Verb, clocks
from yika.standards.queries import standard_of
from yika.standards.rules import Impact, Standard, due_at


@dataclass(frozen=True)
class _Rows:
    """What the facts of some faults are read from, by fault; ``family`` is each with those merged into it."""

    family: dict[int, list[int]]
    reported: dict[int, list[datetime]]
    moves: dict[int, list[Move]]
    rulings: dict[int, list[Ruling]]
    statements: dict[int, list[Classification]]


def _rows_of(faults: Iterable[Fault]) -> _Rows:
    """As many queries for many faults as for one."""
    family = {fault.pk: [fault.pk] for fault in faults}
    for pk, into in Fault.objects.filter(merged_into__in=family).values_list("pk", "merged_into"):
        if into is not None:
            family[into].append(pk)
    everyone = {pk for keys in family.values() for pk in keys}
    rows = _Rows(family, defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
    for pk, at in Report.objects.filter(fault__in=everyone).values_list("fault", "reported_at"):
        rows.reported[pk].append(at)
    for move in Move.objects.filter(fault__in=everyone).order_by("pk"):
        rows.moves[move.fault_id].append(move)
    for ruling in Ruling.objects.filter(fault__in=everyone, decided_at__isnull=False).order_by(
        "decided_at", "pk"
    ):
        rows.rulings[ruling.fault_id].append(ruling)
    stated = Classification.objects.filter(fault__in=family).order_by("pk").prefetch_related("devices__kind")
    stated = stated.select_related("reach").defer("reach__listed")
    for statement in stated:
        rows.statements[statement.fault_id].append(statement)
    return rows


def facts_of(fault: Fault, standard: Standard) -> Facts:
    """Everything the clocks rest on, read from the fault's rows and those merged into it."""
    return _facts(fault, standard, _rows_of([fault]))


def facts_under(faults: Sequence[Fault]) -> Callable[[Fault, Standard], Facts]:
    """Reads the rows of many faults at once; the answer gives each one's facts under any standard."""
    rows = _rows_of(faults)
    return lambda fault, standard: _facts(fault, standard, rows)


def _facts(fault: Fault, standard: Standard, rows: _Rows, *, assuming: Ruling | None = None) -> Facts:
    """The same from rows already read; ``assuming`` is an open question taken as granted."""
    own_and_merged = rows.family[fault.pk]
    own_rulings = [*rows.rulings[fault.pk], *([assuming] if assuming else [])]
    granted = [ruling for pk in own_and_merged for ruling in rows.rulings[pk] if ruling.granted]
    granted += [assuming] if assuming else []
    accepted = {(ruling.kind, ruling.move_id) for ruling in granted if ruling.move_id}
    consented = {ruling.classification_id for ruling in granted}

    def counted(move: Move) -> datetime:
        """The recorded time, or the claimed one once the Office has accepted it."""
        return move.happened_at if (RulingKind.LATE_ENTRY, move.pk) in accepted else move.recorded_at

    own = rows.moves[fault.pk]
    last = {ruling.kind: ruling for ruling in own_rulings}
    remote = standard.readings.remote_start_counts_as_response
    return Facts(
        reported_at=min(at for pk in own_and_merged for at in rows.reported[pk]),
        statements=tuple(_statement(row, row.pk in consented) for row in rows.statements[fault.pk]),
        responses=tuple(
            counted(move)
            for pk in own_and_merged
            for move in rows.moves[pk]
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


def _statement(row: Classification, consented: bool) -> Statement:
    reach = row.by_network
    named = sum(1 for device in row.devices.all() if device.kind.is_terminal)
    return Statement(
        impact=Impact(row.terminals, row.cardholders),
        at=row.at,
        by_office=row.ruled,
        named=reach.terminals if reach else named,
        consented=consented,
        estimated=reach.cardholders if reach else 0,
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


def consequences(rulings: Sequence[Ruling]) -> dict[int, list[Consequence]]:
    """What exactly will change if the Office says yes, by open question; nothing where nothing will.

    Wants each with its fault and the fault's standard. As many queries for many as for one.
    """
    if not rulings:
        return {}
    rows = _rows_of(ruling.fault for ruling in rulings)
    clock_keys = {key for ruling in rulings for key in (ruling.fault.response_id, ruling.fault.repair_id)}
    excused: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for exemption in Exemption.objects.filter(commitment__in=clock_keys - {None}, granted=True):
        excused[exemption.commitment_id].append((exemption.from_at, exemption.until_at))
    return {ruling.pk: _consequences(ruling, rows, excused) for ruling in rulings}


def _consequences(
    ruling: Ruling, rows: _Rows, excused: Mapping[int, Sequence[tuple[datetime, datetime]]]
) -> list[Consequence]:
    fault = ruling.fault
    standard = standard_of(fault.standard)
    now = clocks(_facts(fault, standard, rows), standard)
    then = clocks(_facts(fault, standard, rows, assuming=ruling), standard)
    pairs = (
        (Kind.RESPONSE, fault.response_id, now.response, then.response),
        (Kind.REPAIR, fault.repair_id, now.repair, then.repair),
    )

    def due(promise: Promise | None, commitment: int | None) -> datetime | None:
        """When a promise is due, granted exemptions included."""
        if promise is None:
            return None
        return due_at(promise.limit, promise.started_at, standard, excused.get(commitment or 0, ()))

    found = [
        Consequence(
            kind,
            due(before, commitment),
            due(after, commitment),
            before.settled_at if before else None,
            after.settled_at if after else None,
        )
        for kind, commitment, before, after in pairs
    ]
    return [
        one for one in found if (one.due_before, one.settled_before) != (one.due_after, one.settled_after)
    ]
