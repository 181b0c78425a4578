"""Importing a list: choose, look, apply."""

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yika.assets import actions, queries
from yika.assets.forms import UploadForm
from yika.assets.gate import held, moves_of
from yika.assets.models import DeviceKind
from yika.assets.policies import can_manage
from yika.assets.rules import MAX_PROBLEMS, decode, fingerprint, parse, plan
from yika.assets.sentences import FIELD_LABELS, worded
from yika.lib import clock
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.office.bringing import ApplyForm, keep, kept
from yika.lib.office.reading import Unreadable
from yika.lib.office.words import told
from yika.people.policies import person

SHOWN = 200


@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Choose a list; what it would change is shown and nothing is changed."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "assets/import.html", {"form": form}, status=422 if form.errors else 200)
    upload, terminals = form.cleaned_data["file"], form.cleaned_data["terminals"]
    data = upload.read()
    try:
        text, flaws = decode(data)
    except Unreadable as refusal:
        form.add_error("file", told(refusal.flaw))
        return render(request, "assets/import.html", {"form": form}, status=422)
    planned = plan(parse(text, flaws), queries.world(), terminals=terminals)
    kind_names = {kind.code: kind.label for kind in DeviceKind.objects.all()}
    context = {
        "form": UploadForm(initial={"terminals": terminals}),
        "file_name": upload.name,
        "plan": planned,
        "shown": SHOWN,
        "lines": [(problem, worded(problem)) for problem in planned.problems[:MAX_PROBLEMS]],
        "more_lines": max(len(planned.problems) - MAX_PROBLEMS, 0),
        "devices": [(device, kind_names[device.kind]) for device in planned.new_devices[:SHOWN]],
        "changes": [
            (
                change,
                [
                    (FIELD_LABELS[name], kind_names.get(old, old), kind_names.get(new, new))
                    for name, old, new in change.fields
                ],
            )
            for change in planned.changes[:SHOWN]
        ],
    }
    context["held"] = {one.device.number for one in held(moves_of(planned), at)}
    if planned.problems:
        return render(request, "assets/import.html", context, status=422)
    previewed = {
        "text": text,
        "terminals": terminals,
        "shown": fingerprint(planned),
        "file_name": str(upload.name)[:100],
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    context["apply_form"] = ApplyForm(initial={"kept": keep(previewed, at=at)})
    return render(request, "assets/import.html", context)


@require_POST
def apply_import(request: HttpRequest) -> HttpResponse:
    """Carry out what was previewed, all of it or nothing."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    form = ApplyForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("预览内容不完整，请重新选择文件预览"))
    try:
        done = actions.import_list(**kept(form.cleaned_data["kept"], at=at), by=user, at=at)
    except (BadInput, WrongState) as refusal:
        context = {"form": UploadForm(), "refused": refusal.problems}
        return render(
            request, "assets/import.html", context, status=409 if isinstance(refusal, WrongState) else 422
        )
    messages.success(
        request,
        _("已导入：新增地点 %(places)d 个，新增设备 %(devices)d 台，修改设备 %(changed)d 台")
        % {
            "places": len(done.new_places),
            "devices": len(done.new_devices),
            "changed": len(done.changes),
        },
    )
    return redirect("assets:places")
