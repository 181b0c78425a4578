"""What hangs on what, and what is up: a graph of devices for one moment. Pure.

A device is up when it has not failed and, for each role in which it has upstreams (network, service, power),
at least k of these n are up. The smallest set that says so is meant: it is derived from the devices that hang
on nothing, so that two switches of a ring cannot hold each other up. k is 1 unless a need says otherwise,
and never more than n.

Devices on which nothing hangs are bundled by what they hang on: a campus of 100,000 devices has a few
thousand bundles, and a question touches those, not the devices.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar


class Node(NamedTuple):
    """A device in use. ``crowd``: the place whose users it shares; ``area``: its building; 0: none."""

    key: int
    kind: str
    terminal: bool = True
    users: int | None = None
    crowd: int = 0
    merchant: int = 0
    offline: bool = False
    area: int = 0


class Edge(NamedTuple):
    """``lower`` hangs on ``upper`` in a role."""

    lower: int
    upper: int
    role: str


class Needed(NamedTuple):
    """Of ``uppers``, spots of the graph, this many must be up."""

    least: int
    uppers: tuple[int, ...]


@dataclass
class Tally:
    """What a spot's devices count for. Crowds: how many terminals of each place stand for its daily users."""

    terminals: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    offline: Counter[str] = field(default_factory=Counter)
    crowds: Counter[int] = field(default_factory=Counter)
    merchants: set[int] = field(default_factory=set)
    users: int = 0
    told: int = 0  # terminals that say their usual number themselves
    unknown: int = 0  # terminals of which nobody knows how many use them

    def count(self, node: Node) -> None:
        """Add one device."""
        if not node.terminal:
            self.others[node.kind] += 1
            return
        self.terminals[node.kind] += 1
        if node.offline:
            self.offline[node.kind] += 1
        if node.merchant:
            self.merchants.add(node.merchant)
        if node.users is not None:
            self.users += node.users
            self.told += 1
        elif node.crowd:
            self.crowds[node.crowd] += 1
        else:
            self.unknown += 1

    def add(self, other: "Tally") -> None:
        """Add what another counts."""
        _add(self.terminals, other.terminals)
        _add(self.others, other.others)
        _add(self.offline, other.offline)
        _add(self.crowds, other.crowds)
        self.merchants |= other.merchants
        self.users += other.users
        self.told += other.told
        self.unknown += other.unknown


K = TypeVar("K")


def _add(mine: dict[K, int], theirs: Mapping[K, int]) -> None:
    """As ``Counter.update``, and quicker for a few keys."""
    for key, count in theirs.items():
        mine[key] = mine.get(key, 0) + count


