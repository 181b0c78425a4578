"""Drafting a change: its head, its lines, a swap in one step."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yika.assets.gate import held, moves_of
from yika.assets.models import Device
from yika.assets.policies import visible_devices, visible_places
from yika.assets.queries import world
from yika.assets.rules import parse, plan
from yika.assets.views.parts import number, tell
from yika.changes import forms, queries
from yika.changes.actions import proposing
from yika.changes.actions.proposing import Head, Proposed
from yika.changes.actions.swapping import swap as lines_of_swap
from yika.changes.doors import door
from yika.changes.models import Line
from yika.changes.policies import can_edit, can_propose, visible
from yika.changes.rules import TITLE_LENGTH, Kind, Mode
from yika.changes.words import field_name
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.lib.office.bringing import ApplyForm, kept
from yika.people.models import User
from yika.people.policies import person


def _device(user: User, key: str) -> Device | None:
    return visible_devices(user).select_related("kind", "place").filter(pk=number(key)).first()


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a change, about ``?device=`` if given."""
    at, user = clock.now(), person(request)
    require(can_propose(user))
    about = _device(user, request.GET.get("device", ""))
    start = {**forms.usual_window(at), "devices": [about] if about else None}
    form = forms.HeadForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = proposing.draft(
                form.head, submission=asked["submission"], devices=asked["devices"], by=user, at=at
            )
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("%(number)s 已起草，请添加变更内容后提交") % {"number": made.number})
            return go(request, "changes:page", made.pk)
    return _form(request, form, _("起草变更"), {})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a draft anew."""
    at, user = clock.now(), person(request)
    change = get_object_or_404(queries.open_page(user), pk=pk)
    require(can_edit(user, change))
    names = (
        "submission",
        "kind",
        "mode",
        "title",
        "reason",
        "risk",
        "plan",
        "back_out",
        "from_at",
        "until_at",
    )
    before: dict[str, Any] = {name: getattr(change, name) for name in names}
    form = forms.HeadForm(request.POST or None, initial={**before, "devices": list(change.devices.all())})
    if request.method == "POST" and form.is_valid():
        try:
            proposing.edit(change, form.head, devices=form.cleaned_data["devices"], by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("修改已保存"))
            return go(request, "changes:page", change.pk)
    return _form(request, form, _("修改 %(number)s") % {"number": change.number}, {"change": change})


def _form(request: HttpRequest, form: forms.HeadForm, heading: str, more: dict[str, Any]) -> HttpResponse:
    context = {"form": form, "heading": heading, **more}
    return render(request, "changes/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest) -> HttpResponse:
    """设备更换: the old device, a spare of its kind, and why."""
    at, user = clock.now(), person(request)
    require(can_propose(user))
    which = forms.DeviceOnlyForm(request.GET if request.GET.get("device") else None)
    if not which.is_valid():
        context = {"form": which, "heading": _("设备更换")}
        return render(request, "changes/which.html", context, status=422 if which.errors else 200)
    old: Device = which.cleaned_data["device"]
    spares = list(queries.spares_for(old))
    form = forms.SwapForm(request.POST or None, spares=spares, initial=forms.usual_window(at))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        spare = next(one for one in spares if one.pk == asked["spare"])
        said = {"old": old.number, "spare": spare.number, "place": old.place.full_name}
        head = Head(
            Kind.SWAP,
            Mode(asked["mode"]),
            title=_("%(old)s 更换为 %(spare)s") % said,
            reason=asked["reason"],
            risk=asked["risk"],
            plan=_("拆下 %(old)s，装上 %(spare)s（%(place)s），刷卡测试") % said,
            back_out=_("装回 %(old)s") % said,
            from_at=asked["from_at"],
            until_at=asked["until_at"],
        )
        try:
            made = proposing.draft(
                head, submission=asked["submission"], lines=lines_of_swap(old, spare), by=user, at=at
            )
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("%(number)s 已起草，核对后提交") % {"number": made.number})
            return go(request, "changes:page", made.pk)
    context = {"form": form, "device": old, "spares": spares}
    return render(request, "changes/swap.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """First which field of which device, then what it shall be."""
    at, user = clock.now(), person(request)
    change = get_object_or_404(queries.open_page(user), pk=pk)
    require(can_edit(user, change))
    which = forms.WhichForm(request.GET if request.GET.get("field") else None)
    context: dict[str, Any] = {"change": change, "heading": _("添加变更内容")}
    if not which.is_valid():
        context["form"] = which
        return render(request, "changes/which.html", context, status=422 if which.errors else 200)
    device, field = which.cleaned_data["device"], which.cleaned_data["field"]
    form = forms.ValueForm(request.POST or None, device=device, field=field)
    if request.method == "POST" and form.is_valid():
        try:
            proposing.add_lines(change, [Proposed(device, field, form.value)], by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            return go(request, "changes:page", change.pk)
    keeper = door(field)
    context |= {
        "form": form,
        "device": device,
        "field": field_name(field),
        "now": keeper.words(field, keeper.current(device, field)),
        "back": request.path,
    }
    return render(request, "changes/value.html", context, status=422 if form.errors else 200)


@require_POST
def from_import(request: HttpRequest) -> HttpResponse:
    """Draft the change that an import needs consent for: what it says differently of devices in use."""
    at, user = clock.now(), person(request)
    require(can_propose(user))
    form = ApplyForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("预览内容不完整，请重新选择文件预览"))
    sent = kept(form.cleaned_data["kept"], at=at)
    moves = held(moves_of(plan(parse(sent["text"]), world())), at)
    wanted = {move.after for move in moves}
    places = dict(visible_places(user).filter(full_name__in=wanted).values_list("full_name", "pk"))
    if missing := sorted(wanted - places.keys()):
        said = _("还没有这些地点，请先登记：%(places)s")
        raise BadInput(said % {"places": _("、").join(missing[:10])})
    named = {"file": sent["file_name"]}
    window = forms.usual_window(at)
    head = Head(
        Kind.DATA,
        Mode.NORMAL,
        title=(_("按清单更正：%(file)s") % named)[:TITLE_LENGTH],
        reason=_("清单 %(file)s 与登记不一致") % named,
        risk=_("只更正登记，不动设备"),
        plan=_("按清单更正登记"),
        back_out=_("恢复原登记"),
        **window,
    )
    lines = [Proposed(move.device, move.field, places[move.after]) for move in moves]
    made = proposing.draft(head, submission=uuid4(), lines=lines, by=user, at=at)
    messages.success(request, _("%(number)s 已起草，核对后提交") % {"number": made.number})
    return go(request, "changes:page", made.pk)


@require_POST
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a value out of a draft."""
    user = person(request)
    rows = Line.objects.filter(change__in=visible(user)).select_related("device", "change__asked_by")
    line = get_object_or_404(rows, pk=pk)
    proposing.remove_line(line, by=user, at=clock.now())
    return go(request, "changes:page", line.change_id)
