"""Subnets, addresses and their updates as pages and actions need them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from yika.addresses.models import Address, AddressChange, Subnet, Vlan
from yika.addresses.rules import (
    IP,
    Nest,
    State,
    Use,
    ip_of,
    is_special,
    key_of,
    may_be_gateway,
    nests,
    next_free,
    overlaps,
    parse_ip,
    reach,
    usable,
)
from yika.assets.models import Device, Place
from yika.assets.queries import subtree
from yika.assets.rules import Life

SHOWN = 100
"""Conflicts of one sort that a page lists."""


def around(first: str, last: str) -> QuerySet[Subnet]:
    """The networks around two keys, the narrowest first."""
    return Subnet.objects.filter(first__lte=first, last__gte=last).order_by("-first", "last")


def home_of(key: str) -> Subnet | None:
    """The narrowest network an address lies in."""
    return around(key, key).first()


def gateways(**which: str) -> dict[str, str]:
    """The networks that have each key for their gateway; ``which`` narrows the networks."""
    rows = Subnet.objects.filter(**which).exclude(gateway=None)
    return {key_of(parse_ip(row.gateway)): row.cidr for row in rows if row.gateway}


def gateway_problem(ip: IP, cidr: str, device: Device | None, purpose: str) -> str:
    """Why a gateway's address cannot be had so; empty for what may be the gateway itself."""
    if may_be_gateway(device.kind.code if device else "", purpose):
        return ""
    said = _("%(ip)s 是 %(cidr)s 的网关，只能分配给网关、交换机或服务器，或在用途中写明网关")
    return said % {"ip": ip, "cidr": cidr}


def nest_words(nest: Nest | None) -> str:
    """What a network lies in and what lies in it, so that a slip of the pen is seen; empty for neither."""
    said = []
    if nest and nest.around:
        said.append(_("位于 %(cidr)s 之内") % {"cidr": nest.around})
    if nest and len(nest.within) == 1:
        said.append(_("包含 %(cidr)s") % {"cidr": nest.within[0]})
    elif nest and nest.within:
        words = {"cidr": nest.within[0], "count": len(nest.within)}
        said.append(_("包含 %(cidr)s 等 %(count)d 个网段") % words)
    return _("，").join(said)


def nest_of(subnet: Subnet) -> str:
    """How a network lies among the others, in words."""
    return nest_words(nests([one.network for one in Subnet.objects.all()]).get(subnet.network))


def free_in(subnet: Subnet, count: int) -> list[IP]:
    """The lowest free addresses of a network that lie in no narrower one, so many at most."""
    network = subnet.network
    within = Q(key__gte=subnet.first, key__lte=subnet.last)
    taken = {ip_of(key) for key in Address.objects.filter(within).values_list("key", flat=True)}
    taken |= {ip_of(key) for key in gateways(first__lte=subnet.last, last__gte=subnet.first)}
    narrower = [
        one.network
        for one in Subnet.objects.filter(first__gte=subnet.first, last__lte=subnet.last).exclude(pk=subnet.pk)
    ]
    found: list[IP] = []
    beyond: IP | None = None
    while len(found) < count and (ip := next_free(network, taken, beyond=beyond)):
        inside = next((one for one in narrower if ip in one), None)
        if inside is None:
            found.append(ip)
        beyond = inside[-1] if inside else ip
    return found


@dataclass(frozen=True)
class SubnetFilters:
    """What a list of subnets is narrowed to."""

    text: str = ""
    vlan: int | None = None
    place: Place | None = None


def subnets_for(subnets: QuerySet[Subnet], filters: SubnetFilters) -> QuerySet[Subnet]:
    """The subnets of a list page: a part of an address finds the networks that meet it."""
    subnets = subnets.select_related("vlan", "place")
    if span := reach(filters.text):
        subnets = subnets.filter(first__lte=span[1], last__gte=span[0])
    elif filters.text:
        text = filters.text
        subnets = subnets.filter(
            Q(note__icontains=text) | Q(place__full_name__icontains=text) | Q(vlan__name__icontains=text)
        )
    if filters.vlan is not None:
        subnets = subnets.filter(vlan__number=filters.vlan)
    if filters.place:
        subnets = subnets.filter(place__in=subtree(filters.place))
    return subnets


def used(subnets: Iterable[Subnet]) -> dict[int, Use]:
    """How full each of some networks is, by its key; addresses of narrower ones are theirs. Two queries."""
    listed = list(subnets)
    counts: dict[tuple[int, str], int] = {}
    grouped = Address.objects.filter(subnet__in=[one.pk for one in listed]).values("subnet_id", "state")
    for row in grouped.annotate(n=Count("pk")).order_by():
        counts[row["subnet_id"], row["state"]] = row["n"]

    gates = {one.pk: key_of(parse_ip(one.gateway)) for one in listed if one.gateway}
    held = set(Address.objects.filter(key__in=gates.values()).values_list("key", flat=True))

    def of(subnet: Subnet, state: State) -> int:
        return counts.get((subnet.pk, state.value), 0)

    return {
        one.pk: Use(
            usable(one.network),
            of(one, State.IN_USE),
            of(one, State.RESERVED),
            of(one, State.DEPRECATED),
            int(one.pk in gates and gates[one.pk] not in held),
        )
        for one in listed
    }


