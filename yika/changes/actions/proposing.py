"""Drafting a change, its lines, asking for it, taking it back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from yika.assets.models import Device
from yika.changes.actions.moving import insist_move, moved, tell_office
from yika.changes.doors import door
from yika.changes.models import Change, Line, Pattern
from yika.changes.policies import can_edit, can_propose
from yika.changes.queries import asked_back, fitting, read_lines
from yika.changes.rules import (
    EDITABLE,
    ENDED,
    MOST_DAYS,
    MOST_LINES,
    NEED_LINES,
    WAYS,
    Json,
    Kind,
    Mode,
    State,
    Verb,
    storable,
)
from yika.changes.words import STATES, field_name
from yika.contracts.models import Contract
from yika.contracts.queries import current, running
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, insist, require
from yika.lib.locking import lock
from yika.lib.text import moment
from yika.people.models import User
from yika.people.rules import Side


@dataclass(frozen=True)
class Head:
    """What is said about a change beside its lines. The window is half-open."""

    kind: Kind
    mode: Mode
    title: str
    reason: str
    risk: str
    plan: str
    back_out: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class Proposed:
    """A value that a field of a device shall have."""

    device: Device
    field: str
    after: Json


def draft(
    head: Head,
    *,
    submission: UUID,
    lines: Sequence[Proposed] = (),
    devices: Sequence[Device] = (),
    by: User,
    at: datetime,
) -> Change:
    """Begin a change; the same submission again finds what the first one made.

    Raises: BadInput for what cannot be used, WrongState when no contract runs.
    """
    require(can_propose(by))
    _check(head, at)
    with transaction.atomic():
        known = Change.objects.filter(submission=submission, asked_by=by).first()
        if known:
            return known
        change = Change.objects.create(
            submission=submission, contract=contract_of(by, at), asked_by=by, made_at=at, **asdict(head)
        )
        change.devices.set(devices)
        _add(change, lines)
        record("changes.draft", ("change", change.pk), by=by, at=at, number=change.number, title=head.title)
    return change


def draft_again(change: Change, window: tuple[datetime, datetime], *, by: User, at: datetime) -> Change:
    """Begin anew what came to nothing: the same words and values for another window.

    Values that stand by now are left out; what was consented to and not carried out in time is withdrawn.
    Raises: as ``draft``.
    """
    require(can_edit(by, change))
    names = ("kind", "mode", "title", "reason", "risk", "plan", "back_out")
    words = {name: getattr(change, name) for name in names}
    words |= {"kind": Kind(change.kind), "mode": Mode(change.mode)}
    lines = [
        Proposed(line.device, line.field, line.after)
        for line in change.lines.select_related("device__kind").order_by("id")
        if door(line.field).current(line.device, line.field) != line.after
    ]
    head = Head(**words, from_at=window[0], until_at=window[1])
    with transaction.atomic():
        row = lock(change)
        devices = list(row.devices.all())
        made = draft(head, submission=uuid4(), lines=lines, devices=devices, by=by, at=at)
        row.differences.update(change=made)
        if State(row.state) not in ENDED:
            withdraw(row, reason=f"未在同意的时间内执行，重新起草为 {made.number}", by=by, at=at)
    return made


def contract_of(by: User, at: datetime) -> Contract:
    """The running contract a person works for. Raises: WrongState when none runs."""
    if by.side is not Side.VENDOR:
        return current(at)
    found = running(Contract.objects.filter(vendor=by.organisation_id), at).first()
    if found is None:
        raise WrongState(_("本单位当前没有生效的合同"))
    return found


def _check(head: Head, at: datetime) -> None:
    for name in ("title", "reason", "risk", "plan", "back_out"):
        if not getattr(head, name).strip():
            raise BadInput(_("请填写"), field=name)
    if head.until_at <= head.from_at:
        raise BadInput(_("结束时间必须晚于开始时间"), field="until_at")
    if head.until_at - head.from_at > timedelta(days=MOST_DAYS):
        raise BadInput(
            _("执行时间最长 %(most)d 天，请缩短或分次申请") % {"most": MOST_DAYS}, field="until_at"
        )
    if head.until_at <= at:
        raise BadInput(_("结束时间已过"), field="until_at")


def edit(change: Change, head: Head, *, devices: Sequence[Device] = (), by: User, at: datetime) -> Change:
    """Word a draft anew. Raises: WrongState once it waits for the Office or was decided."""
    require(can_edit(by, change))
    _check(head, at)
    with transaction.atomic():
        row = _editable(change)
        for name, value in asdict(head).items():
            setattr(row, name, value)
        row.save(update_fields=[*asdict(head)])
        row.devices.set(devices)
        record("changes.edit", ("change", row.pk), by=by, at=at, number=row.number, title=row.title)
    return row


def add_lines(change: Change, lines: Sequence[Proposed], *, by: User, at: datetime) -> Change:
    """Put values into a draft; a field already in it gets the new value."""
    require(can_edit(by, change))
    with transaction.atomic():
        row = _editable(change)
        _add(row, lines)
        told = "；".join(_told(line) for line in row.lines.filter(_of(lines)).select_related("device"))
        record("changes.add_lines", ("change", row.pk), by=by, at=at, number=row.number, lines=told)
    return row


def remove_line(line: Line, *, by: User, at: datetime) -> Change:
    """Take a value out of a draft."""
    require(can_edit(by, line.change))
    with transaction.atomic():
        row = _editable(line.change)
        record("changes.remove_line", ("change", row.pk), by=by, at=at, number=row.number, line=_told(line))
        Line.objects.filter(pk=line.pk).delete()
    return row


def _told(line: Line) -> str:
    with override(settings.LANGUAGE_CODE):
        return (
            f"{line.device.number} {field_name(line.field)} "
            f"{line.before_words or '（空）'} → {line.after_words or '（空）'}"
        )


def _of(lines: Sequence[Proposed]) -> Q:
    found = Q(pk__in=[])
    for line in lines:
        found |= Q(device=line.device, field=line.field)
    return found


def _editable(change: Change) -> Change:
    row = lock(change)
    if State(row.state) not in EDITABLE:
        raise WrongState(
            _("%(number)s现为“%(state)s”，内容不能再改")
            % {"number": row.number, "state": STATES[State(row.state)]}
        )
    return row


def _add(change: Change, lines: Sequence[Proposed]) -> None:
    for line in lines:
        keeper = door(line.field)
        if storable([line.field, line.after]):
            wrong = keeper.problems(line.device, line.field, line.after)
        else:
            wrong = [_("不能含有空字符等无法保存的字符")]
        if wrong:
            named = f"{line.device.number} {field_name(line.field)}"
            raise BadInput(*(f"{named}：{problem}" for problem in wrong), field="value")
        before = keeper.current(line.device, line.field)
        if before == line.after:
            said = _("%(number)s 的%(field)s本来就是这个值")
            raise BadInput(
                said % {"number": line.device.number, "field": field_name(line.field)}, field="value"
            )
        with override(settings.LANGUAGE_CODE):
            worded = keeper.words(line.field, before), keeper.words(line.field, line.after)
        values = {
            "before": before,
            "after": line.after,
            "before_words": worded[0],
            "after_words": worded[1],
        }
        Line.objects.update_or_create(change=change, device=line.device, field=line.field, defaults=values)
    if change.lines.count() > MOST_LINES:
        raise BadInput(_("一次变更最多 %(most)d 项，请分次申请") % {"most": MOST_LINES}, field="value")


def ask(change: Change, *, note: str = "", by: User, at: datetime) -> Change:
    """Put a change before the Office with the values as they stand now; ``note`` answers what it asked back.

    Raises: WrongState when there is nothing to change, or it goes another way; BadInput for a question of
    the Office's without an answer.
    """
    require(can_edit(by, change))
    with transaction.atomic():
        row = lock(change)
        to = insist_move(row, Verb.ASK)
        insist_window(row, at)
        insist_ready(row, Verb.ASK)
        note = _answer(row, note, by=by, at=at)
        row.asked_at = at
        row.save(update_fields=[*moved(row, to, at=at), "asked_at"])
        if note:
            record("changes.ask_again", ("change", row.pk), by=by, at=at, number=row.number, answer=note)
        else:
            record("changes.ask", ("change", row.pk), by=by, at=at, number=row.number, title=row.title)
        tell_office(row, gettext_lazy("待同意的变更：%(number)s %(title)s"), at=at)
    return row


def _answer(change: Change, note: str, *, by: User, at: datetime) -> str:
    """Keep the answer beside the question; empty where nothing was asked back."""
    question = asked_back(change)
    if question is None:
        return ""
    note = note.strip()[:500]
    if not note:
        raise BadInput(_("请写明对信息化办公室所提问题的答复"), field="note")
    question.answer, question.answered_by, question.answered_at = note, by, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    return note


def insist_window(change: Change, at: datetime) -> None:
    """Raises: WrongState once the time in which a change may be carried out is over."""
    if change.until_at <= at:
        said = _("执行时间 %(from)s – %(until)s 已过，请先修改执行时间")
        raise WrongState(said % {"from": moment(change.from_at), "until": moment(change.until_at)})


def insist_ready(change: Change, verb: Verb) -> None:
    """Raises: WrongState when a change goes another way to consent, changes nothing, or no longer can."""
    if Mode(change.mode) not in WAYS[verb]:
        raise WrongState(_("变更方式与所办步骤不符，请先修改变更方式"))
    lines = list(change.lines.select_related("device"))
    if not lines and Kind(change.kind) in NEED_LINES:
        raise WrongState(_("还没有变更内容，请先添加"))
    if not lines and not change.devices.exists():
        raise WrongState(_("没有变更内容，也没有涉及的设备：请添加变更内容，或写明涉及的设备"))
    refresh(lines)
    insist(
        [
            f"{line.device.number} {field_name(line.field)}：{problem}"
            for line in lines
            for problem in door(line.field).problems(line.device, line.field, line.after)
        ]
    )


def refresh(lines: Sequence[Line]) -> None:
    """Take the values as they stand into the lines, inside the caller's transaction."""
    now = read_lines(lines)
    for line in lines:
        value = now[line.device_id, line.field]
        if value == line.before:
            continue
        line.before = value
        with override(settings.LANGUAGE_CODE):
            line.before_words = door(line.field).words(line.field, value)
        line.save(update_fields=["before", "before_words"])


