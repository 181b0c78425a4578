"""Networks and addresses from a file: its columns, and what it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.addresses.models import STATE_NAMES, Address, Subnet, Vlan
from yika.addresses.queries import gateway_problem, gateways, nest_words
from yika.addresses.rules import (
    IP,
    MOVES,
    NOTE_LENGTH,
    PURPOSE_LENGTH,
    VLAN_NAME_LENGTH,
    VLANS,
    Nest,
    Network,
    State,
    Unusable,
    Verb,
    ip_of,
    is_special,
    key_of,
    nests,
    parse_ip,
    parse_network,
)
from yika.addresses.sentences import worded
from yika.assets.models import Device, Place
from yika.assets.rules import has_invisible
from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read, Row
from yika.lib.office.words import meant

KEEPS = gettext_lazy("留空则保持不变")
SUBNETS = Listing(
    what="subnets",
    title=gettext_lazy("导入网段"),
    back="addresses:subnets",
    headings=[
        Heading("cidr", gettext_lazy("网段"), gettext_lazy("如 10.12.1.0/24"), needed=True),
        Heading("vlan", gettext_lazy("VLAN 编号"), gettext_lazy("1 至 4094；没有登记过的须写明名称")),
        Heading("vlan_name", gettext_lazy("VLAN 名称"), gettext_lazy("新的 VLAN 必填")),
        Heading("place", gettext_lazy("地点"), gettext_lazy("已登记的完整路径")),
        Heading("gateway", gettext_lazy("网关"), KEEPS),
        Heading("note", gettext_lazy("备注"), KEEPS),
    ],
    note=gettext_lazy("按网段对照：没有的新增，不同的修改；文件中没有的不变。"),
)


@dataclass(frozen=True)
class WantedSubnet:
    """A network as a file has it; ``vlan`` by number, with the name of a new one."""

    known: Subnet | None
    cidr: str
    vlan: int | None
    vlan_name: str
    place: Place | None
    gateway: str
    note: str


def planned_subnets(read: Read) -> Plan[WantedSubnet]:
    """What the networks of a file would change; a constant number of queries."""
    plan: Plan[WantedSubnet] = Plan(read)
    there = {row.cidr: row for row in Subnet.objects.select_related("vlan", "place")}
    vlans = dict(Vlan.objects.values_list("number", "name"))
    wanted = {row.cells["place"] for row in read.rows}
    places = {place.full_name: place for place in Place.objects.all() if place.full_name in wanted}
    lines: dict[str, int] = {}
    for row in read.rows:
        before = len(plan.problems)
        network = _network(plan, row)
        vlan = _vlan(plan, row, vlans)
        place = places.get(row.cells["place"])
        if row.cells["place"] and place is None:
            plan.wrong(row, "place", _("没有这个地点"))
        gateway = _gateway(plan, row, network) if network else ""
        note = _text(plan, row, "note", NOTE_LENGTH)
        if network is None or len(plan.problems) > before:
            continue
        cidr = str(network)
        if cidr in lines:
            plan.wrong(row, "cidr", _("与第 %(line)d 行重复") % {"line": lines[cidr]})
            continue
        lines[cidr] = row.line
        known = there.get(cidr)
        if vlan is not None and vlan not in vlans:
            vlans[vlan] = row.cells["vlan_name"]
        one = WantedSubnet(
            known,
            cidr,
            vlan if vlan is not None else known.vlan.number if known and known.vlan else None,
            vlans.get(vlan, "") if vlan is not None else "",
            place or (known.place if known else None),
            gateway or (known.gateway or "" if known else ""),
            note or (known.note if known else ""),
        )
        plan.items.append(_compared(row.line, one))
    around = nests([row.network for row in there.values()] + [parse_network(item.label) for item in plan.new])
    plan.items = [_placed(item, around) for item in plan.items]
    return plan


def _placed(item: Item[WantedSubnet], around: Mapping[Network, Nest]) -> Item[WantedSubnet]:
    """A new network with what it lies in and what lies in it."""
    said = nest_words(around.get(parse_network(item.label))) if item.fate is Fate.NEW else ""
    return replace(item, detail=" ".join(filter(None, [item.detail, said])))


def _compared(line: int, one: WantedSubnet) -> Item[WantedSubnet]:
    place = one.place.full_name if one.place else ""
    if one.known is None:
        detail = " ".join(
            text for text in (f"VLAN {one.vlan}" if one.vlan else "", place, one.gateway) if text
        )
        return Item(line, Fate.NEW, one.cidr, one, detail)
    known = one.known
    pairs = {
        "VLAN": (str(known.vlan.number) if known.vlan else "", str(one.vlan or "")),
        _("地点"): (known.place.full_name if known.place else "", place),
        _("网关"): (known.gateway or "", one.gateway),
        _("备注"): (known.note, one.note),
    }
    changes = tuple((name, old, new) for name, (old, new) in pairs.items() if old != new)
    return Item(line, Fate.CHANGED if changes else Fate.SAME, one.cidr, one, "", changes)


def _network(plan: Plan[WantedSubnet], row: Row) -> Network | None:
    try:
        return parse_network(row.cells["cidr"])
    except Unusable as trouble:
        plan.wrong(row, "cidr", worded(trouble))
        return None


def _vlan(plan: Plan[WantedSubnet], row: Row, vlans: dict[int, str]) -> int | None:
    text, name = row.cells["vlan"].removesuffix(".0"), row.cells["vlan_name"]
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if number not in VLANS:
        plan.wrong(row, "vlan", _("VLAN 编号应在 1 到 4094 之间"))
        return None
    if number not in vlans and not name:
        plan.wrong(row, "vlan_name", _("新的 VLAN 请写明名称"))
    elif name and vlans.get(number, name) != name:
        said = _("VLAN %(number)d 登记为“%(name)s”，更名请在 VLAN 页面办理")
        plan.wrong(row, "vlan_name", said % {"number": number, "name": vlans[number]})
    elif len(name) > VLAN_NAME_LENGTH or has_invisible(name):
        plan.wrong(row, "vlan_name", _("不能超过 %(length)d 个字") % {"length": VLAN_NAME_LENGTH})
    return number


def _gateway(plan: Plan[WantedSubnet], row: Row, network: Network) -> str:
    if not row.cells["gateway"]:
        return ""
    try:
        ip = parse_ip(row.cells["gateway"])
    except Unusable as trouble:
        plan.wrong(row, "gateway", worded(trouble))
        return ""
    if ip not in network or is_special(ip, network):
        plan.wrong(row, "gateway", _("网关应是 %(cidr)s 内设备可用的地址") % {"cidr": network})
    return str(ip)


def _text(plan: Plan[WantedSubnet] | Plan["WantedAddress"], row: Row, key: str, most: int) -> str:
    text = row.cells[key]
    if len(text) > most or has_invisible(text):
        plan.wrong(row, key, _("不能超过 %(length)d 个字") % {"length": most})
    return text


ADDRESSES = Listing(
    what="addresses",
    title=gettext_lazy("导入地址"),
    back="addresses:addresses",
    headings=[
        Heading("ip", gettext_lazy("IP 地址"), gettext_lazy("如 10.12.1.5"), needed=True),
        Heading("state", gettext_lazy("状态"), gettext_lazy("在用、预留或停用；有设备的留空即在用")),
        Heading("device", gettext_lazy("设备编号"), gettext_lazy("已登记的设备；新分配的须在用"), code=True),
        Heading("purpose", gettext_lazy("用途"), gettext_lazy("没有设备的必填")),
    ],
    note=gettext_lazy(
        "按地址对照：空闲的登记，预留的可分配，用途不同的修改；已分给别的设备的，请先释放或提出变更。"
    ),
    most=20_000,
)
TAKING = {State.RESERVED: Verb.RESERVE, State.IN_USE: Verb.ASSIGN, State.DEPRECATED: Verb.DEPRECATE}
STATES: dict[str, Promise] = {state.value: STATE_NAMES[state] for state in TAKING}


@dataclass(frozen=True)
class WantedAddress:
    """An address as a file has it."""

    ip: IP
    state: State
    device: Device | None
    purpose: str
    known: Address | None

    @property
    def stays(self) -> bool:
        """Whether the same one has it already; what for may differ."""
        known, device = self.known, self.device.pk if self.device else None
        return known is not None and (known.state, known.device_id) == (self.state, device)


def planned_addresses(read: Read) -> Plan[WantedAddress]:
    """What the addresses of a file would change; a constant number of queries."""
    plan: Plan[WantedAddress] = Plan(read)
    there = {row.key: row for row in Address.objects.select_related("device")}
    numbers = {row.cells["device"] for row in read.rows}
    rows = Device.objects.select_related("kind", "place")
    devices = {device.number: device for device in rows if device.number in numbers}
    networks = [(row.first, row.last, row.network) for row in Subnet.objects.all()]
    gates = gateways()
    lines: dict[str, int] = {}
    for row in read.rows:
        before = len(plan.problems)
        ip = _ip(plan, row)
        device = devices.get(row.cells["device"])
        if row.cells["device"] and device is None:
            plan.wrong(row, "device", _("没有在用的设备 %(number)s") % {"number": row.cells["device"]})
        state = _state(plan, row, device)
        purpose = _text(plan, row, "purpose", PURPOSE_LENGTH)
        if ip is None or state is None or len(plan.problems) > before:
            continue
        key = key_of(ip)
        if key in lines:
            plan.wrong(row, "ip", _("与第 %(line)d 行重复") % {"line": lines[key]})
            continue
        lines[key] = row.line
        one = WantedAddress(ip, state, device, purpose, there.get(key))
        around = [network for first, last, network in networks if first <= key <= last]
        if not one.stays and not _may_be(plan, row, one, around, gates.get(key, "")):
            continue
        item = _compared_address(plan, row, one)
        if item:
            plan.items.append(item)
            if not around and not one.stays:
                plan.remark(row, "ip", _("%(ip)s 不在任何已登记的网段内") % {"ip": ip})
    return plan


def _may_be(
    plan: Plan[WantedAddress], row: Row, one: WantedAddress, around: Sequence[Network], gateway_of: str
) -> bool:
    """Whether an address can be given so; one that was, stays, whatever became of device and network."""
    special = next((network for network in around if is_special(one.ip, network)), None)
    if one.device and not one.device.in_use:
        plan.wrong(row, "device", _("没有在用的设备 %(number)s") % {"number": one.device.number})
    elif special is not None:
        said = _("%(ip)s 是 %(cidr)s 的网络地址或广播地址，设备不能使用")
        plan.wrong(row, "ip", said % {"ip": one.ip, "cidr": special})
    elif gateway_of and (refused := gateway_problem(one.ip, gateway_of, one.device, one.purpose)):
        plan.wrong(row, "ip", refused)
    else:
        return True
    return False


def _compared_address(plan: Plan[WantedAddress], row: Row, one: WantedAddress) -> Item[WantedAddress] | None:
    known = one.known
    purpose = one.purpose or (known.purpose if known else "")
    one = WantedAddress(one.ip, one.state, one.device, purpose, known)
    if not one.device and not purpose:
        plan.wrong(row, "purpose", _("没有设备的地址，请写明用途"))
        return None
    detail = " ".join(
        text
        for text in (str(STATE_NAMES[one.state]), one.device.number if one.device else "", purpose)
        if text
    )
    if known is None:
        return Item(row.line, Fate.NEW, str(one.ip), one, detail)
    if one.stays:
        changes = ((_("用途"), known.purpose, purpose),) if known.purpose != purpose else ()
        return Item(row.line, Fate.CHANGED if changes else Fate.SAME, str(one.ip), one, "", changes)
    if (State(known.state), TAKING[one.state]) not in MOVES:
        held = known.device.number if known.device else known.purpose
        said = _("%(ip)s 已登记为%(state)s（%(held)s），请先释放或提出变更")
        plan.wrong(row, "ip", said % {"ip": one.ip, "state": known.word, "held": held})
        return None
    return Item(row.line, Fate.CHANGED, str(one.ip), one, "", ((_("状态"), known.word, detail),))


def _ip(plan: Plan[WantedAddress], row: Row) -> IP | None:
    try:
        return ip_of(key_of(parse_ip(row.cells["ip"])))
    except Unusable as trouble:
        plan.wrong(row, "ip", worded(trouble))
        return None


def _state(plan: Plan[WantedAddress], row: Row, device: Device | None) -> State | None:
    text = row.cells["state"]
    value = meant(STATES, text) if text else (State.IN_USE.value if device else None)
    if value is None:
        plan.wrong(row, "state", _("须为：%(names)s") % {"names": _("、").join(map(str, STATES.values()))})
        return None
    if device and State(value) is not State.IN_USE:
        plan.wrong(row, "state", _("只有在用的地址才有设备"))
    return State(value)
