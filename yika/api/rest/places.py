"""Places and devices."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router
from ninja.params.functions import Query

from yika.api.rest import telling
from yika.api.rest.door import Bearer, answers, cut, owner, said
from yika.api.rest.kinds import Cursor, Key, Limit, Short, Word
from yika.api.rest.shapes.faults import Listing
from yika.api.rest.shapes.house import DeviceShape, PlaceShape
from yika.api.rules import Scope
from yika.assets import queries
from yika.assets.policies import visible_devices, visible_places
from yika.assets.rules import Life
from yika.lib.decisions import BadInput

router = Router(tags=["places and devices"])
PLACE = ("id", "name", "full_name", "parent_id")
DEVICE = (
    "id",
    "number",
    "kind__code",
    "kind__name",
    "kind__name_en",
    "kind__is_terminal",
    "place_id",
    "place__full_name",
    "model__name",
    "serial",
    "life",
)


def _places(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "full_name": row["full_name"],
            "parent": row["parent_id"],
        }
        for row in rows
    ]


def _devices(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    name = "kind__name_en" if telling.english() else "kind__name"
    return [
        {
            "id": row["id"],
            "number": row["number"],
            "kind": {
                "code": row["kind__code"],
                "name": row[name],
                "is_terminal": row["kind__is_terminal"],
            },
            "place": telling.ref(row["place_id"], row["place__full_name"]),
            "model": row["model__name"] or "",
            "serial": row["serial"],
            "life": row["life"],
            "in_use": row["life"] == Life.IN_USE,
        }
        for row in rows
    ]


@router.get(
    "/places",
    auth=Bearer(Scope.READ),
    response=answers(Listing[PlaceShape]),
    operation_id="list_places",
    summary="List places",
)
def list_places(
    request: HttpRequest,
    q: Short = Query("", description="words of the path, at least one of the name"),
    parent: Key | None = Query(None, description="the places right below this one"),
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """By path."""
    rows = visible_places(owner(request))
    if q.strip():
        rows = queries.places_matching(q, rows)
    if parent is not None:
        rows = rows.filter(parent=parent)
    return cut(rows.values(*PLACE), ("full_name", "id"), cursor, limit, _places)


@router.get(
    "/places/{int:pk}",
    auth=Bearer(Scope.READ),
    response=answers(PlaceShape, found=True),
    operation_id="read_place",
    summary="Read a place",
)
def read_place(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Its path and what it stands under."""
    rows = _places(visible_places(owner(request)).filter(pk=pk).values(*PLACE))
    if not rows:
        raise Http404
    return said(rows[0])


@router.get(
    "/devices",
    auth=Bearer(Scope.READ),
    response=answers(Listing[DeviceShape]),
    operation_id="list_devices",
    summary="List devices",
)
def list_devices(
    request: HttpRequest,
    q: Short = Query("", description="words in number, serial, model, kind or place"),
    number: Short = Query("", description="exactly this number"),
    kind: Word = "",
    place: Key | None = Query(None, description="this place and everything below it"),
    in_use: bool | None = True,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """By number."""
    user = owner(request)
    where = None
    if place is not None:
        where = visible_places(user).filter(pk=place).first()
        if where is None:
            raise BadInput(_("没有这个地点"), field="place")
    rows = visible_devices(user)
    if number:
        rows = rows.filter(number=number)
    filters = queries.Filters(text=q, kind=kind, place=where, in_use=in_use)
    plain = queries.devices_for(rows, filters).select_related(None).values(*DEVICE)
    return cut(plain, ("number", "id"), cursor, limit, _devices)


@router.get(
    "/devices/{int:pk}",
    auth=Bearer(Scope.READ),
    response=answers(DeviceShape, found=True),
    operation_id="read_device",
    summary="Read a device",
)
def read_device(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """What it is and where it stands."""
    rows = _devices(visible_devices(owner(request)).filter(pk=pk).values(*DEVICE))
    if not rows:
        raise Http404
    return said(rows[0])
