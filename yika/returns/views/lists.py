"""Returns as a board, a file, and beside a device or a fault."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.assets.policies import visible_devices
from yika.assets.views.parts import number
from yika.changes.policies import visible as visible_changes
from yika.changes.rules import State as ChangeState
from yika.faults.policies import visible as visible_faults
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.clock import campus_date
from yika.lib.decisions import require
from yika.lib.htmx import show
from yika.lib.office.tables import Column
from yika.lib.paging import page
from yika.people.policies import person
from yika.returns import forms, queries
from yika.returns.models import Return, Trip
from yika.returns.policies import can_open, can_see
from yika.returns.rules import Psam, State, days_used
from yika.returns.views.page import WORDS
from yika.returns.words import PSAM, STATES

PANEL_SHOWN = 5
UNFOLLOWED_SHOWN = 20


def _filters(request: HttpRequest) -> queries.Filters:
    form = forms.FiltersForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    return queries.Filters(asked.get("q") or "", asked.get("state") or "open")


def _told(filters: queries.Filters) -> list[tuple[str, str]]:
    """The filters by name, as the file says them."""
    states = {"open": _("未办结"), "overdue": _("已超时"), "ended": _("已结束"), "all": _("全部")}
    states |= {state.value: str(word) for state, word in STATES.items()}
    return [(_("状态"), states[filters.state]), (_("搜索"), filters.text)]


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """What is out, the one due first on top; units at the factory that nobody follows."""
    user, at = person(request), clock.now()
    require(can_see(user))
    filters = _filters(request)
    unfollowed = list(queries.unfollowed(user)[: UNFOLLOWED_SHOWN + 1])
    context = {
        **WORDS,
        "at": at,
        "filters": filters,
        "filtered": filters != queries.Filters(),
        "counts": queries.counts(user, at),
        "page": page(queries.listed(user, filters, at), filters.order, request.GET.get("after", "")),
        "unfollowed": unfollowed[:UNFOLLOWED_SHOWN],
        "more_unfollowed": len(unfollowed) > UNFOLLOWED_SHOWN,
        "claimed": queries.claimed(user)[:UNFOLLOWED_SHOWN],
        "can_open": can_open(user),
    }
    return render(request, "returns/list.html", context)


def _columns() -> list[Column]:
    return [
        Column(_("返厂单号"), 12),
        Column(_("状态"), 14),
        Column(_("设备编号"), 14),
        Column(_("型号"), 16),
        Column(_("序列号"), 18),
        Column(_("关联故障"), 12),
        Column(_("报修时间"), 18),
        Column(_("拆下时间"), 18),
        Column(_("拆下地点"), 30),
        Column(_("备机编号"), 14),
        Column(_("已导出流水条数"), 14),
        Column(_("未导出的原因"), 24),
        Column(_("PSAM卡"), 14),
        Column(_("同意人"), 14),
        Column(_("发出时间"), 18),
        Column(_("快递公司"), 14),
        Column(_("快递单号"), 20),
        Column(_("厂家"), 20),
        Column(_("厂家诊断"), 30),
        Column(_("保修"), 8),
        Column(_("费用（元）"), 12),
        Column(_("返回时间"), 18),
        Column(_("测试记录编号"), 24),
        Column(_("装回/入库"), 12),
        Column(_("用时（天）"), 10),
        Column(_("是否按时"), 10),
    ]


def _rows(rows: Any, at: datetime) -> Iterator[tuple[Any, ...]]:
    for one in rows:
        trips = list(one.trips.all())
        last = trips[-1] if trips else None
        ended = one.settled_at or one.ended_at
        yield (
            one.number,
            str(STATES[State(one.state)]),
            one.device.number,
            one.device.model_name,
            one.device.serial,
            one.fault.number if one.fault else "",
            one.reported_at,
            one.change.executed_at if one.change else None,
            one.removed_from.full_name,
            one.spare.number if one.spare else "",
            one.records_exported,
            one.not_exported,
            str(PSAM[Psam(one.psam)]) if one.psam else "",
            queries.agreed_by(one.change),
            trips[0].sent_at if trips else None,
            last.courier if last else "",
            "、".join(trip.waybill for trip in trips),
            last.factory if last else "",
            last.diagnosis if last else "",
            "" if last is None or last.in_warranty is None else _("保内") if last.in_warranty else _("保外"),
            _cost(trips),
            last.back_at if last else None,
            "、".join(trial.number for trial in queries.last_tests(last)),
            _placed(one),
            days_used(campus_date(one.reported_at), campus_date(ended)) if ended else None,
            _in_time(one, at),
        )


def _cost(trips: Sequence[Trip]) -> Decimal | None:
    """What the factory asked for all shipments, in yuan; None while nothing is known."""
    known = [trip.cost_fen for trip in trips if trip.cost_fen is not None]
    return Decimal(sum(known)) / 100 if known else None


def _placed(one: Return) -> str:
    if State(one.state) is not State.DONE:
        return ""
    back = one.put_back and ChangeState(one.put_back.state) in (ChangeState.EXECUTED, ChangeState.VERIFIED)
    return _("装回") if back else _("入库")


def _in_time(one: Return, at: datetime) -> str:
    """By exemptions and rulings; while it is out, only that it is late already."""
    if one.commitment is None or one.commitment.voided_at:
        return ""
    word = one.commitment.final_outcome(at).value
    return {"met": _("是"), "missed": _("否"), "open": _("未到期")}[word]


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file: 返厂维修记录表."""
    user, at = person(request), clock.now()
    require(can_see(user))
    filters = _filters(request)
    rows = queries.listed(user, filters, at)
    return taken(
        request,
        "returns",
        form,
        title=_("返厂维修记录表"),
        columns=_columns(),
        rows=_rows(queries.exported(rows).order_by("pk").iterator(chunk_size=500), at),
        count=rows.count(),
        at=at,
        filters=_told(filters),
    )


