"""Changes as a list, a calendar, a file, and beside a device."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.assets.policies import refused_attempts, visible_devices
from yika.assets.sentences import WORDS as ASSET_WORDS
from yika.assets.views.parts import number
from yika.changes import forms, queries
from yika.changes.models import Blackout, Change
from yika.changes.policies import can_plan, can_propose, can_see, visible
from yika.changes.rules import Kind, Mode, State
from yika.changes.words import KINDS, MODES, STATES, TONES, field_name
from yika.commitments.rules import Month
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.clock import campus_date
from yika.lib.decisions import require
from yika.lib.htmx import show
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.people.policies import person

WORDS = {"kinds": KINDS, "modes": MODES, "states": STATES, "tones": TONES}
DOORS = ASSET_WORDS["door"]
PANEL_SHOWN = 5


def _filters(request: HttpRequest) -> queries.Filters:
    form = forms.FiltersForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    return queries.Filters(
        asked.get("q") or "", asked.get("state") or "open", asked.get("kind") or "", asked.get("mode") or ""
    )


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The changes a person may see, the latest first."""
    user = person(request)
    require(can_see(user))
    filters = _filters(request)
    context = {
        **WORDS,
        "filters": filters,
        "filtered": filters != queries.Filters(),
        "page": page(queries.listed(user, filters), ("-pk",), request.GET.get("after", "")),
        "unconfirmed": queries.unconfirmed(visible(user)).count(),
        "declined": queries.declined(visible(user)).count(),
        "can_propose": can_propose(user),
        "tab": "list",
    }
    return render(request, "changes/list.html", context)


def _state(change: Change) -> str:
    """Where it stands; what the Office did not confirm says so."""
    word = str(STATES[State(change.state)])
    return _("%(state)s（不予确认）") % {"state": word} if getattr(change, "was_declined", False) else word


def _told(filters: queries.Filters) -> list[tuple[str, str]]:
    """The filters by name, as the file says them."""
    states = {"open": _("未结束"), "ended": _("已结束"), "all": _("全部")}
    states |= {"unconfirmed": _("待确认的紧急变更"), "declined": _("不予确认、待回退")}
    states |= {state.value: str(word) for state, word in STATES.items()}
    kind = str(KINDS[Kind(filters.kind)]) if filters.kind else ""
    mode = str(MODES[Mode(filters.mode)]) if filters.mode else ""
    return [
        (_("状态"), states[filters.state]), (_("类别"), kind), (_("方式"), mode), (_("搜索"), filters.text)
    ]  # fmt: skip


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file: 变更登记表."""
    user = person(request)
    require(can_see(user))
    filters = _filters(request)
    rows = queries.listed(user, filters)
    columns = [
        Column(_("编号"), 12),
        Column(_("类别"), 12),
        Column(_("方式"), 12),
        Column(_("状态"), 10),
        Column(_("标题"), 30),
        Column(_("涉及设备"), 30),
        Column(_("原因"), 40),
        Column(_("申请人"), 12),
        Column(_("同意人"), 16),
        Column(_("提交时间"), 18),
        Column(_("开始时间"), 18),
        Column(_("结束时间"), 18),
        Column(_("执行时间"), 18),
        Column(_("执行情况"), 40),
    ]
    return taken(
        request,
        "changes",
        form,
        title=_("变更登记表"),
        columns=columns,
        rows=(
            (
                change.number,
                str(KINDS[Kind(change.kind)]),
                str(MODES[Mode(change.mode)]),
                _state(change),
                change.title,
                queries.numbers_of(change),
                change.reason,
                change.asked_by.name,
                queries.agreed_by(change),
                change.asked_at,
                change.from_at,
                change.until_at,
                change.executed_at,
                change.executed_note,
            )
            for change in queries.exported(rows).order_by("pk").iterator(chunk_size=500)
        ),
        count=rows.count(),
        at=clock.now(),
        filters=_told(filters),
    )


@require_GET
def export_trials(request: HttpRequest, form: str) -> HttpResponseBase:
    """The tests of all visible changes: 测试记录表."""
    user = person(request)
    require(can_see(user))
    rows = queries.exported_trials(user)
    columns = [
        Column(_("变更编号"), 12),
        Column(_("标题"), 30),
        Column(_("测试项目"), 30),
        Column(_("预期结果"), 30),
        Column(_("实际结果"), 30),
        Column(_("结论"), 10),
        Column(_("测试人"), 12),
        Column(_("测试时间"), 18),
    ]
    return taken(
        request,
        "change-tests",
        form,
        title=_("测试记录表"),
        columns=columns,
        rows=(
            (
                trial.change.number,
                trial.change.title,
                trial.item,
                trial.expected,
                trial.result,
                _("通过") if trial.passed else _("未通过"),
                trial.by.name,
                trial.at,
            )
            for trial in rows.iterator(chunk_size=2000)
        ),
        count=rows.count(),
        at=clock.now(),
    )


@require_GET
def refused(request: HttpRequest) -> HttpResponse:
    """Attempts on controlled fields without consent, the latest first."""
    user = person(request)
    require(can_see(user))
    rows = refused_attempts(user).select_related("device__kind")
    shown = page(rows, ("-at", "-pk"), request.GET.get("after", ""))
    context = {
        "page": shown,
        "rows": [(one, field_name(one.field), DOORS[one.door]) for one in shown.rows],
        "tab": "refused",
    }
    return render(request, "changes/refused.html", context)


@require_GET
def export_refused(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file."""
    user = person(request)
    require(can_see(user))
    rows = refused_attempts(user).select_related("device")
    columns = [
        Column(_("时间"), 18),
        Column(_("操作人"), 12),
        Column(_("途径"), 10),
        Column(_("设备编号"), 14),
        Column(_("项目"), 16),
        Column(_("原值"), 40),
        Column(_("改为"), 40),
    ]
    return taken(
        request,
        "refused",
        form,
        title=_("被拒绝的修改"),
        columns=columns,
        rows=(
            (
                one.at,
                one.by_name,
                str(DOORS[one.door]),
                one.device.number,
                field_name(one.field),
                one.before,
                one.after,
            )
            for one in rows.order_by("pk").iterator(chunk_size=2000)
        ),
        count=rows.count(),
        at=clock.now(),
    )


