"""What one device hangs on and what hangs on it."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.assets.models import Device
from yika.assets.policies import visible_devices
from yika.assets.rules import Door
from yika.assets.views.parts import number, tell
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go, show
from yika.lib.paging import page
from yika.network import actions, forms, queries
from yika.network.models import Port
from yika.network.policies import can_manage, visible
from yika.network.rules import LinkRole, Medium
from yika.people.models import User
from yika.people.policies import person

PANEL_SHOWN = 10
PAST_SHOWN = 20


def _device(user: User, pk: int) -> Device:
    return get_object_or_404(visible_devices(user).select_related("kind", "place"), pk=pk)


@require_GET
def show_links(request: HttpRequest, pk: int) -> HttpResponse:
    """挂接关系: upstreams, redundancy, downstreams, ports and what was before."""
    user = person(request)
    here = _device(user, pk)
    around = queries.around(here)
    context = {
        "device": here,
        "around": around,
        "page": page(around.down, ("lower__number", "pk"), request.GET.get("after", "")),
        "past": queries.past_links(here)[:PAST_SHOWN],
        "managing": can_manage(user),
        "timeline": timeline("device", here.pk, limit=20),
    }
    return render(request, "network/device.html", context)


@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The same in short, for the device's own page."""
    user = person(request)
    here = _device(user, number(request.GET.get("device", "")))
    around = queries.around(here)
    context = {
        "device": here,
        "around": around,
        "downs": around.down.order_by("lower__number", "pk")[:PANEL_SHOWN],
        "managing": can_manage(user),
    }
    return show(request, "network/panel.html", "network/_panel.html", context)


@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """Hang a device on another."""
    at, user = clock.now(), person(request)
    here = _device(user, pk)
    require(can_manage(user))
    form = forms.ConnectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = actions.connect(
                here,
                asked["upper"],
                medium=Medium(asked["medium"]),
                role=LinkRole(asked["role"]),
                lower_port=asked["lower_port"],
                upper_port=asked["upper_port"],
                door=Door.PAGE,
                by=user,
                at=at,
            )
        except BadInput as refusal:
            tell(form, refusal)
        else:
            said = _("%(lower)s 已上联 %(upper)s")
            messages.success(request, said % {"lower": made.lower.number, "upper": made.upper.number})
            return go(request, "network:device", here.pk)
    context = {"form": form, "device": here}
    return render(request, "network/connect.html", context, status=422 if form.errors else 200)


@require_POST
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """End a link."""
    at, user = clock.now(), person(request)
    link = get_object_or_404(visible(user).named(), pk=pk)
    actions.disconnect(link, door=Door.PAGE, by=user, at=at)
    said = _("%(lower)s 不再上联 %(upper)s")
    messages.success(request, said % {"lower": link.lower.number, "upper": link.upper.number})
    return go(request, "network:device", link.lower_id)


@require_POST
def set_need(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many upstreams of a role must be up."""
    at, user = clock.now(), person(request)
    here = _device(user, pk)
    form = forms.NeedForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("请填写至少几路上联正常"), field="least")
    asked = form.cleaned_data
    actions.set_need(here, role=LinkRole(asked["role"]), least=asked["least"], by=user, at=at)
    messages.success(request, _("冗余已保存"))
    return go(request, "network:device", here.pk)


@require_http_methods(["GET", "POST"])
def edit_port(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a port anew."""
    at, user = clock.now(), person(request)
    port = get_object_or_404(_ports(user), pk=pk)
    require(can_manage(user))
    form = forms.PortForm(request.POST or None, initial={"name": port.name, "note": port.note})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_port(port, **form.cleaned_data, door=Door.PAGE, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("修改已保存"))
            return go(request, "network:device", port.device_id)
    context = {"form": form, "port": port, "device": port.device}
    return render(request, "network/port.html", context, status=422 if form.errors else 200)


@require_POST
def remove_port(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a port that never held a link."""
    at, user = clock.now(), person(request)
    port = get_object_or_404(_ports(user), pk=pk)
    actions.remove_port(port, by=user, at=at)
    messages.success(request, _("端口 %(port)s 已删除") % {"port": port.name})
    return go(request, "network:device", port.device_id)


def _ports(user: User) -> QuerySet[Port]:
    return Port.objects.filter(device__in=visible_devices(user)).select_related("device__kind")
