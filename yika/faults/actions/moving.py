"""How every verb moves a fault: lock, guard, move, record, clocks."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device
from yika.faults.actions.asking import ask_within
from yika.faults.actions.clocks import bring
from yika.faults.actions.telling import in_office_words
from yika.faults.models import Fault, Move
from yika.faults.policies import can_move
from yika.faults.rules import ENDED, MOVES, RESPONSES, RESTORATIONS, RulingKind, State, Verb
from yika.faults.words import STATES, VERBS
from yika.journal.actions import Actor, record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.lib.moves import target
from yika.lib.text import moment
from yika.people.models import User
from yika.standards.queries import standard_of

CLAIMABLE = RESPONSES | RESTORATIONS


def move(
    fault: Fault,
    verb: Verb,
    *,
    by: Actor,
    at: datetime,
    technician: User | None = None,
    happened_at: datetime | None = None,
    note: str = "",
    device: Device | None = None,
    merge_into: Fault | None = None,
    back_to: State | None = None,
    **data: Any,
) -> Move:
    """Make one move inside the caller's transaction; ``fault`` is refreshed to what is stored.

    ``happened_at`` is claimed: the recorded time counts until the Office accepts the claim. ``device``
    is one whose label was scanned. ``back_to``: where the fault stood before the move that this one undoes.
    Raises: NotAllowed, WrongState (somebody was quicker; says what happened), BadInput.
    """
    if isinstance(by, User):
        require(can_move(by, fault, verb))
    row = lock(fault)
    if isinstance(by, User):
        require(can_move(by, row, verb))
    to = target(MOVES, State(row.state), verb)
    if to is None:
        raise WrongState(_now(row, verb))
    to = back_to or to
    claimed = _claimed(row, happened_at, at)
    made = Move.objects.create(
        fault=row,
        verb=verb,
        from_state=row.state,
        to_state=to,
        happened_at=claimed,
        recorded_at=at,
        by=by if isinstance(by, User) else None,
        technician=technician or row.technician,
        scanned=device is not None,
        note=note.strip()[:500],
    )
    row.state = to
    row.ended_at = at if to in ENDED else None
    row.merged_into = merge_into
    row.save(update_fields=["state", "ended_at", "merged_into"])
    record(
        f"faults.{verb.value}",
        ("fault", row.pk),
        by=by,
        at=at,
        happened_at=claimed,
        note=made.note,
        **({"device": device.number} if device else {}),
        **data,
    )
    if made.late and verb in CLAIMABLE and isinstance(by, User):
        ask_within(
            row,
            RulingKind.LATE_ENTRY,
            claim=made.note or in_office_words(gettext_lazy("补录")),
            by=by,
            at=at,
            move=made,
        )
    fault.refresh_from_db()
    return made


def moved(fault: Fault, *, by: Actor, at: datetime) -> Fault:
    """Bring the clocks up to date after a move; the end of every verb."""
    bring(fault, by=by, at=at)
    return fault


def _claimed(fault: Fault, happened_at: datetime | None, at: datetime) -> datetime:
    """The claimed moment, or now; a claim within the standard's tolerance is now."""
    if happened_at is None:
        return at
    happened_at = happened_at.replace(microsecond=0)
    if happened_at > at:
        raise BadInput(_("实际时间不能晚于现在"), field="happened_at")
    if happened_at < fault.reported_at:
        raise BadInput(_("实际时间不能早于报修时间"), field="happened_at")
    tolerance = timedelta(seconds=standard_of(fault.standard).readings.late_entry_after_s)
    return at if at - happened_at <= tolerance else happened_at


def _now(fault: Fault, verb: Verb) -> str:
    """What stands in the way, and who brought it about."""
    last = Move.objects.filter(fault=fault).select_related("by").order_by("-pk").first()
    words = {"state": STATES[State(fault.state)], "verb": VERBS[verb], "number": fault.number}
    if last is None:
        return _("故障 %(number)s 现在是“%(state)s”，不能%(verb)s") % words
    words |= {"who": last.by.name if last.by else _("系统"), "when": moment(last.recorded_at)}
    return _("故障 %(number)s 已由 %(who)s 于 %(when)s 变为“%(state)s”，不能%(verb)s") % words
