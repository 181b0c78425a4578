"""How full a network is, what is free in it, and which networks lie over each other."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from yika.addresses.rules.reading import IP, Network

MOST_AT_ONCE = 64
"""Addresses that one reservation takes."""

GATEWAY_KINDS = frozenset({"gateway", "switch", "server"})
"""Kinds of devices that can be a network's gateway."""

SHOWN_AS_SHARE = 1 << 20
"""Addresses of a network up to which its use says something as a share."""


def usable(network: Network) -> int:
    """How many addresses of a network machines can have. Units: addresses."""
    first, last = _hosts(network)
    return last - first + 1


def is_special(ip: IP, network: Network) -> bool:
    """Whether an address stands for its network or everybody in it, so that no machine can have it."""
    first, last = _hosts(network)
    return ip in network and not first <= int(ip) <= last


def _hosts(network: Network) -> tuple[int, int]:
    first, last = int(network[0]), int(network[-1])
    if isinstance(network, IPv4Network):
        return (first, last) if network.prefixlen >= 31 else (first + 1, last - 1)
    return (first, last) if network.prefixlen >= 127 else (first + 1, last)


def next_free(network: Network, taken: Iterable[IP], *, beyond: IP | None = None) -> IP | None:
    """The lowest address that a machine can have and none has; None when there is none.

    ``taken`` may hold addresses of other networks. ``beyond``: only behind this one.
    """
    first, last = _hosts(network)
    if beyond is not None and beyond.version == network.version:
        first = max(first, int(beyond) + 1)
    numbers = sorted({int(ip) for ip in taken if ip.version == network.version})
    for number in numbers[bisect_right(numbers, first - 1) :]:
        if number != first:
            break
        first += 1
    if first > last:
        return None
    return network[first - int(network[0])]


def may_be_gateway(kind: str, purpose: str) -> bool:
    """Whether a device of a kind, or what is told by its purpose, can be a network's gateway."""
    return kind in GATEWAY_KINDS or any(word in purpose.casefold() for word in ("网关", "gateway"))


@dataclass(frozen=True)
class Use:
    """How many addresses of a network are what. Units: addresses."""

    usable: int
    in_use: int = 0
    reserved: int = 0
    deprecated: int = 0
    gateway: int = 0  # the gateway's, while nobody is on record for it

    @property
    def taken(self) -> int:
        """Addresses that cannot be given out."""
        return self.in_use + self.reserved + self.deprecated + self.gateway

    @property
    def free(self) -> int:
        """Addresses that can; never below none, whatever is recorded."""
        return max(self.usable - self.taken, 0)

    @property
    def is_share(self) -> bool:
        """Whether the network is small enough for a share to say something."""
        return self.usable <= SHOWN_AS_SHARE

    @property
    def is_tight(self) -> bool:
        """Whether nine tenths are taken."""
        return self.is_share and self.taken * 10 >= self.usable * 9


def overlaps(networks: Sequence[Network]) -> Iterator[tuple[Network, Network]]:
    """Every pair of which one lies within the other, the wider first; the same one twice is a pair too.

    Networks cannot meet otherwise, so in order of their start a stack holds those still open.
    """
    open_ones: list[Network] = []
    for network in sorted(networks, key=_order):
        while open_ones and not _within(network, open_ones[-1]):
            open_ones.pop()
        for wider in open_ones:
            yield wider, network
        open_ones.append(network)


@dataclass(frozen=True)
class Nest:
    """The narrowest network that a network lies in, and those that lie in it, in order."""

    around: Network | None = None
    within: tuple[Network, ...] = ()


def nests(networks: Sequence[Network]) -> dict[Network, Nest]:
    """How networks lie in one another, of those that do."""
    around: dict[Network, Network] = {}
    within: dict[Network, list[Network]] = {}
    for wider, narrower in overlaps(networks):
        around[narrower] = wider  # the narrowest comes last
        within.setdefault(wider, []).append(narrower)
    return {one: Nest(around.get(one), tuple(within.get(one, ()))) for one in {*around, *within}}


def _order(network: Network) -> tuple[int, int, int]:
    return network.version, int(network[0]), network.prefixlen


def _within(network: Network, wider: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(wider, IPv4Network) and network.subnet_of(wider)
    return isinstance(wider, IPv6Network) and network.subnet_of(wider)
