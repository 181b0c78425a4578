"""Writing the catalogue 设备目录: kinds, what is known of every device of one, models, merchants."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yika.assets.actions.places import first_come
from yika.assets.actions.words import index_devices
from yika.assets.models import Attribute, Device, DeviceKind, DeviceModel, Merchant
from yika.assets.policies import can_loosen, can_manage
from yika.assets.rules import DETAIL_LENGTH, KEY, MOST_MONTHS, ValueType, has_invisible, tidy
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.rules import Skill

Doer = User | SystemActor
KIND_NAME, ATTRIBUTE_NAME, UNIT, CHOICE = 40, 40, 20, 60
MOST_CHOICES = 50


def _said(text: str, length: int, field: str, *, empty: bool = False) -> str:
    """A tidy text. Raises: BadInput naming the field."""
    text = tidy(text)
    if (not text and not empty) or len(text) > length or has_invisible(text):
        raise BadInput(_("请填写，不超过 %(length)d 个字") % {"length": length}, field=field)
    return text


# Kinds


def add_kind(
    *, code: str, name: str, name_en: str, is_terminal: bool, skill: Skill, by: Doer, at: datetime
) -> DeviceKind:
    """A further kind of device. Raises: BadInput for a bad or taken code or name."""
    require(can_manage(by))
    code = tidy(code).lower()
    if not KEY.fullmatch(code):
        raise BadInput(_("代号以小写字母开头，只用小写字母、数字、- 和 _"), field="code")
    names = _said(name, KIND_NAME, "name"), _said(name_en, KIND_NAME, "name_en")
    with first_come(_("已有同名或同代号的设备类型"), "name"):
        row = DeviceKind.objects.create(
            code=code, name=names[0], name_en=names[1], is_terminal=is_terminal, skill=skill
        )
        record(
            "assets.add_kind",
            ("device_kind", row.pk),
            by=by,
            at=at,
            name=row.name,
            is_terminal=is_terminal,
        )
    return row


def edit_kind(
    kind: DeviceKind,
    *,
    name: str,
    name_en: str,
    is_terminal: bool,
    skill: Skill,
    by: Doer,
    at: datetime,
) -> DeviceKind:
    """Name a kind anew, or say who mends it; whether it counts as a terminal says the Office (2.1–2.4).

    Faults reported before keep their class. Raises: BadInput for a bad or taken name, NotAllowed.
    """
    require(can_manage(by))
    names = _said(name, KIND_NAME, "name"), _said(name_en, KIND_NAME, "name_en")
    with first_come(_("已有同名或同代号的设备类型"), "name"):
        row = lock(kind)
        if is_terminal != row.is_terminal:
            require(can_loosen(by))
        changes = changed(
            {
                "名称": (row.name, names[0]),
                "英文名称": (row.name_en, names[1]),
                "计为终端": (yes(row.is_terminal), yes(is_terminal)),
                "技能": (row.skill, skill.value),
            }
        )
        if changes:
            renamed = (row.name, row.name_en) != names
            row.name, row.name_en, row.is_terminal, row.skill = *names, is_terminal, skill.value
            row.save(update_fields=["name", "name_en", "is_terminal", "skill"])
            record("assets.edit_kind", ("device_kind", row.pk), by=by, at=at, name=row.name, changes=changes)
            if renamed:
                index_devices(Device.objects.filter(kind=row).select_related("kind", "model"))
    return row


def yes(value: bool) -> str:
    """As the journal says it, which is kept in Chinese."""
    return "是" if value else "否"


def changed(told: dict[str, tuple[str, str]]) -> str:
    """What differs, in words; empty when nothing does."""
    return "；".join(
        f"{field} {before or '（空）'} → {after or '（空）'}"
        for field, (before, after) in told.items()
        if before != after
    )


# What is known of every device of a kind


def add_attribute(
    kind: DeviceKind,
    *,
    key: str,
    name: str,
    name_en: str = "",
    value_type: ValueType,
    unit: str = "",
    choices: Sequence[str] = (),
    controlled: bool = False,
    by: Doer,
    at: datetime,
) -> Attribute:
    """Know one thing more of every device of a kind. Raises: BadInput naming the field."""
    require(can_manage(by))
    key = tidy(key).lower()
    if not KEY.fullmatch(key):
        raise BadInput(_("代号以小写字母开头，只用小写字母、数字、- 和 _"), field="key")
    said = _described(name, name_en, unit)
    with first_come(_("这一类型已有同名或同代号的属性"), "name"):
        row = Attribute.objects.create(
            kind=kind,
            key=key,
            type=value_type,
            choices=_choices(value_type, choices),
            controlled=controlled,
            **said,
        )
        record(
            "assets.add_attribute",
            ("device_kind", kind.pk),
            by=by,
            at=at,
            kind=kind.name,
            name=row.name,
            controlled=controlled,
        )
    return row


def _described(name: str, name_en: str, unit: str) -> dict[str, str]:
    return {
        "name": _said(name, ATTRIBUTE_NAME, "name"),
        "name_en": _said(name_en, ATTRIBUTE_NAME, "name_en", empty=True),
        "unit": _said(unit, UNIT, "unit", empty=True),
    }


def _choices(value_type: ValueType, choices: Sequence[str]) -> list[str]:
    """What can be chosen, once each. Raises: BadInput."""
    if value_type is not ValueType.CHOICE:
        return []
    found = list(dict.fromkeys(_said(one, CHOICE, "choices") for one in choices))
    if not found or len(found) > MOST_CHOICES:
        raise BadInput(_("请写 1 至 %(most)d 个选项，每行一个") % {"most": MOST_CHOICES}, field="choices")
    return found


def edit_attribute(
    attribute: Attribute,
    *,
    name: str,
    name_en: str = "",
    unit: str = "",
    choices: Sequence[str] = (),
    controlled: bool,
    by: Doer,
    at: datetime,
) -> Attribute:
    """Name an attribute anew, offer other choices, control it or (the Office alone) no longer (4.1.4).

    Raises: BadInput, also for a choice taken away that a device has; NotAllowed.
    """
    require(can_manage(by))
    said = _described(name, name_en, unit)
    with first_come(_("这一类型已有同名或同代号的属性"), "name"):
        row = lock(attribute)
        if row.controlled and not controlled:
            require(can_loosen(by))
        offered = _choices(ValueType(row.type), choices)
        gone = [one for one in row.choices if one not in offered]
        kept = {f"attributes__{row.key}__in": gone}
        if gone and Device.objects.filter(kind=row.kind_id, **kept).exists():
            said_so = _("还有设备选用“%(choices)s”，不能删去")
            raise BadInput(said_so % {"choices": _("、").join(gone)}, field="choices")
        changes = changed(
            {
                "名称": (row.name, said["name"]),
                "英文名称": (row.name_en, said["name_en"]),
                "单位": (row.unit, said["unit"]),
                "选项": ("、".join(row.choices), "、".join(offered)),
                "参数": (yes(row.controlled), yes(controlled)),
            }
        )
        if changes:
            row.name, row.name_en, row.unit = said["name"], said["name_en"], said["unit"]
            row.choices, row.controlled = offered, controlled
            row.save(update_fields=["name", "name_en", "unit", "choices", "controlled"])
            record(
                "assets.edit_attribute",
                ("device_kind", row.kind_id),
                by=by,
                at=at,
                kind=row.kind.name,
                name=row.name,
                changes=changes,
            )
    return row


def remove_attribute(attribute: Attribute, *, by: Doer, at: datetime) -> None:
    """Know it no longer. Raises: WrongState while a device has a value of it, so that none is lost."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(attribute)
        if row.controlled:
            require(can_loosen(by))
        having = Device.objects.filter(kind=row.kind_id, attributes__has_key=row.key).count()
        if having:
            raise WrongState(_("还有 %(n)d 台设备填了“%(name)s”，不能删除") % {"n": having, "name": row.name})
        record(
            "assets.remove_attribute",
            ("device_kind", row.kind_id),
            by=by,
            at=at,
            kind=row.kind.name,
            name=row.name,
        )
        row.delete()


