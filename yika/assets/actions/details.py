"""What is said about a device: checked, compared, told. Shared by every action that writes one."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict, cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from yika.assets.gate import Wanted
from yika.assets.models import Attribute, Device, DeviceKind, DeviceModel, Merchant, Place
from yika.assets.queries import attributes_of
from yika.assets.rules import (
    DETAIL_LENGTH,
    LONG_KEY_DIGITS,
    MOST_USERS,
    NUMBER_LENGTH,
    Responsible,
    Unfit,
    Value,
    attributes,
    has_invisible,
    looks_like_a_key,
    read_ip,
    shown,
    tidy,
)
from yika.assets.sentences import unfit
from yika.journal.actions import event
from yika.journal.models import Event
from yika.journal.rules import SystemActor
from yika.lib.decisions import BadInput
from yika.lib.office.reading import plain
from yika.people.models import User

# The journal is kept in Chinese, whoever acts.
FIELD_NAMES = {
    "number": "编号",
    "kind": "类型",
    "place": "地点",
    "model": "型号",
    "serial": "序列号",
    "merchant": "商户",
    "responsible": "责任方",
    "installed_on": "安装日期",
    "warranty_until": "保修至",
    "psam_number": "PSAM卡号",
    "key_version": "密钥版本",
    "upstream_ip": "上级服务器IP",
    "usual_users": "日常使用人数",
    "works_offline": "脱机可用",
}
_LENGTHS = {
    "number": NUMBER_LENGTH,
    "serial": DETAIL_LENGTH,
    "model": DETAIL_LENGTH,
    "merchant": DETAIL_LENGTH,
    "psam_number": 40,
    "key_version": 20,
}


class Details(TypedDict, total=False):
    """What may be said about a device; what is left out stays. ``attributes`` by key, None to forget one."""

    number: str
    kind: DeviceKind
    place: Place
    model: str
    serial: str
    merchant: str
    responsible: str
    installed_on: date | None
    warranty_until: date | None
    psam_number: str
    key_version: str
    upstream_ip: str | None
    usual_users: int | None
    works_offline: bool | None
    attributes: Mapping[str, Value]


def checked(details: Details) -> Details:
    """The details as they are kept, attributes apart. Raises: BadInput naming the field."""
    clean = cast(dict[str, Any], dict(details))
    for name, length in _LENGTHS.items():
        if name in clean:
            clean[name] = text = plain(clean[name]) if name == "number" else tidy(clean[name])
            if len(text) > length or has_invisible(text) or (name == "number" and not text):
                said = (
                    _("请填写设备编号，不超过 %(length)d 个字")
                    if name == "number"
                    else _("不能超过 %(length)d 个字")
                )
                raise BadInput(said % {"length": length}, field=name)
    _insist_no_key(clean)
    if "upstream_ip" in clean:
        try:
            clean["upstream_ip"] = read_ip(clean["upstream_ip"] or "")
        except Unfit as flaw:
            raise BadInput(unfit(flaw), field="upstream_ip") from flaw
    if not 0 <= (clean.get("usual_users") or 0) <= MOST_USERS:
        raise BadInput(_("请填写 0 至 %(most)d 之间的整数") % {"most": MOST_USERS}, field="usual_users")
    if clean.get("responsible", Responsible.VENDOR) not in list(Responsible):
        raise BadInput(_("请选择责任方"), field="responsible")
    return cast(Details, clean)


def _insist_no_key(clean: Mapping[str, Any]) -> None:
    if looks_like_a_key(clean.get("key_version", "")):
        raise BadInput(_("这像是密钥本身。密钥不能登记，这里只写版本，如 V2"), field="key_version")
    if looks_like_a_key(clean.get("psam_number", ""), LONG_KEY_DIGITS):
        raise BadInput(_("这像是密钥本身。密钥不能登记，这里只写 PSAM 卡的编号"), field="psam_number")


def put(row: Device, clean: Details) -> None:
    """Set checked details on a device without saving it. Raises: BadInput for attributes that do not fit."""
    plain = dict(clean)
    for name in ("model", "merchant", "attributes"):
        plain.pop(name, None)
    for name, value in plain.items():
        setattr(row, name, value)
    model = clean.get("model", row.model_name)
    if model != row.model_name or (row.model and row.model.kind_id != row.kind_id):
        row.model = model_called(row.kind, model) if model else None
    if "merchant" in clean:
        row.merchant = merchant_called(clean["merchant"]) if clean["merchant"] else None
    if "kind" in clean or "attributes" in clean:
        row.attributes = _attributes(row, clean.get("attributes", {}))


def model_called(kind: DeviceKind, name: str) -> DeviceModel:
    """The model of a kind by its name, registered if it is new."""
    return DeviceModel.objects.get_or_create(kind=kind, name=name)[0]


def merchant_called(name: str) -> Merchant:
    """The merchant by name, registered if new."""
    return Merchant.objects.get_or_create(name=name)[0]


def _attributes(row: Device, given: Mapping[str, Value]) -> dict[str, Value]:
    """What is kept after something was given; of another kind's attributes nothing is."""
    specs = {one.key: one.spec for one in attributes_of(row.kind)}
    before = {key: value for key, value in row.attributes.items() if key in specs}
    kept, wrong = attributes(specs, {**before, **given})
    for key, flaw in wrong.items():
        raise BadInput(unfit(flaw), field=f"attribute_{key}")
    return kept