class Graph:
    """Devices and links at one moment, as spots: a device on which something hangs, or a bundle of others.

    Links with an end that is not among the devices are left out.
    """

    def __init__(
        self,
        nodes: Iterable[Node],
        edges: Iterable[Edge],
        needs: Mapping[tuple[int, str], int] | None = None,
        crowds: Mapping[int, int] | None = None,
    ) -> None:
        self.nodes = {node.key: node for node in nodes}
        self.crowds = dict(crowds or {})
        needs = needs or {}
        upstream: dict[int, dict[str, set[int]]] = {}
        bearing: set[int] = set()
        for lower, upper, role in edges:
            if lower != upper and lower in self.nodes and upper in self.nodes:
                upstream.setdefault(lower, {}).setdefault(role, set()).add(upper)
                bearing.add(upper)
        self.members: list[list[int]] = []
        self.spot_of: dict[int, int] = {}
        for key in self.nodes:
            if key in bearing:
                self.spot_of[key] = len(self.members)
                self.members.append([key])
        self.inner = len(self.members)
        bundles: dict[tuple[tuple[str, int, tuple[int, ...]], ...], int] = {}
        hung: list[tuple[tuple[str, int, tuple[int, ...]], ...]] = []
        wants = {
            key: tuple(
                (role, min(needs.get((key, role), 1), len(uppers)), tuple(sorted(uppers)))
                for role, uppers in sorted(roles.items())
            )
            for key, roles in upstream.items()
        }
        for key in self.nodes:
            if key not in bearing:
                wanted = wants.get(key, ())
                spot = bundles.get(wanted)
                if spot is None:
                    spot = bundles[wanted] = len(self.members)
                    self.members.append([])
                    hung.append(wanted)
                self.members[spot].append(key)
                self.spot_of[key] = spot
        told = [*(wants.get(members[0], ()) for members in self.members[: self.inner]), *hung]
        self.needs: list[tuple[Needed, ...]] = [
            tuple(
                Needed(least, tuple(self.spot_of[upper] for upper in uppers)) for _role, least, uppers in one
            )
            for one in told
        ]
        self.roles: list[tuple[str, ...]] = [tuple(role for role, _least, _uppers in one) for one in told]
        self.lowers: list[list[tuple[int, int]]] = [[] for _ in self.members]
        for spot, needed in enumerate(self.needs):
            for number, need in enumerate(needed):
                for upper in need.uppers:
                    self.lowers[upper].append((spot, number))
        self.tallies = [Tally() for _ in self.members]
        for spot, members in enumerate(self.members):
            count = self.tallies[spot].count
            for key in members:
                count(self.nodes[key])
        self.sharing: Counter[int] = Counter()
        for tally in self.tallies:
            self.sharing.update(tally.crowds)
        self.up = bytearray(len(self.members))
        for spot in self._rise(range(len(self.members)), frozenset()):
            self.up[spot] = 1

    def below(self, spots: Iterable[int]) -> set[int]:
        """The spots given that are up, and every spot that is up and hangs on one of them in any way."""
        found = {spot for spot in spots if self.up[spot]}
        waiting = list(found)
        while waiting:
            for lower, _need in self.lowers[waiting.pop()]:
                if lower not in found and self.up[lower]:
                    found.add(lower)
                    waiting.append(lower)
        return found

    def above(self, key: int) -> set[int]:
        """Every device that a device hangs on in any way; itself only in a ring."""
        found: set[int] = set()
        waiting = [self.spot_of[key]] if key in self.spot_of else []
        while waiting:
            for need in self.needs[waiting.pop()]:
                for upper in need.uppers:
                    if upper not in found:
                        found.add(upper)
                        waiting.append(upper)
        return {self.members[spot][0] for spot in found}

    def hanging_on(self, keys: Iterable[int]) -> int:
        """How many devices hang directly on some, in any role."""
        spots = {self.spot_of[key] for key in keys if self.spot_of.get(key, self.inner) < self.inner}
        lowers = {lower for spot in spots for lower, _need in self.lowers[spot]}
        return sum(len(self.members[lower]) for lower in lowers)

    def _rise(self, among: Iterable[int], failed: Collection[int]) -> set[int]:
        """Which of some spots are up, if these fail and every other spot is as it was."""
        open_: dict[int, int] = {}
        lacking: dict[tuple[int, int], int] = {}
        among = among if isinstance(among, set | range) else set(among)
        up: set[int] = set()
        waiting: deque[int] = deque()
        for spot in among:
            if spot in failed:
                continue
            wanting = 0
            for number, (least, uppers) in enumerate(self.needs[spot]):
                missing = least
                for upper in uppers:
                    if upper not in among and self.up[upper]:
                        missing -= 1
                if missing > 0:
                    lacking[spot, number] = missing
                    wanting += 1
            if wanting:
                open_[spot] = wanting
            else:
                up.add(spot)
                waiting.append(spot)
        while waiting:
            for lower_need in self.lowers[waiting.popleft()]:
                missing = lacking.get(lower_need, 0)
                if missing > 1:
                    lacking[lower_need] = missing - 1
                elif missing == 1:
                    lacking[lower_need] = 0
                    lower = lower_need[0]
                    open_[lower] -= 1
                    if not open_[lower]:
                        up.add(lower)
                        waiting.append(lower)
        return up

    def fall(self, failed: Collection[int]) -> "Fallen":
        """What goes down if these devices fail together."""
        spots: set[int] = set()
        alone: dict[int, list[int]] = defaultdict(list)
        for key in set(failed):
            spot = self.spot_of.get(key)
            if spot is None:
                continue
            if len(self.members[spot]) == 1:
                spots.add(spot)
            elif self.up[spot]:
                alone[spot].append(key)
        cone = self.below(spots)
        down = cone - self._rise(cone, spots)
        return Fallen(
            self,
            frozenset(down),
            tuple(key for spot, keys in alone.items() if spot not in down for key in sorted(keys)),
        )


@dataclass(frozen=True)
class Fallen:
    """What went down: whole spots, and devices that failed out of a bundle that stays up."""

    graph: Graph
    spots: frozenset[int]
    alone: tuple[int, ...]

    def __contains__(self, key: int) -> bool:
        return self.graph.spot_of.get(key) in self.spots or key in self.alone

    def everything(self) -> list[int]:
        """Every device that went down, in no particular order."""
        members = self.graph.members
        return [key for spot in self.spots for key in members[spot]] + list(self.alone)

    def lacking(self, key: int) -> frozenset[str]:
        """The roles in which too few of a device's upstreams are up."""
        graph = self.graph
        spot = graph.spot_of.get(key)
        if spot is None:
            return frozenset()
        return frozenset(
            role
            for role, need in zip(graph.roles[spot], graph.needs[spot], strict=True)
            if sum(1 for upper in need.uppers if graph.up[upper] and upper not in self.spots) < need.least
        )

    def weakened(self, key: int) -> bool:
        """Whether a device is still up and has lost an upstream: the next failure may take it down."""
        spot = self.graph.spot_of.get(key)
        if spot is None or key in self:
            return False
        return any(upper in self.spots for need in self.graph.needs[spot] for upper in need.uppers)

    def tally(self) -> Tally:
        """What all of them count for."""
        whole = Tally()
        for spot in self.spots:
            whole.add(self.graph.tallies[spot])
        for key in self.alone:
            whole.count(self.graph.nodes[key])
        return whole
