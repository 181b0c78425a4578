"""Links and ports as pages, lists and the journal tell them."""

from dataclasses import dataclass

from django.db.models import Q

from yika.assets.models import Device, Place
from yika.assets.queries import devices_matching, subtree
from yika.network.models import Link, LinkRows, Need, Port
from yika.network.rules import natural


@dataclass(frozen=True)
class Filters:
    """What a list of links is narrowed to."""

    text: str = ""
    place: Place | None = None
    medium: str = ""
    role: str = ""


def links_for(links: LinkRows, filters: Filters) -> LinkRows:
    """The open links of a list page, with everything a line tells."""
    links = links.at().named()
    if filters.text.strip():
        found = devices_matching(filters.text, Device.objects.all()).values("pk")
        links = links.filter(Q(lower__in=found) | Q(upper__in=found))
    if filters.place:
        below = subtree(filters.place)
        links = links.filter(Q(lower__place__in=below) | Q(upper__place__in=below))
    if filters.medium:
        links = links.filter(medium=filters.medium)
    if filters.role:
        links = links.filter(role=filters.role)
    return links


@dataclass(frozen=True)
class Upstreams:
    """A device's upstreams of one role, and how many of them must be up."""

    role: str
    word: str
    links: list[Link]
    least: int


@dataclass(frozen=True)
class Socket:
    """A port and the devices at the other ends of its links."""

    port: Port
    ends: list[Device]
    past: bool


@dataclass(frozen=True)
class Around:
    """What one device is linked to at present."""

    up: list[Upstreams]
    down: LinkRows
    down_count: int
    sockets: list[Socket]


def around(device: Device) -> Around:
    """A device's links and ports; downstreams as a query, since there may be many."""
    links = Link.objects.at().named()
    down = links.filter(upper=device)
    needs = dict(Need.objects.filter(device=device, until_at=None).values_list("role", "least"))
    by_role: dict[str, list[Link]] = {}
    for link in links.filter(lower=device).order_by("role", "upper__number", "pk"):
        by_role.setdefault(link.role, []).append(link)
    return Around(
        up=[
            Upstreams(role, there[0].role_word, there, needs.get(role, 1)) for role, there in by_role.items()
        ],
        down=down,
        down_count=down.count(),
        sockets=_sockets(device),
    )


def _sockets(device: Device) -> list[Socket]:
    ever = Link.objects.filter(Q(lower_port__device=device) | Q(upper_port__device=device))
    ends: dict[int, list[Device]] = {}
    for link in ever.at().named():
        port, end = (
            (link.lower_port_id, link.upper)
            if link.lower_id == device.pk
            else (link.upper_port_id, link.lower)
        )
        if port:
            ends.setdefault(port, []).append(end)
    used = {key for pair in ever.values_list("lower_port_id", "upper_port_id") for key in pair}
    ports = Port.objects.filter(device=device)
    found = [Socket(port, ends.get(port.pk, []), port.pk in used) for port in ports]
    return sorted(found, key=lambda socket: natural(socket.port.name))


def past_links(device: Device) -> LinkRows:
    """Links a device had and has no longer, the latest first."""
    gone = Link.objects.filter(Q(lower=device) | Q(upper=device), until_at__isnull=False)
    return gone.named().order_by("-until_at", "-pk")