@dataclass(frozen=True)
class AddressFilters:
    """What a list of addresses is narrowed to."""

    text: str = ""
    state: str = ""


def addresses_for(addresses: QuerySet[Address], filters: AddressFilters) -> QuerySet[Address]:
    """The addresses of a list page, by a part of the address, a device or a purpose."""
    addresses = addresses.select_related("subnet__vlan", "device__kind", "device__place")
    if span := reach(filters.text):
        addresses = addresses.filter(key__gte=span[0], key__lte=span[1])
    elif filters.text:
        text = filters.text
        addresses = addresses.filter(
            Q(device__number__icontains=text)
            | Q(device__place__full_name__icontains=text)
            | Q(purpose__icontains=text)
        )
    if filters.state:
        addresses = addresses.filter(state=filters.state)
    return addresses


@dataclass(frozen=True)
class ChangeFilters:
    """What the update table is narrowed to; half-open in time."""

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def changes_for(changes: QuerySet[AddressChange], filters: ChangeFilters) -> QuerySet[AddressChange]:
    """The lines of the update table, by a part of the address, a device, or who did it."""
    changes = changes.select_related("device__kind", "device__place")
    if span := reach(filters.text):
        changes = changes.filter(key__gte=span[0], key__lte=span[1])
    elif filters.text:
        changes = changes.filter(
            Q(device__number__icontains=filters.text) | Q(by_name__icontains=filters.text)
        )
    if filters.since:
        changes = changes.filter(at__gte=filters.since)
    if filters.until:
        changes = changes.filter(at__lt=filters.until)
    return changes


def history(key: str) -> QuerySet[AddressChange]:
    """What happened to one address, the latest first."""
    return AddressChange.objects.filter(key=key).select_related("device").order_by("-id")


def of_device(device: Device) -> QuerySet[Address]:
    """A device's addresses in order."""
    return Address.objects.filter(device=device).select_related("subnet__vlan").order_by("key")


def addresses_of(device: Device) -> list[str]:
    """A device's addresses as people write them, in order."""
    return [row.ip for row in Address.objects.filter(device=device).order_by("key")]


def address_words(addresses: Iterable[str]) -> str:
    """Addresses as people read them."""
    return _("、").join(addresses) or _("没有地址")


def vlans_with_counts(vlans: QuerySet[Vlan]) -> QuerySet[Vlan]:
    """The VLANs, each with the number of its subnets as ``held``."""
    return vlans.annotate(held=Count("subnets"))


@dataclass(frozen=True)
class Overlap:
    """Two networks of which one lies in the other."""

    wider: Subnet
    narrower: Subnet


@dataclass(frozen=True)
class Conflicts:
    """What cannot be right. Lists end at ``SHOWN``."""

    overlaps: list[Overlap]
    outside: list[Address]
    idle: list[Address]
    special: list[Address]
    gateways: list[Address]

    @property
    def count(self) -> int:
        """How many are listed."""
        lists = (self.overlaps, self.outside, self.idle, self.special, self.gateways)
        return sum(len(found) for found in lists)


def conflicts() -> Conflicts:
    """Networks over each other, addresses in none, of devices out of use, of no machine, and of gateways
    that some other machine uses.
    """
    by_cidr = {subnet.cidr: subnet for subnet in Subnet.objects.select_related("vlan", "place")}
    pairs = islice(overlaps([subnet.network for subnet in by_cidr.values()]), SHOWN)
    rows = Address.objects.select_related("subnet", "device__kind", "device__place").order_by("key")
    edges = rows.filter(Q(key=F("subnet__first")) | Q(key=F("subnet__last")))
    gates = rows.filter(key__in=gateways())
    return Conflicts(
        overlaps=[Overlap(by_cidr[str(wider)], by_cidr[str(narrower)]) for wider, narrower in pairs],
        outside=list(rows.filter(subnet=None)[:SHOWN]),
        idle=list(rows.exclude(device=None).exclude(device__life=Life.IN_USE)[:SHOWN]),
        special=[
            row for row in edges[:SHOWN] if row.subnet and is_special(ip_of(row.key), row.subnet.network)
        ],
        gateways=[
            row
            for row in gates
            if not may_be_gateway(row.device.kind.code if row.device else "", row.purpose)
        ][:SHOWN],
    )
