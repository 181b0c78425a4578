"""What the technician does, from accepting to restored."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device
from yika.faults.actions.asking import ask_within
from yika.faults.actions.moving import move, moved
from yika.faults.actions.telling import tell_desk
from yika.faults.models import Fault, Photo
from yika.faults.policies import can_move
from yika.faults.queries.outages import failed_of
from yika.faults.rules import RulingKind, Verb
from yika.files.models import StoredFile
from yika.journal.actions import record
from yika.lib.decisions import BadInput, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.standards.queries import standard_of


def accept(fault: Fault, *, by: User, at: datetime) -> Fault:
    """接单: take the work on."""
    return _step(fault, Verb.ACCEPT, by=by, at=at)


def refuse(fault: Fault, *, by: User, at: datetime, note: str) -> Fault:
    """退单: give it back with a reason; the desk is told and must send somebody else."""
    _demand(note)
    with transaction.atomic():
        move(fault, Verb.REFUSE, by=by, at=at, note=note)
        Fault.objects.filter(pk=fault.pk).update(technician=None)
        fault.refresh_from_db()
        moved(fault, by=by, at=at)
        tell_desk(fault, gettext_lazy("%(name)s 退单 %(number)s：%(note)s"), at=at, note=note, name=by.name)
    return fault


def set_out(fault: Fault, *, by: User, at: datetime) -> Fault:
    """出发: on the way; the reporter's page says so."""
    return _step(fault, Verb.SET_OUT, by=by, at=at)


def arrive(
    fault: Fault,
    *,
    by: User,
    at: datetime,
    scanned: Device | None = None,
    note: str = "",
    happened_at: datetime | None = None,
) -> Fault:
    """到场: proven by scanning a device of the fault's place or one that failed, or stated with a reason.

    Settles the response.

    Raises: BadInput when the label belongs to a device elsewhere, or nothing was scanned and no reason given.
    Source: 2.6.
    """
    if scanned is None:
        _demand(note, _("未扫码到场，请写明原因"))
    elif (
        scanned.pk != fault.device_id
        and scanned.place_id != fault.place_id
        and not (fault.rooted and scanned.pk in failed_of([fault.pk]).get(fault.pk, ()))
    ):
        raise BadInput(
            _("扫描的设备 %(device)s 不在这起故障的地点") % {"device": scanned.number}, field="scanned"
        )
    return _step(fault, Verb.ARRIVE, by=by, at=at, note=note, happened_at=happened_at, device=scanned)


def start_remotely(
    fault: Fault, *, by: User, at: datetime, note: str, happened_at: datetime | None = None
) -> Fault:
    """远程处理: take the work over from afar; counts as response where the standard says so. Source: 2.6."""
    _demand(note, _("请写明远程处理的方式"))
    return _step(fault, Verb.START_REMOTELY, by=by, at=at, note=note, happened_at=happened_at)


def wait_part(fault: Fault, *, by: User, at: datetime, note: str) -> Fault:
    """等待配件: what is missing is on record; the clock goes on."""
    _demand(note)
    return _step(fault, Verb.WAIT_PART, by=by, at=at, note=note)


def send_to_factory(fault: Fault, *, by: User, at: datetime, note: str) -> Fault:
    """送厂返修: the unit leaves; the service clock goes on. Source: 4.2.3."""
    _demand(note)
    return _step(fault, Verb.SEND_TO_FACTORY, by=by, at=at, note=note)


def wait_third_party(fault: Fault, *, by: User, at: datetime, note: str) -> Fault:
    """等待第三方: whom and what for is on record; the clock goes on."""
    _demand(note)
    return _step(fault, Verb.WAIT_THIRD_PARTY, by=by, at=at, note=note)


def resume(fault: Fault, *, by: User, at: datetime, note: str = "") -> Fault:
    """继续处理."""
    return _step(fault, Verb.RESUME, by=by, at=at, note=note)


def restore_temporarily(
    fault: Fault, *, by: User, at: datetime, note: str, happened_at: datetime | None = None
) -> Fault:
    """临时恢复: use is possible again; ends the repair clock only if the Office accepts it."""
    _demand(note, _("请写明临时措施"))
    with transaction.atomic():
        made = move(fault, Verb.RESTORE_TEMPORARILY, by=by, at=at, note=note, happened_at=happened_at)
        if standard_of(fault.standard).readings.temporary_restoration_needs_consent:
            ask_within(fault, RulingKind.TEMPORARY, claim=note, by=by, at=at, move=made)
        return moved(fault, by=by, at=at)


def restore(fault: Fault, *, by: User, at: datetime, note: str, happened_at: datetime | None = None) -> Fault:
    """修复: function is restored for good. Settles the repair. Source: 2.7."""
    _demand(note, _("请写明如何修复"))
    return _step(fault, Verb.RESTORE, by=by, at=at, note=note, happened_at=happened_at)


def add_photo(fault: Fault, *, file: StoredFile, by: User, at: datetime) -> Photo:
    """Keep a picture made at work."""
    require(can_move(by, fault, Verb.RESTORE))
    with transaction.atomic():
        row = lock(fault)
        photo = Photo.objects.create(fault=row, file=file, at=at, by=by)
        record("faults.add_photo", ("fault", row.pk), by=by, at=at, photo=photo.pk)
    return photo


def _demand(note: str, words: str = "") -> None:
    if not note.strip():
        raise BadInput(words or _("请写明原因"), field="note")


def _step(
    fault: Fault,
    verb: Verb,
    *,
    by: User,
    at: datetime,
    note: str = "",
    happened_at: datetime | None = None,
    device: Device | None = None,
) -> Fault:
    with transaction.atomic():
        move(fault, verb, by=by, at=at, note=note, happened_at=happened_at, device=device)
        return moved(fault, by=by, at=at)
