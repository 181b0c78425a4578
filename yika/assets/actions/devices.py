"""Writing devices."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yika.assets.actions.places import first_come
from yika.assets.actions.words import index_devices
from yika.assets.gate import Wanted, insist_free, insist_still_free
from yika.assets.models import Device, DeviceKind, Place, new_token
from yika.assets.policies import can_manage
from yika.assets.rules import DETAIL_LENGTH, NUMBER_LENGTH, Door, has_invisible, tidy
from yika.journal.actions import event, record, record_all
from yika.journal.models import Event
from yika.journal.rules import SystemActor
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.people.models import User

# The journal is kept in Chinese, whoever acts.
LIVES = ("在用", "在库")
FIELD_NAMES = {"number": "编号", "kind": "类型", "place": "地点", "model": "型号", "serial": "序列号"}


def create_device(
    *,
    number: str,
    kind: DeviceKind,
    place: Place,
    model: str = "",
    serial: str = "",
    by: User | SystemActor,
    at: datetime,
) -> Device:
    """Add a device in use. Raises: BadInput for a bad or taken number."""
    require(can_manage(by))
    number, model, serial = _checked(number, model, serial)
    with first_come(_("设备编号已被使用"), "number"):
        _insist_free(number)
        device = Device(number=number, kind=kind, place=place, model=model, serial=serial)
        device.save(force_insert=True)
        index_devices([device])
        record(
            "assets.create_device",
            ("device", device.pk),
            by=by,
            at=at,
            number=number,
            kind=kind.name,
            place=place.full_name,
            model=model,
            serial=serial,
        )
    return device


def edit_device(
    device: Device,
    *,
    number: str,
    kind: DeviceKind,
    place: Place,
    model: str,
    serial: str,
    door: Door = Door.ACTION,
    by: User | SystemActor,
    at: datetime,
) -> Device:
    """Change what a device is or where it stands.

    Raises: BadInput for a bad or taken number, NeedsConsent for another place of a device in use.
    """
    require(can_manage(by))
    number, model, serial = _checked(number, model, serial)
    insist_free(_moves(Device.objects.get(pk=device.pk), place), door=door, by=by, at=at)
    with first_come(_("设备编号已被使用"), "number"):
        row = lock(device)
        insist_still_free(_moves(row, place), at=at)
        if number != row.number:
            _insist_free(number)
        before, numbered = described(row), row.number
        row.number, row.kind, row.place, row.model, row.serial = number, kind, place, model, serial
        changes = [(name, old, new) for name, old, new in _pairs(before, described(row)) if old != new]
        if changes:
            row.save(update_fields=[name for name, _old, _new in changes])
            index_devices([row])
            record_all([edit_event(row, numbered, changes, by=by, at=at)])
    return row


def _moves(device: Device, place: Place) -> list[Wanted]:
    if device.place_id == place.pk:
        return []
    return [Wanted(device, "place", device.place.full_name, place.full_name)]


def described(device: Device) -> dict[str, str]:
    """A device's fields in words, as the journal tells them."""
    return {
        "number": device.number,
        "kind": device.kind.name,
        "place": device.place.full_name,
        "model": device.model,
        "serial": device.serial,
    }


def _pairs(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(name, before[name], after[name]) for name in before]


def edit_event(
    device: Device,
    number: str,
    changes: list[tuple[str, str, str]],
    *,
    by: User | SystemActor,
    at: datetime,
) -> Event:
    """What changed about a device that was called ``number``: (field, before, after) each."""
    told = "；".join(
        f"{FIELD_NAMES[name]} {old or '（空）'} → {new or '（空）'}" for name, old, new in changes
    )
    return event(
        "assets.edit_device",
        ("device", device.pk),
        by=by,
        at=at,
        number=number,
        changes=told,
        fields=[list(change) for change in changes],
    )


def take_out_of_use(
    device: Device, *, reason: str, door: Door = Door.ACTION, by: User | SystemActor, at: datetime
) -> Device:
    """Mark that a device no longer serves. Raises: WrongState when it already does not, NeedsConsent."""
    require(can_manage(by))
    reason = tidy(reason)
    if not reason or len(reason) > 200:
        raise BadInput(_("请填写停用原因，不超过 200 个字"), field="reason")
    insist_free([Wanted(device, "life", *LIVES)], door=door, by=by, at=at)
    with transaction.atomic():
        row = lock(device)
        insist([] if row.in_use else [_("设备已停用")])
        row.in_use = False
        row.save(update_fields=["in_use"])
        record("assets.take_out_of_use", ("device", row.pk), by=by, at=at, number=row.number, reason=reason)
    return row


def put_in_use(device: Device, *, door: Door = Door.ACTION, by: User | SystemActor, at: datetime) -> Device:
    """Mark that a device serves again. Raises: WrongState when it already does, NeedsConsent."""
    require(can_manage(by))
    insist_free([Wanted(device, "life", *LIVES[::-1])], door=door, by=by, at=at)
    with transaction.atomic():
        row = lock(device)
        insist([_("设备正在使用中")] if row.in_use else [])
        row.in_use = True
        row.save(update_fields=["in_use"])
        record("assets.put_in_use", ("device", row.pk), by=by, at=at, number=row.number)
    return row


def replace_device_label(device: Device, *, by: User | SystemActor, at: datetime) -> Device:
    """Give a device a new QR code; labels printed before stop working."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(device)
        row.token = new_token()
        row.save(update_fields=["token"])
        record("assets.replace_label", ("device", row.pk), by=by, at=at, name=row.number)
    return row


def _checked(number: str, model: str, serial: str) -> tuple[str, str, str]:
    number, model, serial = tidy(number), tidy(model), tidy(serial)
    if not number or len(number) > NUMBER_LENGTH or has_invisible(number):
        said = _("请填写设备编号，不超过 %(length)d 个字") % {"length": NUMBER_LENGTH}
        raise BadInput(said, field="number")
    for name, value in (("model", model), ("serial", serial)):
        if len(value) > DETAIL_LENGTH or has_invisible(value):
            raise BadInput(_("不能超过 %(length)d 个字") % {"length": DETAIL_LENGTH}, field=name)
    return number, model, serial


def _insist_free(number: str) -> None:
    if Device.objects.filter(number=number).exists():
        raise BadInput(_("已有编号为 %(number)s 的设备") % {"number": number}, field="number")