def described(device: Device) -> dict[str, str]:
    """A device's fields in words, as the journal tells them."""
    with override(settings.LANGUAGE_CODE):
        told = {
            "number": device.number,
            "kind": device.kind.name,
            "place": device.place.full_name,
            "model": device.model_name,
            "serial": device.serial,
            "merchant": device.merchant_name,
            "responsible": device.responsible_word,
            "installed_on": str(device.installed_on or ""),
            "warranty_until": str(device.warranty_until or ""),
            "psam_number": device.psam_number,
            "key_version": device.key_version,
            "upstream_ip": device.upstream_ip or "",
            "usual_users": "" if device.usual_users is None else str(device.usual_users),
            "works_offline": shown(device.works_offline),
        }
    return told | {f"attributes.{key}": shown(value) for key, value in device.attributes.items()}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What changed: (field, before, after) each."""
    names = dict.fromkeys([*before, *after])
    pairs = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return [(name, old, new) for name, old, new in pairs if old != new]


def columns_of(changes: Iterable[tuple[str, str, str]]) -> list[str]:
    """The model's fields that hold what changed."""
    names = dict.fromkeys(name.partition(".")[0] for name, _old, _new in changes)
    return list(names | {"model": None} if "kind" in names else names)  # a model is one of its kind


def wanted(before: Device, after: Device) -> list[Wanted]:
    """The controlled values that one description of a device says differently from another, life apart."""
    found = []
    if before.place_id != after.place_id:
        found.append(Wanted(before, "place", before.place.full_name, after.place.full_name, after.place_id))
    if before.upstream_ip != after.upstream_ip:
        old, new = before.upstream_ip or "", after.upstream_ip or ""
        found.append(Wanted(before, "upstream_ip", old, new, after.upstream_ip))
    if before.attributes != after.attributes:
        rows = Attribute.objects.filter(kind__in={before.kind_id, after.kind_id}, controlled=True)
        for key in dict.fromkeys(rows.order_by("pk").values_list("key", flat=True)):
            one, other = before.attributes.get(key), after.attributes.get(key)
            if one != other:
                found.append(Wanted(before, f"parameters.{key}", shown(one), shown(other), other))
    return found


def edit_event(
    device: Device,
    number: str,
    changes: list[tuple[str, str, str]],
    *,
    by: User | SystemActor,
    at: datetime,
    names: Mapping[str, str] = {},
) -> Event:
    """What changed about a device that was called ``number``; ``names`` are the attributes' by key."""
    told = "；".join(
        f"{_named(name, names)} {old or '（空）'} → {new or '（空）'}" for name, old, new in changes
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


def _named(field: str, names: Mapping[str, str]) -> str:
    key = field.partition(".")[2]
    return names.get(key, key) if key else FIELD_NAMES[field]


def names_of(changes: Iterable[tuple[str, str, str]], *kinds: DeviceKind) -> dict[str, str]:
    """What the attributes among some changes are called, by key."""
    if not any("." in name for name, _old, _new in changes):
        return {}
    rows = Attribute.objects.filter(kind__in=kinds)
    return dict(rows.values_list("key", "name"))
