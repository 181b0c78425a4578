"""The door through which consented values of a device are written: for changes, nobody else."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yika.assets.actions.devices import described, edit_event
from yika.assets.models import Device, Place
from yika.assets.rules import Warrant
from yika.journal.actions import record, record_all
from yika.lib.locking import lock
from yika.people.models import User

LIVES = ("in_use", "in_stock")
FIELDS = ("place", "life")


def current(device: Device, field: str) -> Any:
    """The value as it stands: a place's key, or the stage of life."""
    row = Device.objects.get(pk=device.pk)
    return row.place_id if field == "place" else LIVES[0] if row.in_use else LIVES[1]


def problems(device: Device, field: str, value: Any) -> list[str]:
    """Why a value cannot be written, in words; empty when it can."""
    if field == "place":
        known = isinstance(value, int) and Place.objects.filter(pk=value).exists()
        return [] if known else [_("没有这个地点")]
    if field == "life":
        return [] if value in LIVES else [_("没有这种使用状态")]
    return [_("设备没有这个项目：%(field)s") % {"field": field}]


def words(field: str, value: Any) -> str:
    """A value as people read it."""
    if field == "place":
        found = Place.objects.filter(pk=value).first()
        return found.full_name if found else ""
    return _("在用") if value == LIVES[0] else _("在库")


def write(device: Device, field: str, value: Any, *, warrant: Warrant, by: User, at: datetime) -> None:
    """Write a consented value inside the caller's transaction; the event names the change."""
    row = lock(device)
    if field == "place":
        before = described(row)
        row.place = Place.objects.get(pk=value)
        row.save(update_fields=["place"])
        pair = ("place", before["place"], row.place.full_name)
        record_all([edit_event(row, row.number, [pair], by=by, at=at)])
        return
    row.in_use = value == LIVES[0]
    row.save(update_fields=["in_use"])
    if row.in_use:
        record("assets.put_in_use", ("device", row.pk), by=by, at=at, number=row.number)
    else:
        record(
            "assets.take_out_of_use",
            ("device", row.pk),
            by=by,
            at=at,
            number=row.number,
            reason=_("变更 %(number)s") % {"number": warrant.number},
        )