def use_pattern(change: Change, pattern: Pattern, *, by: User, at: datetime) -> Change:
    """Take a change as consented, because it is of a pattern that the Office approved beforehand.

    Raises: WrongState naming everything in which it goes beyond the pattern.
    """
    require(can_edit(by, change))
    with transaction.atomic():
        row = lock(change)
        to = insist_move(row, Verb.USE_PATTERN)
        insist_window(row, at)
        insist_ready(row, Verb.USE_PATTERN)
        insist(fitting(row, pattern, at))
        row.pattern, row.asked_at = pattern, at
        row.save(update_fields=[*moved(row, to, at=at), "pattern", "asked_at"])
        record(
            "changes.use_pattern",
            ("change", row.pk),
            by=by,
            at=at,
            number=row.number,
            pattern=pattern.name,
        )
        tell_office(row, gettext_lazy("标准变更将执行：%(number)s %(title)s"), at=at)
    return row


def withdraw(change: Change, *, reason: str, by: User, at: datetime) -> Change:
    """Take a change back before it is carried out, or drop a draft.

    Raises: BadInput without a reason for what the Office has seen.
    """
    require(can_edit(by, change))
    with transaction.atomic():
        row = lock(change)
        was = State(row.state)
        if was is not State.DRAFT and not reason.strip():
            raise BadInput(_("请写明理由"), field="reason")
        row.save(update_fields=moved(row, insist_move(row, Verb.WITHDRAW), at=at))
        record(
            "changes.withdraw",
            ("change", row.pk),
            by=by,
            at=at,
            number=row.number,
            reason=reason.strip()[:500],
        )
        if was is not State.DRAFT:
            tell_office(row, gettext_lazy("变更已撤回：%(number)s %(title)s"), at=at)
    return row
