"""What is found different in the field."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.assets.views.parts import tell
from yika.changes import forms, queries
from yika.changes.actions import noticing
from yika.changes.doors import door
from yika.changes.models import Difference
from yika.changes.policies import can_propose, can_see
from yika.changes.rules import UNDONE, State
from yika.changes.views.asking import asked_field, current
from yika.changes.views.lists import WORDS
from yika.changes.words import field_name
from yika.files.actions import store
from yika.files.rules import Kind
from yika.files.views import respond
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.people.policies import person


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """现场差异, the latest first; those without a change yet with ``?open=1``."""
    user = person(request)
    require(can_see(user))
    rows = queries.differences(user)
    waiting = request.GET.get("open") == "1"
    if waiting:
        rows = queries.unmended(rows)
    shown = page(rows, ("-at", "-pk"), request.GET.get("after", ""))
    context = {
        **WORDS,
        "page": shown,
        "rows": [(one, field_name(one.field), _waits(one)) for one in shown.rows],
        "waiting": waiting,
        "can_propose": can_propose(user),
        "tab": "differences",
    }
    return render(request, "changes/differences.html", context)


def _waits(one: Difference) -> bool:
    return one.change is None or State(one.change.state) in UNDONE


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file."""
    user = person(request)
    require(can_see(user))
    rows = queries.differences(user)
    if request.GET.get("open") == "1":
        rows = queries.unmended(rows)
    columns = [
        Column(_("设备编号"), 14),
        Column(_("类型"), 14),
        Column(_("地点"), 40),
        Column(_("项目"), 16),
        Column(_("登记为"), 30),
        Column(_("现场实际为"), 30),
        Column(_("说明"), 30),
        Column(_("发现人"), 12),
        Column(_("发现时间"), 18),
        Column(_("变更编号"), 12),
    ]
    return taken(
        request,
        "differences",
        form,
        title=_("现场差异"),
        columns=columns,
        rows=(
            (
                one.device.number,
                one.device.kind.label,
                one.device.place.full_name,
                field_name(one.field),
                one.recorded_words,
                one.found_words,
                one.note,
                one.by.name,
                one.at,
                one.change.number if one.change else "",
            )
            for one in rows.order_by("pk").iterator(chunk_size=2000)
        ),
        count=rows.count(),
        at=clock.now(),
    )


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest) -> HttpResponse:
    """Record a difference: first which field of which device, then what it really is."""
    at, user = clock.now(), person(request)
    require(can_propose(user))
    heading = _("登记现场差异")
    asked = asked_field(request, heading)
    if isinstance(asked, HttpResponse):
        return asked
    device, field = asked
    now = current(device, field)
    form = forms.value_form(field)(request.POST or None, device=device, field=field, base=now, found=True)
    details = forms.FoundForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and details.is_valid():
        sent = details.cleaned_data
        try:
            photo = store(sent["photo"], kinds=(Kind.IMAGE,), at=at) if sent["photo"] else None
            made = noticing.note_differences(
                device, form.values, note=sent["note"], photo=photo, by=user, at=at
            )
            proposed = noticing.propose(made, by=user, at=at) if request.POST.get("propose") else None
        except BadInput as refusal:
            tell(details if refusal.field in details.fields else form, refusal)
        else:
            if proposed:
                return go(request, "changes:page", proposed.pk)
            messages.success(request, _("现场差异已登记"))
            return go(request, "changes:differences")
    context = {
        "form": form,
        "details": details,
        "device": device,
        "field": field_name(field),
        "now": door(field).words(field, now) if field != "parameters" else "",
        "heading": heading,
        "back": request.path,
        "finding": True,
    }
    wrong = form.errors or details.errors
    return render(request, "changes/value.html", context, status=422 if wrong else 200)


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo of a difference."""
    found = get_object_or_404(queries.differences(person(request)).filter(photo__isnull=False), pk=pk)
    assert found.photo
    return respond(request, found.photo)


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the change that follows from a difference."""
    user = person(request)
    found = get_object_or_404(queries.differences(user), pk=pk)
    made = noticing.propose([found], by=user, at=clock.now())
    messages.success(request, _("%(number)s 已起草，核对后提交") % {"number": made.number})
    return go(request, "changes:page", made.pk)
