"""Configurations as pages."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yika.assets.policies import visible_devices
from yika.assets.rules import Door
from yika.assets.views.parts import number, tell
from yika.configurations import actions, forms
from yika.configurations.models import ConfigurationRecord
from yika.configurations.policies import can_manage, visible
from yika.configurations.rules import side_by_side
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go, show
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right


def _listed(request: HttpRequest, user: User) -> tuple[str, QuerySet[ConfigurationRecord]]:
    require(may(user, Right.SEE_ASSETS))
    form = forms.FiltersForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q") or ""
    rows = visible(user).select_related("device__kind", "device__place")
    if text:
        rows = rows.filter(Q(device__number__icontains=text) | Q(title__icontains=text))
    return text, rows


def _record(user: User, pk: int) -> ConfigurationRecord:
    return get_object_or_404(visible(user).select_related("device__kind", "device__place"), pk=pk)


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every configuration, the one changed last first."""
    user = person(request)
    text, rows = _listed(request, user)
    context = {
        "text": text,
        "page": page(rows, ("-changed_at", "-id"), request.GET.get("after", "")),
        "managing": can_manage(user),
    }
    return render(request, "configurations/list.html", context)


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The configurations of the list, without their texts."""
    _text, rows = _listed(request, person(request))
    return taken(
        request,
        "configurations",
        form,
        title=_("配置"),
        columns=[
            Column(_("设备编号"), 14),
            Column(_("类型"), 14),
            Column(_("地点"), 36),
            Column(_("名称"), 24),
            Column(_("版本"), 8),
            Column(_("变更时间"), 18),
        ],
        rows=(
            (
                row.device.number,
                row.device.kind.label,
                row.device.place.full_name,
                row.title,
                row.latest,
                row.changed_at,
            )
            for row in rows.order_by("-changed_at", "-id").iterator(chunk_size=2000)
        ),
        count=rows.count(),
        at=clock.now(),
    )


@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """A configuration: its newest text, and its versions. ``?n=`` shows an earlier one."""
    user = person(request)
    here = _record(user, pk)
    shown = get_object_or_404(here.versions, n=number(request.GET.get("n", "")) or here.latest)
    context = {
        "record": here,
        "version": shown,
        "page": page(here.versions.defer("text"), ("-n",), request.GET.get("after", "")),
        "managing": can_manage(user),
    }
    return render(request, "configurations/record.html", context)


@require_GET
def diff(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed between two versions: ``?from=`` and ``?to=``, else the last change."""
    here = _record(person(request), pk)
    after = get_object_or_404(here.versions, n=number(request.GET.get("to", "")) or here.latest)
    start = number(request.GET.get("from", "")) or max(after.n - 1, 1)
    before = get_object_or_404(here.versions, n=start)
    context = {
        "record": here,
        "before": before,
        "after": after,
        "groups": side_by_side(before.text, after.text),
    }
    return render(request, "configurations/diff.html", context)


@require_GET
def download(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """A version as a text file."""
    here = _record(person(request), pk)
    version = get_object_or_404(here.versions, n=n)
    answer = HttpResponse(version.text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="configuration-{here.pk}-v{n}.txt"'
    return answer


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a configuration of a device."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    key = number(request.GET.get("device", ""))
    device = visible_devices(user).filter(pk=key).first() if key else None
    form = forms.RecordForm(request.POST or None, initial={"device": [device] if device else None})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_record(**form.cleaned_data, door=Door.PAGE, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("已登记配置“%(title)s”") % {"title": made.title})
            return go(request, "configurations:record", made.pk)
    context = {"form": form, "heading": _("登记配置")}
    return render(request, "configurations/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def add_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a configuration as it is from now on."""
    at, user = clock.now(), person(request)
    here = _record(user, pk)
    require(can_manage(user))
    form = forms.VersionForm(request.POST or None, initial={"text": here.versions.get(n=here.latest).text})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_version(here, **form.cleaned_data, door=Door.PAGE, by=user, at=at)
        except BadInput as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("已存为第 %(n)d 版") % {"n": made.latest})
            return go(request, "configurations:record", made.pk)
    context = {"form": form, "heading": _("存新版"), "record": here}
    return render(request, "configurations/form.html", context, status=422 if form.errors else 200)


@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """A device's configurations, for its own page."""
    user = person(request)
    key = number(request.GET.get("device", ""))
    here = get_object_or_404(visible_devices(user).select_related("kind", "place"), pk=key)
    context = {
        "device": here,
        "records": visible(user).filter(device=here).order_by("title"),
        "managing": can_manage(user),
    }
    return show(request, "configurations/panel.html", "configurations/_panel.html", context)
