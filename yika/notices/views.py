"""The inbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from yika.lib import clock
from yika.lib.paging import page
from yika.notices import actions, queries
from yika.notices.policies import visible
from yika.people.policies import person


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """My notices, the unread first."""
    rows = page(queries.inbox(person(request)), ("was_read", "-pk"), request.GET.get("after", ""), 30)
    unread = queries.unread(person(request))
    return render(request, "notices/inbox.html", {"page": rows, "unread": unread})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go where it is acted on."""
    notice = get_object_or_404(visible(person(request)), pk=pk)
    actions.mark_read(notice, by=person(request), at=clock.now())
    return redirect(notice.url or "notices:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    actions.mark_all_read(person(request), by=person(request), at=clock.now())
    return redirect("notices:inbox")
