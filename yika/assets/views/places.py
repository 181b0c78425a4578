"""The place tree as pages."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.assets import actions, queries
from yika.assets.forms import MergeForm, MoveForm, PlaceEditForm, PlaceForm
from yika.assets.models import Place
from yika.assets.policies import can_manage, visible_devices, visible_places
from yika.assets.rules import Door, PlaceKind, guess_kind
from yika.assets.views.parts import number, panels, tell
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.lib.paging import page
from yika.people.policies import person

SHOWN_HERE = 50
CHILDREN_ORDER = ("name", "pk")


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The tops of the tree, or what a search finds; the only top is opened at once."""
    user = person(request)
    text = request.GET.get("q", "").strip()[:100]
    shown_places: QuerySet[Place]
    if text:
        shown_places = queries.places_matching(text, visible_places(user))
        shown = page(shown_places, ("full_name",), request.GET.get("after", ""))
    else:
        shown = page(visible_places(user).filter(parent=None), ("full_name",), request.GET.get("after", ""))
        if len(shown.rows) == 1 and not shown.next_cursor:
            return redirect("assets:place", shown.rows[0].pk)
    context = {
        "text": text,
        "page": shown,
        "branches": queries.branches(shown.rows),
        "managing": can_manage(user),
    }
    return render(request, "assets/places.html", context)


@require_GET
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: what is below it, what stands in it, what happened to it."""
    user = person(request)
    here = get_object_or_404(visible_places(user), pk=pk)
    children = page(
        visible_places(user).filter(parent=here), CHILDREN_ORDER, request.GET.get("after", ""), size=100
    )
    standing = visible_devices(user).filter(place=here).select_related("kind", "model")
    devices = list(queries.serving_first(standing)[: SHOWN_HERE + 1])
    (here_branch,) = queries.branches([here])
    context = {
        "place": here,
        "ancestors": queries.ancestors(here),
        "branch": here_branch,
        "page": children,
        "branches": queries.branches(children.rows),
        "devices": devices[:SHOWN_HERE],
        "more_devices": len(devices) > SHOWN_HERE,
        "managing": can_manage(user),
        "report_url": queries.report_url(here),
        "qr": queries.qr_svg(queries.report_url(here)),
        "panels": panels("place", here.pk),
        "timeline": timeline("place", here.pk, limit=20),
    }
    return render(request, "assets/place.html", context)


@require_http_methods(["GET", "POST"])
def create_place(request: HttpRequest) -> HttpResponse:
    """Add a place, below ``?parent=`` if given."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    parent = visible_places(user).filter(pk=number(request.GET.get("parent", ""))).first()
    form = PlaceForm(request.POST or None, initial={"parent": parent})
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.cleaned_data
            kind = PlaceKind(asked["kind"]) if asked["kind"] else None
            made = actions.create_place(
                asked["parent"],
                name=asked["name"],
                kind=kind,
                daily_users=asked["daily_users"],
                by=user,
                at=at,
            )
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("已新增地点“%(name)s”") % {"name": made.name})
            return go(request, "assets:place", made.pk)
    return _form(request, form, _("新增地点"), _("新增"), parent)


@require_http_methods(["GET", "POST"])
def edit_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a place another name, say what it is and how many use it."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_places(user), pk=pk)
    require(can_manage(user))
    start = {"name": here.name, "kind": here.kind, "daily_users": here.daily_users}
    form = PlaceEditForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.cleaned_data
            kind = PlaceKind(asked["kind"]) if asked["kind"] else guess_kind(asked["name"])
            actions.edit_place(
                here, name=asked["name"], kind=kind, daily_users=asked["daily_users"], by=user, at=at
            )
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("修改已保存"))
            return go(request, "assets:place", here.pk)
    return _form(request, form, _("修改地点"), _("保存"), here)


@require_http_methods(["GET", "POST"])
def move_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Hang a place under another."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_places(user), pk=pk)
    require(can_manage(user))
    form = MoveForm(request.POST or None, initial={"parent": here.parent})
    if request.method == "POST" and form.is_valid() and form.cleaned_data["parent"] == here.parent:
        form.add_error("parent", _("已经在这里，没有改动"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_place(here, parent=form.cleaned_data["parent"], door=Door.PAGE, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("地点已移动"))
            return go(request, "assets:place", here.pk)
    return _form(request, form, _("移动地点"), _("移动"), here)


@require_http_methods(["GET", "POST"])
def merge_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Two entries of one place become one."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_places(user), pk=pk)
    require(can_manage(user))
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            into = actions.merge_place(here, into=form.cleaned_data["into"], door=Door.PAGE, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("已并入“%(name)s”") % {"name": into.full_name})
            return go(request, "assets:place", into.pk)
    return _form(request, form, _("合并地点"), _("并入"), here)


@require_POST
def replace_place_label(request: HttpRequest, pk: int) -> HttpResponse:
    """A new QR code for a place."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_places(user), pk=pk)
    actions.replace_place_label(here, by=user, at=at)
    messages.success(request, _("已更换二维码，旧标签即时作废，请打印新标签"))
    return go(request, "assets:place", here.pk)


def _form(
    request: HttpRequest, form: forms.Form, heading: str, button: str, here: Place | None
) -> HttpResponse:
    context = {"form": form, "heading": heading, "button": button, "here": here}
    return render(request, "assets/place_form.html", context, status=422 if form.errors else 200)
