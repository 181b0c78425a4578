"""The journal as a page, and a copy of it to keep."""

from datetime import timedelta
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yika.journal import actions, queries
from yika.journal.forms import SearchForm
from yika.journal.models import Event
from yika.journal.policies import can_read, visible
from yika.journal.rules import copying
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.office.tables import Column
from yika.lib.paging import page

ORDER = ("-at", "-id")


def _asked(request: HttpRequest) -> tuple[QuerySet[Event], SearchForm]:
    """The events that the address asks for, and its form; none where it asks for what does not exist."""
    require(can_read(request.user))
    form = SearchForm(request.GET)
    rows = visible(request.user)
    if not form.is_valid():
        return rows.none(), form
    wanted = form.cleaned_data
    until = wanted["until"]
    found = queries.found(
        rows,
        who=wanted["who"],
        noun=wanted["noun"],
        key=wanted["key"],
        verb=wanted["verb"],
        since=clock.day_start(wanted["since"]) if wanted["since"] else None,
        until=clock.day_start(until + timedelta(days=1)) if until else None,
    )
    return found, form


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """What happened, as a table to read; the copy with its seals is what proves it."""
    rows, _form = _asked(request)
    rows = rows.filter(id__lte=queries.last_event())  # the taking itself is one more
    columns = [
        Column(_("时间"), 20),
        Column(_("发生时间"), 20),
        Column(_("操作人"), 16),
        Column(_("对象"), 12),
        Column(_("编号"), 12),
        Column(_("内容"), 80),
    ]
    lines = (
        (event.at, event.happened_at, line.who, str(line.noun_name), event.key, line.sentence)
        for event in rows.order_by(*ORDER).iterator(chunk_size=2000)
        for line in (queries.line(event),)
    )
    return taken(
        request,
        "journal",
        form,
        title=_("操作记录"),
        columns=columns,
        rows=lines,
        count=rows.count(),
        at=clock.now(),
    )


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Everything that happened, the latest first."""
    at = clock.now()
    rows, form = _asked(request)
    shown = page(rows, ORDER, request.GET.get("after", ""))
    context = {
        "form": form,
        "lines": [queries.line(event) for event in shown.rows],
        "page": shown,
        "first": "after" not in request.GET,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "seals": queries.seal_state(at),
    }
    return render(request, "journal/list.html", context, status=200 if form.is_valid() else 422)


@require_POST
def copy(request: HttpRequest) -> HttpResponseBase:
    """A copy with all seals, to be kept and checked without this server."""
    require(can_read(request.user))
    at = clock.now()
    actions.take_copy(by=cast("actions.Actor", request.user), at=at)
    lines = copying.written(queries.sealed(queries.last_seal()), queries.unsealed())
    response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journal-{clock.campus(at):%Y%m%d-%H%M}.jsonl"'
    return response
