"""Places and devices as pages and forms need them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Left, Length
from django.urls import NoReverseMatch, reverse

from yika.assets.models import (
    LIFE_NAMES,
    Attribute,
    Device,
    DeviceKind,
    DeviceModel,
    DeviceRows,
    DeviceWords,
    Merchant,
    Place,
    PlaceWords,
)
from yika.assets.rules import KnownDevice, Life, World, ancestry, shown
from yika.lib.grams import sought

FOUND_LIMIT = 20
_MODEL = Coalesce("model__name", Value(""))
_SERVING = Case(When(life=Life.IN_USE, then=0), default=1)


def subtree(place: Place) -> QuerySet[Place]:
    """A place and everything below it.

    SQLite's LIKE ignores case, so the head of the path is compared once more as it is.
    """
    head = f"{place.full_name}/"
    below = Q(full_name__startswith=head, head=head)
    return Place.objects.alias(head=Left("full_name", len(head))).filter(below | Q(pk=place.pk))


def ancestors(place: Place) -> list[Place]:
    """The places above one, from the top."""
    above = ancestry(place.full_name)[:-1]
    return list(Place.objects.filter(full_name__in=above).order_by(Length("full_name")))


def roots() -> QuerySet[Place]:
    """The places with nothing above them."""
    return Place.objects.filter(parent=None)


@dataclass(frozen=True)
class Branch:
    """A place in a list, with how much stands in it and below it."""

    place: Place
    below: int
    devices: int


def branches(places: Iterable[Place]) -> list[Branch]:
    """Each place with the number of places below it and of devices in use there and below.

    Siblings or any other list; two queries, whatever its length.
    """
    listed = {place.full_name: place for place in places}
    if not listed:
        return []
    wanted = Q()
    for top in _tops(listed.values()):
        wanted |= Q(full_name__startswith=top)
    below: Counter[str] = Counter()
    devices: Counter[str] = Counter()
    serving = Count("devices", filter=Q(devices__life=Life.IN_USE))
    counted = Place.objects.filter(wanted).annotate(standing=serving)
    for full_name, standing in counted.values_list("full_name", "standing"):
        for path in ancestry(full_name):
            if path in listed:
                below[path] += path != full_name
                devices[path] += standing
    return [Branch(place, below[name], devices[name]) for name, place in listed.items()]


def _tops(places: Iterable[Place]) -> list[str]:
    """The common heads to read under: the parent's path of siblings, else each top level once."""
    parents = {place.full_name.rpartition("/")[0] for place in places}
    if len(parents) == 1 and "" not in parents:
        return [f"{parents.pop()}/"]
    return sorted({place.full_name.split("/")[0] for place in places})


def places_matching(text: str, places: QuerySet[Place]) -> QuerySet[Place]:
    """Places with every word of a text, or its initials, in their path and one at least in their own name."""
    terms = sought(text)
    if not terms:
        return places.none()
    own = Q()
    for term in terms:
        places = places.filter(words__grams__has=term)
        own |= Q(words__grams__called=term)
    return places.filter(own)


def search_places(text: str, limit: int = FOUND_LIMIT) -> list[Place]:
    """A few places for a text, shortest path first; a full path finds exactly its place first."""
    return nearest_places(text, Place.objects.all(), limit)


def nearest_places(text: str, places: QuerySet[Place], limit: int) -> list[Place]:
    """As ``search_places``, among the places given."""
    found = places_matching(text, places).order_by(Length("full_name"), "full_name")
    exact = list(places.filter(full_name=text.strip()))
    return [*exact, *(place for place in found[:limit] if place not in exact)][:limit]


def devices_matching(text: str, devices: DeviceRows) -> DeviceRows:
    """Devices with every word of a text in number, serial, model, kind or place, or initials of it."""
    terms = sought(text)
    if text.strip() and not terms:
        return devices.none()
    for term in terms:
        devices = devices.filter(Q(pk__in=devices_called(term)) | Q(place__in=places_called(term)))
    return devices


def places_called(word: str) -> QuerySet[PlaceWords, int]:
    """The keys of the places with a word in their path."""
    return PlaceWords.objects.filter(grams__has=word).values_list("pk", flat=True)


def devices_called(word: str) -> QuerySet[DeviceWords, int]:
    """The keys of the devices with a word in number, serial, model or kind."""
    return DeviceWords.objects.filter(grams__has=word).values_list("pk", flat=True)


def search_devices(text: str, limit: int = FOUND_LIMIT) -> list[Device]:
    """A few devices in use for a text; an exact number comes first."""
    return nearest_devices(text, Device.objects.in_use(), limit)


def nearest_devices(text: str, devices: DeviceRows, limit: int) -> list[Device]:
    """As ``search_devices``, among the devices given; those in use before others."""
    if not sought(text):
        return []
    rows = devices.select_related("kind", "place")
    exact = list(rows.filter(number=text.strip()))
    found = serving_first(devices_matching(text, rows))[:limit]
    return [*exact, *(device for device in found if device not in exact)][:limit]


def serving_first(devices: DeviceRows) -> DeviceRows:
    """By number, those in use before others."""
    return devices.order_by(_SERVING, "number")


@dataclass(frozen=True)
class Filters:
    """What a list of devices is narrowed to."""

    text: str = ""
    kind: str = ""
    place: Place | None = None
    in_use: bool | None = True
    life: Life | None = None


