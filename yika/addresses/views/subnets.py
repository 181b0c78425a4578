"""Subnets and VLANs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.addresses import actions, forms, queries
from yika.addresses.models import Vlan
from yika.addresses.policies import can_manage, visible_addresses, visible_subnets, visible_vlans
from yika.addresses.rules import MOST_AT_ONCE
from yika.assets.policies import visible_places
from yika.assets.views.parts import tell
from yika.journal.queries import timeline
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.htmx import go
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right

ORDER = ("first", "-last", "pk")


def _filters(request: HttpRequest, user: User) -> queries.SubnetFilters:
    form = forms.SubnetFiltersForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    key = asked.get("place")
    return queries.SubnetFilters(
        text=asked.get("q") or "",
        vlan=asked.get("vlan"),
        place=get_object_or_404(visible_places(user), pk=key) if key else None,
    )


@require_GET
def subnets(request: HttpRequest) -> HttpResponse:
    """The networks and how full they are."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    filters = _filters(request, user)
    shown = page(queries.subnets_for(visible_subnets(user), filters), ORDER, request.GET.get("after", ""))
    use = queries.used(shown.rows)
    context = {
        "filters": filters,
        "filtered": filters != queries.SubnetFilters(),
        "vlans": Vlan.objects.order_by("number"),
        "page": shown,
        "rows": [(subnet, use[subnet.pk]) for subnet in shown.rows],
        "managing": can_manage(user),
    }
    return render(request, "addresses/subnets.html", context)


@require_GET
def export_subnets(request: HttpRequest, form: str) -> HttpResponseBase:
    """The networks of the list."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    rows = list(queries.subnets_for(visible_subnets(user), _filters(request, user)).order_by(*ORDER))
    use = queries.used(rows)
    return taken(
        request,
        "subnets",
        form,
        title=_("网段"),
        columns=[
            Column(_("网段"), 24),
            Column(_("VLAN 编号"), 10),
            Column(_("VLAN 名称"), 16),
            Column(_("地点"), 36),
            Column(_("网关"), 18),
            Column(_("备注"), 24),
            Column(_("可用"), 10),
            Column(_("在用"), 10),
            Column(_("预留"), 10),
            Column(_("停用"), 10),
        ],
        rows=(
            (
                row.cidr,
                row.vlan.number if row.vlan else None,
                row.vlan.name if row.vlan else "",
                row.place.full_name if row.place else "",
                row.gateway or "",
                row.note,
                str(use[row.pk].usable),
                use[row.pk].in_use,
                use[row.pk].reserved,
                use[row.pk].deprecated,
            )
            for row in rows
        ),
        count=len(rows),
        at=clock.now(),
    )


@require_GET
def subnet(request: HttpRequest, pk: int) -> HttpResponse:
    """One network: how full it is, what is free next, who has which address."""
    user = person(request)
    return _subnet(request, user, pk, forms.ReserveForm())


def _subnet(
    request: HttpRequest, user: User, pk: int, reserve_form: forms.ReserveForm, status: int = 200
) -> HttpResponse:
    here = get_object_or_404(visible_subnets(user).select_related("vlan", "place"), pk=pk)
    filters = queries.AddressFilters()
    rows = queries.addresses_for(visible_addresses(user), filters).filter(subnet=here)
    use, after = queries.used([here])[here.pk], request.GET.get("after", "")
    context = {
        "subnet": here,
        "use": use,
        "gateway": here.gateway if use.gateway and not after else None,
        "free": queries.free_in(here, 1),
        "most": MOST_AT_ONCE,
        "page": page(rows, ("key",), after),
        "reserve_form": reserve_form,
        "managing": can_manage(user),
        "timeline": timeline("subnet", here.pk, limit=20),
    }
    return render(request, "addresses/subnet.html", context, status=status)


@require_http_methods(["GET", "POST"])
def add_subnet(request: HttpRequest) -> HttpResponse:
    """Add a network."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    form = forms.NewSubnetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_subnet(**form.cleaned_data, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            said = _("已登记网段 %(cidr)s") % {"cidr": made.cidr}
            messages.success(request, _("，").join(filter(None, [said, queries.nest_of(made)])))
            return go(request, "addresses:subnet", made.pk)
    context = {"form": form, "heading": _("登记网段"), "button": _("登记")}
    return render(request, "addresses/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_subnet(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a network is and what for."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_subnets(user), pk=pk)
    require(can_manage(user))
    initial = {"vlan": here.vlan, "place": here.place, "gateway": here.gateway, "note": here.note}
    form = forms.SubnetForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_subnet(here, **form.cleaned_data, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("修改已保存"))
            return go(request, "addresses:subnet", here.pk)
    heading = _("修改网段 %(cidr)s") % {"cidr": here.cidr}
    context = {"form": form, "heading": heading, "button": _("保存"), "subnet": here}
    return render(request, "addresses/form.html", context, status=422 if form.errors else 200)


@require_POST
def remove_subnet(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a network."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_subnets(user), pk=pk)
    actions.remove_subnet(here, by=user, at=at)
    messages.success(request, _("已删除网段 %(cidr)s") % {"cidr": here.cidr})
    return go(request, "addresses:subnets")


@require_POST
def reserve(request: HttpRequest, pk: int) -> HttpResponse:
    """Reserve the next free addresses of a network."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_subnets(user), pk=pk)
    require(can_manage(user))
    form = forms.ReserveForm(request.POST)
    if form.is_valid():
        try:
            made = actions.reserve_next(here, **form.cleaned_data, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        except WrongState as refusal:
            form.add_error("count", list(refusal.problems))
            return _subnet(request, user, pk, form, 409)
        else:
            said = _("已预留：%(ips)s") % {"ips": _("、").join(one.ip for one in made)}
            messages.success(request, said)
            return go(request, "addresses:subnet", here.pk)
    return _subnet(request, user, pk, form, 422)


@require_GET
def vlans(request: HttpRequest) -> HttpResponse:
    """The VLANs."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    rows = queries.vlans_with_counts(visible_vlans(user))
    context = {
        "page": page(rows, ("number",), request.GET.get("after", "")),
        "managing": can_manage(user),
    }
    return render(request, "addresses/vlans.html", context)


@require_http_methods(["GET", "POST"])
def add_vlan(request: HttpRequest) -> HttpResponse:
    """Name a VLAN."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    form = forms.VlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_vlan(**form.cleaned_data, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("已登记 VLAN %(number)d") % {"number": made.number})
            return go(request, "addresses:vlans")
    context = {"form": form, "heading": _("登记 VLAN"), "button": _("登记"), "tab": "vlans"}
    return render(request, "addresses/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def rename_vlan(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a VLAN another name."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_vlans(user), pk=pk)
    require(can_manage(user))
    form = forms.VlanNameForm(request.POST or None, initial={"name": here.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_vlan(here, **form.cleaned_data, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("修改已保存"))
            return go(request, "addresses:vlans")
    heading = _("VLAN %(number)d 更名") % {"number": here.number}
    context = {"form": form, "heading": heading, "button": _("保存"), "vlan": here, "tab": "vlans"}
    return render(request, "addresses/form.html", context, status=422 if form.errors else 200)


@require_POST
def remove_vlan(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a VLAN no network is in."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_vlans(user), pk=pk)
    actions.remove_vlan(here, by=user, at=at)
    messages.success(request, _("已删除 VLAN %(number)d") % {"number": here.number})
    return go(request, "addresses:vlans")
