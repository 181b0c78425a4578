"""Devices as pages."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.assets import actions, queries
from yika.assets.forms import AttachForm, DeviceForm, FiltersForm, LifeForm
from yika.assets.gate import NeedsConsent
from yika.assets.models import LIFE_NAMES, Device, DeviceKind, DeviceModel, Merchant
from yika.assets.policies import (
    can_attach,
    can_manage,
    visible_attachments,
    visible_devices,
    visible_places,
)
from yika.assets.queries import Filters
from yika.assets.rules import Door, Life
from yika.assets.views.parts import number, panel, panels, tell
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.lib.paging import page
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right

IN_USE = {"yes": True, "no": False, "all": None}
TOLD = ("kind", "place", "model", "merchant")
STAGES = {life.value: life for life in Life if life is not Life.IN_USE}


def filters_of(request: HttpRequest, user: User) -> Filters:
    """What the address narrows a list of devices to."""
    form = FiltersForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    key, used = asked.get("place"), asked.get("used") or "yes"
    return Filters(
        text=asked.get("q") or "",
        kind=asked.get("kind") or "",
        place=get_object_or_404(visible_places(user), pk=key) if key else None,
        in_use=IN_USE.get(used),
        life=STAGES.get(used),
    )


@require_GET
def devices(request: HttpRequest) -> HttpResponse:
    """The devices, narrowed by kind, place, use and text."""
    user = person(request)
    filters = filters_of(request, user)
    shown = page(
        queries.devices_for(visible_devices(user), filters), ("number",), request.GET.get("after", "")
    )
    context = {
        "filters": filters,
        "used": filters.life or next(name for name, value in IN_USE.items() if value is filters.in_use),
        "stages": [(code, LIFE_NAMES[life]) for code, life in STAGES.items()],
        "kinds": DeviceKind.objects.order_by("pk"),
        "page": shown,
        "filtered": bool(filters.text or filters.kind or filters.place or filters.in_use is not True),
        "managing": can_manage(user),
    }
    return render(request, "assets/devices.html", context)


@require_GET
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """One device: what it is, where, and what happened to it."""
    user = person(request)
    here = get_object_or_404(visible_devices(user).select_related(*TOLD), pk=pk)
    url = queries.report_url(here)
    context = {
        "device": here,
        "ancestors": [*queries.ancestors(here.place), here.place],
        "managing": can_manage(user),
        "attributes": queries.told_attributes(here),
        "life_form": LifeForm(device=here),
        "attachments": visible_attachments(user).filter(device=here).select_related("by", "file"),
        "attaching": can_attach(user),
        "attach_form": AttachForm(auto_id="attach_%s"),
        "report_url": url,
        "today": clock.campus_date(clock.now()),
        "qr": queries.qr_svg(url),
        "arriving_url": _arriving_url(request, user, here),
        "panels": panels("device", here.pk),
        "timeline": timeline("device", here.pk, limit=100),
    }
    return render(request, "assets/device.html", context)


def _arriving_url(request: HttpRequest, user: User, here: Device) -> str:
    """Where a technician says that she has arrived at this device; how it was found goes along."""
    if not may(user, Right.WORK):
        return ""
    found = {key: request.GET[key][:40] for key in ("label", "typed") if key in request.GET}
    return panel("faults:panel_arriving", device=here.pk, **found)


@require_http_methods(["GET", "POST"])
def create_device(request: HttpRequest) -> HttpResponse:
    """Add a device, at ``?place=`` if given."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    place = visible_places(user).filter(pk=number(request.GET.get("place", ""))).first()
    form = DeviceForm(request.POST or None, initial={"place": place})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_device(life=form.life, **form.details, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("已新增设备 %(number)s") % {"number": made.number})
            return go(request, "assets:device", made.pk)
    return _form(request, form, _("新增设备"), _("新增"), None)


@require_http_methods(["GET", "POST"])
def edit_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a device is or where it stands."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_devices(user).select_related(*TOLD), pk=pk)
    require(can_manage(user))
    form = DeviceForm(request.POST or None, device=here, initial=_said(here))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_device(here, **form.details, door=Door.PAGE, by=user, at=at)
        except NeedsConsent as refusal:
            form.add_error(None, list(refusal.problems))
            heading = _("修改设备 %(number)s") % {"number": here.number}
            return _form(request, form, heading, _("保存"), here, refusal.proposal)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("修改已保存"))
            return go(request, "assets:device", here.pk)
    return _form(request, form, _("修改设备 %(number)s") % {"number": here.number}, _("保存"), here)


def _form(
    request: HttpRequest,
    form: DeviceForm,
    heading: str,
    button: str,
    here: Device | None,
    proposal: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "proposal": proposal,
        "heading": heading,
        "button": button,
        "device": here,
        "models": DeviceModel.objects.order_by("name").values_list("name", flat=True).distinct(),
        "merchants": Merchant.objects.order_by("name").values_list("name", flat=True)[:500],
    }
    return render(request, "assets/device_form.html", context, status=422 if form.errors else 200)


def _said(device: Device) -> dict[str, object]:
    """What is known of a device, as its form shows it."""
    names = ("number", "kind", "place", "serial", "responsible", "installed_on", "warranty_until")
    more = ("psam_number", "key_version", "upstream_ip", "usual_users", "works_offline")
    said = {name: getattr(device, name) for name in (*names, *more)}
    return said | {"model": device.model_name, "merchant": device.merchant_name}


@require_POST
def change_life(request: HttpRequest, pk: int) -> HttpResponse:
    """A device goes into service, into stock, to the factory, or is scrapped."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_devices(user), pk=pk)
    require(can_manage(user))
    life = request.POST.get("life", "")
    if life not in list(Life):
        raise BadInput(_("没有这种使用状态"), field="life")
    reason = request.POST.get("reason", "")
    row = actions.change_life(here, Life(life), reason=reason, door=Door.PAGE, by=user, at=at)
    said = {"number": row.number, "life": row.life_word}
    messages.success(request, _("设备 %(number)s 已改为“%(life)s”") % said)
    return go(request, "assets:device", here.pk)


@require_POST
def replace_device_label(request: HttpRequest, pk: int) -> HttpResponse:
    """A new QR code for a device."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_devices(user), pk=pk)
    actions.replace_device_label(here, by=user, at=at)
    messages.success(request, _("已更换二维码，旧标签即时作废，请打印新标签"))
    return go(request, "assets:device", here.pk)
