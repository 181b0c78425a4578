"""The lists of faults and complaints to take away."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from yika.faults import queries
from yika.faults.models import FaultRows
from yika.faults.policies import visible_complaints, visible_rulings
from yika.faults.rules import RulingKind
from yika.faults.views.desk import filters_of
from yika.faults.words import RULINGS
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.office.tables import Cell, Column
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The faults of the list, in its order."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    rows, order = queries.listing(user, filters_of(request, user, at))
    return taken(
        request,
        "faults",
        form,
        title=pgettext("nav", "故障"),
        columns=_columns(),
        rows=_lines(rows.order_by(*order)),
        count=rows.count(),
        at=at,
    )


@require_GET
def export_complaints(request: HttpRequest, form: str) -> HttpResponseBase:
    """The complaints and what was answered, the latest first."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_COMPLAINTS))
    rows = visible_complaints(user).select_related(
        "report__fault__place", "report__fault__technician", "answered_by"
    )

    def lines() -> Iterator[list[Cell]]:
        for row in rows.order_by("-at", "-id").iterator(chunk_size=2000):
            fault = row.report.fault
            yield [
                row.at,
                fault.number,
                fault.where,
                fault.technician.name if fault.technician else "",
                row.text,
                row.answer,
                row.answered_by.name if row.answered_by else "",
                row.answered_at,
            ]

    columns = [
        Column(_("时间"), 20),
        Column(_("故障"), 10),
        Column(_("地点"), 36),
        Column(_("维护人员"), 12),
        Column(_("投诉内容"), 40),
        Column(_("答复"), 40),
        Column(_("答复人"), 12),
        Column(_("答复时间"), 20),
    ]
    return taken(
        request,
        "complaints",
        form,
        title=pgettext("nav", "投诉"),
        columns=columns,
        rows=lines(),
        count=rows.count(),
        at=at,
    )


@require_GET
def export_rulings(request: HttpRequest, form: str) -> HttpResponseBase:
    """Everything the Office was ever asked about faults, and its word, the latest first."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_RULINGS))
    rows = visible_rulings(user).select_related("fault__place", "asked_by", "decided_by")

    def lines() -> Iterator[list[Cell]]:
        for row in rows.order_by("-asked_at", "-id").iterator(chunk_size=2000):
            word = _("待认定") if row.decided_at is None else _("同意") if row.granted else _("不同意")
            yield [
                row.asked_at,
                row.fault.number,
                row.fault.where,
                str(RULINGS[RulingKind(row.kind)]),
                row.claim,
                row.asked_by.name if row.asked_by else "",
                word,
                row.decision,
                row.decided_by.name if row.decided_by else "",
                row.decided_at,
            ]

    columns = [
        Column(_("提出时间"), 20),
        Column(_("故障"), 10),
        Column(_("地点"), 36),
        Column(_("类别"), 20),
        Column(_("理由"), 40),
        Column(_("提出人"), 12),
        Column(_("结果"), 10),
        Column(_("认定意见"), 40),
        Column(_("认定人"), 12),
        Column(_("认定时间"), 20),
    ]
    return taken(
        request,
        "rulings",
        form,
        title=pgettext("nav", "认定"),
        columns=columns,
        rows=lines(),
        count=rows.count(),
        at=at,
    )


def _columns() -> list[Column]:
    return [
        Column(_("编号"), 10),
        Column(_("等级"), 8),
        Column(_("状态"), 12),
        Column(_("地点"), 36),
        Column(_("设备或现象"), 28),
        Column(_("维护人员"), 12),
        Column(_("报修"), 20),
        Column(_("响应到期"), 20),
        Column(_("响应完成"), 20),
        Column(_("修复到期"), 20),
        Column(_("修复完成"), 20),
    ]


def _lines(rows: FaultRows) -> Iterator[list[Cell]]:
    for fault in rows.iterator(chunk_size=2000):
        response, repair = fault.response, fault.repair
        yield [
            fault.number,
            fault.severity_word,
            fault.state_word,
            fault.where,
            fault.what,
            fault.technician.name if fault.technician else "",
            fault.reported_at,
            response.excused_due_at if response else None,
            response.settled_at if response else None,
            repair.excused_due_at if repair else None,
            repair.settled_at if repair else None,
        ]