@require_GET
def export_trials(request: HttpRequest, form: str) -> HttpResponseBase:
    """The tests of units that came back: 测试记录表."""
    user, at = person(request), clock.now()
    require(can_see(user))
    rows = queries.exported_trials(user)
    columns = [
        Column(_("测试记录编号"), 14),
        Column(_("返厂单号"), 12),
        Column(_("设备编号"), 14),
        Column(_("测试项目"), 30),
        Column(_("预期结果"), 30),
        Column(_("实际结果"), 30),
        Column(_("结论"), 10),
        Column(_("测试人"), 12),
        Column(_("测试时间"), 18),
    ]
    return taken(
        request,
        "return-tests",
        form,
        title=_("返厂设备测试记录表"),
        columns=columns,
        rows=(
            (
                trial.number,
                trial.trip.of.number,
                trial.trip.of.device.number,
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
        at=at,
    )


@require_GET
def panel_device(request: HttpRequest) -> HttpResponse:
    """The returns of a device, for its own page."""
    user = person(request)
    here = get_object_or_404(visible_devices(user), pk=number(request.GET.get("device", "")))
    rows = queries.of_device(user, here)[:PANEL_SHOWN]
    return _panel(request, list(rows), f"?device={here.pk}", str(here.number))


@require_GET
def panel_fault(request: HttpRequest) -> HttpResponse:
    """The returns of a fault, for its own page."""
    user = person(request)
    fault = get_object_or_404(visible_faults(user), pk=number(request.GET.get("fault", "")))
    rows = queries.of_fault(user, fault)[:PANEL_SHOWN]
    opens = f"?fault={fault.pk}" if fault.device_id and fault.ended_at is None else ""
    return _panel(request, list(rows), opens, fault.number)


@require_GET
def panel_change(request: HttpRequest) -> HttpResponse:
    """The return that a change belongs to, for the change's own page."""
    user = person(request)
    change = get_object_or_404(visible_changes(user), pk=number(request.GET.get("change", "")))
    rows = queries.of_change(user, change)[:PANEL_SHOWN]
    return _panel(request, list(rows), "", change.number, fragment="returns/_panel_change.html")


def _panel(
    request: HttpRequest,
    rows: list[Return],
    opens: str,
    heading: str,
    *,
    fragment: str = "returns/_panel.html",
) -> HttpResponse:
    """``opens`` is what a new return would be about; empty where none may begin."""
    standing = any(one.ended_at is None for one in rows)
    context = {
        **WORDS,
        "at": clock.now(),
        "rows": rows,
        "heading": heading,
        "opens": opens if can_open(person(request)) and not standing else "",
    }
    return show(request, "returns/panel.html", fragment, context)
