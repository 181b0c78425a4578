"""What hangs on what on an invented campus, from where its devices stand: the list that the import takes.

Switches make a tree as the places do: a floor's switch hangs on its building's, that on the area's, the
topmost on every core switch of the machine room. Everything else hangs on the nearest switch, meters on the
nearest gateway by a bus; terminals ask a front-end, front-ends an application, applications a database. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

HEADINGS = "设备编号,上联设备编号,介质,用途"
ROOM = "机房"
BUSES = ("网关", "串口服务器")
BUSSED = ("水控", "电控")
SERVED = ("消费机", "圈存机", "自助机", "补卡机", "业务机", "门禁控制器", "水控", "电控", "车载机")
ROOM_KINDS = ("前置机", "应用系统", "数据库", "服务器", "服务", "网关")
NETWORK, SERVICE, POWER = "网络", "服务", "供电"
CABLE, FIBRE, BUS, RADIO = "网线", "光纤", "RS-485 总线", "无线"


@dataclass(frozen=True, slots=True)
class Machine:
    """A device of the list of devices: number, kind and place as written there."""

    number: str
    kind: str
    path: str


@dataclass
class _Tree:
    """The first machine of some kinds at or below every place."""

    heads: dict[str, str] = field(default_factory=dict)

    def add(self, machine: Machine) -> None:
        """The first to come is the head of all places above it."""
        for place in _above(machine.path):
            self.heads.setdefault(place, machine.number)

    def nearest(self, path: str, but: str = "") -> str | None:
        """The head of the closest place at or above a path, below the school itself."""
        found = (self.heads.get(place) for place in _above(path))
        return next((number for number in found if number and number != but), None)


def _above(path: str) -> Iterator[str]:
    """A place and those above it, the closest first, without the school."""
    steps = path.split("/")
    for length in range(len(steps), 1, -1):
        yield "/".join(steps[:length])


def wires(
    machines: Sequence[Machine], over: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str, str, str]]:
    """Lower and upper device by number, medium and role as the import writes them.

    ``over``: the switch on which the topmost switch of some buildings, by place, hangs in place of the cores.
    """
    over = over or {}
    room = [machine for machine in machines if ROOM in machine.path]
    of = {
        kind: [machine.number for machine in room if machine.kind == kind] for kind in (*ROOM_KINDS, "交换机")
    }
    cores, fronts, ups = of["交换机"], of["前置机"], [one.number for one in room if one.kind == "UPS"]
    switches, buses = _Tree(), _Tree()
    for machine in machines:
        if machine.kind == "交换机" and machine not in room:
            switches.add(machine)
        if machine.kind in BUSES and machine not in room:
            buses.add(machine)
    below = {"前置机": of["应用系统"][:1], "应用系统": of["数据库"][:1], "服务": of["应用系统"][:1]}
    served = 0
    for machine in machines:
        number, kind = machine.number, machine.kind
        if ROOM in machine.path:
            if kind in ROOM_KINDS:
                yield from ((number, core, FIBRE, NETWORK) for core in cores)
            if kind in (*ROOM_KINDS, "交换机") and ups:
                yield number, ups[0], CABLE, POWER
            yield from ((number, upper, CABLE, SERVICE) for upper in below.get(kind, ()))
            continue
        bus = buses.nearest(machine.path) if kind in BUSSED else None
        switch = switches.nearest(machine.path, but=number)
        if bus:
            yield number, bus, BUS, NETWORK
        elif kind == "车载机":
            yield from ((number, gateway, RADIO, NETWORK) for gateway in of["网关"][:1])
        elif switch and kind not in ("光纤", "UPS"):
            yield number, switch, FIBRE if kind == "交换机" else CABLE, NETWORK
        elif kind == "交换机" and (
            above := next((over[at] for at in _above(machine.path) if at in over), "")
        ):
            yield number, above, FIBRE, NETWORK
        elif kind == "交换机":
            yield from ((number, core, FIBRE, NETWORK) for core in cores)
        elif kind not in ("光纤", "UPS"):
            yield from ((number, core, CABLE, NETWORK) for core in cores[:1])
        if kind in SERVED and fronts:
            yield number, fronts[served % len(fronts)], CABLE, SERVICE
            served += 1


def tables(machines: Iterable[Machine], most: int, over: Mapping[str, str] | None = None) -> Iterator[str]:
    """The list as files of at most so many lines; every device in one of them only."""
    lines: list[str] = []
    before = ""
    for wire in wires(list(machines), over):
        if len(lines) > most - 10 and wire[0] != before:
            yield "\n".join((HEADINGS, *lines)) + "\n"
            lines = []
        lines.append(",".join(wire))
        before = wire[0]
    if lines:
        yield "\n".join((HEADINGS, *lines)) + "\n"


def daily_users(machines: Iterable[Machine]) -> dict[str, int]:
    """How many use the places of terminals on a usual day, at the floor or house, rounded to tens."""
    rates = {"消费机": 110, "水控": 70, "门禁控制器": 240, "自助机": 80, "圈存机": 90, "业务机": 60}
    found: dict[str, int] = {}
    for machine in machines:
        if machine.kind in rates and machine.path.count("/") > 1:
            place = machine.path.rpartition("/")[0]
            found[place] = found.get(place, 0) + rates[machine.kind]
    return {place: users // 10 * 10 for place, users in found.items()}
