"""From a label to its thing: read by the phone's camera, or typed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yika.assets.policies import visible_devices, visible_places
from yika.assets.rules import read_code
from yika.lib.decisions import require
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """The camera; with ``?code=`` the page of the device or place that a label or number means."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    code = request.GET.get("code", "")
    of, value = read_code(code)
    if value:
        if of == "p":
            key, page = visible_places(user).filter(token=value).values_list("pk").first(), "assets:place"
        else:
            wanted = {"token": value} if of == "d" else {"number": value}
            key, page = visible_devices(user).filter(**wanted).values_list("pk").first(), "assets:device"
        if key:
            return HttpResponseRedirect(reverse(page, args=key))
    context = {"unknown": value if code else "", "typed": "" if of else value}
    return render(request, "assets/scan.html", context, status=422 if value else 200)
