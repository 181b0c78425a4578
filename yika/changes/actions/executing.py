"""Carrying a change out, rolling it back, testing and verifying it. Source: 4.1.4."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device
from yika.assets.rules import Warrant
from yika.changes.actions.confirming import open_confirmation
from yika.changes.actions.moving import insist_move, moved, tell_office, tell_people
from yika.changes.actions.proposing import insist_ready
from yika.changes.doors import devices_of, door
from yika.changes.models import Change, Line, Trial
from yika.changes.policies import can_execute
from yika.changes.queries import answered, stale
from yika.changes.rules import TEXT_LENGTH, Move, State, Tried, Verb, Word, inside, latest, steps
from yika.changes.words import field_name
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, insist, require
from yika.lib.locking import lock, lock_all
from yika.lib.text import moment
from yika.people.models import User


def execute(change: Change, *, note: str, by: User, at: datetime) -> Change:
    """Write exactly the values that were consented to.

    Raises: BadInput without a record of what was done; WrongState outside the consented window, and when a
    value is no longer what was consented to be changed: then nothing is written, and both sides are told.
    """
    require(can_execute(by, change))
    note = _noted(note)
    gone: list[str] = []
    with transaction.atomic():
        row = lock(change)
        to = insist_move(row, Verb.EXECUTE)
        if not inside((row.from_at, row.until_at), at):
            said = _("只能在同意的时间内执行：%(from)s – %(until)s")
            raise WrongState(said % {"from": moment(row.from_at), "until": moment(row.until_at)})
        lines = _locked(row)
        gone = stale(lines, {(line.device_id, line.field): line.before for line in lines})
        if gone:
            _tell_overtaken(row, gone, by=by, at=at)
        else:
            _write(row, lines, by=by, at=at)
            _executed(row, to, note, by=by, at=at)
            record(
                "changes.execute", ("change", row.pk), by=by, at=at, number=row.number, note=row.executed_note
            )
            tell_office(row, gettext_lazy("变更已执行：%(number)s %(title)s"), at=at)
    insist([_("现状与同意时不同，变更未执行"), *gone] if gone else [])
    return row


def execute_first(change: Change, *, note: str, by: User, at: datetime) -> Change:
    """Carry an emergency change out before consent; the Office must confirm it within the standard's time."""
    require(can_execute(by, change))
    note = _noted(note)
    with transaction.atomic():
        row = lock(change)
        to = insist_move(row, Verb.EXECUTE_FIRST)
        insist_ready(row, Verb.EXECUTE_FIRST)
        lines = _locked(row)
        _write(row, lines, by=by, at=at)
        _executed(row, to, note, by=by, at=at)
        row.asked_at, row.confirmation = at, open_confirmation(row, by=by, at=at)
        row.save(update_fields=["asked_at", "confirmation"])
        due = row.confirmation.due_at.isoformat()
        record(
            "changes.execute_first",
            ("change", row.pk),
            by=by,
            at=at,
            number=row.number,
            note=row.executed_note,
            due_at=due,
        )
        tell_office(row, gettext_lazy("紧急变更待确认：%(number)s %(title)s"), at=at, urgent=True)
    return row


def _noted(note: str) -> str:
    if not note.strip():
        raise BadInput(_("请写明执行情况"), field="note")
    return note.strip()[:TEXT_LENGTH]


def _locked(change: Change) -> list[Line]:
    """The lines, and all that they touch locked, so that two changes of one device cannot both win.

    Within a contract changes take turns: what one frees, such as an address, another may be waiting to take.
    """
    lock(change.contract)
    lines = list(change.lines.order_by("id").select_related("device"))
    lock_all(devices_of(lines))
    return lines


def _tell_overtaken(change: Change, gone: Sequence[str], *, by: User, at: datetime) -> None:
    record("changes.overtake", ("change", change.pk), by=by, at=at, number=change.number, lines=[*gone])
    tell_people(
        {change.asked_by, by}, change, gettext_lazy("变更未执行，现状已变：%(number)s %(title)s"), at=at
    )


