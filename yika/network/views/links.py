"""Every link as a list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from yika.assets.bringing.withheld import withheld
from yika.assets.policies import visible_places
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.office.bringing import Plan, Upload, Withheld, brought
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.network import actions, forms, queries
from yika.network.actions.upstreams import moves_of
from yika.network.bringing import LINKS, WantedLink, planned_links
from yika.network.policies import can_manage, visible
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right

ORDER = ("upper__number", "lower__number", "pk")


def _filters(request: HttpRequest, user: User) -> queries.Filters:
    form = forms.FiltersForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    key = asked.get("place")
    return queries.Filters(
        text=asked.get("q") or "",
        place=get_object_or_404(visible_places(user), pk=key) if key else None,
        medium=asked.get("medium") or "",
        role=asked.get("role") or "",
    )


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The links that are there, narrowed by device, place, role and medium."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    filters = _filters(request, user)
    context = {
        "filters": filters,
        "page": page(queries.links_for(visible(user), filters), ("pk",), request.GET.get("after", "")),
        "filtered": filters != queries.Filters(),
        "roles": forms.ROLES,
        "media": forms.MEDIA,
        "managing": can_manage(user),
    }
    return render(request, "network/links.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The links of the list, with the headings that the import knows."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    rows = queries.links_for(visible(user), _filters(request, user))
    return taken(
        request,
        "links",
        form,
        title=pgettext("nav", "网络连接"),
        columns=[
            Column(_("设备编号"), 14),
            Column(_("类型"), 14),
            Column(_("地点"), 40),
            Column(_("本机端口"), 12),
            Column(_("上联设备编号"), 14),
            Column(_("上联设备端口"), 14),
            Column(_("介质"), 12),
            Column(_("用途"), 8),
            Column(_("连接时间"), 18),
        ],
        rows=(
            (
                link.lower.number,
                link.lower.kind.label,
                link.lower.place.full_name,
                link.lower_port.name if link.lower_port else "",
                link.upper.number,
                link.upper_port.name if link.upper_port else "",
                link.medium_word,
                link.role_word,
                link.from_at,
            )
            for link in rows.order_by(*ORDER).iterator(chunk_size=2000)
        ),
        count=rows.count(),
        at=clock.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """What a file of links would change, then the change."""
    at, user = clock.now(), person(request)
    require(can_manage(user))

    def apply(upload: Upload) -> HttpResponse:
        added, ended = actions.import_links(upload, by=user, at=at)
        said = _("已导入：新增连接 %(added)d 条，断开 %(ended)d 条")
        messages.success(request, said % {"added": added, "ended": ended})
        return redirect("network:links")

    def kept_back(plan: Plan[WantedLink]) -> Withheld | None:
        return withheld(plan, moves_of(plan), lambda one: one.lower, at)

    return brought(request, LINKS, plan=planned_links, apply=apply, at=at, withheld=kept_back)
