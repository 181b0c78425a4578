"""Signing in and out, and the own password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yika.lib import clock
from yika.lib.address import client_address
from yika.lib.decisions import BadInput
from yika.lib.htmx import wants_fragment
from yika.people import actions
from yika.people.forms import PasswordForm, SignInForm, blame
from yika.people.middleware import session_id
from yika.people.policies import own_sessions, person


def _wanted(request: HttpRequest) -> str:
    """Where somebody wanted to go before they were asked who they are; empty if not to a page of ours."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if ours else ""


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who are you?"""
    wanted = _wanted(request)
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url("people:sign_in")})
    if request.user.is_authenticated:
        return redirect(wanted or settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            at = clock.now()
            try:
                found = actions.check_password(
                    form.cleaned_data["username"],
                    form.cleaned_data["password"],
                    address=client_address(request),
                    at=at,
                )
            except actions.Locked as locked:
                status = 429
                blame(form, locked)
            except BadInput as refusal:
                blame(form, refusal)
            else:
                login(request, found)
                return redirect(wanted or settings.LOGIN_REDIRECT_URL)
    told = {"form": form, "next": wanted, "ended": "ended" in request.GET}
    return render(request, "people/sign_in.html", told, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Until next time."""
    running = own_sessions(person(request)).filter(pk=session_id(request) or 0).first()
    if running is not None:
        actions.end_session(running, by=person(request), at=clock.now(), current=True)
    logout(request)
    return redirect(settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("current", "new", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password for oneself."""
    user = person(request)
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = actions.change_password(
                    user,
                    current=form.cleaned_data["current"],
                    new=form.cleaned_data["new"],
                    keep=session_id(request),
                    by=user,
                    at=clock.now(),
                )
            except BadInput as refusal:
                blame(form, refusal)
            else:
                update_session_auth_hash(request, changed)
                messages.success(request, _("密码已修改，其他会话已结束"))
                return redirect(
                    settings.LOGIN_REDIRECT_URL if user.must_change_password else "people:account"
                )
    told = {"form": form, "forced": user.must_change_password}
    return render(request, "people/change_password.html", told, status=status)
