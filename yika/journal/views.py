"""The journal as a page, and a copy of it to keep."""

from datetime import timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from yika.journal import actions, queries
from yika.journal.forms import SearchForm
from yika.journal.policies import can_read, visible
from yika.journal.rules import copying
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.paging import page

ORDER = ("-at", "-id")


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Everything that happened, the latest first."""
    require(can_read(request.user))
    at = clock.now()
    form = SearchForm(request.GET)
    rows = visible(request.user)
    if form.is_valid():
        wanted = form.cleaned_data
        until = wanted["until"]
        rows = queries.found(
            rows,
            who=wanted["who"],
            noun=wanted["noun"],
            key=wanted["key"],
            verb=wanted["verb"],
            since=clock.day_start(wanted["since"]) if wanted["since"] else None,
            until=clock.day_start(until + timedelta(days=1)) if until else None,
        )
    else:
        rows = rows.none()
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
