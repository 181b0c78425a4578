"""What is drawn of a graph: single devices, and stacks of those that hang on the same. Pure.

Three views: the backbone (what carries other buildings, and one stack a building), a building (its devices,
leaves stacked by kind), and around a device (all above it, and two steps below).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from yika.network.rules.graph import Fallen, Graph, Node

ALONE = 2
"""So many leaves of a kind are drawn one by one; more become a stack."""


class Look(StrEnum):
    """How a thing stands; each has a colour and a sign of its own."""

    FINE = "fine"
    FAILED = "failed"  # named as failed
    DOWN = "down"  # down because of others
    PARTLY = "partly"  # some of a stack are down
    WEAK = "weak"  # up, and has lost one of several upstreams
    CUT = "cut"  # not up even without a failure


@dataclass(frozen=True)
class Shape:
    """One box: a device, or a stack of them. ``area`` is a building's key for a stack of the backbone."""

    name: str
    members: tuple[int, ...]
    uppers: frozenset[str]
    look: Look = Look.FINE
    kinds: tuple[tuple[str, int], ...] = ()
    terminals: int = 0
    area: int = 0
    outside: bool = False

    @property
    def single(self) -> bool:
        """Whether it stands for one device."""
        return len(self.members) == 1 and not self.area


@dataclass(frozen=True)
class Sketch:
    """Boxes to lay out, and how many devices have no link of the roles asked for, which are not drawn."""

    shapes: tuple[Shape, ...]
    loose: int = 0


def spot_uppers(graph: Graph, spot: int, roles: Collection[str]) -> frozenset[int]:
    """The spots on which a spot hangs in some roles."""
    needs = zip(graph.roles[spot], graph.needs[spot], strict=True)
    return frozenset(upper for role, need in needs if role in roles for upper in need.uppers)


def _linked(graph: Graph, spot: int, roles: Collection[str]) -> bool:
    """Whether a spot hangs on something in some roles, or carries something in them."""
    return bool(spot_uppers(graph, spot, roles)) or any(
        graph.roles[lower][number] in roles for lower, number in graph.lowers[spot]
    )


def backbone(graph: Graph, roles: Collection[str], fallen: Fallen, failed: Collection[int]) -> Sketch:
    """What carries other buildings, one by one; every building's own devices as one stack."""
    spots = range(len(graph.members))
    uppers = {spot: spot_uppers(graph, spot, roles) for spot in spots}
    area = {spot: graph.nodes[graph.members[spot][0]].area for spot in range(graph.inner)}
    spine: set[int] = set()
    waiting = [
        upper
        for spot in spots
        for upper in uppers[spot]
        if not area[upper] or _elsewhere(graph, spot, area[upper])
    ]
    while waiting:  # and whatever these hang on
        spot = waiting.pop()
        if spot not in spine:
            spine.add(spot)
            waiting += uppers[spot]
    stacks: dict[int, list[int]] = defaultdict(list)
    above: dict[int, set[str]] = defaultdict(set)
    loose = 0
    for spot in spots:
        members = graph.members[spot]
        if spot in spine:
            continue
        if not _linked(graph, spot, roles):
            loose += len(members)
            continue
        # What stands in no building stands where its switch stands.
        carrier = next((upper for upper in sorted(uppers[spot]) if upper not in spine), None)
        names = {_name(graph, upper) for upper in uppers[spot] & spine}
        for key in members:
            where = graph.nodes[key].area or (0 if carrier is None else area[carrier])
            stacks[where].append(key)
            above[where] |= names
    shapes = [_single(graph, graph.members[spot][0], uppers[spot], fallen, failed) for spot in sorted(spine)]
    shapes += [
        _stack(f"a{where}", graph, keys, frozenset(above[where]), fallen, failed, area=where)
        for where, keys in sorted(stacks.items())
    ]
    return Sketch(tuple(shapes), loose)


def _elsewhere(graph: Graph, spot: int, area: int) -> bool:
    """Whether some of a spot stand in another building, those in none apart unless they carry others."""
    areas = {graph.nodes[key].area for key in graph.members[spot]} - {area}
    return bool(areas if spot < graph.inner else areas - {0})


def building(
    graph: Graph, inside: Collection[int], roles: Collection[str], fallen: Fallen, failed: Collection[int]
) -> Sketch:
    """The devices of a place: carriers one by one, leaves stacked; and what they hang on elsewhere."""
    return _drawn(graph, inside, roles, fallen, failed)