def devices_for(devices: DeviceRows, filters: Filters) -> DeviceRows:
    """The devices of a list page, with kind and place read along."""
    devices = devices_matching(filters.text, devices).select_related("kind", "place", "model")
    if filters.kind:
        devices = devices.filter(kind__code=filters.kind)
    if filters.place:
        devices = devices.filter(place__in=subtree(filters.place))
    if filters.life is not None:
        devices = devices.filter(life=filters.life)
    elif filters.in_use is not None:
        devices = devices.in_use() if filters.in_use else devices.exclude(life=Life.IN_USE)
    return devices


def exported(devices: QuerySet[Device]) -> Iterator[tuple[str, ...]]:
    """Devices as rows of the table that the import reads; their stage of life comes last, which it leaves."""
    rows = devices.order_by("place__full_name", "number").values_list(
        "place__full_name", "number", "kind__name", _MODEL, "serial", "life"
    )
    for *said, life in rows.iterator(chunk_size=2000):
        yield *said, str(LIFE_NAMES[Life(life)])


def report_url(thing: Place | Device) -> str:
    """The address behind a label's QR code: where anybody reports a fault of this place or device."""
    short, name = ("d", "faults:report_device") if isinstance(thing, Device) else ("p", "faults:report_place")
    try:
        path = reverse(name, args=[thing.token])
    except NoReverseMatch:
        path = f"/r/{short}/{thing.token}/"
    return f"{settings.ORIGIN}{path}"


def qr_svg(url: str, *, quick: bool = False) -> str:
    """A QR code as an SVG element that scales with its box; dark on white in every theme.

    ``quick`` takes the first mask instead of the fairest of eight, for hundreds at once: a third of the time.
    """
    drawn: str = segno.make(url, error="m", micro=False, mask=0 if quick else None).svg_inline(
        border=2, dark="#000", light="#fff", omitsize=True
    )
    return drawn


def attributes_of(kind: DeviceKind) -> list[Attribute]:
    """What is known of every device of a kind, in the order it was set up."""
    return list(kind.attributes.order_by("pk"))


def told_attributes(device: Device) -> list[tuple[Attribute, str]]:
    """A device's attributes with their values in words, those nobody filled in too."""
    return [
        (
            one,
            f"{shown(device.attributes[one.key])} {one.unit}".strip() if one.key in device.attributes else "",
        )
        for one in attributes_of(device.kind)
    ]


def kind_spellings() -> dict[str, str]:
    """Every way to write a kind in a list, in lower case, and the code it means."""
    spellings: dict[str, str] = {}
    for code, name, name_en in DeviceKind.objects.values_list("code", "name", "name_en"):
        spellings |= {code.lower(): code, name.lower(): code, name_en.lower(): code}
    return spellings


def world() -> World:
    """What an import is compared with."""
    devices = Device.objects.annotate(code=F("kind__code"), path=F("place__full_name")).values_list(
        "number", "code", "path", _MODEL, "serial"
    )
    return World(
        places=frozenset(Place.objects.values_list("full_name", flat=True)),
        devices={row[0]: KnownDevice(*row) for row in devices.iterator(chunk_size=2000)},
        kinds=kind_spellings(),
    )


def kinds_counted() -> QuerySet[DeviceKind]:
    """Kinds with how many devices, models and attributes each has."""

    def count(rows: QuerySet[Any]) -> Coalesce:
        counted = rows.filter(kind=OuterRef("pk")).order_by().values("kind").annotate(n=Count("pk"))
        return Coalesce(Subquery(counted.values("n")), 0)

    return DeviceKind.objects.annotate(
        serving=count(Device.objects.in_use()),
        spare=count(Device.objects.filter(life=Life.IN_STOCK)),
        made=count(DeviceModel.objects.all()),
        known=count(Attribute.objects.all()),
    ).order_by("pk")


def merchants_counted(text: str = "") -> QuerySet[Any]:
    """Merchants with their devices in use (``serving``) and all of them."""
    rows = Merchant.objects.annotate(
        serving=Count("devices", filter=Q(devices__life=Life.IN_USE)), all=Count("devices")
    )
    return rows.filter(name__icontains=text) if text else rows


def spares(devices: DeviceRows) -> QuerySet[Device]:
    """Those in stock, by where they lie."""
    rows = devices.filter(life=Life.IN_STOCK).select_related("kind", "model", "place")
    return rows.order_by("place__full_name", "kind_id", "number")


@dataclass(frozen=True)
class Stock:
    """How many devices of a kind lie at a place, and how many of the kind serve on campus."""

    place: int
    path: str
    kind: DeviceKind
    count: int
    serving: int


def stock(devices: DeviceRows) -> list[Stock]:
    """What is in stock, by place and kind; three queries."""
    by_kind = devices.in_use().order_by().values("kind").annotate(n=Count("pk"))
    serving = dict(by_kind.values_list("kind", "n"))
    kinds = DeviceKind.objects.in_bulk()
    rows = (
        devices.filter(life=Life.IN_STOCK)
        .order_by("place__full_name", "kind")
        .values("place", "place__full_name", "kind")
        .annotate(n=Count("pk"))
        .values_list("place", "place__full_name", "kind", "n")
    )
    return [Stock(place, path, kinds[kind], n, serving.get(kind, 0)) for place, path, kind, n in rows]
