"""Diagrams as pages: the backbone, a building, around a device."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.assets.models import Device
from yika.assets.policies import visible_devices, visible_places
from yika.assets.views.parts import number
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.htmx import show
from yika.network import forms, queries
from yika.network.models import ROLE_NAMES
from yika.network.policies import visible
from yika.network.queries import Asked, Diagram
from yika.network.rules import LinkRole, Look, Shape
from yika.network.views.svg import LOOKS, SIGNS, svg
from yika.people.policies import may, person
from yika.people.rules import Right

MOST_ASKED = 200  # failed devices and opened stacks in an address


@require_GET
def backbone(request: HttpRequest) -> HttpResponse:
    """The whole network, buildings as stacks."""
    require(may(person(request), Right.SEE_ASSETS))
    return _page(request, queries.draw_backbone, _("主干网络拓扑图"), tab="backbone")


@require_GET
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """The devices of a place and what they hang on."""
    place = get_object_or_404(visible_places(person(request)), pk=pk)
    title = _("%(place)s网络拓扑图") % {"place": place.name}
    return _page(request, lambda asked: queries.draw_building(place, asked), title, place=place)


@require_GET
def around(request: HttpRequest, pk: int) -> HttpResponse:
    """A device, all above it and what hangs on it."""
    rows = visible_devices(person(request)).select_related("kind", "place")
    device = get_object_or_404(rows, pk=pk)
    title = _("%(number)s 周围的拓扑图") % {"number": device.number}
    return _page(request, lambda asked: queries.draw_around(device, asked), title, device=device)


@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The way from a place's page to its diagram."""
    user = person(request)
    place = get_object_or_404(visible_places(user), pk=number(request.GET.get("place", "")))
    links = queries.links_for(visible(user), queries.Filters(place=place))
    context = {"place": place, "links": links.count()}
    return show(request, "network/place_panel.html", "network/_place_panel.html", context)


def _page(request: HttpRequest, draw: Callable[[Asked], Diagram], title: str, **context: Any) -> HttpResponse:
    now = clock.now()
    form = forms.DiagramForm(request.GET)
    form.is_valid()
    moment = form.cleaned_data.get("at")
    role = form.cleaned_data.get("role") or LinkRole.NETWORK.value
    asked = Asked(
        at=min(moment or now, now),
        roles=frozenset(LinkRole) if role == forms.EVERY_ROLE else frozenset({role}),
        failed=frozenset(_keys(request.GET, "down")),
        opened=frozenset(request.GET.getlist("open")[:MOST_ASKED]),
    )
    diagram = draw(asked)

    def to(shape: Shape) -> str:
        if shape.single:
            return reverse("network:around", args=[shape.members[0]]) + _kept(request)
        if shape.area:
            return reverse("network:building", args=[shape.area]) + _kept(request)
        query = request.GET.copy()
        names = [name for name in query.getlist("open") if name != shape.name][:MOST_ASKED]
        if shape.name not in asked.opened:
            names.append(shape.name)
        query.setlist("open", names)
        return f"?{query.urlencode()}"

    def to_device(key: int) -> str:
        return reverse("network:around", args=[key]) + _kept(request)

    first = f"d{context['device'].pk}" if "device" in context else ""
    context |= {
        "title": title,
        "form": form,
        "kept": _kept(request),
        "role_word": "" if role == forms.EVERY_ROLE else ROLE_NAMES[LinkRole(role)],
        "role": role,
        "roles": forms.DRAWN_ROLES,
        "sheet": form.cleaned_data.get("sheet") or "a4",
        "moment": moment,
        "at": asked.at,
        "diagram": diagram,
        "svg": svg(diagram, title, to=to, to_device=to_device, first=first),
        "legend": [(look, SIGNS[look], LOOKS[look], diagram.looks.get(look, 0)) for look in Look],
        "failed": Device.objects.filter(pk__in=asked.failed).order_by("number"),
        "stacks": any(not box.shape.single and not box.shape.area for box in diagram.drawing.boxes),
        "everything": _everything(request, diagram),
        "happened": "now" in request.GET,  # what failed is no supposition
        "can_see_faults": may(person(request), Right.SEE_FAULTS),
    }
    return render(request, "network/diagram.html", context)


def _everything(request: HttpRequest, diagram: Diagram) -> str:
    """The address of the same diagram with every stack open."""
    query = request.GET.copy()
    stacks = [box.shape.name for box in diagram.drawing.boxes if not box.shape.single and not box.shape.area]
    query.setlist("open", stacks[:MOST_ASKED])
    return f"?{query.urlencode()}"


def _kept(request: HttpRequest) -> str:
    """What goes along from one diagram to the next: roles, moment and what failed, supposed or not."""
    kept = QueryDict(mutable=True)
    for name in ("role", "at", "now", "down"):
        if values := [value for value in request.GET.getlist(name) if value]:
            kept.setlist(name, values)
    return f"?{kept.urlencode()}" if kept else ""


def _keys(query: QueryDict, name: str) -> list[int]:
    return [
        int(text)
        for text in query.getlist(name)[:MOST_ASKED]
        if text.isascii() and text.isdigit() and len(text) < 16
    ]