# Models


def add_model(
    kind: DeviceKind,
    *,
    name: str,
    maker: str = "",
    works_offline: bool = False,
    warranty_months: int | None = None,
    by: Doer,
    at: datetime,
) -> DeviceModel:
    """A model 型号 of a kind. Raises: BadInput for a bad or taken name."""
    require(can_manage(by))
    said = _made(name, maker, warranty_months)
    with first_come(_("这一类型已有同名型号"), "name"):
        row = DeviceModel.objects.create(kind=kind, works_offline=works_offline, **said)
        record("assets.add_model", ("device_model", row.pk), by=by, at=at, name=row.name, kind=kind.name)
    return row


def _made(name: str, maker: str, warranty_months: int | None) -> dict[str, Any]:
    if not 0 <= (warranty_months or 0) <= MOST_MONTHS:
        raise BadInput(_("请填写 0 至 %(most)d 之间的整数") % {"most": MOST_MONTHS}, field="warranty_months")
    return {
        "name": _said(name, DETAIL_LENGTH, "name"),
        "maker": _said(maker, DETAIL_LENGTH, "maker", empty=True),
        "warranty_months": warranty_months,
    }


def edit_model(
    model: DeviceModel,
    *,
    name: str,
    maker: str = "",
    works_offline: bool = False,
    warranty_months: int | None = None,
    by: Doer,
    at: datetime,
) -> DeviceModel:
    """Say what its devices have in common. Raises: BadInput for a bad or taken name."""
    require(can_manage(by))
    said = _made(name, maker, warranty_months)
    with first_come(_("这一类型已有同名型号"), "name"):
        row = lock(model)
        changes = changed(
            {
                "名称": (row.name, said["name"]),
                "厂家": (row.maker, said["maker"]),
                "脱机可用": (yes(row.works_offline), yes(works_offline)),
                "保修月数": (str(row.warranty_months or ""), str(warranty_months or "")),
            }
        )
        if changes:
            renamed = row.name != said["name"]
            for field, value in {**said, "works_offline": works_offline}.items():
                setattr(row, field, value)
            row.save(update_fields=[*said, "works_offline"])
            record(
                "assets.edit_model", ("device_model", row.pk), by=by, at=at, name=row.name, changes=changes
            )
            if renamed:
                index_devices(Device.objects.filter(model=row).select_related("kind", "model"))
    return row


