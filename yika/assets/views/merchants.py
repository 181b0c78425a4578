"""Merchants 商户: who takes money with which devices."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yika.assets import queries
from yika.assets.actions import catalogue as actions
from yika.assets.forms import catalogue as forms
from yika.assets.models import Merchant
from yika.assets.policies import can_manage, can_see, visible_devices
from yika.assets.views.parts import acted
from yika.journal.queries import timeline
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.htmx import go
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.people.policies import person


@require_GET
def merchants(request: HttpRequest) -> HttpResponse:
    """Every merchant with its devices in use, or those that a search finds."""
    user = person(request)
    require(can_see(user))
    text = request.GET.get("q", "").strip()[:100]
    context = {
        "text": text,
        "page": page(queries.merchants_counted(text), ("name",), request.GET.get("after", "")),
        "managing": can_manage(user),
        "form": forms.MerchantForm(),
        "tab": "merchants",
    }
    return render(request, "assets/merchants.html", context)


@require_GET
def export_merchants(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file."""
    user = person(request)
    require(can_see(user))
    rows = queries.merchants_counted(request.GET.get("q", "").strip()[:100])
    return taken(
        request,
        "merchants",
        form,
        title=_("商户"),
        columns=[Column(_("商户名称"), 30), Column(_("在用设备"), 10), Column(_("设备总数"), 10)],
        rows=rows.order_by("name").values_list("name", "serving", "all").iterator(chunk_size=2000),
        count=rows.count(),
        at=clock.now(),
    )


@require_GET
def merchant(request: HttpRequest, pk: int) -> HttpResponse:
    """One merchant: its devices."""
    user = person(request)
    require(can_see(user))
    here = get_object_or_404(Merchant, pk=pk)
    return _page(request, here, {})


def _page(request: HttpRequest, here: Merchant, bound: dict[str, object]) -> HttpResponse:
    user = person(request)
    standing = visible_devices(user).filter(merchant=here).select_related("kind", "place", "model")
    context = {
        "merchant": here,
        "page": page(standing, ("number",), request.GET.get("after", "")),
        "managing": can_manage(user),
        "rename_form": forms.MerchantForm(initial={"name": here.name}, auto_id="rename_%s"),
        "merge_form": forms.MergeMerchantForm(auto_id="merge_%s"),
        "known": Merchant.objects.exclude(pk=here.pk).order_by("name").values_list("name", flat=True)[:500],
        "timeline": timeline("merchant", here.pk, limit=20),
        "bound": set(bound),
        **bound,
    }
    return render(request, "assets/merchant.html", context, status=422 if bound else 200)


@require_POST
def add_merchant(request: HttpRequest) -> HttpResponse:
    """A merchant before its first device."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    form = forms.MerchantForm(request.POST)
    made = acted(form, partial(actions.add_merchant, by=user, at=at))
    if made:
        messages.success(request, _("已新增商户“%(name)s”") % {"name": made.name})
        return go(request, "assets:merchant", made.pk)
    context = {"form": form, "heading": _("新增商户"), "back": "assets:merchants"}
    return render(request, "assets/catalogue_form.html", context, status=422)


@require_POST
def rename_merchant(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a merchant otherwise."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    here = get_object_or_404(Merchant, pk=pk)
    form = forms.MerchantForm(request.POST, auto_id="rename_%s")
    row = acted(form, partial(actions.rename_merchant, here, by=user, at=at))
    if row:
        messages.success(request, _("已更名为“%(name)s”") % {"name": row.name})
        return go(request, "assets:merchant", row.pk)
    return _page(request, here, {"rename_form": form})


@require_POST
def merge_merchant(request: HttpRequest, pk: int) -> HttpResponse:
    """Two names of one merchant."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    here = get_object_or_404(Merchant, pk=pk)
    form = forms.MergeMerchantForm(request.POST, auto_id="merge_%s")
    into = acted(form, partial(actions.merge_merchant, here, by=user, at=at))
    if into is None:
        return _page(request, here, {"merge_form": form})
    messages.success(request, _("已并入“%(name)s”") % {"name": into.name})
    return go(request, "assets:merchant", into.pk)


@require_POST
def remove_merchant(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merchant without devices out of the list."""
    here = get_object_or_404(Merchant, pk=pk)
    actions.remove_merchant(here, by=person(request), at=clock.now())
    messages.success(request, _("已删除商户“%(name)s”") % {"name": here.name})
    return go(request, "assets:merchants")


@require_GET
def spares(request: HttpRequest) -> HttpResponse:
    """备机: what is in stock, by place and kind."""
    user = person(request)
    require(can_see(user))
    found = queries.stock(visible_devices(user))
    total = sum(line.count for line in found)
    context = {
        "stock": found,
        "total": ngettext("共 %(n)d 台", "共 %(n)d 台", total) % {"n": total},
        "managing": can_manage(user),
        "tab": "spares",
    }
    return render(request, "assets/spares.html", context)


@require_GET
def export_spares(request: HttpRequest, form: str) -> HttpResponseBase:
    """备机清单: every device in stock."""
    user = person(request)
    require(can_see(user))
    rows = queries.spares(visible_devices(user))
    return taken(
        request,
        "spares",
        form,
        title=_("备机清单"),
        columns=[
            Column(_("存放地点"), 40),
            Column(_("设备编号"), 14),
            Column(_("类型"), 14),
            Column(_("型号"), 16),
            Column(_("序列号"), 18),
            Column(_("保修至"), 12),
        ],
        rows=(
            (
                one.place.full_name,
                one.number,
                one.kind.label,
                one.model_name,
                one.serial,
                one.warranty_ends,
            )
            for one in rows.iterator(chunk_size=2000)
        ),
        count=rows.count(),
        at=clock.now(),
    )
