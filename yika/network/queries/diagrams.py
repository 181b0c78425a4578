"""Diagrams: what to draw, laid out, with the words that stand in the boxes."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yika.assets.models import Device, DeviceKind, Place
from yika.assets.queries import subtree
from yika.network.queries.graphs import graph
from yika.network.rules import (
    Drawing,
    Fallen,
    Graph,
    Look,
    Shape,
    Sketch,
    backbone,
    building,
    lay_out,
    look_of,
    shown_members,
    surroundings,
)


@dataclass(frozen=True)
class Asked:
    """How a diagram is wanted: of which roles, at what moment, with what failed, which stacks open."""

    at: datetime
    roles: frozenset[str]
    failed: frozenset[int] = frozenset()
    opened: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Label:
    """What is known of a device in a diagram."""

    number: str
    kind: str
    place: str
    look: Look


@dataclass(frozen=True)
class Diagram:
    """A drawing with its words. ``labels`` by device; kinds and places by code and key."""

    drawing: Drawing
    labels: dict[int, Label]
    kinds: dict[str, str]
    areas: dict[int, str]
    looks: dict[Look, int]
    devices: int
    loose: int
    asked: Asked


def draw_backbone(asked: Asked) -> Diagram:
    """The whole network: what carries carriers, and the rest by building."""
    known, fallen = _known(asked)
    return _diagram(known, fallen, backbone(known, asked.roles, fallen, asked.failed), asked)


def draw_building(place: Place, asked: Asked) -> Diagram:
    """Everything in use in a place and below it."""
    known, fallen = _known(asked)
    inside = Device.objects.filter(place__in=subtree(place)).values_list("pk", flat=True)
    return _diagram(
        known, fallen, building(known, list(inside), asked.roles, fallen, asked.failed), asked, under=place
    )


def draw_around(device: Device, asked: Asked) -> Diagram:
    """A device, all above it, and two steps below."""
    known, fallen = _known(asked)
    return _diagram(known, fallen, surroundings(known, device.pk, asked.roles, fallen, asked.failed), asked)


def _known(asked: Asked) -> tuple[Graph, Fallen]:
    known = graph(asked.at)
    return known, known.fall(asked.failed)


def _diagram(
    known: Graph, fallen: Fallen, sketch: Sketch, asked: Asked, under: Place | None = None
) -> Diagram:
    drawing = lay_out(sketch.shapes, asked.opened)
    named: list[int] = []
    for shape in sketch.shapes:
        if shape.single:
            named += shape.members
        elif shape.name in asked.opened:
            named += shown_members(shape)
    areas = {shape.area for shape in sketch.shapes if shape.area}
    looks: Counter[Look] = Counter(shape.look for shape in sketch.shapes)
    return Diagram(
        drawing,
        _labels(known, fallen, named, asked.failed, under),
        {kind.code: kind.label for kind in DeviceKind.objects.all()},
        dict(Place.objects.filter(pk__in=areas).values_list("pk", "name")),
        dict(looks),
        sum(len(shape.members) for shape in sketch.shapes if not shape.outside),
        sketch.loose,
        asked,
    )


def _labels(
    known: Graph, fallen: Fallen, keys: Sequence[int], failed: Collection[int], under: Place | None
) -> dict[int, Label]:
    found: dict[int, Label] = {}
    head = f"{under.full_name}/" if under else ""
    for start in range(0, len(keys), 500):
        rows = Device.objects.filter(pk__in=keys[start : start + 500]).select_related("kind", "place")
        for device in rows:
            path = device.place.full_name
            where = (
                path.removeprefix(head) if head and path.startswith(head) else "/".join(path.split("/")[-2:])
            )
            look = look_of(known, device.pk, fallen, failed)
            found[device.pk] = Label(device.number, device.kind.label, where, look)
    return found


def title_of(diagram: Diagram, shape: Shape) -> tuple[str, str]:
    """The two lines of a box."""
    if shape.single:
        label = diagram.labels.get(shape.members[0])
        return (label.number, f"{label.kind} · {label.place}") if label else ("—", "")
    told = _("、").join(f"{diagram.kinds.get(code, code)} {count}" for code, count in shape.kinds)
    if shape.area:
        return diagram.areas.get(shape.area, "—"), told
    kind = diagram.kinds.get(shape.kinds[0][0], shape.kinds[0][0])
    return f"{kind} × {len(shape.members)}", ""
