"""若其中断: what goes down if some devices fail together."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.assets.models import DeviceKind
from yika.assets.policies import visible_devices
from yika.assets.views.parts import number
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import show
from yika.lib.office.tables import Column
from yika.lib.text import moment
from yika.network import forms, queries
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Choose devices and a moment; what goes down stands below."""
    now, user = clock.now(), person(request)
    require(may(user, Right.SEE_ASSETS))
    asking = "device" in request.GET or "device_text" in request.GET
    form = forms.ImpactForm(request.GET if asking else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        at = asked["at"] or now
        if at > now:
            form.add_error("at", _("不能晚于现在"))
        else:
            found = queries.impact_of(asked["device"], at)
            nodes = found.fallen.graph
            context |= {
                "devices": asked["device"],
                "moment": asked["at"],
                "impact": found,
                "level": _level_word(queries.level_of(found, at)),
                "kinds": queries.by_kind(found),
                "kind": asked["kind"],
                "crowd": queries.crowd_of(found),
                "page": queries.affected_page(found, asked["kind"], request.GET.get("after", "")),
                "absent": [device for device in asked["device"] if device.pk not in nodes.nodes],
                "unfed": [
                    device
                    for device in asked["device"]
                    if device.pk in nodes.nodes and device.pk not in found.fallen
                ],
            }
    status = 422 if asking and form.errors else 200
    return render(request, "network/impact.html", context, status=status)


def _level_word(level: Any) -> dict[str, str] | None:
    """A level as a tag shows it."""
    if level is None:
        return None
    return {"key": level.key, "word": level.name_en if get_language() == "en" else level.name}


@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The same in short, for the device's own page."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_devices(user), pk=number(request.GET.get("device", "")))
    found = queries.impact_of([here], at)
    context = {
        "device": here,
        "impact": found,
        "level": _level_word(queries.level_of(found, at)),
        "kinds": queries.by_kind(found),
    }
    return show(request, "network/impact_panel.html", "network/_impact_panel.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The devices that go down, as a file."""
    now, user = clock.now(), person(request)
    require(may(user, Right.SEE_ASSETS))
    form_asked = forms.ImpactForm(request.GET)
    if not form_asked.is_valid() and "at" in form_asked.errors:
        raise BadInput(*form_asked.errors["at"])
    asked = form_asked.cleaned_data
    failed = asked.get("device") or []  # without any, nothing goes down
    found = queries.impact_of(failed, asked["at"] or now)
    count, rows = queries.affected(found, asked["kind"])
    return taken(
        request,
        "impact",
        form,
        title=_("若其中断：%(numbers)s") % {"numbers": _("、").join(device.number for device in failed)[:60]},
        columns=[
            Column(_("设备编号"), 14),
            Column(_("类型"), 14),
            Column(_("地点"), 44),
            Column(_("计为终端"), 10),
        ],
        rows=(
            (
                device.number,
                device.kind.label,
                device.place.full_name,
                _("是") if device.kind.is_terminal else _("否"),
            )
            for device in rows
        ),
        count=count,
        at=now,
        filters=[
            (pgettext("one", "设备"), _("、").join(device.number for device in failed)),
            (_("时刻"), moment(asked["at"]) if asked["at"] else ""),
            (_("类型"), next((kind.label for kind in DeviceKind.objects.filter(code=asked["kind"])), "")),
        ],
    )
