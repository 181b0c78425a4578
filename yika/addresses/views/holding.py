"""Addresses: who has which, the update table, and what cannot be right."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.addresses import actions, forms, queries
from yika.addresses.models import AddressChange, Subnet
from yika.addresses.policies import can_manage, visible_addresses, visible_changes
from yika.addresses.rules import Held, State
from yika.assets.gate import NeedsConsent
from yika.assets.policies import visible_devices
from yika.assets.rules import Door
from yika.assets.views.parts import number, tell
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.htmx import go, show
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.people.policies import may, person
from yika.people.rules import Right

HISTORY_SHOWN = 50


def _filters(request: HttpRequest) -> queries.AddressFilters:
    form = forms.AddressFiltersForm(request.GET)
    form.is_valid()
    return queries.AddressFilters(form.cleaned_data.get("q") or "", form.cleaned_data.get("state") or "")


@require_GET
def addresses(request: HttpRequest) -> HttpResponse:
    """Every address that is not free."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    filters = _filters(request)
    rows = queries.addresses_for(visible_addresses(user), filters)
    context = {
        "filters": filters,
        "filtered": filters != queries.AddressFilters(),
        "states": forms.STATES,
        "page": page(rows, ("key",), request.GET.get("after", "")),
        "managing": can_manage(user),
    }
    return render(request, "addresses/addresses.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The addresses of the list."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    rows = queries.addresses_for(visible_addresses(user), _filters(request))
    return taken(
        request,
        "addresses",
        form,
        title=_("IP 地址"),
        columns=[
            Column(_("IP 地址"), 24),
            Column(_("状态"), 8),
            Column(_("设备编号"), 14),
            Column(_("类型"), 14),
            Column(_("地点"), 36),
            Column(_("用途"), 24),
            Column(_("网段"), 22),
            Column(_("网关"), 18),
            Column("VLAN", 8),
        ],
        rows=(
            (
                row.ip,
                row.word,
                row.device.number if row.device else "",
                row.device.kind.label if row.device else "",
                row.device.place.full_name if row.device else "",
                row.purpose,
                row.subnet.cidr if row.subnet else "",
                (row.subnet.gateway if row.subnet else "") or "",
                row.subnet.vlan.number if row.subnet and row.subnet.vlan else None,
            )
            for row in rows.order_by("key").iterator(chunk_size=2000)
        ),
        count=rows.count(),
        at=clock.now(),
    )


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Reserve an address, give it to a device, or keep it from being given out."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    key = number(request.GET.get("device", ""))
    device = visible_devices(user).filter(pk=key).first() if key else None
    initial = {"ip": request.GET.get("ip", "")[:60], "device": [device] if device else None}
    form = forms.TakeForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = actions.take(
                asked["ip"],
                state=State(asked["state"]),
                device=asked["device"],
                purpose=asked["purpose"],
                reason=asked["reason"],
                door=Door.PAGE,
                by=user,
                at=at,
            )
        except BadInput as refusal:
            tell(form, refusal)
        except NeedsConsent:
            raise
        except WrongState as refusal:
            form.add_error("ip", list(refusal.problems))
            status = 409
        else:
            messages.success(request, _("%(ip)s 已登记为%(state)s") % {"ip": made.ip, "state": made.word})
            if made.subnet is None:
                messages.warning(request, _("%(ip)s 不在任何已登记的网段内") % {"ip": made.ip})
            return go(request, "addresses:address", made.pk)
    if form.errors and status == 200:
        status = 422
    context = {"form": form, "heading": _("登记地址"), "button": _("登记"), "tab": "addresses"}
    return render(request, "addresses/form.html", context, status=status)


@require_GET
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """One address: who has it, and what happened to it."""
    user = person(request)
    rows = visible_addresses(user).select_related("subnet__vlan", "device__kind", "device__place")
    here = get_object_or_404(rows, pk=pk)
    context = {
        "address": here,
        "changes": queries.history(here.key)[:HISTORY_SHOWN],
        "managing": can_manage(user),
        "purpose_form": forms.PurposeForm(initial={"purpose": here.purpose}),
        "reason_form": forms.ReasonForm(),
    }
    return render(request, "addresses/address.html", context)


@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an address is for."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_addresses(user), pk=pk)
    form = forms.PurposeForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("用途不能超过 100 个字"), field="purpose")
    actions.describe(here, **form.cleaned_data, by=user, at=at)
    messages.success(request, _("修改已保存"))
    return go(request, "addresses:address", here.pk)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an address free again."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_addresses(user), pk=pk)
    require(can_manage(user))
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("请填写释放原因"), field="reason")
    actions.release(here, **form.cleaned_data, door=Door.PAGE, by=user, at=at)
    messages.success(request, _("地址 %(ip)s 已释放") % {"ip": here.ip})
    if here.subnet_id:
        return go(request, "addresses:subnet", here.subnet_id)
    return go(request, "addresses:addresses")


