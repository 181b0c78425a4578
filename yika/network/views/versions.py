"""Versions of the diagrams and what changed since one."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.htmx import go
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.network import actions, forms, queries
from yika.network.models import Link, Snapshot
from yika.network.policies import can_manage, visible
from yika.people.policies import may, person
from yika.people.rules import Right

SHOWN = 200


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """The versions kept, the latest first."""
    user = person(request)
    require(may(user, Right.SEE_ASSETS))
    context = {
        "page": page(Snapshot.objects.all(), ("-at", "-pk"), request.GET.get("after", "")),
        "managing": can_manage(user),
    }
    return render(request, "network/versions.html", context)


@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: whether what is on record still gives it, and what changed since."""
    at, user = clock.now(), person(request)
    require(may(user, Right.SEE_ASSETS))
    kept = get_object_or_404(Snapshot, pk=pk)
    before = Snapshot.objects.filter(at__lt=kept.at).order_by("-at").first()
    context = {
        "version": kept,
        "same": queries.standing(kept.at).sha256 == kept.sha256,
        "before": before,
        "until": at,
    }
    return render(request, "network/version.html", context)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a version now."""
    at, user = clock.now(), person(request)
    kept = actions.keep_snapshot(by=user, at=at)
    messages.success(request, _("已留存版本 V%(version)d") % {"version": kept.pk})
    return go(request, "network:versions")


def _since(request: HttpRequest, at: datetime) -> tuple[datetime, datetime]:
    """The two moments asked for: since the latest Friday until now, unless the address says otherwise."""
    form = forms.SpanForm(request.GET)
    form.is_valid()
    until = min(form.cleaned_data.get("until") or at, at)
    return form.cleaned_data.get("since") or queries.last_friday(at), until


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """上周五以来的变化: links made and ended between two moments."""
    at, user = clock.now(), person(request)
    require(may(user, Right.SEE_ASSETS))
    since, until = _since(request, at)
    found = queries.changes(visible(user), since, until)
    added, removed = found.added.count(), found.removed.count()
    context = {
        "form": forms.SpanForm(initial={"since": since, "until": until}),
        "since": since,
        "until": until,
        "weekly": "since" not in request.GET,
        "added": found.added.order_by("-from_at", "-pk")[:SHOWN],
        "removed": found.removed.order_by("-until_at", "-pk")[:SHOWN],
        "added_count": added,
        "removed_count": removed,
        "more": max(added, removed) > SHOWN,
        "shown": SHOWN,
    }
    return render(request, "network/changes.html", context)


@require_GET
def export_changes(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file."""
    at, user = clock.now(), person(request)
    require(may(user, Right.SEE_ASSETS))
    found = queries.changes(visible(user), *_since(request, at))

    def line(link: Link, word: str, moment: datetime | None) -> tuple[str | datetime | None, ...]:
        return (
            word,
            link.lower.number,
            link.lower.place.full_name,
            link.upper.number,
            link.role_word,
            link.medium_word,
            link.lower_port.name if link.lower_port else "",
            link.upper_port.name if link.upper_port else "",
            moment,
        )

    rows = [line(link, _("新增"), link.from_at) for link in found.added.order_by("from_at", "pk")]
    rows += [line(link, _("断开"), link.until_at) for link in found.removed.order_by("until_at", "pk")]
    return taken(
        request,
        "network-changes",
        form,
        title=_("网络连接变化"),
        columns=[
            Column(_("变化"), 8),
            Column(_("设备编号"), 14),
            Column(_("地点"), 40),
            Column(_("上联设备编号"), 14),
            Column(_("用途"), 8),
            Column(_("介质"), 12),
            Column(_("本机端口"), 12),
            Column(_("上联设备端口"), 14),
            Column(_("时刻"), 18),
        ],
        rows=rows,
        count=len(rows),
        at=at,
    )
