"""What the Office sets beforehand."""

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.assets.views.parts import tell
from yika.changes import forms
from yika.changes.actions import planning
from yika.changes.bringing import BLACKOUTS, last_days, planned_blackouts
from yika.changes.models import Blackout, Pattern
from yika.changes.policies import can_plan, can_see
from yika.changes.rules import Kind
from yika.changes.words import FAMILIES, KINDS
from yika.journal.bringing import brought_in
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.lib.office.tables import Column
from yika.people.policies import person


@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """Patterns of standard changes and blackout times."""
    require(can_see(person(request)))
    return _page(request, forms.PatternForm(), forms.BlackoutForm())


def _page(request: HttpRequest, pattern: django_forms.Form, blackout: django_forms.Form) -> HttpResponse:
    at = clock.now()
    patterns = Pattern.objects.filter(ended_at__isnull=True).select_related("by").order_by("name")
    context = {
        "patterns": [
            (one, [str(FAMILIES[key]) for key in one.families if key in FAMILIES])
            for one in patterns.prefetch_related("device_kinds")
        ],
        "blackouts": Blackout.objects.filter(until_at__gt=at).select_related("by"),
        "pattern_form": pattern,
        "blackout_form": blackout,
        "can_plan": can_plan(person(request)),
        "kinds": KINDS,
        "tab": "plan",
    }
    status = 422 if pattern.errors or blackout.errors else 200
    return render(request, "changes/plan.html", context, status=status)


@require_POST
def approve_pattern(request: HttpRequest) -> HttpResponse:
    """Consent beforehand to a sort of change."""
    user = person(request)
    require(can_plan(user))
    form = forms.PatternForm(request.POST)
    if form.is_valid():
        asked = {**form.cleaned_data, "kind": Kind(form.cleaned_data["kind"])}
        try:
            planning.approve_pattern(**asked, by=user, at=clock.now())
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("标准变更已批准"))
            return go(request, "changes:plan")
    return _page(request, form, forms.BlackoutForm())


@require_POST
def end_pattern(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the consent beforehand back."""
    planning.end_pattern(get_object_or_404(Pattern, pk=pk), by=person(request), at=clock.now())
    messages.success(request, _("标准变更已停用"))
    return go(request, "changes:plan")


@require_POST
def add_blackout(request: HttpRequest) -> HttpResponse:
    """Set a blackout time."""
    user = person(request)
    require(can_plan(user))
    form = forms.BlackoutForm(request.POST)
    if form.is_valid():
        try:
            planning.add_blackout(**form.cleaned_data, by=user, at=clock.now())
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("封网时段已设置"))
            return go(request, "changes:plan")
    return _page(request, forms.PatternForm(), form)


@require_POST
def remove_blackout(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a blackout time."""
    planning.remove_blackout(get_object_or_404(Blackout, pk=pk), by=person(request), at=clock.now())
    messages.success(request, _("封网时段已取消"))
    return go(request, "changes:plan")


@require_http_methods(["GET", "HEAD", "POST"])
def bring_blackouts(request: HttpRequest) -> HttpResponse:
    """Blackout times from a file."""
    require(can_plan(person(request)))
    return brought_in(request, BLACKOUTS, planned_blackouts, planning.import_blackouts)


@require_GET
def export_blackouts(request: HttpRequest, form: str) -> HttpResponseBase:
    """All of them, with the headings that the import knows."""
    require(can_see(person(request)))
    rows = list(Blackout.objects.order_by("from_at", "pk"))
    ends = last_days([one.until_at for one in rows])
    return taken(
        request,
        "blackouts",
        form,
        title=_("封网时段"),
        columns=[Column(str(heading.name), 20) for heading in BLACKOUTS.headings],
        rows=[(one.name, one.from_at, end) for one, end in zip(rows, ends, strict=True)],
        count=len(rows),
        at=clock.now(),
    )
