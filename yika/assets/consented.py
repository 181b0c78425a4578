"""The door through which consented values of a device are written: for changes, nobody else."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yika.assets.actions.details import (
    Details,
    columns_of,
    described,
    differences,
    edit_event,
    names_of,
    put,
)
from yika.assets.actions.devices import set_life
from yika.assets.actions.stays import keep_stays
from yika.assets.models import LIFE_NAMES, Attribute, Device, Merchant, Place
from yika.assets.rules import Life, Unfit, Warrant, can_become, fitting_value, read_ip, shown
from yika.assets.sentences import unfit
from yika.journal.actions import record_all
from yika.lib.locking import lock
from yika.lib.rows import is_key
from yika.people.models import User

FIELDS = ("place", "life", "upstream_ip", "merchant", "parameters")


def current(device: Device, field: str) -> Any:
    """The value as it stands: a place's or merchant's key, a stage of life, an address, a parameter's value.

    None where there is none.
    """
    row = Device.objects.get(pk=device.pk)
    if field == "place":
        return row.place_id
    if field == "merchant":
        return row.merchant_id
    if field == "life":
        return row.life
    return row.upstream_ip if field == "upstream_ip" else row.attributes.get(_key(field))


def problems(device: Device, field: str, value: Any) -> list[str]:
    """Why a value cannot be written, in words; empty when it can."""
    if field == "place":
        known = is_key(value) and Place.objects.filter(pk=value).exists()
        return [] if known else [_("没有这个地点")]
    if field == "merchant":
        known = value is None or (is_key(value) and Merchant.objects.filter(pk=value).exists())
        return [] if known else [_("没有这个商户")]
    if field == "life":
        return _life_problems(Device.objects.get(pk=device.pk), value)
    try:
        if field == "upstream_ip":
            return [] if read_ip(value or "") == value else [_("写法不对")]
        parameter = _parameter(device, field)
        if parameter:
            return [] if fitting_value(parameter.spec, value) == value else [_("写法不对")]
    except (Unfit, AttributeError, TypeError) as flaw:
        return [unfit(flaw) if isinstance(flaw, Unfit) else _("写法不对")]
    return [_("设备没有这个项目：%(field)s") % {"field": field}]


def _life_problems(row: Device, value: Any) -> list[str]:
    if value not in list(Life):
        return [_("没有这种使用状态")]
    now, life = Life(row.life), Life(value)
    if now is life or can_become(now, life):
        return []
    words = {"before": LIFE_NAMES[now], "after": LIFE_NAMES[life]}
    return [_("“%(before)s”的设备不能直接改为“%(after)s”") % words]


def words(field: str, value: Any) -> str:
    """A value as people read it."""
    if field == "place":
        found = Place.objects.filter(pk=value).first()
        return found.full_name if found else ""
    if field == "merchant":
        return Merchant.objects.filter(pk=value).values_list("name", flat=True).first() or ""
    if field == "life":
        return str(LIFE_NAMES[Life(value)]) if value in list(Life) else ""
    return shown(value)


def write(device: Device, field: str, value: Any, *, warrant: Warrant, by: User, at: datetime) -> None:
    """Write a consented value inside the caller's transaction; the event names the change."""
    row = lock(device)
    if field == "life":
        if row.life != value:
            reason = _("变更 %(number)s") % {"number": warrant.number}
            set_life(row, Life(value), reason, by=by, at=at)
        return
    before = described(row)
    details: Details = {}
    if field == "place":
        details["place"] = Place.objects.get(pk=value)
    elif field == "merchant":
        details["merchant"] = words(field, value)
    elif field == "upstream_ip":
        details["upstream_ip"] = read_ip(value or "")
    else:
        details["attributes"] = {_key(field): value}
    put(row, details)
    changes = differences(before, described(row))
    row.save(update_fields=columns_of(changes))
    keep_stays([row], at=at)
    names = names_of(changes, row.kind)
    record_all([edit_event(row, row.number, changes, by=by, at=at, names=names)])


def _key(field: str) -> str:
    """The attribute of a parameter: ``parameters.rate`` → rate."""
    return field.partition(".")[2]


def _parameter(device: Device, field: str) -> Attribute | None:
    return Attribute.objects.filter(kind=device.kind_id, key=_key(field), controlled=True).first()
