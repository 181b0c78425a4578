"""Links from a file: its columns, and what it would change.

A file speaks for the devices it names: of such a device's upstreams of a role, what the file has is there
afterwards and what it has not is not. Devices the file does not name stay as they are.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device
from yika.assets.rules import has_invisible
from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read, Row
from yika.lib.office.words import meant
from yika.network.models import MEDIUM_NAMES, ROLE_NAMES, Link, Port
from yika.network.rules import PORT_LENGTH, SHARED, LinkRole, Medium, port_taken

LINKS = Listing(
    what="links",
    title=gettext_lazy("导入网络连接"),
    back="network:links",
    headings=[
        Heading(
            "lower",
            gettext_lazy("设备编号"),
            gettext_lazy("下联设备，须已登记；新的连接须在用"),
            needed=True,
            code=True,
        ),
        Heading("lower_port", gettext_lazy("本机端口"), gettext_lazy("如 eth0；没有登记过的自动登记")),
        Heading(
            "upper",
            gettext_lazy("上联设备编号"),
            gettext_lazy("须已登记，新的连接须在用；留空即没有上联"),
            needed=True,
            code=True,
        ),
        Heading("upper_port", gettext_lazy("上联设备端口"), gettext_lazy("如 GE1/0/12")),
        Heading(
            "medium",
            gettext_lazy("介质"),
            gettext_lazy("网线、光纤、RS-485 总线、银行专线或无线；留空为网线"),
        ),
        Heading("role", gettext_lazy("用途"), gettext_lazy("网络、服务或供电；留空为网络")),
    ],
    note=gettext_lazy(
        "按设备编号对照：文件中出现的设备，其同一用途的上联以文件为准，多的新增，少的断开；没有出现的设备不变。"
    ),
    most=20_000,
    removes=True,
)


@dataclass(frozen=True)
class WantedLink:
    """A link as a file has it (``made``), and the one it takes the place of or that ends (``ended``)."""

    lower: Device
    upper: Device | None
    role: LinkRole
    medium: Medium
    lower_port: str
    upper_port: str
    ended: Link | None = None

    @property
    def made(self) -> bool:
        """Whether a link is made; otherwise one only ends."""
        return self.upper is not None

    @property
    def told(self) -> str:
        """As a preview shows it."""
        upper = self.upper.number if self.upper else "—"
        return said(upper, self.role, self.medium, self.lower_port, self.upper_port)


def said(upper: str, role: str, medium: str, lower_port: str, upper_port: str) -> str:
    """A link's further end in words."""
    ports = f"，{lower_port or '—'} → {upper_port or '—'}" if lower_port or upper_port else ""
    return f"{upper}（{ROLE_NAMES[LinkRole(role)]}，{MEDIUM_NAMES[Medium(medium)]}{ports}）"


def told_link(link: Link) -> str:
    """A link that is there in words."""
    return said(link.upper.number, link.role, link.medium, *_ports(link))


def _ports(link: Link) -> tuple[str, str]:
    return (
        link.lower_port.name if link.lower_port else "",
        link.upper_port.name if link.upper_port else "",
    )


@dataclass
class _World:
    """What is there, read once: devices and open links by what a row names them."""

    devices: dict[str, Device]
    links: dict[tuple[int, str], dict[int, Link]] = field(default_factory=dict)
    media: dict[tuple[int, str], str] = field(default_factory=dict)
    taken: Counter[tuple[int, str]] = field(default_factory=Counter)


def _world(read: Read) -> _World:
    numbers = {row.cells[key] for row in read.rows for key in ("lower", "upper")}
    devices = {row.number: row for row in Device.objects.all().iterator() if row.number in numbers}
    world = _World(devices)
    keys = {device.pk for device in devices.values()}
    for device_id, name, medium in Port.objects.values_list("device_id", "name", "medium"):
        if device_id in keys:
            world.media[device_id, name] = medium
    for link in Link.objects.at().named():
        if link.lower_id in keys:
            world.links.setdefault((link.lower_id, link.role), {})[link.upper_id] = link
        _take(world, link, 1)
    return world


def _take(world: _World, link: Link, count: int) -> None:
    if link.medium not in SHARED:
        lower_port, upper_port = _ports(link)
        for key, name in ((link.lower_id, lower_port), (link.upper_id, upper_port)):
            if name:
                world.taken[key, name] += count


