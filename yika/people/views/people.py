"""Everybody: the list, a person, and keeping accounts."""

from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.paging import page
from yika.people import actions, queries
from yika.people.forms import CardForm, OrganisationForm, ReasonForm, blame
from yika.people.models import ROLE_NAMES, User
from yika.people.policies import (
    can_deactivate,
    can_manage,
    can_reset_password,
    can_reveal_phone,
    can_see_card,
    may,
    organisations,
    person,
    visible,
)
from yika.people.rules import Right, Role, Side


def asked_people(request: HttpRequest, viewer: User, at: datetime) -> tuple[QuerySet[User], str, bool]:
    """The people that the address narrows the list to, the role asked for, and whether those who left."""
    role = request.GET.get("role", "")
    role = role if role in {known.value for known in Role} else ""
    left = request.GET.get("left") == "1" and bool(can_manage(viewer))
    return queries.people(viewer, at, role=role, left=left), role, left


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Who there is, and who is on duty now."""
    viewer = person(request)
    rows, role, left = asked_people(request, viewer, clock.now())
    found = page(rows, ("name", "pk"), request.GET.get("after", ""))
    told = {
        "page": found,
        "rows": [(whose, bool(can_see_card(viewer, whose))) for whose in found.rows],
        "role": role,
        "left": left,
        "roles": [(known.value, ROLE_NAMES[known]) for known in Role],
        "may_manage": bool(can_manage(viewer)),
        "panel": _panel(viewer),
    }
    return render(request, "people/list.html", told)


def _panel(viewer: User, **query: int) -> str:
    """The address of the panel of open work, which an upper room has; empty for who may not see faults."""
    if not may(viewer, Right.SEE_FAULTS):
        return ""
    try:
        return reverse("faults:panel_load", query=query)
    except NoReverseMatch:
        return ""


def _person_page(
    request: HttpRequest, whose: User, *, phone: str = "", form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    viewer, at = person(request), clock.now()
    card = bool(can_see_card(viewer, whose))
    reset, deactivate = can_reset_password(viewer, whose), can_deactivate(viewer, whose)
    told = {
        "whose": whose,
        "card": card,
        "phone": phone,
        "form": form or ReasonForm(),
        "may_reveal": bool(whose.phone) and bool(can_reveal_phone(viewer, whose)),
        "may_manage": bool(can_manage(viewer)),
        "reset_problems": [] if reset else [reset.reason],
        "deactivate_problems": [] if deactivate else [deactivate.reason],
        "duty": card and queries.on_duty(at).filter(pk=whose.pk).exists(),
        "panel": _panel(viewer, person=whose.pk) if card and whose.role == Role.TECHNICIAN else "",
        "shifts": queries.coming_shifts(whose, at) if card else [],
    }
    return render(request, "people/person.html", told, status=status)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A staff card."""
    rows = visible(person(request)).select_related("organisation")
    return _person_page(request, get_object_or_404(rows, pk=pk))


@never_cache
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """A telephone number in full, for a reason."""
    rows = visible(person(request)).select_related("organisation")
    whose = get_object_or_404(rows, pk=pk)
    form = ReasonForm(request.POST)
    require(can_reveal_phone(person(request), whose))
    if not form.is_valid():
        return _person_page(request, whose, form=form, status=422)
    phone = actions.reveal_phone(
        whose, reason=form.cleaned_data["reason"], by=person(request), at=clock.now()
    )
    return _person_page(request, whose, phone=phone)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time password is shown on this answer and never again."""
    by = person(request)
    require(can_manage(by))
    form = CardForm(request.POST or None, by=by)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                whose, password = actions.create(
                    form.cleaned_data["username"], form.card(), by=by, at=clock.now()
                )
            except BadInput as refusal:
                blame(form, refusal)
            else:
                return render(request, "people/password_once.html", {"whose": whose, "password": password})
    return render(request, "people/edit.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a staff card."""
    by = person(request)
    require(can_manage(by))
    whose = get_object_or_404(visible(by).select_related("organisation"), pk=pk)
    form = CardForm(request.POST or None, by=by, whose=whose)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.edit(whose, form.card(), by=by, at=clock.now())
            except BadInput as refusal:
                blame(form, refusal)
            else:
                messages.success(request, _("资料已保存"))
                return redirect("people:person", pk=pk)
    return render(request, "people/edit.html", {"form": form, "whose": whose}, status=status)


@never_cache
@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A one-time password for somebody, shown on this answer and never again."""
    whose = get_object_or_404(visible(person(request)), pk=pk)
    password = actions.reset_password(whose, by=person(request), at=clock.now())
    return render(request, "people/password_once.html", {"whose": whose, "password": password})


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves."""
    whose = get_object_or_404(visible(person(request)), pk=pk)
    actions.deactivate(whose, by=person(request), at=clock.now())
    messages.success(request, _("账号已停用，其会话已结束"))
    return redirect("people:person", pk=pk)


@require_POST
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody comes back."""
    whose = get_object_or_404(visible(person(request)), pk=pk)
    actions.activate(whose, by=person(request), at=clock.now())
    messages.success(request, _("账号已启用"))
    return redirect("people:person", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def parties(request: HttpRequest) -> HttpResponse:
    """The organisations, and a further one."""
    by = person(request)
    require(can_manage(by))
    form = OrganisationForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.add_organisation(
                    form.cleaned_data["name"], Side(form.cleaned_data["side"]), by=by, at=clock.now()
                )
            except BadInput as refusal:
                blame(form, refusal)
            else:
                messages.success(request, _("单位已新增"))
                return redirect("people:organisations")
    told = {"form": form, "organisations": organisations(by)}
    return render(request, "people/organisations.html", told, status=status)
