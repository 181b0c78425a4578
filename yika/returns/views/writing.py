"""Opening a return, asking for consent again, and asking the unit back into service."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yika.assets.models import Device
from yika.assets.policies import visible_devices
from yika.assets.views.parts import number, tell
from yika.changes.forms import MOST_SPARES, DeviceOnlyForm, usual_window
from yika.changes.models import Change
from yika.changes.queries import spares_for
from yika.changes.rules import Mode
from yika.faults.policies import visible as visible_faults
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.people.models import User
from yika.people.policies import person
from yika.returns import forms, queries
from yika.returns.actions import ending, opening
from yika.returns.models import Return
from yika.returns.policies import can_handle, can_open


def _device(request: HttpRequest, user: User) -> Device | None:
    """The device asked for, by itself or as the one that a fault is about."""
    key = number(request.GET.get("device", ""))
    fault = number(request.GET.get("fault", ""))
    if fault and not key:
        key = visible_faults(user).filter(pk=fault).values_list("device", flat=True).first() or 0
    return visible_devices(user).select_related("kind", "place", "model").filter(pk=key).first()


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """开返厂单: first which device, then why and with which spare."""
    user, at = person(request), clock.now()
    require(can_open(user))
    device = _device(request, user)
    if device is None:
        which = DeviceOnlyForm(request.GET if request.GET.get("device_text") else None)
        if not which.is_valid():
            context = {"form": which, "heading": _("开返厂单")}
            return render(request, "returns/which.html", context, status=422 if which.errors else 200)
        device = which.cleaned_data["device"]
    spares = list(spares_for(device)[:MOST_SPARES]) if device.in_use else []
    faults = list(queries.open_faults(user, device))
    start: dict[str, Any] = {**usual_window(at)}
    if asked := number(request.GET.get("fault", "")):
        start["fault"] = asked
    form = forms.OpenForm(request.POST or None, spares=spares, faults=faults, device=device, initial=start)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            made = opening.open_return(
                device,
                form.asked,
                submission=sent["submission"],
                reason=sent["reason"],
                fault=form.chosen_fault,
                spare=form.chosen_spare,
                instead_of_repair=bool(sent.get("instead_of_repair")),
                by=user,
                at=at,
            )
        except BadInput as refusal:
            tell(form, refusal)
        else:
            return _led(request, made, made.change, form)
    context = {"form": form, "device": device, "spares": spares, "heading": _("开返厂单")}
    return render(request, "returns/new.html", context, status=422 if form.errors else 200)


def _led(request: HttpRequest, one: Return, change: Change | None, form: forms.AskForm) -> HttpResponse:
    """On to the change where that still has to be dealt with, to the return where it waits for the Office."""
    if change and form.asked.mode is not Mode.NORMAL:
        messages.success(request, _("请在此继续办理变更 %(number)s") % {"number": change.number})
        return go(request, "changes:page", change.pk)
    said = _("%(number)s 已开单，变更 %(change)s 待信息化办公室同意")
    opened = _("%(number)s 已开单")
    names = {"number": one.number, "change": change.number if change else ""}
    messages.success(request, (said if change else opened) % names)
    return go(request, "returns:page", one.pk)


@require_http_methods(["GET", "POST"])
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The change that takes the unit out came to nothing: ask anew."""
    user, at = person(request), clock.now()
    one = get_object_or_404(queries.open_page(user), pk=pk)
    require(can_handle(user, one))
    spares = list(spares_for(one.device)[:MOST_SPARES]) if one.device.in_use else []
    form = forms.SpareForm(request.POST or None, spares=spares, initial=usual_window(at))
    if request.method == "POST" and form.is_valid():
        try:
            row = opening.ask_again(one, form.asked, spare=form.chosen_spare, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            return _led(request, row, row.change, form)
    return _asking(request, one, form, _("重新申请拆下返厂"))


@require_http_methods(["GET", "POST"])
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """装回: ask that the unit goes into service again where it was taken out."""
    user, at = person(request), clock.now()
    one = get_object_or_404(queries.open_page(user), pk=pk)
    require(can_handle(user, one))
    form = forms.AskForm(request.POST or None, initial=usual_window(at))
    if request.method == "POST" and form.is_valid():
        try:
            row = ending.put_back(one, form.asked, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            return _led(request, row, row.put_back, form)
    return _asking(request, one, form, _("申请装回"), stands_in=ending.stands_in(one))


def _asking(
    request: HttpRequest, one: Return, form: forms.AskForm, heading: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "one": one, "device": one.device, "heading": heading, **more}
    return render(request, "returns/ask.html", context, status=422 if form.errors else 200)
