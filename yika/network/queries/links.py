"""Links and ports as pages, lists and the journal tell them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from yika.assets.models import Device, Place
from yika.assets.queries import devices_matching, subtree
from yika.network.models import MEDIUM_NAMES, ROLE_NAMES, Link, LinkRows, Need, Port
from yika.network.rules import LinkRole, Medium, Upstream, natural


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


def upstreams_of(device: Device) -> list[Upstream]:
    """A device's upstreams as they stand, in an order that is always the same."""
    links = Link.objects.at().filter(lower=device).select_related("lower_port", "upper_port")
    return sorted(upstream(link) for link in links)


def upstream(link: Link) -> Upstream:
    """A link as the value of the lower device."""
    return Upstream(
        link.upper_id,
        LinkRole(link.role),
        Medium(link.medium),
        link.upper_port.name if link.upper_port else "",
        link.lower_port.name if link.lower_port else "",
    )


def upstream_words(upstreams: Iterable[Upstream], numbers: Mapping[int, str] | None = None) -> str:
    """Upstreams as people read them, “eth0 → SW-1 p1（网络，网线）”, the ports where they are known.

    ``numbers`` are those of the upper devices by key, where they are at hand.
    """
    listed = list(upstreams)
    if numbers is None:
        numbers = dict(Device.objects.filter(pk__in=[one.to for one in listed]).values_list("pk", "number"))
    return _("；").join(
        f"{f'{one.own_port} → ' if one.own_port else ''}"
        f"{numbers.get(one.to, '—')}{f' {one.port}' if one.port else ''}"
        + _("（%(role)s，%(medium)s）")
        % {"role": ROLE_NAMES[one.role], "medium": MEDIUM_NAMES[one.medium]}
        for one in listed
    ) or _("没有上联")


def downstreams_of(device: Device) -> list[Device]:
    """The devices that hang on a device at present, whatever for, once each."""
    lowers = Link.objects.at().filter(upper=device).values("lower")
    return list(Device.objects.filter(pk__in=lowers).order_by("number"))
