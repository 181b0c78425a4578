"""The list of faults to take away."""

import tempfile
from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from yika.faults import queries
from yika.faults.models import FaultRows
from yika.faults.views.desk import filters_of
from yika.journal.actions import take_list
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.office.tables import MOST, Cell, Column, Table, csv_lines, write_xlsx
from yika.lib.text import exact, mask_numbers
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The faults of the list, in its order, as Excel or CSV; that they were taken goes on record."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    if form not in ("xlsx", "csv"):
        raise Http404
    rows, order = queries.listing(user, filters_of(request, user, at))
    count = rows.count()
    if count > MOST:
        raise BadInput(
            _("共 %(count)d 行，一次最多导出 %(most)d 行，请缩小范围") % {"count": count, "most": MOST}
        )
    asked = [
        f"{key}={mask_numbers(str(value))}" for key, value in request.GET.items() if value and key != "after"
    ]
    take_list("faults", form=form, rows=count, filters=asked, by=user, at=at)
    note = _("导出时间 %(at)s，导出人 %(who)s，共 %(count)d 行，筛选：%(filters)s") % {
        "at": exact(at),
        "who": user.name,
        "count": count,
        "filters": "，".join(asked) or "—",
    }
    table = Table(pgettext("nav", "故障"), note, _columns(), _lines(rows.order_by(*order)))
    name = f"faults-{clock.campus(at):%Y%m%d-%H%M}.{form}"
    if form == "xlsx":
        file = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
        write_xlsx(table, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name)
    answer = StreamingHttpResponse(csv_lines(table), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


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
