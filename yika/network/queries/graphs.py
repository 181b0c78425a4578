"""The graph of a moment, read from links and devices.

A graph once read is kept by each process until the revision, or the journal for devices and places, says that
something was written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, Subquery

from yika.assets.models import Device, Place, Stay
from yika.assets.rules import PlaceKind, ancestry
from yika.journal.models import Event
from yika.journal.queries import last_event
from yika.network.models import Link, Need, Revision
from yika.network.rules import Edge, Graph, Node

PAST_KEPT = 3
LATE = 1000  # events: one with a smaller key may be committed later than one already seen
SMALL_BUILDING = 12  # places
_NEVER = datetime(1992, 1, 1, tzinfo=UTC)
_TOLD = (
    "pk",
    "kind__code",
    "kind__is_terminal",
    "usual_users",
    "merchant_id",
    "works_offline",
    "model__works_offline",
)


@dataclass
class _Known:
    """The present graph of a revision; the past begins before ``since``, when something last changed.

    ``told`` counts the events of assets after the event ``floor`` that the graph knows, and ``top`` is the
    latest event looked at.
    """

    revision: tuple[UUID | None, int]
    since: datetime
    present: Graph
    past: dict[datetime, Graph]
    floor: int
    top: int
    told: int


_known: _Known | None = None


def graph(at: datetime) -> Graph:
    """What hung on what at a moment: links, needs and where devices stood as they were then."""
    global _known
    revision = _revision()
    known = _known
    if known is None or known.revision != revision or _assets_changed(known):
        top = last_event()
        told = _looked(top - LATE)[1]
        known = _known = _Known(revision, _since(), _read(None), {}, top - LATE, top, told)
    if at >= known.since:
        return known.present
    found = known.past.get(at)
    if found is None:
        if len(known.past) >= PAST_KEPT:
            known.past.clear()
        found = known.past[at] = _read(at)
    return found


def forget() -> None:
    """Read the graph anew next time."""
    global _known
    _known = None


_TOKEN = Subquery(Revision.objects.order_by("pk").values("token")[:1])


def _revision() -> tuple[UUID | None, int]:
    """The token and the latest device; nothing while there is no device."""
    return Device.objects.order_by("-pk").values_list(_TOKEN, "pk").first() or (None, 0)


def _assets_changed(known: _Known) -> bool:
    """Whether a device or place was written since: assets below tells nobody, the journal knows.

    The journal only grows, so that another count is another event, whichever key it came with.
    """
    top, told, later = _looked(known.floor, known.top - LATE)
    if told != known.told:
        return True
    if known.top - known.floor > 2 * LATE:
        known.floor, known.told = known.top - LATE, later
    known.top = max(known.top, top)
    return False


def _looked(floor: int, later: int = 0) -> tuple[int, int, int]:
    """The latest event, and how many of assets there are after ``floor`` and after the event ``later``."""
    ours = Q(verb__startswith="assets.")
    seen = Event.objects.filter(pk__gt=floor).aggregate(
        top=Max("pk"), told=Count("pk", filter=ours), later=Count("pk", filter=ours & Q(pk__gt=later))
    )
    return seen["top"] or 0, seen["told"], seen["later"]


def _since() -> datetime:
    links = Link.objects.aggregate(begun=Max("from_at"), ended=Max("until_at"))
    needs = Need.objects.aggregate(begun=Max("from_at"), ended=Max("until_at"))
    stays = Stay.objects.aggregate(begun=Max("from_at"), ended=Max("until_at"))
    moments = (*links.values(), *needs.values(), *stays.values())
    return max((at for at in moments if at is not None), default=_NEVER)


def _read(at: datetime | None) -> Graph:
    """The graph of a moment; of the present without one."""
    crowds, crowd_by_place = _crowds()
    areas = areas_of_places()
    links = Link.objects.at(at).values_list("lower_id", "upper_id", "role")
    needs = Need.objects.at(at)
    return Graph(
        _nodes(at, crowd_by_place, areas),
        (Edge(*row) for row in links.iterator(chunk_size=5000)),
        {(device, role): least for device, role, least in needs.values_list("device_id", "role", "least")},
        crowds,
    )


def _nodes(
    at: datetime | None, crowd_by_place: Mapping[int, int], areas: Mapping[int, int]
) -> Iterator[Node]:
    """The devices in use at a moment, where they stood then; all else is what is known of them now."""
    rows: Iterable[tuple[Any, ...]]
    if at is None:
        rows = Device.objects.in_use().values_list("place_id", *_TOLD).iterator(chunk_size=5000)
    else:
        stays = Stay.objects.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)
        told = [f"device__{name}" for name in _TOLD]
        rows = stays.values_list("place_id", *told).iterator(chunk_size=5000)
    for place, key, kind, terminal, users, merchant, offline, usually in rows:
        yield Node(
            key,
            kind,
            terminal,
            users,
            crowd_by_place.get(place, 0),
            merchant or 0,
            bool(usually if offline is None else offline),
            areas.get(place, 0),
        )


def _crowds() -> tuple[dict[int, int], dict[int, int]]:
    """Daily users by place that has a number, and for every place the nearest such at or above it."""
    rows = Place.objects.values_list("pk", "daily_users")
    crowds = {place: users for place, users in rows if users is not None}
    if not crowds:
        return {}, {}
    keys = dict(Place.objects.values_list("full_name", "pk"))
    nearest = {}
    for path, key in keys.items():
        above = (keys[here] for here in reversed(ancestry(path)))
        nearest[key] = next((place for place in above if place in crowds), 0)
    return crowds, nearest


def areas_of_places() -> dict[int, int]:
    """For every place the building it counts to: the outermost place called a building at or above it.

    Where none is, the highest place below the top that holds a fifth of all at most, for campuses nest
    differently: 后勤集团/饮食中心/桂香园餐厅 is three levels down, 图书馆 one.
    """
    keys, buildings = {}, set()
    for path, key, kind in Place.objects.values_list("full_name", "pk", "kind"):
        keys[path] = key
        if kind == PlaceKind.BUILDING:
            buildings.add(path)
    held: Counter[str] = Counter()
    for path in keys:
        held.update(ancestry(path))
    most = max(SMALL_BUILDING, len(keys) // 5)
    found = {}
    for path, key in keys.items():
        above = ancestry(path)
        building = next((here for here in above if here in buildings), "")
        found[key] = keys[building or next((here for here in above[1:] if held[here] <= most), above[-1])]
    return found