def _write(change: Change, lines: Sequence[Line], *, back: bool = False, by: User, at: datetime) -> None:
    """Through the doors in order, or ``back`` again. Raises: WrongState for what cannot be written now."""
    warrant = Warrant(change.pk, change.number)
    moves = [
        Move(line.device_id, line.field, *((line.after, line.before) if back else (line.before, line.after)))
        for line in lines
    ]
    for place, value in steps(moves):
        line = lines[place]
        keeper = door(line.field)
        device = Device.objects.select_related("kind", "place").get(pk=line.device_id)
        named = f"{device.number} {field_name(line.field)}"
        insist([f"{named}：{problem}" for problem in keeper.problems(device, line.field, value)])
        keeper.write(device, line.field, value, warrant=warrant, by=by, at=at)


def _executed(change: Change, to: State, note: str, *, by: User, at: datetime) -> None:
    change.executed_at, change.executed_by, change.executed_note = at, by, note
    change.save(update_fields=[*moved(change, to, at=at), "executed_at", "executed_by", "executed_note"])


def filled(**words: str) -> dict[str, str]:
    """What a test says, without blanks around it. Raises: BadInput naming what is not filled in."""
    for name, text in words.items():
        if not text.strip():
            raise BadInput(_("请填写"), field=name)
    return {name: text.strip()[:200] for name, text in words.items()}


def add_trial(
    change: Change, *, item: str, expected: str, result: str, passed: bool, by: User, at: datetime
) -> Trial:
    """Record one test of an executed change. Raises: BadInput for what is not filled in."""
    require(can_execute(by, change))
    said = filled(item=item, expected=expected, result=result)
    with transaction.atomic():
        row = lock(change)
        if State(row.state) is not State.EXECUTED:
            raise WrongState(_("只有已执行、尚未验证的变更可以登记测试"))
        _insist_not_declined(row)
        trial = Trial.objects.create(change=row, **said, passed=passed, by=by, at=at)
        record(
            "changes.test",
            ("change", row.pk),
            by=by,
            at=at,
            number=row.number,
            item=trial.item,
            result=trial.result,
            passed=passed,
        )
    return trial


def verify(change: Change, *, by: User, at: datetime) -> Change:
    """End a change that works.

    Raises: WrongState without a test, when an item's last test failed, when the Office declined to confirm.
    """
    require(can_execute(by, change))
    with transaction.atomic():
        row = lock(change)
        to = insist_move(row, Verb.VERIFY)
        _insist_not_declined(row)
        tests = [Tried(trial.item, trial.at, trial.passed) for trial in row.trials.all()]
        if not tests:
            raise WrongState(_("还没有测试记录，请先登记"))
        said = _("测试未通过：%(item)s，请处理后重测或回退")
        insist([said % {"item": test.item} for test in latest(tests) if not test.passed])
        row.save(update_fields=moved(row, to, at=at))
        record("changes.verify", ("change", row.pk), by=by, at=at, number=row.number)
        tell_office(row, gettext_lazy("变更已验证：%(number)s %(title)s"), at=at)
    return row


def _insist_not_declined(change: Change) -> None:
    """Raises: WrongState for an emergency change that the Office did not confirm: it does not stand."""
    if answered(change) is Word.DECLINE:
        said = _("信息化办公室不予确认，%(number)s 不能测试和验证，请回退；仍需变更的，回退后重新申请")
        raise WrongState(said % {"number": change.number})


# What stands against rolling a change back, in words; named, for no app above is imported here.
HINDRANCES = ("yika.returns.queries.hindrance",)


def roll_back(change: Change, *, reason: str, by: User, at: datetime) -> Change:
    """Write the values of before again. Raises: WrongState when one is no longer what the change wrote."""
    require(can_execute(by, change))
    if not reason.strip():
        raise BadInput(_("请写明理由"), field="reason")
    with transaction.atomic():
        row = lock(change)
        to = insist_move(row, Verb.ROLL_BACK)
        lines = _locked(row)
        against = [problem for name in HINDRANCES for problem in import_string(name)(row)]
        insist([*against, *stale(lines, {(line.device_id, line.field): line.after for line in lines})])
        _write(row, lines, back=True, by=by, at=at)
        row.save(update_fields=moved(row, to, at=at))
        record(
            "changes.roll_back",
            ("change", row.pk),
            by=by,
            at=at,
            number=row.number,
            reason=reason.strip()[:500],
        )
        tell_office(row, gettext_lazy("变更已回退：%(number)s %(title)s"), at=at)
    return row
