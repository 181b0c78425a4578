"""Drafting a change: its head, its lines, a swap in one step."""

import json
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from yika.assets.gate import held, moves_of
from yika.assets.models import Device
from yika.assets.policies import visible_devices, visible_places
from yika.assets.queries import world
from yika.assets.rules import Life, parse, plan
from yika.assets.views.parts import number, tell
from yika.changes import forms, queries
from yika.changes.actions import noticing, proposing
from yika.changes.actions.proposing import Head, Proposed
from yika.changes.actions.swapping import swap as lines_of_swap
from yika.changes.doors import door
from yika.changes.models import Line
from yika.changes.policies import can_edit, can_propose, visible
from yika.changes.rules import MOST_LINES, TITLE_LENGTH, Kind, Mode, family, storable
from yika.changes.views.asking import asked_field, current
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
    return _form(
        request,
        form,
        _("修改 %(number)s") % {"number": change.number},
        {
            "change": change,
            "asked_back": queries.asked_back(change),
        },
    )


def _form(request: HttpRequest, form: forms.HeadForm, heading: str, more: dict[str, Any]) -> HttpResponse:
    context = {"form": form, "heading": heading, **more}
    return render(request, "changes/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest) -> HttpResponse:
    """设备更换: the old device, a spare of its kind, and why."""
    at, user = clock.now(), person(request)
    require(can_propose(user))
    which = forms.DeviceOnlyForm(request.GET if {"device", "device_text"} & {*request.GET} else None)
    if not which.is_valid():
        context = {"form": which, "heading": _("设备更换")}
        return render(request, "changes/which.html", context, status=422 if which.errors else 200)
    old: Device = which.cleaned_data["device"]
    if not old.in_use:
        which.add_error("device", _("%(number)s 不在用，不用更换") % {"number": old.number})
        return render(request, "changes/which.html", {"form": which, "heading": _("设备更换")}, status=422)
    spares = list(queries.spares_for(old)[: forms.MOST_SPARES])
    form = forms.SwapForm(request.POST or None, spares=spares, initial=forms.usual_window(at))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        spare = next(one for one in spares if one.pk == asked["spare"])
        said = {"old": old.number, "spare": spare.number, "place": old.place.full_name}
        with override(settings.LANGUAGE_CODE):
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
                head,
                submission=asked["submission"],
                lines=lines_of_swap(old, spare, old_life=Life(asked["old_life"])),
                by=user,
                at=at,
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
    heading = _("添加变更内容")
    asked = asked_field(request, heading, change=change)
    if isinstance(asked, HttpResponse):
        return asked
    device, field = asked
    standing = change.lines.filter(device=device, field=field).first()
    base = standing.after if standing else current(device, field)
    form = forms.value_form(field)(request.POST or None, device=device, field=field, base=base)
    if request.method == "POST" and form.is_valid():
        try:
            lines = [Proposed(device, name, value) for name, value in form.values.items()]
            proposing.add_lines(change, lines, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            return go(request, "changes:page", change.pk)
    context = {
        "form": form,
        "change": change,
        "heading": heading,
        "device": device,
        "field": field_name(field),
        "now": door(field).words(field, current(device, field)) if field != "parameters" else "",
        "standing": standing,
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
    with override(settings.LANGUAGE_CODE):
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
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft anew what came to nothing."""
    at, user = clock.now(), person(request)
    change = get_object_or_404(queries.open_page(user), pk=pk)
    window = forms.usual_window(at)
    made = proposing.draft_again(change, (window["from_at"], window["until_at"]), by=user, at=at)
    messages.success(request, _("%(number)s 已起草，核对后提交") % {"number": made.number})
    return go(request, "changes:page", made.pk)


@require_POST
def from_refused(request: HttpRequest) -> HttpResponse:
    """Word and draft the change that an edit, refused without consent, would have needed."""
    at, user = clock.now(), person(request)
    require(can_propose(user))
    proposal = request.POST.get("proposal", "")
    lines = _refused_lines(user, proposal)
    fields = list(dict.fromkeys(field_name(family(line.field)) for line in lines))
    numbers = list(dict.fromkeys(line.device.number for line in lines))
    named = {
        "devices": _("、").join(numbers[:3]) + ("…" if len(numbers) > 3 else ""),
        "fields": _("、").join(fields),
    }
    start = {
        **forms.usual_window(at),
        "kind": noticing.KIND_OF.get(family(lines[0].field), Kind.NETWORK).value,
        "title": (_("修改 %(devices)s 的%(fields)s") % named)[:TITLE_LENGTH],
        "plan": _("按变更内容逐项修改并测试"),
        "back_out": _("恢复原值"),
    }
    form = forms.HeadForm(request.POST if "title" in request.POST else None, initial=start)
    if form.is_valid():
        submission = form.cleaned_data["submission"]
        devices = form.cleaned_data["devices"]
        try:
            made = proposing.draft(
                form.head, submission=submission, lines=lines, devices=devices, by=user, at=at
            )
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("%(number)s 已起草，核对后提交") % {"number": made.number})
            return go(request, "changes:page", made.pk)
    shown = [
        (
            line.device.number,
            field_name(line.field),
            *(
                door(line.field).words(line.field, value)
                for value in (door(line.field).current(line.device, line.field), line.after)
            ),
        )
        for line in lines
    ]
    return _form(request, form, _("起草变更"), {"proposal": proposal, "proposed": shown})


def _refused_lines(user: User, text: str) -> list[Proposed]:
    """What the gate said was wanted. Raises: BadInput for anything else; the doors check the values."""
    try:
        wanted = [(int(key), str(field), value) for key, field, value in json.loads(text)]
        if not storable([field for _key, field, _value in wanted]):
            raise ValueError(text)
    except (ValueError, TypeError) as error:
        raise BadInput(_("没有可起草的内容，请返回重试")) from error
    rows = visible_devices(user).select_related("kind", "place")
    devices = {row.pk: row for row in rows.filter(pk__in={key for key, _field, _value in wanted})}
    if not wanted or len(wanted) > MOST_LINES or not {key for key, _f, _v in wanted} <= devices.keys():
        raise BadInput(_("没有可起草的内容，请返回重试"))
    return [Proposed(devices[key], field, value) for key, field, value in wanted]


@require_POST
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a value out of a draft."""
    user = person(request)
    rows = Line.objects.filter(change__in=visible(user)).select_related("device", "change__asked_by")
    line = get_object_or_404(rows, pk=pk)
    proposing.remove_line(line, by=user, at=clock.now())
    return go(request, "changes:page", line.change_id)
