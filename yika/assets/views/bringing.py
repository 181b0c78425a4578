"""Lists brought in from files and taken away to be changed: one table says what, who and where to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yika.assets import queries
from yika.assets.actions import bringing as actions
from yika.assets.bringing import (
    ATTRIBUTES,
    DETAILS,
    MERCHANTS,
    MODELS,
    PLACES,
    WantedDetails,
    planned_attributes,
    planned_details,
    planned_merchants,
    planned_models,
    planned_places,
    told_values,
)
from yika.assets.bringing.catalogue import TYPES
from yika.assets.bringing.cells import yes
from yika.assets.bringing.withheld import withheld
from yika.assets.models import RESPONSIBLE_NAMES, Attribute, DeviceModel
from yika.assets.policies import can_manage, can_see, visible_devices, visible_places
from yika.assets.rules import Responsible
from yika.assets.views.devices import filters_of
from yika.journal.bringing import brought_in
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.office.bringing import Listing, Plan, Withheld
from yika.lib.office.reading import Read
from yika.lib.office.tables import Column
from yika.people.policies import person


@dataclass(frozen=True)
class Way:
    """How a list comes in."""

    listing: Listing
    planned: Callable[[Read], Plan[Any]]
    apply: Callable[..., Plan[Any]]
    withheld: Callable[[Plan[Any], datetime], Withheld | None] | None = None


def _details_withheld(plan: Plan[WantedDetails], at: datetime) -> Withheld | None:
    return withheld(plan, actions.wanted_of(plan), lambda one: one.device, at)


WAYS = {
    "models": Way(MODELS, planned_models, actions.import_models),
    "merchants": Way(MERCHANTS, planned_merchants, actions.import_merchants),
    "attributes": Way(ATTRIBUTES, planned_attributes, actions.import_attributes),
    "places": Way(PLACES, planned_places, actions.import_places),
    "details": Way(DETAILS, planned_details, actions.import_details, _details_withheld),
}


def _bring(request: HttpRequest, way: Way) -> HttpResponse:
    require(can_manage(person(request)))
    return brought_in(request, way.listing, way.planned, way.apply, way.withheld)


@require_http_methods(["GET", "HEAD", "POST"])
def bring_models(request: HttpRequest) -> HttpResponse:
    """Models from a file."""
    return _bring(request, WAYS["models"])


@require_http_methods(["GET", "HEAD", "POST"])
def bring_merchants(request: HttpRequest) -> HttpResponse:
    """Merchants from a file."""
    return _bring(request, WAYS["merchants"])


@require_http_methods(["GET", "HEAD", "POST"])
def bring_attributes(request: HttpRequest) -> HttpResponse:
    """Attributes from a file."""
    return _bring(request, WAYS["attributes"])


@require_http_methods(["GET", "HEAD", "POST"])
def bring_places(request: HttpRequest) -> HttpResponse:
    """What is said of places, from a file."""
    return _bring(request, WAYS["places"])


@require_http_methods(["GET", "HEAD", "POST"])
def bring_details(request: HttpRequest) -> HttpResponse:
    """What is known of devices, from a file."""
    return _bring(request, WAYS["details"])


def _taken(
    request: HttpRequest,
    name: str,
    form: str,
    title: "str | Promise",
    listing: Listing,
    rows: Iterable[tuple[Any, ...]],
    count: int,
) -> HttpResponseBase:
    """A file with the headings that the import knows."""
    require(can_see(person(request)))
    columns = [Column(str(heading.name), 16) for heading in listing.headings]
    at = clock.now()
    return taken(request, name, form, title=str(title), columns=columns, rows=rows, count=count, at=at)


@require_GET
def export_models(request: HttpRequest, form: str) -> HttpResponseBase:
    """型号清单."""
    rows = DeviceModel.objects.select_related("kind").order_by("kind", "name")
    lines = (
        (one.kind.label, one.name, one.maker, one.warranty_months, yes(one.works_offline))
        for one in rows.iterator(chunk_size=2000)
    )
    return _taken(request, "models", form, gettext_lazy("型号清单"), MODELS, lines, rows.count())


@require_GET
def export_attributes(request: HttpRequest, form: str) -> HttpResponseBase:
    """设备属性清单."""
    rows = Attribute.objects.select_related("kind").order_by("kind", "pk")
    lines = (
        (
            one.kind.label,
            one.key,
            one.name,
            str(TYPES[one.type]),
            "、".join(one.choices),
            one.unit,
            one.name_en,
            yes(one.controlled),
        )
        for one in rows.iterator(chunk_size=2000)
    )
    return _taken(request, "attributes", form, gettext_lazy("设备属性清单"), ATTRIBUTES, lines, rows.count())


@require_GET
def export_place_facts(request: HttpRequest, form: str) -> HttpResponseBase:
    """地点资料."""
    rows = visible_places(person(request)).order_by("full_name")
    lines = ((one.full_name, one.kind_word, one.daily_users) for one in rows.iterator(chunk_size=2000))
    return _taken(request, "place-facts", form, gettext_lazy("地点资料"), PLACES, lines, rows.count())


@require_GET
def export_details(request: HttpRequest, form: str) -> HttpResponseBase:
    """设备资料: of the devices that the list shows."""
    user = person(request)
    rows = queries.devices_for(visible_devices(user), filters_of(request, user))
    rows = rows.select_related("kind", "merchant", "model", "place").order_by("number")
    known: dict[int, list[Attribute]] = {}
    for one in Attribute.objects.order_by("pk"):
        known.setdefault(one.kind_id, []).append(one)
    lines = (
        (
            one.number,
            one.merchant_name,
            str(RESPONSIBLE_NAMES[Responsible(one.responsible)]),
            one.installed_on,
            one.warranty_until,
            one.psam_number,
            one.key_version,
            one.upstream_ip,
            one.usual_users,
            "" if one.works_offline is None else yes(one.works_offline),
            told_values(one, known.get(one.kind_id, [])),
        )
        for one in rows.iterator(chunk_size=2000)
    )
    return _taken(request, "device-details", form, gettext_lazy("设备资料"), DETAILS, lines, rows.count())
