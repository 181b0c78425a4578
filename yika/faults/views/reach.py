"""指明故障设备, and the list of what went down with it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yika.assets.views.parts import number
from yika.faults import forms, queries
from yika.faults.actions import classifying
from yika.faults.policies import visible
from yika.faults.views.verbs import back, cleaned
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.office.tables import Column
from yika.people.policies import may, person
from yika.people.rules import Right


@require_POST
def name_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """The devices that failed; the network says the rest."""
    user = person(request)
    fault = get_object_or_404(queries.open_page(user), pk=pk)
    asked = cleaned(forms.FailedForm(request.POST))
    classifying.name_failed(fault, devices=asked["devices"], by=user, at=clock.now())
    return back(request, fault, _("已指明故障设备"))


@require_GET
def affected(request: HttpRequest) -> HttpResponse:
    """受影响设备 of a fault."""
    user = person(request)
    fault = get_object_or_404(visible(user), pk=number(request.GET.get("fault", "")))
    reach = queries.last_reach(fault)
    page = queries.page_of_affected(reach, request.GET.get("after", "")) if reach else None
    return render(request, "faults/affected.html", {"fault": fault, "reach": reach, "page": page})


@require_GET
def network_now(request: HttpRequest) -> HttpResponse:
    """The backbone as it is now: what failed in open faults, and what is down with it."""
    user = person(request)
    require(may(user, Right.SEE_FAULTS))
    known = queries.outages(visible(user))
    failed = sorted({key for outage in known for key in outage.failed})
    if not failed:
        messages.info(request, _("现在没有指明了故障设备的未修复故障，拓扑图显示全部正常时的样子"))
    query = urlencode([("now", 1), *(("down", key) for key in failed)]) if failed else ""
    return redirect(reverse("network:backbone") + (f"?{query}" if query else ""))


@require_GET
def export_affected(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    fault = visible(user).filter(pk=number(request.GET.get("fault", "") or "0")).first()
    reach = queries.last_reach(fault) if fault else None
    return taken(
        request,
        "affected",
        form,
        title=_("%(number)s 受影响设备") % {"number": fault.number if fault else ""},
        columns=[
            Column(_("设备编号"), 14),
            Column(_("类型"), 14),
            Column(_("地点"), 44),
            Column(_("计为终端"), 10),
        ],
        rows=(
            (one.number, one.kind.label, one.place.full_name, _("是") if one.kind.is_terminal else _("否"))
            for one in (queries.all_affected(reach) if reach else ())
        ),
        count=len(reach.listed) if reach else 0,
        at=at,
    )