def surroundings(
    graph: Graph, key: int, roles: Collection[str], fallen: Fallen, failed: Collection[int], steps: int = 2
) -> Sketch:
    """A device with everything above it and what hangs on it, so many steps down."""
    spot = graph.spot_of.get(key)
    if spot is None:
        return Sketch(())
    wanted = {key}
    waiting = [spot]
    seen = {spot}
    while waiting:
        for upper in spot_uppers(graph, waiting.pop(), roles):
            if upper not in seen:
                seen.add(upper)
                waiting.append(upper)
                wanted.add(graph.members[upper][0])
    here = {spot} if spot < graph.inner else set()
    for _step in range(steps):
        below = {
            lower
            for upper in here
            for lower, number in graph.lowers[upper]
            if graph.roles[lower][number] in roles
        }
        wanted.update(member for lower in below for member in graph.members[lower])
        here = {lower for lower in below if lower < graph.inner}
    return _drawn(graph, wanted, roles, fallen, failed, apart=key)


def _drawn(
    graph: Graph,
    inside: Collection[int],
    roles: Collection[str],
    fallen: Fallen,
    failed: Collection[int],
    apart: int = 0,
) -> Sketch:
    """Some devices, and the outside ones on which they hang. ``apart`` is never put into a stack."""
    shapes: list[Shape] = []
    leaves: dict[tuple[frozenset[int], str], list[int]] = defaultdict(list)
    outside: set[int] = set()
    there = {key for key in inside if key in graph.nodes}
    loose = 0
    for key in sorted(there):
        spot = graph.spot_of[key]
        above = spot_uppers(graph, spot, roles)
        if not _linked(graph, spot, roles) and key != apart:
            loose += 1
            continue
        outside |= {upper for upper in above if graph.members[upper][0] not in there}
        if spot < graph.inner or key == apart:
            shapes.append(_single(graph, key, above, fallen, failed))
        else:
            leaves[above, graph.nodes[key].kind].append(key)
    for (above, _kind), keys in sorted(leaves.items(), key=lambda item: item[1][0]):
        if len(keys) <= ALONE:
            shapes += [_single(graph, key, above, fallen, failed) for key in keys]
        else:
            names = frozenset(_name(graph, upper) for upper in above)
            shapes.append(_stack(f"s{keys[0]}", graph, keys, names, fallen, failed))
    shapes += [
        _single(graph, graph.members[upper][0], frozenset(), fallen, failed, outside=True)
        for upper in sorted(outside)
    ]
    return Sketch(tuple(shapes), loose)


def _name(graph: Graph, spot: int) -> str:
    return f"d{graph.members[spot][0]}"


def _single(
    graph: Graph,
    key: int,
    uppers: Iterable[int],
    fallen: Fallen,
    failed: Collection[int],
    *,
    outside: bool = False,
) -> Shape:
    node = graph.nodes[key]
    return Shape(
        f"d{key}",
        (key,),
        frozenset(_name(graph, upper) for upper in uppers),
        look_of(graph, key, fallen, failed),
        ((node.kind, 1),),
        int(node.terminal),
        outside=outside,
    )


def _stack(
    name: str,
    graph: Graph,
    keys: list[int],
    uppers: frozenset[str],
    fallen: Fallen,
    failed: Collection[int],
    *,
    area: int = 0,
) -> Shape:
    nodes: list[Node] = [graph.nodes[key] for key in keys]
    kinds = Counter(node.kind for node in nodes)
    looks = Counter(look_of(graph, key, fallen, failed) for key in keys)
    return Shape(
        name,
        tuple(sorted(keys)),
        uppers,
        _look_of_stack(looks, len(keys)),
        tuple(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        sum(node.terminal for node in nodes),
        area=area,
    )


def _look_of_stack(looks: Mapping[Look, int], count: int) -> Look:
    down = looks.get(Look.DOWN, 0) + looks.get(Look.FAILED, 0)
    if down:
        return Look.DOWN if down == count else Look.PARTLY
    if looks.get(Look.CUT, 0) == count:
        return Look.CUT
    return Look.WEAK if looks.get(Look.WEAK, 0) else Look.FINE


def look_of(graph: Graph, key: int, fallen: Fallen, failed: Collection[int]) -> Look:
    """How one device stands."""
    if key in failed:
        return Look.FAILED
    if key in fallen:
        return Look.DOWN
    if not graph.up[graph.spot_of[key]]:
        return Look.CUT
    return Look.WEAK if fallen.spots and fallen.weakened(key) else Look.FINE
