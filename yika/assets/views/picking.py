"""What the pickers in forms find while somebody types; a plain search page without htmx."""

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yika.assets.forms import device_choices, picked, place_choices
from yika.assets.queries import FOUND_LIMIT
from yika.lib.decisions import require
from yika.lib.htmx import show
from yika.people.policies import may, person
from yika.people.rules import Right

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")


@require_GET
def pick_place(request: HttpRequest) -> HttpResponse:
    """Places for a text, to tick one."""
    require(may(person(request), Right.SEE_ASSETS))
    name = _name(request, "place")
    value = picked(request.GET, name)
    context = {
        "name": name,
        "value": value,
        "choices": place_choices(value),
        "many": False,
        "none_label": request.GET.get("none_label", "")[:40],
        "limit": FOUND_LIMIT,
    }
    return show(request, "assets/pick.html", "assets/_picks.html", context)


@require_GET
def pick_device(request: HttpRequest) -> HttpResponse:
    """Devices in use for a text, to tick some."""
    require(may(person(request), Right.SEE_ASSETS))
    name = _name(request, "device")
    value = picked(request.GET, name)
    context = {
        "name": name,
        "value": value,
        "choices": device_choices(value),
        "many": request.GET.get("many") != "0",
        "limit": FOUND_LIMIT,
    }
    return show(request, "assets/pick.html", "assets/_picks.html", context)


def _name(request: HttpRequest, default: str) -> str:
    """The form field the choices are for."""
    name = request.GET.get("name", "")
    return name if _NAME.fullmatch(name) else default