@dataclass(frozen=True)
class Day:
    """One day of the calendar."""

    on: date
    inside: bool
    today: bool
    changes: list[Change]
    blackouts: list[Blackout]


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The windows of a month, with blackout times."""
    at, user = clock.now(), person(request)
    require(can_see(user))
    try:
        month = Month.read(request.GET["month"]) if request.GET.get("month") else Month.of(at)
    except ValueError as error:
        raise Http404 from error
    rows = list(queries.month_of(user, month))
    blackouts = list(Blackout.objects.filter(from_at__lt=month.ends_at, until_at__gt=month.starts_at))
    first = month.first_day - timedelta(days=month.first_day.weekday())
    last = month.last_day + timedelta(days=6 - month.last_day.weekday())
    days = []
    for step in range((last - first).days + 1):
        on = first + timedelta(days=step)
        start, end = clock.day_start(on), clock.day_end(on)
        days.append(
            Day(
                on,
                on.month == month.number,
                on == campus_date(at),
                [one for one in rows if one.from_at < end and one.until_at > start],
                [one for one in blackouts if one.from_at < end and one.until_at > start],
            )
        )
    context = {
        **WORDS,
        "month": month,
        "before": month.shifted(-1),
        "behind": month.shifted(1),
        "weeks": [days[start : start + 7] for start in range(0, len(days), 7)],
        "rows": rows,
        "blackouts": blackouts,
        "can_plan": can_plan(user),
        "tab": "calendar",
    }
    return render(request, "changes/calendar.html", context)


@require_GET
def panel_device(request: HttpRequest) -> HttpResponse:
    """The changes of a device, for its own page."""
    user = person(request)
    here = get_object_or_404(visible_devices(user), pk=number(request.GET.get("device", "")))
    found = queries.differences(user).filter(device=here, change=None).order_by("-pk")
    context = {
        **WORDS,
        "device": here,
        "changes": queries.of_device(user, here)[:PANEL_SHOWN],
        "differences": [(one, field_name(one.field)) for one in found[:PANEL_SHOWN]],
        "can_propose": can_propose(user),
    }
    return show(request, "changes/panel.html", "changes/_panel.html", context)