def remove_model(model: DeviceModel, *, by: Doer, at: datetime) -> None:
    """Take a model out of the catalogue. Raises: WrongState while a device is one."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(model)
        having = row.devices.count()
        if having:
            raise WrongState(_("还有 %(n)d 台设备是“%(name)s”，不能删除") % {"n": having, "name": row.name})
        record("assets.remove_model", ("device_model", row.pk), by=by, at=at, name=row.name)
        row.delete()


# Merchants


def add_merchant(*, name: str, by: Doer, at: datetime) -> Merchant:
    """A merchant 商户 before its first device. Raises: BadInput for a bad or taken name."""
    require(can_manage(by))
    name = _said(name, DETAIL_LENGTH, "name")
    with first_come(_("已有同名商户"), "name"):
        row = Merchant.objects.create(name=name)
        record("assets.add_merchant", ("merchant", row.pk), by=by, at=at, name=name)
    return row


def rename_merchant(merchant: Merchant, *, name: str, by: Doer, at: datetime) -> Merchant:
    """Call a merchant otherwise. Raises: BadInput for a bad or taken name."""
    require(can_manage(by))
    name = _said(name, DETAIL_LENGTH, "name")
    with first_come(_("已有同名商户；是同一家时请并入"), "name"):
        row = lock(merchant)
        before = row.name
        if before != name:
            row.name = name
            row.save(update_fields=["name"])
            record("assets.rename_merchant", ("merchant", row.pk), by=by, at=at, before=before, after=name)
    return row


def merge_merchant(merchant: Merchant, *, into: Merchant, by: Doer, at: datetime) -> Merchant:
    """Two names of one merchant: its devices go to the other, it is gone. Raises: BadInput into itself."""
    require(can_manage(by))
    if merchant.pk == into.pk:
        raise BadInput(_("不能并入它自己"), field="into")
    with transaction.atomic():
        _first, _second = (lock(one) for one in sorted((merchant, into), key=lambda one: one.pk))
        count = Device.objects.filter(merchant=merchant).update(merchant=into)
        record(
            "assets.merge_merchant",
            ("merchant", into.pk),
            by=by,
            at=at,
            name=merchant.name,
            into=into.name,
            count=count,
        )
        Merchant.objects.filter(pk=merchant.pk).delete()
    return into


def remove_merchant(merchant: Merchant, *, by: Doer, at: datetime) -> None:
    """Take a merchant out of the list. Raises: WrongState while it has a device."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(merchant)
        having = row.devices.count()
        if having:
            raise WrongState(_("还有 %(n)d 台设备属于“%(name)s”，不能删除") % {"n": having, "name": row.name})
        record("assets.remove_merchant", ("merchant", row.pk), by=by, at=at, name=row.name)
        row.delete()
