"""From a label to its thing: read by the phone's camera, or typed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yika.assets.models import Device
from yika.assets.policies import visible_devices, visible_places
from yika.assets.rules import read_code
from yika.lib.decisions import require
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """The camera; with ``?code=`` the page of the device or place that a label or number means."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    code = request.GET.get("code", "")
    of, value = read_code(code)
    if value and of == "p":
        place = visible_places(user).filter(token=value).first()
        if place:
            return redirect("assets:place", place.pk)
    elif value:
        device = visible_devices(user).filter(token=value).first() if of else _numbered(user, value)
        if device:
            # How it was found goes along: a label that was scanned proves that one stands before it.
            found = {"label": value} if of else {"typed": "1"}
            return HttpResponseRedirect(reverse("assets:device", args=[device.pk], query=found))
    context = {"unknown": value if code else "", "typed": "" if of else value}
    return render(request, "assets/scan.html", context, status=422 if value else 200)


def _numbered(user: User, number: str) -> Device | None:
    """The device of a number, however it is typed: to the letter, else in letters of either case."""
    rows = visible_devices(user)
    return rows.filter(number=number).first() or rows.filter(number__iexact=number).order_by("number").first()
