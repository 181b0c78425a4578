"""What a fault's rows must say at any moment, worked out by hand: no rule of the product is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from yika.commitments.models import Alert, Commitment
from yika.faults.models import NEVER, Classification, Fault, Move, Report, Ruling
from yika.faults.rules import MOVES, State, Verb
from yika.journal.models import Event
from yika.lib.clock import CAMPUS

Spans = Sequence[tuple[datetime, datetime]]
GRADES = ("general", "larger", "major", "severe")
REPAIR_H = {"general": 12, "larger": 24, "major": 48, "severe": 72}
CLAUSE = {
    "general": "4.2.2.1",
    "larger": "4.2.2.2",
    "major": "4.2.2.3",
    "severe": "4.2.2.4",
    "special": "4.2.2.5",
}
SILENT = {"called_off", "merged", "referred"}
MOVING = {verb.value for verb in Verb}


def grade(terminals: int, cardholders: int) -> str:
    """2.1 to 2.4, the graver of both counts."""
    by_terminals = sum(terminals >= low for low in (5, 10, 50))
    by_cardholders = sum(cardholders >= low for low in (2, 100, 1000))
    return GRADES[max(by_terminals, by_cardholders)]


def end_of(started_at: datetime, seconds: int, excused: Spans) -> datetime:
    """The moment by which so many seconds outside the excused intervals have passed."""
    edges = sorted({started_at, *(edge for span in excused for edge in span if edge > started_at)})
    left = timedelta(seconds=seconds)
    for start, end in pairwise(edges):
        if any(low <= start and end <= high for low, high in excused):
            continue
        if left <= end - start:
            return start + left
        left -= end - start
    return edges[-1] + left


def counted(move: Move, granted: Sequence[Ruling]) -> datetime:
    """The recorded moment, or the claimed one if the Office accepted the late entry."""
    accepted = any(ruling.kind == "late_entry" and ruling.move_id == move.pk for ruling in granted)
    return move.happened_at if accepted else move.recorded_at


def repair_grade(fault: Fault, granted: Sequence[Ruling]) -> str:
    """Reading (b): a statement that lengthens the repair needs devices, consent, or the Office itself."""
    found = ""
    for row in Classification.objects.filter(fault=fault).order_by("pk").prefetch_related("devices__kind"):
        stated = grade(row.terminals, row.cardholders)
        named = sum(device.kind.is_terminal for device in row.devices.all())
        lengthens = found != "" and REPAIR_H[stated] > REPAIR_H[found]
        borne = GRADES.index(grade(named, 0)) >= GRADES.index(stated)
        consented = any(ruling.classification_id == row.pk for ruling in granted)
        if not lengthens or row.ruled or borne or consented:
            found = stated
    return found


def check(fault: Fault) -> None:
    """Everything stored about a fault's clocks follows from its facts."""
    fault.refresh_from_db()
    family = [fault.pk, *Fault.objects.filter(merged_into=fault).values_list("pk", flat=True)]
    rulings = list(Ruling.objects.filter(fault__in=family).order_by("pk"))
    granted = [ruling for ruling in rulings if ruling.granted]
    moves = list(Move.objects.filter(fault__in=family).order_by("pk"))
    own = [move for move in moves if move.fault_id == fault.pk]
    start = min(row.reported_at for row in Report.objects.filter(fault__in=family))
    assert fault.reported_at == start, "starts at the earliest report"

    last = Classification.objects.filter(fault=fault).latest("pk")

    def lately(kind: str) -> bool:
        decided = [r for r in rulings if r.kind == kind and r.fault_id == fault.pk and r.decided_at]
        return bool(decided and max(decided, key=lambda r: (r.decided_at, r.pk)).granted)

    special, factory = lately("special"), lately("factory")
    severity = "special" if special else grade(last.terminals, last.cardholders)
    assert fault.severity == severity

    temporary = {ruling.move_id for ruling in granted if ruling.kind == "temporary"}
    restored = [
        counted(move, granted)
        for move in own
        if move.taken_back_at is None
        and (move.verb == "restore" or (move.verb == "restore_temporarily" and move.pk in temporary))
    ]
    came = [counted(move, granted) for move in moves if move.verb in ("arrive", "start_remotely")]
    repaired = min(restored, default=None)
    responded = min([*came, *restored], default=None)

    silent = fault.state in SILENT
    minutes = 60 if severity == "general" else 30
    promise(fault.response, silent, start, responded, CLAUSE[severity], minutes * 60)
    if special:
        promise(fault.repair, True, start, repaired, "", 0)
    elif factory:
        day = start.astimezone(CAMPUS).replace(hour=0, minute=0, second=0) + timedelta(days=11)
        promise(fault.repair, silent, start, repaired, "4.2.3", int((day - start).total_seconds()))
    else:
        for_repair = repair_grade(fault, granted)
        seconds = REPAIR_H[for_repair] * 3600
        promise(fault.repair, silent, start, repaired, CLAUSE[for_repair], seconds)

    clocks = [row for row in (fault.response, fault.repair) if row]
    dues = [row.excused_due_at for row in clocks if row.settled_at is None and row.voided_at is None]
    assert fault.urgent_at == min(dues, default=NEVER), "urgent by its next open due time"
    assert {row.holder_id for row in clocks} <= {fault.technician_id}, "held by the technician"
    sent = fault.state not in ("reported", "called_off", "referred", "merged")
    assert not sent or fault.technician_id, "somebody has it in hand"
    assert (fault.merged_into_id is not None) == (fault.state == "merged")
    assert fault.merged_into is None or fault.merged_into.merged_into_id is None, (
        "merged into one that stands"
    )
    story(fault, own)