def planned_links(read: Read) -> Plan[WantedLink]:
    """What the links of a file would change."""
    plan: Plan[WantedLink] = Plan(read)
    world = _world(read)
    wanted: list[tuple[Row, WantedLink]] = []
    lines: dict[tuple[int, int, str], int] = {}
    for row in read.rows:
        before = len(plan.problems)
        one = _wanted(plan, row, world)
        if one is None or len(plan.problems) > before:
            continue
        key = one.lower.pk, one.upper.pk if one.upper else 0, one.role.value
        if key in lines:
            plan.wrong(row, "upper", _("与第 %(line)d 行重复") % {"line": lines[key]})
            continue
        lines[key] = row.line
        wanted.append((row, one))
    named: dict[tuple[int, str], int] = {}
    staying: set[int] = set()
    for row, one in wanted:
        named.setdefault((one.lower.pk, one.role.value), row.line)
        known = _known(world, one)
        if known and _same(known, one):
            staying.add(known.pk)
    ending = [
        (line, link)
        for key, line in named.items()
        for link in world.links.get(key, {}).values()
        if link.pk not in staying
    ]
    for _line, link in ending:
        _take(world, link, -1)
    replaced: set[int] = set()
    for row, one in wanted:
        known = _known(world, one)
        if known and known.pk in staying:
            plan.items.append(Item(row.line, Fate.SAME, one.lower.number, one, one.told))
        elif one.upper is not None and _in_use(plan, row, one) and _ports_free(plan, row, world, one):
            if known:
                replaced.add(known.pk)
                swapped = WantedLink(
                    one.lower, one.upper, one.role, one.medium, one.lower_port, one.upper_port, known
                )
                change = (_("上联"), told_link(known), one.told)
                plan.items.append(Item(row.line, Fate.CHANGED, one.lower.number, swapped, "", (change,)))
            else:
                plan.items.append(Item(row.line, Fate.NEW, one.lower.number, one, one.told))
    for line, link in ending:
        if link.pk not in replaced:
            gone = WantedLink(
                link.lower, None, LinkRole(link.role), Medium(link.medium), *_ports(link), ended=link
            )
            change = (_("上联"), told_link(link), _("断开"))
            plan.items.append(Item(line, Fate.CHANGED, link.lower.number, gone, "", (change,)))
    return plan


def _wanted(plan: Plan[WantedLink], row: Row, world: _World) -> WantedLink | None:
    cells = row.cells
    found: dict[str, Device | None] = {}
    for key in ("lower", "upper"):
        number = cells[key]
        device = found[key] = world.devices.get(number)
        if not number:
            if key == "lower":
                plan.wrong(row, key, _("没有填写设备编号"))
        elif device is None:
            plan.wrong(row, key, _("没有编号为 %(number)s 的设备") % {"number": number})
    medium = meant({one.value: name for one, name in MEDIUM_NAMES.items()}, cells["medium"] or Medium.COPPER)
    role = meant({one.value: name for one, name in ROLE_NAMES.items()}, cells["role"] or LinkRole.NETWORK)
    if medium is None:
        plan.wrong(row, "medium", _("没有这种介质：%(text)s") % {"text": cells["medium"]})
    if role is None:
        plan.wrong(row, "role", _("没有这种用途：%(text)s") % {"text": cells["role"]})
    for key in ("lower_port", "upper_port"):
        if len(cells[key]) > PORT_LENGTH or has_invisible(cells[key]):
            plan.wrong(row, key, _("端口名称不能超过 %(length)d 个字") % {"length": PORT_LENGTH})
    lower, upper = found["lower"], found["upper"]
    if lower and upper and lower.pk == upper.pk:
        plan.wrong(row, "upper", _("设备不能上联它自己"))
    if lower is None or medium is None or role is None:
        return None
    return WantedLink(lower, upper, LinkRole(role), Medium(medium), cells["lower_port"], cells["upper_port"])


def _known(world: _World, one: WantedLink) -> Link | None:
    there = world.links.get((one.lower.pk, one.role.value), {})
    return there.get(one.upper.pk) if one.upper else None


def _same(link: Link, one: WantedLink) -> bool:
    return link.medium == one.medium and _ports(link) == (one.lower_port, one.upper_port)


def _in_use(plan: Plan[WantedLink], row: Row, one: WantedLink) -> bool:
    """Whether both ends can take a link; a device at the factory keeps those it has, and gets none."""
    out = [(key, end) for key, end in (("lower", one.lower), ("upper", one.upper)) if end and not end.in_use]
    for key, end in out:
        plan.wrong(row, key, _("设备 %(number)s 不在用，不能连接") % {"number": end.number})
    return not out


def _ports_free(plan: Plan[WantedLink], row: Row, world: _World, one: WantedLink) -> bool:
    """Whether both ports can take the link; takes them. A port first named here has the link's medium."""
    assert one.upper
    fine = True
    ends = ((one.lower, one.lower_port, "lower_port"), (one.upper, one.upper_port, "upper_port"))
    for device, name, key in ends:
        if not name:
            continue
        medium = world.media.setdefault((device.pk, name), one.medium.value)
        if medium != one.medium:
            words = {"port": name, "medium": MEDIUM_NAMES[Medium(medium)]}
            plan.wrong(row, key, _("端口 %(port)s 是%(medium)s端口") % words)
            fine = False
        elif port_taken(one.medium, world.taken[device.pk, name]):
            words = {"device": device.number, "port": name}
            plan.wrong(row, key, _("%(device)s 的端口 %(port)s 已有连接") % words)
            fine = False
    if fine and one.medium not in SHARED:
        for device, name, _key in ends:
            if name:
                world.taken[device.pk, name] += 1
    return fine
