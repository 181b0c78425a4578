"""Places and devices as tables, which the import reads again."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.assets import queries
from yika.assets.policies import visible_devices, visible_places
from yika.assets.rules import COLUMNS, HEADERS
from yika.assets.views.devices import filters_of
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.office.tables import Column
from yika.people.policies import person

WIDTHS = {"place": 44, "number": 14, "kind": 14, "model": 16, "serial": 18}


def _heading(column: str) -> str:
    """What a column is called in the reader's language; the import knows both."""
    names = HEADERS[column]
    return names[-1].capitalize() if get_language() == "en" else names[0]


@require_GET
def export_devices(request: HttpRequest, form: str) -> HttpResponseBase:
    """The devices of the list, with the headings that the import knows."""
    user = person(request)
    rows = queries.devices_for(visible_devices(user), filters_of(request, user))
    return taken(
        request,
        "devices",
        form,
        title=pgettext("nav", "设备"),
        columns=[
            *(Column(_heading(column), WIDTHS[column]) for column in COLUMNS),
            Column(_("使用状态"), 10),
        ],
        rows=queries.exported(rows),
        count=rows.count(),
        at=clock.now(),
    )


@require_GET
def export_places(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every place by its path, or those that a search finds."""
    user = person(request)
    text = request.GET.get("q", "").strip()[:100]
    rows = visible_places(user)
    if text:
        rows = queries.places_matching(text, rows)
    return taken(
        request,
        "places",
        form,
        title=pgettext("nav", "地点"),
        columns=[Column(_heading("place"), WIDTHS["place"])],
        rows=rows.order_by("full_name").values_list("full_name").iterator(chunk_size=2000),
        count=rows.count(),
        at=clock.now(),
    )