def promise(
    row: Commitment | None, silent: bool, start: datetime, done: datetime | None, clause: str, seconds: int
) -> None:
    """One clock: open, settled or void; due at start and allowance; told of next when it should be."""
    if silent:
        assert row is None or (row.voided_at is not None and row.next_alert_at is None)
        return
    assert row is not None and row.voided_at is None
    assert (row.clause, row.started_at, row.settled_at) == (clause, start, done)
    assert row.due_at == start + timedelta(seconds=seconds), "due is start and allowance"
    excused = [(e.from_at, e.until_at) for e in row.exemptions.filter(granted=True)]
    assert row.excused_due_at == end_of(start, seconds, excused), "excused time is not counted"
    assert row.next_alert_at == next_rung(row)
    assert not row.ruled_outcome or row.ruled_at
    terms = list(row.terms.all())
    assert [term.replaced_at is None for term in terms] == [False] * (len(terms) - 1) + [True]
    assert (terms[-1].limit, terms[-1].started_at, terms[-1].due_at) == (row.limit, start, row.due_at)
    for before, after in pairwise(terms):
        assert before.replaced_at == after.decided_at


def next_rung(row: Commitment) -> datetime | None:
    """At 50 %, 80 %, due, and every hour from then on; never one that was told for this due time."""
    if row.settled_at is not None:
        return None
    told = Alert.objects.filter(commitment=row, due_at=row.excused_due_at).order_by("-position").first()
    position = (told.position if told else 0) + 1
    if position > 3:
        return row.excused_due_at + timedelta(hours=position - 3)
    whole = (row.excused_due_at - row.started_at).total_seconds()
    return row.started_at + timedelta(seconds=round(whole * (0.5, 0.8, 1)[position - 1]))


def story(fault: Fault, own: Sequence[Move]) -> None:
    """The moves lead from one state to the next, and each is told once in the journal, in order."""
    state: str = own[0].from_state if own else fault.state
    assert state in ("reported", "referred")
    before_merging = ""
    for move in own:
        assert move.from_state == state
        if move.verb == "merge":
            before_merging = state
        expected = before_merging if move.verb == "split" else MOVES[State(state), Verb(move.verb)]
        assert move.to_state == expected
        state = move.to_state
    assert fault.state == state
    told = Event.objects.filter(noun="fault", key=str(fault.pk)).order_by("pk").values_list("verb", "at")
    told_moves = [(verb.removeprefix("faults."), at) for verb, at in told]
    assert [said for said in told_moves if said[0] in MOVING] == [(m.verb, m.recorded_at) for m in own]
