"""Sending somebody, and taking duplicates together."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.commitments.models import Commitment
from yika.commitments.rules import Outcome
from yika.faults.actions.clocks import bring
from yika.faults.actions.moving import move, moved
from yika.faults.actions.telling import tell_desk, tell_office, tell_people
from yika.faults.models import Fault
from yika.faults.rules import ENDED, RESTORED_STATES, State, Verb, split_to
from yika.journal.actions import Actor, record
from yika.lib.decisions import BadInput, WrongState
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.rules import Role


def dispatch(fault: Fault, *, to: User, by: User, at: datetime, note: str = "") -> Fault:
    """Send a technician; they are told at once.

    Raises: NotAllowed, BadInput (not a technician of the vendor), WrongState.
    """
    return _send(fault, Verb.DISPATCH, to=to, by=by, at=at, note=note)


def hand_over(fault: Fault, *, to: User, by: User, at: datetime, note: str) -> Fault:
    """Give the fault to somebody else, who must accept it; an arrival already made stands.

    Raises: as ``dispatch``; BadInput for the same technician or without a reason.
    """
    if not note.strip():
        raise BadInput(_("请写明改派原因"), field="note")
    if to.pk == fault.technician_id:
        raise BadInput(_("该工单已由 %(name)s 处理") % {"name": to.name}, field="to")
    return _send(fault, Verb.HAND_OVER, to=to, by=by, at=at, note=note)


def _send(fault: Fault, verb: Verb, *, to: User, by: User, at: datetime, note: str) -> Fault:
    if to.role != Role.TECHNICIAN or not to.is_active or to.organisation_id != fault.contract.vendor_id:
        raise BadInput(_("只能派给本单位在岗的维护人员"), field="to")
    with transaction.atomic():
        before = fault.technician
        move(fault, verb, by=by, at=at, technician=to, note=note, to=to.name, badge=to.badge_number)
        fault.technician = to
        fault.save(update_fields=["technician"])
        moved(fault, by=by, at=at)
        tell_people(
            [to],
            fault,
            gettext_lazy("派单 %(number)s：%(where)s %(symptom)s"),
            at=at,
            url=f"/my/{fault.pk}/",
            urgent=True,
        )
        if before is not None and before.pk != to.pk:
            tell_people([before], fault, gettext_lazy("工单 %(number)s 已改派"), at=at)
    return fault


def merge(fault: Fault, *, into: Fault, by: User, at: datetime, note: str = "") -> Fault:
    """Take a duplicate into another fault: its reports count there, the earliest starts the clocks.

    Raises: NotAllowed, BadInput (itself, another contract), WrongState (either has ended or is restored).
    Source: 4.2.2, reading (e).
    """
    if fault.pk == into.pk:
        raise BadInput(_("不能并入故障自身"), field="into")
    if fault.contract_id != into.contract_id:
        raise BadInput(_("两起故障不属于同一合同"), field="into")
    with transaction.atomic():
        _one_at_a_time(fault)
        missed = _missed(fault.pk, at)
        target = lock(into)
        if State(target.state) in ENDED | RESTORED_STATES:
            raise WrongState(_("故障 %(number)s 已修复或结束，不能并入") % {"number": target.number})
        move(fault, Verb.MERGE, by=by, at=at, note=note, merge_into=target, into=target.number)
        Fault.objects.filter(merged_into=fault).update(merged_into=target)
        if fault.rooted and not target.rooted:
            target.rooted = True
            target.save(update_fields=["rooted"])
        moved(fault, by=by, at=at)
        bring(target, by=by, at=at)
        record("faults.take_in", ("fault", target.pk), by=by, at=at, number=fault.number)
        if missed - _missed(target.pk, at):
            _tell_of_misses(fault, target, by=by, at=at)
    into.refresh_from_db()
    return fault


def _missed(fault: int, at: datetime) -> set[str]:
    """Which promises of a fault are missed by now."""
    rows = Commitment.objects.filter(Q(fault_by_response=fault) | Q(fault_by_repair=fault), voided_at=None)
    return {row.kind for row in rows if row.final_outcome(at) is Outcome.MISSED}


def _tell_of_misses(fault: Fault, target: Fault, *, by: User, at: datetime) -> None:
    """The vendor's merge took a missed promise away: the Office is told, and may rule on the outcome."""
    record("faults.merge_missed", ("fault", target.pk), by=by, at=at, number=fault.number)
    words = gettext_lazy("%(merged)s 已超时，并入 %(number)s 后不再计超时，请核对")
    tell_office(target, words, at=at, urgent=True, merged=fault.number)


def split(fault: Fault, *, by: Actor, at: datetime, note: str) -> Fault:
    """Undo a merge: the fault stands where it stood, with its technician; its clocks as if never stopped."""
    with transaction.atomic():
        _one_at_a_time(fault)
        # Read afresh: what it was merged into may have been merged further meanwhile.
        row = lock(fault)
        target, worker = row.merged_into, row.technician
        merging = row.moves.filter(verb=Verb.MERGE).order_by("pk").last()
        in_hand = worker is not None and worker.is_active
        back_to = split_to(State(merging.from_state), in_hand=in_hand) if merging else None
        move(fault, Verb.SPLIT, by=by, at=at, note=note, back_to=back_to)
        if worker is not None and in_hand:
            tell_people([worker], fault, gettext_lazy("工单 %(number)s 已取消合并，请继续处理"), at=at)
        else:
            Fault.objects.filter(pk=fault.pk).update(technician=None)
            fault.refresh_from_db()
        moved(fault, by=by, at=at)
        if target is not None:
            bring(lock(target), by=by, at=at)
            record("faults.split_off", ("fault", target.pk), by=by, at=at, number=fault.number)
    return fault


def _one_at_a_time(fault: Fault) -> None:
    """Merging and splitting touch several faults: within a contract they take turns and cannot deadlock."""
    lock(fault.contract)


def call_off(fault: Fault, *, by: User, at: datetime, note: str) -> Fault:
    """撤销: nothing was found, or reported by mistake; the Office is told and may reinstate it."""
    return _end(fault, Verb.CALL_OFF, by=by, at=at, note=note)


def refer(fault: Fault, *, by: User, at: datetime, note: str) -> Fault:
    """A physically damaged card: card replacement, no fault, no clock. Source: clause 2, reading."""
    return _end(fault, Verb.REFER, by=by, at=at, note=note)


def _end(fault: Fault, verb: Verb, *, by: User, at: datetime, note: str) -> Fault:
    if not note.strip():
        raise BadInput(_("请写明原因"), field="note")
    with transaction.atomic():
        move(fault, verb, by=by, at=at, note=note)
        moved(fault, by=by, at=at)
        tell_office(
            fault,
            gettext_lazy("已撤销 %(number)s：%(note)s")
            if verb is Verb.CALL_OFF
            else gettext_lazy("已转换卡 %(number)s：%(note)s"),
            at=at,
            note=note,
        )
    return fault


def reinstate(fault: Fault, *, by: User, at: datetime, note: str) -> Fault:
    """The Office takes a call-off or referral back; the clocks run as if never stopped."""
    if not note.strip():
        raise BadInput(_("请写明原因"), field="note")
    with transaction.atomic():
        move(fault, Verb.REINSTATE, by=by, at=at, note=note)
        Fault.objects.filter(pk=fault.pk).update(technician=None)
        fault.refresh_from_db()
        moved(fault, by=by, at=at)
        tell_desk(fault, gettext_lazy("信息化办公室恢复办理 %(number)s"), at=at)
    return fault
