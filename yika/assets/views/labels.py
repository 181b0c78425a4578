"""QR labels: on a page to look at, and as PDF sheets that fit the labels one buys."""

from dataclasses import asdict, dataclass
from pathlib import Path

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.assets import queries
from yika.assets.forms import SheetForm
from yika.assets.models import Device, Place
from yika.assets.policies import visible_devices, visible_places
from yika.assets.rules import BY_KEY, MOST_LABELS, USUAL, spots
from yika.assets.views.devices import filters_of
from yika.assets.views.parts import number
from yika.lib.decisions import BadInput
from yika.lib.office.papers import set_pdf
from yika.lib.paging import page
from yika.people.policies import person

SHOWN = 240
PAPER = Path(__file__).parents[1] / "templates" / "assets" / "labels.typ"


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
    shown = page(_devices(request), ("number",), request.GET.get("after", ""), size=SHOWN)
    pdf = reverse("assets:label_sheet")
    return _shown(request, [_device_label(device) for device in shown.rows], shown, pdf)


@require_GET
def place_labels(request: HttpRequest, pk: int) -> HttpResponse:
    """Labels of a place and of every place below it, for reports without a device."""
    shown = page(_places(request, pk), ("full_name",), request.GET.get("after", ""), size=SHOWN)
    pdf = reverse("assets:place_label_sheet", args=[pk])
    return _shown(request, [_place_label(place) for place in shown.rows], shown, pdf)


@require_GET
def label_sheet(request: HttpRequest) -> HttpResponse:
    """The same labels as a PDF for the sheets chosen."""
    rows = _devices(request).order_by("number")
    return _sheet(request, [_device_label(device, quick=True) for device in rows[: MOST_LABELS + 1]])


@require_GET
def place_label_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The labels of a place and of those below it as a PDF."""
    rows = _places(request, pk).order_by("full_name")
    return _sheet(request, [_place_label(place, quick=True) for place in rows[: MOST_LABELS + 1]])


def _devices(request: HttpRequest) -> QuerySet[Device]:
    user = person(request)
    keys = {number(key) for key in request.GET.getlist("device")[:MOST_LABELS]}
    rows = visible_devices(user).select_related("kind", "place")
    return rows.filter(pk__in=keys) if keys else queries.devices_for(rows, filters_of(request, user))


def _places(request: HttpRequest, pk: int) -> QuerySet[Place]:
    user = person(request)
    here = get_object_or_404(visible_places(user), pk=pk)
    return visible_places(user).filter(pk__in=queries.subtree(here))


def _shown(request: HttpRequest, made: list[Label], shown: object, pdf: str) -> HttpResponse:
    context = {
        "labels": made,
        "page": shown,
        "pdf": pdf,
        "form": SheetForm(initial={"sheet": USUAL.key, "used": 0}),
        "asked": [
            (key, value)
            for key, values in request.GET.lists()
            if key not in ("after", "sheet", "used")
            for value in values
        ],
        "most": MOST_LABELS,
    }
    return render(request, "assets/labels.html", context)


def _sheet(request: HttpRequest, made: list[Label]) -> HttpResponse:
    if not made:
        raise BadInput(_("没有可打印的标签"))
    if len(made) > MOST_LABELS:
        raise BadInput(_("一次最多打印 %(most)d 张标签，请缩小范围") % {"most": MOST_LABELS})
    form = SheetForm(request.GET)
    if not form.is_valid():
        raise BadInput(*(str(error) for errors in form.errors.values() for error in errors))
    sheet = BY_KEY[form.cleaned_data["sheet"]]
    places = spots(sheet, len(made), min(form.cleaned_data["used"] or 0, sheet.labels - 1))
    pdf = set_pdf(
        PAPER,
        {
            "lang": (get_language() or "zh")[:2],
            "width": sheet.width,
            "height": sheet.height,
            "call": _("扫码报修"),
            "labels": [
                {**asdict(label), "page": on, "x": x, "y": y}
                for label, (on, x, y) in zip(made, places, strict=True)
            ],
        },
    )
    name = f"labels-{sheet.key}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _device_label(device: Device, *, quick: bool = False) -> Label:
    return Label(
        title=device.number,
        kind=device.kind.label,
        where=_tail(device.place.full_name),
        qr=queries.qr_svg(queries.report_url(device), quick=quick),
    )


def _place_label(place: Place, *, quick: bool = False) -> Label:
    above = place.full_name.rpartition("/")[0]
    return Label(place.name, "", _tail(above), queries.qr_svg(queries.report_url(place), quick=quick))


def _tail(path: str) -> str:
    """The last three levels: what somebody standing there needs, and what fits."""
    return " / ".join(path.split("/")[-3:])
