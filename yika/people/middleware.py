"""Limits on running sessions."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from yika.lib import clock
from yika.lib.address import client_address
from yika.lib.ready import Ready
from yika.people import actions
from yika.people.models import SignedIn, User
from yika.people.policies import person
from yika.people.rules import session_over

MARK = "signed_in"  # in the session: the key of its SignedIn row
FREE = {"people:change_password", "people:sign_out"}


_running = Ready(lambda mark, person: SignedIn.objects.filter(pk=mark, person=person))


def session_id(request: HttpRequest) -> int | None:
    """The key of the running session's row."""
    mark = request.session.get(MARK)
    return mark if isinstance(mark, int) else None


def go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, also where htmx asked for a fragment."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


class SessionLimits:
    """Ends sessions that are over, registers new ones however they began, insists on a new password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = clock.now()
        if request.user.is_authenticated and (mark := session_id(request)) is not None:
            running = _running.first(mark, request.user.pk)
            if running is None or session_over(running.started_at, running.seen_at, at):
                SignedIn.objects.filter(pk=mark).delete()
                logout(request)
                query = {"ended": "1"}
                if request.method == "GET" and not request.headers.get("HX-Request"):
                    query["next"] = request.get_full_path()
                return go(request, f"{resolve_url('people:sign_in')}?{urlencode(query)}")
            actions.seen(running, at=at)
        response = self.get_response(request)
        if isinstance(request.user, User) and session_id(request) is None:
            begun = actions.begin_session(
                person(request),
                address=client_address(request),
                agent=request.headers.get("User-Agent", ""),
                at=at,
            )
            request.session[MARK] = begun.pk
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Whoever still has a one-time password gets to the page where it is changed, and out."""
        if not isinstance(request.user, User) or not request.user.must_change_password:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in FREE or not getattr(view, "login_required", True):
            return None
        return go(request, resolve_url("people:change_password"))
