"""Which field of which device is meant, asked step by step, down to a configuration's title."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yika.assets.models import Device
from yika.changes import forms
from yika.changes.doors import door
from yika.changes.rules import Json, family
from yika.configurations.models import ConfigurationRecord
from yika.configurations.rules import FAMILY, field_of


def asked_field(request: HttpRequest, heading: str, **more: Any) -> tuple[Device, str] | HttpResponse:
    """The device and field that the address names; the page that asks where it does not say all."""
    asked = request.GET.get("device")
    which = forms.WhichForm(request.GET if request.GET.get("field") else None, initial={"device": asked})
    context: dict[str, Any] = {"heading": heading, "form": which, **more}
    if not which.is_valid():
        return render(request, "changes/which.html", context, status=422 if which.errors else 200)
    device, field = which.cleaned_data["device"], which.cleaned_data["field"]
    if family(field) != FAMILY:
        return device, field
    title = forms.TitleForm(request.GET if "title" in request.GET else None)
    if title.is_valid():
        return device, field_of(title.cleaned_data["title"])
    known = (
        ConfigurationRecord.objects.filter(device=device).order_by("title").values_list("title", flat=True)
    )
    context |= {"form": title, "device": device, "asked": field, "titles": list(known)}
    return render(request, "changes/which.html", context, status=422 if title.errors else 200)


def current(device: Device, field: str) -> Json:
    """The value as it stands; of all parameters at once none."""
    return None if field == "parameters" else door(field).current(device, field)
