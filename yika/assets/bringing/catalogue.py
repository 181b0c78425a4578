"""Models, merchants, attributes, and what is said of places."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from yika.assets.bringing.cells import (
    changes_of,
    kind_of,
    kinds_by_name,
    number_of,
    once,
    text_of,
    word_of,
    yes,
    yes_of,
)
from yika.assets.models import PLACE_KIND_NAMES, Attribute, DeviceKind, DeviceModel, Merchant, Place
from yika.assets.rules import DETAIL_LENGTH, KEY, MOST_MONTHS, MOST_USERS, PlaceKind, ValueType
from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read

NAME_LENGTH, UNIT_LENGTH = 40, 20
TYPES: dict[str, Promise] = {
    ValueType.TEXT.value: gettext_lazy("文字"),
    ValueType.INTEGER.value: gettext_lazy("整数"),
    ValueType.DECIMAL.value: gettext_lazy("小数"),
    ValueType.CHOICE.value: gettext_lazy("选项"),
    ValueType.DATE.value: gettext_lazy("日期"),
    ValueType.YES_NO.value: gettext_lazy("是或否"),
}
_KIND = Heading("kind", gettext_lazy("类型"), gettext_lazy("设备类型的名称或代号"), needed=True)

MODELS = Listing(
    what="models",
    title=gettext_lazy("导入型号"),
    back="assets:kinds",
    headings=[
        _KIND,
        Heading("name", gettext_lazy("型号"), gettext_lazy("同一类型内不重复"), needed=True),
        Heading("maker", pgettext_lazy("model", "厂家"), gettext_lazy("留空则保持不变")),
        Heading("warranty_months", gettext_lazy("保修月数"), gettext_lazy("整数")),
        Heading("works_offline", gettext_lazy("脱机可用"), gettext_lazy("是或否")),
    ],
    note=gettext_lazy("按类型和型号对照：没有的新增，不同的修改；文件中没有的不变。"),
)


@dataclass(frozen=True)
class WantedModel:
    """A model as a file has it."""

    kind: DeviceKind
    name: str
    maker: str
    warranty_months: int | None
    works_offline: bool


def planned_models(read: Read) -> Plan[WantedModel]:
    """What the models of a file would change."""
    plan: Plan[WantedModel] = Plan(read)
    there = {(row.kind_id, row.name): row for row in DeviceModel.objects.all()}
    kinds, lines = kinds_by_name(), dict[tuple[int, str], int]()
    for row in read.rows:
        before = len(plan.problems)
        kind, name = kind_of(plan, row, kinds), text_of(plan, row, "name", DETAIL_LENGTH)
        maker = text_of(plan, row, "maker", DETAIL_LENGTH)
        months = number_of(plan, row, "warranty_months", MOST_MONTHS)
        offline = yes_of(plan, row, "works_offline")
        if not row.cells["name"]:
            plan.wrong(row, "name", _("请填写"))
        if kind is None or len(plan.problems) > before:
            continue
        if not once(plan, row, "name", (kind.pk, name), lines):
            continue
        known = there.get((kind.pk, name))
        wanted = WantedModel(
            kind,
            name,
            maker or (known.maker if known else ""),
            months if months is not None else known.warranty_months if known else None,
            offline if offline is not None else bool(known and known.works_offline),
        )
        label = f"{kind.label} {name}"
        if known is None:
            plan.items.append(Item(row.line, Fate.NEW, label, wanted, wanted.maker))
            continue
        changes = changes_of(
            {
                pgettext("model", "厂家"): (known.maker, wanted.maker),
                _("保修月数"): (known.warranty_months, wanted.warranty_months),
                _("脱机可用"): (yes(known.works_offline), yes(wanted.works_offline)),
            }
        )
        fate = Fate.CHANGED if changes else Fate.SAME
        plan.items.append(Item(row.line, fate, label, wanted, "", changes))
    return plan


MERCHANTS = Listing(
    what="merchants",
    title=gettext_lazy("导入商户"),
    back="assets:merchants",
    headings=[Heading("name", gettext_lazy("商户名称"), gettext_lazy("不重复"), needed=True)],
    note=gettext_lazy("按名称对照：没有的新增；更名和合并请在商户页面办理。"),
)


def planned_merchants(read: Read) -> Plan[str]:
    """Which merchants of a file are new."""
    plan: Plan[str] = Plan(read)
    there = set(Merchant.objects.values_list("name", flat=True))
    lines: dict[str, int] = {}
    for row in read.rows:
        name = text_of(plan, row, "name", DETAIL_LENGTH)
        if not row.cells["name"]:
            plan.wrong(row, "name", _("请填写"))
        elif name and once(plan, row, "name", name, lines):
            plan.items.append(Item(row.line, Fate.SAME if name in there else Fate.NEW, name, name))
    return plan


ATTRIBUTES = Listing(
    what="attributes",
    title=gettext_lazy("导入设备属性"),
    back="assets:kinds",
    headings=[
        _KIND,
        Heading("key", gettext_lazy("代号"), gettext_lazy("小写英文，如 baud-rate；定后不改"), needed=True),
        Heading("name", gettext_lazy("名称"), gettext_lazy("新增的必填，留空则保持不变")),
        Heading("value_type", gettext_lazy("值的类型"), gettext_lazy("新增的必填，定后不改")),
        Heading("choices", gettext_lazy("选项"), gettext_lazy("用“、”隔开；只能增加，减少请在页面办理")),
        Heading("unit", pgettext_lazy("measure", "单位"), gettext_lazy("如 bps")),
        Heading("name_en", gettext_lazy("英文名称"), gettext_lazy("可不填")),
        Heading("controlled", gettext_lazy("参数"), gettext_lazy("是：在用设备须经同意才能修改")),
    ],
    note=gettext_lazy("按类型和代号对照：没有的新增，不同的修改；改为不是参数，由信息化办公室在页面办理。"),
)


@dataclass(frozen=True)
class WantedAttribute:
    """An attribute as a file has it."""

    kind: DeviceKind
    key: str
    name: str
    value_type: ValueType
    choices: tuple[str, ...]
    unit: str
    name_en: str
    controlled: bool


def planned_attributes(read: Read) -> Plan[WantedAttribute]:
    """What the attributes of a file would change."""
    plan: Plan[WantedAttribute] = Plan(read)
    there = {(row.kind_id, row.key): row for row in Attribute.objects.all()}
    names = {(row.kind_id, row.name): row.key for row in there.values()}
    kinds, lines = kinds_by_name(), dict[tuple[int, str], int]()
    for row in read.rows:
        before = len(plan.problems)
        kind, key = kind_of(plan, row, kinds), row.cells["key"].lower()
        if not KEY.fullmatch(key):
            plan.wrong(row, "key", _("代号以小写字母开头，只用小写字母、数字、- 和 _"))
        known = there.get((kind.pk, key)) if kind else None
        name = text_of(plan, row, "name", NAME_LENGTH) or (known.name if known else "")
        said = word_of(plan, row, "value_type", TYPES)
        value_type = ValueType(said) if said else ValueType(known.type) if known else None
        choices = _choices(row.cells["choices"])
        controlled = yes_of(plan, row, "controlled")
        if not name:
            plan.wrong(row, "name", _("新增的属性请填写名称"))
        elif kind and names.get((kind.pk, name), key) != key:
            plan.wrong(row, "name", _("这一类型已有同名的属性"))
        if value_type is None:
            plan.wrong(row, "value_type", _("新增的属性请填写值的类型"))
        elif known and value_type.value != known.type:
            plan.wrong(row, "value_type", _("值的类型定后不能改"))
        elif value_type is ValueType.CHOICE and not (choices or known):
            plan.wrong(row, "choices", _("请填写选项"))
        if known and known.controlled and controlled is False:
            plan.wrong(row, "controlled", _("改为不是参数，由信息化办公室在页面办理"))
        if kind is None or value_type is None or len(plan.problems) > before:
            continue
        if not once(plan, row, "key", (kind.pk, key), lines):
            continue
        offered = tuple(dict.fromkeys([*(known.choices if known else ()), *choices]))
        wanted = WantedAttribute(
            kind,
            key,
            name,
            value_type,
            offered if value_type is ValueType.CHOICE else (),
            text_of(plan, row, "unit", UNIT_LENGTH) or (known.unit if known else ""),
            text_of(plan, row, "name_en", NAME_LENGTH) or (known.name_en if known else ""),
            bool(controlled or (known and known.controlled)),
        )
        names[kind.pk, name] = key
        plan.items.append(_compared(row.line, wanted, known))
    return plan


def _choices(text: str) -> tuple[str, ...]:
    for mark in ("，", ",", ";", "；", "\n"):
        text = text.replace(mark, "、")
    return tuple(one.strip() for one in text.split("、") if one.strip())


def _compared(line: int, wanted: WantedAttribute, known: Attribute | None) -> Item[WantedAttribute]:
    label = f"{wanted.kind.label} {wanted.key}"
    if known is None:
        detail = f"{wanted.name} {TYPES[wanted.value_type.value]} {'、'.join(wanted.choices)}".strip()
        return Item(line, Fate.NEW, label, wanted, detail)
    changes = changes_of(
        {
            _("名称"): (known.name, wanted.name),
            _("选项"): ("、".join(known.choices), "、".join(wanted.choices)),
            pgettext("measure", "单位"): (known.unit, wanted.unit),
            _("英文名称"): (known.name_en, wanted.name_en),
            _("参数"): (yes(known.controlled), yes(wanted.controlled)),
        }
    )
    return Item(line, Fate.CHANGED if changes else Fate.SAME, label, wanted, "", changes)


PLACES = Listing(
    what="places",
    title=gettext_lazy("导入地点资料"),
    back="assets:places",
    headings=[
        Heading("path", gettext_lazy("地点"), gettext_lazy("已登记的完整路径"), needed=True),
        Heading("kind", gettext_lazy("类别"), gettext_lazy("如 楼栋、楼层、窗口；留空则保持不变")),
        Heading("daily_users", gettext_lazy("日常人数"), gettext_lazy("座位数或平常一天的人数")),
    ],
    note=gettext_lazy("按完整路径对照，只改类别和日常人数；新增地点请用“导入地点和设备”。"),
    most=5_000,
)


@dataclass(frozen=True)
class WantedPlace:
    """What a file says of a place."""

    place: Place
    kind: PlaceKind
    daily_users: int | None


def planned_places(read: Read) -> Plan[WantedPlace]:
    """What a file would say otherwise of the places it names."""
    plan: Plan[WantedPlace] = Plan(read)
    there = {row.full_name: row for row in Place.objects.all()}
    kinds = {kind.value: name for kind, name in PLACE_KIND_NAMES.items()}
    lines: dict[str, int] = {}
    for row in read.rows:
        path, before = row.cells["path"], len(plan.problems)
        known = there.get(path)
        if known is None:
            plan.wrong(row, "path", _("没有这个地点"))
        kind = word_of(plan, row, "kind", kinds)
        users = number_of(plan, row, "daily_users", MOST_USERS)
        if known is None or len(plan.problems) > before or not once(plan, row, "path", path, lines):
            continue
        wanted = WantedPlace(
            known,
            PlaceKind(kind or known.kind),
            users if users is not None else known.daily_users,
        )
        changes = changes_of(
            {
                _("类别"): (known.kind_word, str(PLACE_KIND_NAMES[wanted.kind])),
                _("日常人数"): (known.daily_users, wanted.daily_users),
            }
        )
        fate = Fate.CHANGED if changes else Fate.SAME
        plan.items.append(Item(row.line, fate, path, wanted, "", changes))
    return plan
