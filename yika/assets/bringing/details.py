"""What is known of devices beside where they stand: merchant, warranty, PSAM card, attributes …"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.bringing.cells import changes_of, day_of, number_of, once, text_of, word_of, yes_of
from yika.assets.models import RESPONSIBLE_NAMES, Attribute, Device
from yika.assets.rules import (
    DETAIL_LENGTH,
    LONG_KEY_DIGITS,
    MOST_USERS,
    Responsible,
    Unfit,
    looks_like_a_key,
    read_ip,
    read_value,
    shown,
)
from yika.assets.sentences import FIELD_LABELS, unfit
from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read, Row

PSAM_LENGTH, VERSION_LENGTH = 40, 20
KEEPS = gettext_lazy("留空则保持不变")
DETAILS = Listing(
    what="device-details",
    title=gettext_lazy("导入设备资料"),
    back="assets:devices",
    headings=[
        Heading("number", FIELD_LABELS["number"], gettext_lazy("已登记的设备"), needed=True, code=True),
        Heading("merchant", FIELD_LABELS["merchant"], KEEPS),
        Heading("responsible", FIELD_LABELS["responsible"], gettext_lazy("如 运维供应商、学校、银行")),
        Heading("installed_on", FIELD_LABELS["installed_on"], gettext_lazy("如 2026-10-01")),
        Heading("warranty_until", FIELD_LABELS["warranty_until"], gettext_lazy("如 2029-09-30")),
        Heading("psam_number", FIELD_LABELS["psam_number"], gettext_lazy("只写卡号")),
        Heading("key_version", FIELD_LABELS["key_version"], gettext_lazy("只写版本，如 V2；不得填写密钥")),
        Heading("upstream_ip", FIELD_LABELS["upstream_ip"], gettext_lazy("在用设备须经同意")),
        Heading("usual_users", FIELD_LABELS["usual_users"], gettext_lazy("整数")),
        Heading("works_offline", FIELD_LABELS["works_offline"], gettext_lazy("是或否")),
        Heading("attributes", gettext_lazy("属性"), gettext_lazy("如 波特率=9600；端口数=8")),
    ],
    note=gettext_lazy("按设备编号对照，只修改已登记的设备；地点、类型、型号和序列号在“导入地点和设备”中。"),
    most=20_000,
)


@dataclass(frozen=True)
class WantedDetails:
    """What a file says of a device otherwise than is known: values by field, attributes by key."""

    device: Device
    values: Mapping[str, Any]
    attributes: Mapping[str, Any]


def planned_details(read: Read) -> Plan[WantedDetails]:
    """What a file would say otherwise of the devices it names; a constant number of queries."""
    plan: Plan[WantedDetails] = Plan(read)
    numbers = {row.cells["number"] for row in read.rows}
    rows = Device.objects.select_related("kind", "place", "merchant", "model")
    there = {device.number: device for device in rows if device.number in numbers}
    known: dict[int, list[Attribute]] = {}
    for one in Attribute.objects.order_by("pk"):
        known.setdefault(one.kind_id, []).append(one)
    lines: dict[str, int] = {}
    for row in read.rows:
        device, before = there.get(row.cells["number"]), len(plan.problems)
        if device is None:
            plan.wrong(row, "number", _("没有编号为 %(number)s 的设备") % {"number": row.cells["number"]})
            continue
        values = _values(plan, row)
        attributes = _attributes(plan, row, known.get(device.kind_id, []))
        if len(plan.problems) > before or not once(plan, row, "number", device.number, lines):
            continue
        plan.items.append(_compared(row.line, device, values, attributes, known.get(device.kind_id, [])))
    return plan


def _values(plan: Plan[WantedDetails], row: Row) -> dict[str, Any]:
    """What the cells say, empty ones left out."""
    responsible = word_of(
        plan, row, "responsible", {one.value: word for one, word in RESPONSIBLE_NAMES.items()}
    )
    found = {
        "merchant": text_of(plan, row, "merchant", DETAIL_LENGTH) or None,
        "responsible": Responsible(responsible) if responsible else None,
        "installed_on": day_of(plan, row, "installed_on"),
        "warranty_until": day_of(plan, row, "warranty_until"),
        "psam_number": text_of(plan, row, "psam_number", PSAM_LENGTH) or None,
        "key_version": text_of(plan, row, "key_version", VERSION_LENGTH) or None,
        "upstream_ip": _ip(plan, row),
        "usual_users": number_of(plan, row, "usual_users", MOST_USERS),
        "works_offline": yes_of(plan, row, "works_offline"),
    }
    if looks_like_a_key(row.cells["key_version"]):
        plan.wrong(row, "key_version", _("这像是密钥本身。密钥不能登记，这里只写版本，如 V2"))
    if looks_like_a_key(row.cells["psam_number"], LONG_KEY_DIGITS):
        plan.wrong(row, "psam_number", _("这像是密钥本身。密钥不能登记，这里只写 PSAM 卡的编号"))
    return {name: value for name, value in found.items() if value is not None}


def _ip(plan: Plan[WantedDetails], row: Row) -> str | None:
    try:
        return read_ip(row.cells["upstream_ip"])
    except Unfit as flaw:
        plan.wrong(row, "upstream_ip", unfit(flaw))
        return None


def _attributes(plan: Plan[WantedDetails], row: Row, known: list[Attribute]) -> dict[str, Any]:
    """名称=值；名称=值, by key."""
    by_name = {name.casefold(): one for one in known for name in (one.key, one.name, one.name_en) if name}
    found: dict[str, Any] = {}
    for part in row.cells["attributes"].replace(";", "；").replace("\n", "；").split("；"):
        if not part.strip():
            continue
        name, equals, text = part.replace("＝", "=").partition("=")
        attribute = by_name.get(name.strip().casefold())
        if not equals:
            plan.wrong(row, "attributes", _("须写作 名称=值，如 波特率=9600"))
        elif attribute is None:
            plan.wrong(row, "attributes", _("这类设备没有属性“%(name)s”") % {"name": name.strip()[:40]})
        else:
            try:
                found[attribute.key] = read_value(attribute.spec, text)
            except Unfit as flaw:
                plan.wrong(row, "attributes", f"{attribute.label}：{unfit(flaw)}")
    return found


def told_values(device: Device, known: list[Attribute]) -> str:
    """A device's attributes as the list writes them: 波特率=9600；端口数=8."""
    return "；".join(
        f"{one.label}={shown(device.attributes[one.key])}" for one in known if one.key in device.attributes
    )


def _compared(
    line: int,
    device: Device,
    values: dict[str, Any],
    attributes: dict[str, Any],
    known: list[Attribute],
) -> Item[WantedDetails]:
    now: dict[str, Any] = {name: getattr(device, name) for name in values}
    if "merchant" in now:
        now["merchant"] = device.merchant_name
    differs = {name: value for name, value in values.items() if value != now[name]}
    other = {key: value for key, value in attributes.items() if value != device.attributes.get(key)}
    changes = changes_of(
        {
            **{
                str(FIELD_LABELS[name]): (_words(name, now[name]), _words(name, differs[name]))
                for name in differs
            },
            **{
                one.label: (shown(device.attributes.get(one.key)), shown(other[one.key]))
                for one in known
                if one.key in other
            },
        }
    )
    wanted = WantedDetails(device, differs, other)
    return Item(line, Fate.CHANGED if changes else Fate.SAME, device.number, wanted, "", changes)


def _words(name: str, value: Any) -> str:
    if name == "responsible" and value:
        return str(RESPONSIBLE_NAMES[Responsible(value)])
    return shown(value) if isinstance(value, bool | int | str) or value is None else str(value)