@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """A device's addresses, for its own page."""
    user = person(request)
    key = number(request.GET.get("device", ""))
    here = get_object_or_404(visible_devices(user).select_related("kind", "place"), pk=key)
    context = {"device": here, "addresses": queries.of_device(here), "managing": can_manage(user)}
    return show(request, "addresses/panel.html", "addresses/_panel.html", context)


def _change_filters(request: HttpRequest) -> queries.ChangeFilters:
    form = forms.ChangeFiltersForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    return queries.ChangeFilters(asked.get("q") or "", asked.get("since"), asked.get("until"))


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """The IP address update table IP地址更新维护表."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    filters = _change_filters(request)
    rows = queries.changes_for(visible_changes(user), filters)
    context = {
        "filters": filters,
        "filtered": filters != queries.ChangeFilters(),
        "page": page(rows, ("-at", "-id"), request.GET.get("after", "")),
    }
    return render(request, "addresses/changes.html", context)


@require_GET
def export_changes(request: HttpRequest, form: str) -> HttpResponseBase:
    """The update table, as filtered."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    rows = queries.changes_for(visible_changes(user), _change_filters(request))
    return taken(
        request,
        "address-changes",
        form,
        title=_("IP 地址更新维护表"),
        columns=[
            Column(_("日期"), 18),
            Column(_("IP 地址"), 22),
            Column(_("掩码"), 16),
            Column(_("网关"), 18),
            Column("VLAN", 8),
            Column(_("原状态"), 8),
            Column(_("原设备"), 14),
            Column(_("原用途"), 20),
            Column(_("现状态"), 8),
            Column(_("现设备"), 14),
            Column(_("现用途"), 20),
            Column(_("地点"), 36),
            Column(_("变更原因"), 24),
            Column(_("变更单号"), 14),
            Column(_("操作人"), 12),
        ],
        rows=_lines(rows.order_by("-at", "-id").iterator(chunk_size=2000)),
        count=rows.count(),
        at=clock.now(),
    )


def _lines(rows: Iterator[AddressChange]) -> Iterator[tuple[str | int | datetime | None, ...]]:
    subnets = list(Subnet.objects.select_related("vlan").order_by("first", "-last"))
    for row in rows:
        # The narrowest network around it, as it is known today.
        around = next((one for one in reversed(subnets) if one.first <= row.key <= one.last), None)
        yield (
            row.at,
            row.ip,
            str(around.network.netmask) if around else "",
            (around.gateway if around else "") or "",
            around.vlan.number if around and around.vlan else None,
            *_said(row.was, row.was_word),
            *_said(row.now, row.now_word),
            row.device.place.full_name if row.device else "",
            row.reason,
            row.change,
            row.by_name,
        )


def _said(held: Held, word: str) -> tuple[str, str, str]:
    return word, held.device, held.purpose


@require_GET
def conflicts(request: HttpRequest) -> HttpResponse:
    """What cannot be right about networks and addresses."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    context = {"found": queries.conflicts(), "most": queries.SHOWN}
    return render(request, "addresses/conflicts.html", context)
