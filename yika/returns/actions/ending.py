"""Ending a return otherwise, and bringing the unit back into service."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from yika.assets.actions.devices import set_life
from yika.assets.models import Device
from yika.assets.rules import Life
from yika.changes.actions import executing, proposing
from yika.changes.actions.proposing import Head, Proposed
from yika.changes.actions.swapping import swap
from yika.changes.models import Change
from yika.changes.policies import can_edit
from yika.changes.rules import TITLE_LENGTH, Kind, Mode
from yika.changes.rules import State as ChangeState
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.returns.actions.moving import insist_move, kept, moved, tell_opener
from yika.returns.actions.opening import UNCONSENTED, Asked
from yika.returns.models import Return
from yika.returns.policies import can_handle, can_write_off
from yika.returns.rules import TEXT_LENGTH, State, Verb

NOT_CARRIED_OUT = frozenset(
    {ChangeState.DRAFT, ChangeState.ASKED, ChangeState.ASKED_BACK, ChangeState.CONSENTED}
)


def cancel(one: Return, *, reason: str, by: User, at: datetime) -> Return:
    """取消返厂: before the unit was sent; what was promised is void.

    A change not carried out yet is withdrawn. A unit taken out already goes back where it served by rolling
    that change back; where a spare serves in its stead, or the change was verified, it goes into stock.
    Raises: BadInput without a reason, WrongState once it was sent or when the roll-back is refused.
    """
    require(can_handle(by, one))
    reason = _said(reason)
    with transaction.atomic():
        row = lock(one)
        to = insist_move(row, Verb.CANCEL)
        change = row.change
        if change and ChangeState(change.state) in NOT_CARRIED_OUT and can_edit(by, change):
            proposing.withdraw(change, reason=reason, by=by, at=at)
        elif change and goes_back(row):
            executing.roll_back(change, reason=reason, by=by, at=at)
        device = lock(row.device)
        if device.life == Life.AT_FACTORY:
            set_life(device, Life.IN_STOCK, f"返厂单 {row.number} 已取消", by=by, at=at)
        _end(row, to, reason, at=at)
        kept(row, by=by, at=at)
        record("returns.cancel", ("return", row.pk), by=by, at=at, number=row.number, reason=reason)
    return row


def goes_back(row: Return) -> bool:
    """Whether cancelling rolls the change back that took the unit out: it stands, and no spare came in."""
    change = row.change
    return change is not None and row.spare_id is None and ChangeState(change.state) is ChangeState.EXECUTED


def write_off(one: Return, *, reason: str, by: User, at: datetime) -> Return:
    """核销: the Office says that the unit will not come back; it is scrapped and the promise is settled.

    Raises: BadInput without a reason, WrongState before it was sent or after it ended. Source: 1.3.
    """
    require(can_write_off(by, one))
    reason = _said(reason)
    with transaction.atomic():
        row = lock(one)
        to = insist_move(row, Verb.WRITE_OFF)
        row.settled_at = at
        _end(row, to, reason, at=at)
        row.save(update_fields=["settled_at"])
        device = lock(row.device)
        if device.life == Life.AT_FACTORY:
            set_life(device, Life.SCRAPPED, f"返厂单 {row.number} 核销：{reason}"[:200], by=by, at=at)
        kept(row, by=by, at=at)
        record(
            "returns.write_off",
            ("return", row.pk),
            by=by,
            at=at,
            number=row.number,
            device=device.number,
            reason=reason,
        )
        tell_opener(row, gettext_lazy("返厂设备已核销：%(number)s %(device)s"), at=at)
    return row


def _said(reason: str) -> str:
    if not reason.strip():
        raise BadInput(_("请写明理由"), field="reason")
    return reason.strip()[:TEXT_LENGTH]


def _end(row: Return, to: State, reason: str, *, at: datetime) -> None:
    row.ended_reason = reason
    row.save(update_fields=[*moved(row, to, at=at), "ended_reason"])


def can_put_back(row: Return) -> bool:
    """Whether the unit may be asked back into service: it passed or never left, and lies in stock."""
    asked = row.put_back is not None and ChangeState(row.put_back.state) not in UNCONSENTED
    kept_here = State(row.state) in (State.DONE, State.CANCELLED)
    return kept_here and row.device.life == Life.IN_STOCK and not asked


def put_back(one: Return, asked: Asked, *, by: User, at: datetime) -> Return:
    """装回: draft the change that brings the unit back to where it was taken from, the spare into stock.

    Raises: WrongState unless it lies in stock, having passed its tests or never left; BadInput for what
    cannot be used.
    """
    require(can_handle(by, one))
    with transaction.atomic():
        row = lock(one)
        device = lock(row.device)
        if not can_put_back(row):
            raise WrongState(_("设备须在库（测试合格或已取消返厂），且没有在办的装回变更"))
        row.put_back = _draft(row, device, asked, by=by, at=at)
        row.save(update_fields=["put_back"])
        record(
            "returns.put_back",
            ("return", row.pk),
            by=by,
            at=at,
            number=row.number,
            change=row.put_back.number,
        )
    return row


def stands_in(row: Return) -> Device | None:
    """The spare, if it still serves where the unit was taken out."""
    spare = row.spare
    return spare if spare and spare.in_use and spare.place_id == row.removed_from_id else None


def _draft(row: Return, device: Device, asked: Asked, *, by: User, at: datetime) -> Change:
    spare = stands_in(row)
    said = {
        "device": device.number,
        "place": row.removed_from.full_name,
        "spare": spare.number if spare else "",
    }
    with override(settings.LANGUAGE_CODE):
        if spare:
            lines = swap(spare, device)
            title, back_out = _("%(device)s 装回，换下备机 %(spare)s"), _("装回备机 %(spare)s")
        else:
            lines = [Proposed(device, "life", Life.IN_USE.value)]
            if device.place_id != row.removed_from_id:
                lines.append(Proposed(device, "place", row.removed_from_id))
            title, back_out = _("%(device)s 装回"), _("拆下 %(device)s")
        repaired = State(row.state) is State.DONE
        why = (
            _("返厂单 %(number)s 修复并测试合格") if repaired else _("返厂单 %(number)s 已取消，设备没有寄出")
        )
        head = Head(
            Kind.SWAP if spare else Kind.DATA,
            asked.mode,
            title=(title % said)[:TITLE_LENGTH],
            reason=why % {"number": row.number},
            risk=asked.risk.strip(),
            plan=_("装上 %(device)s（%(place)s），装PSAM卡，刷卡测试") % said,
            back_out=back_out % said,
            from_at=asked.from_at,
            until_at=asked.until_at,
        )
    made = proposing.draft(head, submission=uuid4(), lines=lines, by=by, at=at)
    return proposing.ask(made, by=by, at=at) if asked.mode is Mode.NORMAL else made
