"""From restored to closed: the reporter is told, the log is written; and back again when it returns."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yika.faults.actions.asking import supersede
from yika.faults.actions.moving import move, moved
from yika.faults.actions.telling import tell_desk
from yika.faults.models import Fault, FaultLog, Feedback
from yika.faults.queries.facts import restored_at
from yika.faults.rules import RESTORATIONS, RESTORED_STATES, State, Verb, reopening_problem
from yika.journal.actions import Actor
from yika.lib.decisions import BadInput, WrongState
from yika.lib.text import duration
from yika.people.models import User
from yika.standards.queries import standard_of


def give_feedback(fault: Fault, *, way: Feedback.Way, told: str, by: User, at: datetime) -> Fault:
    """反馈: the reporter was told the result, how and what. Source: 4.2.1."""
    if not told.strip():
        raise BadInput(_("请写明告知的内容"), field="told")
    with transaction.atomic():
        move(fault, Verb.GIVE_FEEDBACK, by=by, at=at, way=way, told=told.strip()[:500])
        Feedback.objects.create(fault=fault, way=way, told=told.strip()[:500], by=by, at=at)
        return moved(fault, by=by, at=at)


def write_log(fault: Fault, *, entries: Mapping[str, str], by: User, at: datetime) -> Fault:
    """填写故障日志: the fields that the fault's standard demands. Source: 4.2.1.

    Raises: BadInput naming the first required field left empty.
    """
    fields = standard_of(fault.standard).fault_log
    kept: dict[str, str] = {}
    for field in fields:
        text = entries.get(field.key, "").strip()[:1000]
        if field.required and not text:
            name = field.name_en if get_language() == "en" else field.name
            raise BadInput(_("请填写%(field)s") % {"field": name}, field=field.key)
        kept[field.key] = text
    with transaction.atomic():
        move(fault, Verb.WRITE_LOG, by=by, at=at)
        FaultLog.objects.create(fault=fault, entries=kept, by=by, at=at)
        return moved(fault, by=by, at=at)


def close(fault: Fault, *, by: User, at: datetime) -> Fault:
    """办结: only after feedback and log, which the states before it prove."""
    with transaction.atomic():
        move(fault, Verb.CLOSE, by=by, at=at)
        return moved(fault, by=by, at=at)


def reopen(fault: Fault, *, by: Actor, at: datetime, note: str) -> Fault:
    """重开: it came back within the window; the repair outcome is taken back, the clock goes on.

    Raises: WrongState after the window: then it is a new fault that follows this one.
    Source: 4.2.2, reading (d).
    """
    if not note.strip():
        raise BadInput(_("请写明复现的情况"), field="note")
    if fault.imported_id is not None:
        raise WrongState(_("历史故障不能重开，请新建报修"))
    with transaction.atomic():
        over = reopening_problem(restored_at(fault), at, standard_of(fault.standard))
        if over is not None and State(fault.state) in RESTORED_STATES:
            raise WrongState(
                _("重开期限已过 %(over)s，请新建报修，系统会关联到本故障")
                % {"over": duration(int(over.total_seconds()))}
            )
        move(fault, Verb.REOPEN, by=by, at=at, note=note)
        taken_back = fault.moves.filter(verb__in=RESTORATIONS, taken_back_at__isnull=True)
        supersede(fault, at=at, words=gettext_lazy("重开后不再适用"), move__in=list(taken_back))
        taken_back.update(taken_back_at=at)
        if fault.state == State.REPORTED:
            Fault.objects.filter(pk=fault.pk).update(technician=None)
            fault.refresh_from_db()
        moved(fault, by=by, at=at)
        tell_desk(fault, gettext_lazy("故障重开 %(number)s：%(note)s"), at=at, note=note)
    return fault
