"""What a failure means for people: terminals by kind, cardholders, merchants. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from yika.network.rules.graph import Fallen, Graph


@dataclass(frozen=True)
class Share:
    """A place's part in the estimate: so many of the terminals that share its daily users are down."""

    place: int
    daily_users: int
    down: int
    of: int

    @property
    def cardholders(self) -> int:
        """The daily users in proportion, rounded up: with all terminals down they count once."""
        return -(-self.daily_users * self.down // self.of)


@dataclass(frozen=True)
class Impact:
    """What goes down if some devices fail at a moment; a failed device counts itself.

    Kinds are codes. ``offline`` counts the terminals among ``terminals`` that go on working without the
    network and upload later. ``usual`` is the sum over ``told`` terminals that know their own number;
    ``unknown`` terminals have neither a number nor a place with one.
    """

    failed: tuple[int, ...]
    terminals: Mapping[str, int]
    others: Mapping[str, int]
    offline: Mapping[str, int]
    merchants: frozenset[int]
    usual: int
    told: int
    unknown: int
    shares: tuple[Share, ...]
    fallen: Fallen
    hanging: int = 0  # devices that hang directly on the failed ones

    @cached_property
    def terminal_count(self) -> int:
        """Terminals that are down or no longer reach the service."""
        return sum(self.terminals.values())

    @cached_property
    def offline_count(self) -> int:
        """Terminals among them that go on working without the network."""
        return sum(self.offline.values())

    @cached_property
    def other_count(self) -> int:
        """Devices down that are no terminals."""
        return sum(self.others.values())

    @cached_property
    def cardholders(self) -> int:
        """Estimated cardholders: each terminal's usual number, else its share of its place's daily users."""
        return self.usual + sum(share.cardholders for share in self.shares)

    @cached_property
    def carried_count(self) -> int:
        """Devices that go down and have not failed themselves."""
        return self.terminal_count + self.other_count - sum(1 for key in self.failed if key in self.fallen)

    @property
    def counted_cardholders(self) -> int:
        """The estimate as far as it counts for the level: machines that fail alone count as terminals.

        Source: 2.1, fewer than five terminals are a general fault, whoever would have used them.
        """
        return self.cardholders if self.carried_count else 0

    @property
    def devices(self) -> list[int]:
        """Every device that goes down, by key; up to the whole campus."""
        return sorted(self.fallen.everything())


def impact(graph: Graph, failed: Collection[int]) -> Impact:
    """What goes down if these devices fail together. A device that is not in the graph fails unnoticed."""
    fallen = graph.fall(failed)
    tally = fallen.tally()
    shares = tuple(
        Share(place, graph.crowds.get(place, 0), down, graph.sharing[place])
        for place, down in sorted(tally.crowds.items())
    )
    return Impact(
        failed=tuple(sorted(set(failed))),
        terminals=dict(tally.terminals),
        others=dict(tally.others),
        offline=dict(tally.offline),
        merchants=frozenset(tally.merchants),
        usual=tally.users,
        told=tally.told,
        unknown=tally.unknown,
        shares=shares,
        fallen=fallen,
        hanging=graph.hanging_on(failed),
    )


def down_because(graph: Graph, key: int, failed: Collection[int]) -> bool:
    """Whether a device that would be up is down when these fail, itself not among them."""
    if key in failed or not graph.above(key).intersection(failed):
        return False
    return key in graph.fall(failed)


@dataclass(frozen=True)
class Cause:
    """Which of several failures took a device down, and in which roles it lacks upstreams since."""

    number: int
    lacking: frozenset[str]


def causes(graph: Graph, keys: Iterable[int], failures: Sequence[Collection[int]]) -> dict[int, Cause]:
    """Why devices are down, the failures having come one after another; what failed itself is left out."""
    failed: set[int] = set()
    waiting = {key: graph.above(key) for key in keys}
    found: dict[int, Cause] = {}
    for number, devices in enumerate(failures):
        failed.update(devices)
        hit = [key for key, above in waiting.items() if key not in failed and above.intersection(failed)]
        fallen = graph.fall(failed) if hit else None
        for key in hit:
            if fallen and key in fallen:
                found[key] = Cause(number, fallen.lacking(key))
                del waiting[key]
    return found
