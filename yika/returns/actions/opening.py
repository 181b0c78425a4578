"""Beginning a return: why, with which spare, and the consent to take the unit out. Source: 4.1.4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yika.assets.models import Device
from yika.assets.rules import Life
from yika.changes.actions import proposing
from yika.changes.actions.proposing import Head, Proposed, contract_of
from yika.changes.actions.swapping import swap
from yika.changes.models import Change
from yika.changes.queries import spares_for
from yika.changes.rules import TITLE_LENGTH, Kind, Mode
from yika.changes.rules import State as ChangeState
from yika.faults.actions import asking, working
from yika.faults.models import Fault
from yika.faults.rules import MOVES as FAULT_MOVES
from yika.faults.rules import State as FaultState
from yika.faults.rules import Verb as FaultVerb
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.returns.actions.moving import kept
from yika.returns.models import Return
from yika.returns.policies import can_handle, can_open
from yika.returns.rules import TEXT_LENGTH, State


@dataclass(frozen=True)
class Asked:
    """How the consent to take the unit out is asked for. The window is half-open."""

    mode: Mode
    risk: str
    from_at: datetime
    until_at: datetime


def open_return(
    device: Device,
    asked: Asked,
    *,
    submission: UUID,
    reason: str,
    fault: Fault | None = None,
    spare: Device | None = None,
    instead_of_repair: bool = False,
    by: User,
    at: datetime,
) -> Return:
    """Begin a return; the same submission again finds what the first one made.

    Drafts the change that takes the unit out and, with a ``spare``, puts that in its place; an ordinary one
    goes before the Office at once. Without a spare the fault goes to the factory too; ``instead_of_repair``
    asks that the factory's limit take the repair limit's place (4.2.3, reading c).

    Raises: BadInput naming the field; WrongState when the device has an open return, was scrapped, or a
    spare that would do stands in stock.
    """
    require(can_open(by))
    reason = _text(reason, "reason")
    with transaction.atomic():
        row = lock(device)
        known = Return.objects.filter(submission=submission, opened_by=by).first()
        if known:
            return known
        _insist_can_leave(row, fault, spare, instead_of_repair=instead_of_repair)
        contract = fault.contract if fault else contract_of(by, at)
        change = None
        if row.life != Life.AT_FACTORY:
            change = _draft(row, asked, spare=spare, reason=reason, by=by, at=at)
        made = Return.objects.create(
            submission=submission,
            contract=contract,
            standard=fault.standard if fault else contract.standard,
            device=row,
            fault=fault,
            spare=spare,
            change=change,
            reported_at=fault.reported_at if fault else at,
            removed_from=row.place,
            reason=reason,
            opened_by=by,
            opened_at=at,
        )
        require(can_handle(by, made))
        kept(made, by=by, at=at)
        record(
            "returns.open",
            ("return", made.pk),
            by=by,
            at=at,
            number=made.number,
            device=row.number,
            reason=reason,
        )
        if fault and spare is None:
            _send_fault(fault, made, reason, instead_of_repair=instead_of_repair, by=by, at=at)
    return made


def _text(text: str, name: str) -> str:
    if not text.strip():
        raise BadInput(_("请填写"), field=name)
    return text.strip()[:TEXT_LENGTH]


def _insist_can_leave(
    device: Device, fault: Fault | None, spare: Device | None, *, instead_of_repair: bool
) -> None:
    if device.life == Life.SCRAPPED:
        raise WrongState(_("%(number)s 已报废，不能返厂") % {"number": device.number})
    standing = Return.objects.filter(device=device, ended_at__isnull=True).first()
    if standing:
        raise WrongState(
            _("%(number)s 已有未办结的返厂单 %(other)s") % {"number": device.number, "other": standing.number}
        )
    if fault and (fault.device_id != device.pk or fault.ended_at is not None):
        raise BadInput(_("只能关联本设备未办结的故障"), field="fault")
    if spare and not (device.in_use and spares_for(device).filter(pk=spare.pk).exists()):
        raise BadInput(_("备机须是在库的同类设备，且只用于替换在用设备"), field="spare")
    if not instead_of_repair:
        return
    if fault is None:
        raise BadInput(_("没有关联故障，无修复时限可替代"), field="instead_of_repair")
    if spare or spares_for(device).exists():
        raise BadInput(_("有同类备机可用，不能以返厂时限替代修复时限（4.2.3）"), field="instead_of_repair")


def _draft(
    device: Device, asked: Asked, *, spare: Device | None, reason: str, by: User, at: datetime
) -> Change:
    said = {"device": device.number, "place": device.place.full_name, "spare": spare.number if spare else ""}
    risk = _text(asked.risk, "risk")
    lines: Sequence[Proposed]
    with override(settings.LANGUAGE_CODE):
        if spare:
            lines = swap(device, spare, old_life=Life.AT_FACTORY)
            title = _("%(device)s 返厂，换上 %(spare)s")
            plan = _("导出数据，取出PSAM卡，拆下 %(device)s，装上 %(spare)s（%(place)s），刷卡测试")
        else:
            lines = [Proposed(device, "life", Life.AT_FACTORY.value)]
            title = _("%(device)s 拆下返厂")
            plan = _("导出数据，取出PSAM卡，拆下 %(device)s（%(place)s）")
        head = Head(
            Kind.SWAP if spare else Kind.DATA,
            asked.mode,
            title=(title % said)[:TITLE_LENGTH],
            reason=reason,
            risk=risk,
            plan=plan % said,
            back_out=_("装回 %(device)s") % said,
            from_at=asked.from_at,
            until_at=asked.until_at,
        )
    made = proposing.draft(head, submission=uuid4(), lines=lines, by=by, at=at)
    return proposing.ask(made, by=by, at=at) if asked.mode is Mode.NORMAL else made


def _send_fault(
    fault: Fault, made: Return, reason: str, *, instead_of_repair: bool, by: User, at: datetime
) -> None:
    """The fault waits for the factory; its clock goes on unless the Office consents otherwise."""
    if (FaultState(fault.state), FaultVerb.SEND_TO_FACTORY) in FAULT_MOVES:
        working.send_to_factory(fault, note=f"{made.number} {reason}"[:TEXT_LENGTH], by=by, at=at)
    if instead_of_repair:
        asking.ask_factory_limit(fault, claim=reason, by=by, at=at)


UNCONSENTED = frozenset({ChangeState.REFUSED, ChangeState.WITHDRAWN, ChangeState.ROLLED_BACK})


def can_ask_again(row: Return) -> bool:
    """Whether the consent to take the unit out came to nothing, so that it may be asked for anew."""
    return (
        State(row.state) is State.PREPARING
        and row.change is not None
        and ChangeState(row.change.state) in UNCONSENTED
    )


def ask_again(one: Return, asked: Asked, *, spare: Device | None = None, by: User, at: datetime) -> Return:
    """Draft the change that takes the unit out once more, because the former came to nothing.

    Raises: WrongState while the former stands; BadInput for a spare that is not in stock.
    """
    require(can_handle(by, one))
    with transaction.atomic():
        row = lock(one)
        device = lock(row.device)
        if not can_ask_again(row):
            raise WrongState(_("原变更没有被退回，不能重新申请"))
        if spare and not (device.in_use and spares_for(device).filter(pk=spare.pk).exists()):
            raise BadInput(_("备机须是在库的同类设备，且只用于替换在用设备"), field="spare")
        row.spare = spare
        row.change = _draft(device, asked, spare=spare, reason=row.reason, by=by, at=at)
        row.save(update_fields=["spare", "change"])
        record(
            "returns.ask_again",
            ("return", row.pk),
            by=by,
            at=at,
            number=row.number,
            change=row.change.number,
        )
    return row
