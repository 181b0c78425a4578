"""QR labels on a sheet to print."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from yika.assets import queries
from yika.assets.models import Device, Place
from yika.assets.policies import visible_devices, visible_places
from yika.assets.views.devices import filters_of
from yika.assets.views.parts import number
from yika.lib.paging import page
from yika.people.policies import person

PER_SHEET = 24
SHEETS = 10


@dataclass(frozen=True)
class Label:
    """What one label shows."""

    title: str
    kind: str
    where: str
    qr: str


@require_GET
def labels(request: HttpRequest) -> HttpResponse:
    """Labels of the devices ticked, or of every device a list shows."""
    user = person(request)
    keys = {number(key) for key in request.GET.getlist("device")[:1000]}
    rows = visible_devices(user).select_related("kind", "place")
    rows = rows.filter(pk__in=keys) if keys else queries.devices_for(rows, filters_of(request, user))
    shown = page(rows, ("number",), request.GET.get("after", ""), size=PER_SHEET * SHEETS)
    made = [_device_label(device) for device in shown.rows]
    return render(request, "assets/labels.html", {"labels": made, "page": shown, "per_sheet": PER_SHEET})


@require_GET
def place_labels(request: HttpRequest, pk: int) -> HttpResponse:
    """Labels of a place and of every place below it, for reports without a device."""
    user = person(request)
    here = get_object_or_404(visible_places(user), pk=pk)
    rows = visible_places(user).filter(pk__in=queries.subtree(here))
    shown = page(rows, ("full_name",), request.GET.get("after", ""), size=PER_SHEET * SHEETS)
    made = [_place_label(place) for place in shown.rows]
    return render(request, "assets/labels.html", {"labels": made, "page": shown, "per_sheet": PER_SHEET})


def _device_label(device: Device) -> Label:
    return Label(
        title=device.number,
        kind=device.kind.label,
        where=_tail(device.place.full_name),
        qr=queries.qr_svg(queries.report_url(device)),
    )


def _place_label(place: Place) -> Label:
    above = place.full_name.rpartition("/")[0]
    return Label(place.name, "", _tail(above), queries.qr_svg(queries.report_url(place)))


def _tail(path: str) -> str:
    """The last three levels: what somebody standing there needs, and what fits."""
    return " / ".join(path.split("/")[-3:])
