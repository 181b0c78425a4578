"""Writing devices."""

from datetime import datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from yika.assets.actions.details import (
    Details,
    checked,
    columns_of,
    described,
    differences,
    edit_event,
    names_of,
    put,
    wanted,
)
from yika.assets.actions.places import first_come
from yika.assets.actions.stays import keep_stays
from yika.assets.actions.words import index_devices
from yika.assets.gate import Wanted, insist_free, insist_still_free
from yika.assets.models import LIFE_NAMES, Device, new_token
from yika.assets.policies import can_manage, can_recount
from yika.assets.rules import Door, Life, can_become, tidy
from yika.journal.actions import record, record_all
from yika.journal.rules import SystemActor
from yika.lib.decisions import ALLOWED, BadInput, Refused, insist, require
from yika.lib.locking import lock
from yika.people.models import User

REASON_LENGTH = 200
# The journal is kept in Chinese, whoever acts.
LIVES = {Life.IN_STOCK: "在库", Life.IN_USE: "在用", Life.AT_FACTORY: "返厂", Life.SCRAPPED: "报废"}


def create_device(
    *, life: Life = Life.IN_USE, by: User | SystemActor, at: datetime, **details: Unpack[Details]
) -> Device:
    """Add a device, in use unless it is said otherwise. Raises: BadInput for a bad or taken number."""
    require(can_manage(by))
    clean = checked(details)
    with first_come(_("设备编号已被使用"), "number"):
        _insist_free(clean["number"])
        device = Device(life=life)
        put(device, clean)
        device.save(force_insert=True)
        keep_stays([device], at=at)
        index_devices([device])
        told: dict[str, Any] = {**described(device), "life": LIVES[life]}
        record(
            "assets.create_device",
            ("device", device.pk),
            by=by,
            at=at,
            **told,
        )
    return device


def edit_device(
    device: Device,
    *,
    door: Door = Door.ACTION,
    by: User | SystemActor,
    at: datetime,
    **details: Unpack[Details],
) -> Device:
    """Change what a device is or where it stands; what is not said stays.

    Raises: BadInput naming the field, NeedsConsent for controlled values of a device in use.
    """
    require(can_manage(by))
    clean = checked(details)
    insist_free(_wanted(device, clean), door=door, by=by, at=at)
    with first_come(_("设备编号已被使用"), "number"):
        row = lock(device)
        recount = can_recount(by, row, clean["kind"]) if "kind" in clean else ALLOWED
        if isinstance(recount, Refused):
            raise BadInput(recount.reason, field="kind")
        insist_still_free(_wanted(row, clean), at=at)
        before, numbered, kind = described(row), row.number, row.kind
        if clean.get("number", numbered) != numbered:
            _insist_free(clean["number"])
        put(row, clean)
        changes = differences(before, described(row))
        if changes:
            row.save(update_fields=columns_of(changes))
            keep_stays([row], at=at)
            index_devices([row])
            names = names_of(changes, kind, row.kind)
            record_all([edit_event(row, numbered, changes, by=by, at=at, names=names)])
    return row


def _wanted(device: Device, clean: Details) -> list[Wanted]:
    """The controlled values that would be written."""
    rows = Device.objects.select_related("kind", "place", "model", "merchant")
    before, after = rows.get(pk=device.pk), rows.get(pk=device.pk)
    controlled: Details = {}
    for name in ("kind", "place", "upstream_ip", "attributes"):
        if name in clean:
            controlled[name] = clean[name]
    put(after, controlled)
    return wanted(before, after)


def change_life(
    device: Device,
    life: Life,
    *,
    reason: str = "",
    door: Door = Door.ACTION,
    by: User | SystemActor,
    at: datetime,
) -> Device:
    """Take a device to another stage of its life; a reason is needed but for putting it in use.

    Raises: BadInput without a reason, WrongState where it cannot go there, NeedsConsent.
    """
    require(can_manage(by))
    reason = tidy(reason)
    if len(reason) > REASON_LENGTH or (not reason and life is not Life.IN_USE):
        raise BadInput(_("请填写原因，不超过 %(length)d 个字") % {"length": REASON_LENGTH}, field="reason")
    now = Life(Device.objects.values_list("life", flat=True).get(pk=device.pk))
    insist([] if can_become(now, life) else [_unmoved(now, life)])
    insist_free([Wanted(device, "life", LIVES[now], LIVES[life], life.value)], door=door, by=by, at=at)
    with transaction.atomic():
        row = lock(device)
        before = Life(row.life)
        insist([] if can_become(before, life) else [_unmoved(before, life)])
        insist_still_free([Wanted(row, "life", LIVES[before], LIVES[life], life.value)], at=at)
        set_life(row, life, reason, by=by, at=at)
    return row


def set_life(row: Device, life: Life, reason: str, *, by: User | SystemActor, at: datetime) -> None:
    """Write a stage of life on a locked device and tell it."""
    before = LIVES[Life(row.life)]
    row.life = life
    row.save(update_fields=["life"])
    keep_stays([row], at=at)
    record(
        "assets.change_life",
        ("device", row.pk),
        by=by,
        at=at,
        number=row.number,
        before=before,
        after=LIVES[life],
        reason=reason,
    )


def _unmoved(before: Life, life: Life) -> str:
    if before is life:
        return _("设备已经是“%(life)s”") % {"life": LIFE_NAMES[life]}
    return _("“%(before)s”的设备不能直接改为“%(after)s”") % {
        "before": LIFE_NAMES[before],
        "after": LIFE_NAMES[life],
    }


def replace_device_label(device: Device, *, by: User | SystemActor, at: datetime) -> Device:
    """Give a device a new QR code; labels printed before stop working."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(device)
        row.token = new_token()
        row.save(update_fields=["token"])
        record("assets.replace_label", ("device", row.pk), by=by, at=at, name=row.number)
    return row


def _insist_free(number: str) -> None:
    if Device.objects.filter(number=number).exists():
        raise BadInput(_("已有编号为 %(number)s 的设备") % {"number": number}, field="number")
