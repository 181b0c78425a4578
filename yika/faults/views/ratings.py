"""评价: the reporters' points and words, for those who also read their complaints."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from yika.commitments.rules import Month
from yika.faults import queries
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.office.tables import Cell, Column
from yika.lib.paging import page
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def ratings(request: HttpRequest) -> HttpResponse:
    """A month's figures beside the six before it, and every rating, the worst first."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_COMPLAINTS))
    month = _month(request)
    rows = queries.given_in(user, month)
    context = {
        "at": at,
        "month": month,
        "before": month.shifted(-1),
        "after": month.shifted(1) if month < Month.of(at) else None,
        "found": queries.ratings(user, month),
        "levels": {level.key: level for level in queries.levels_in_use()},
        "page": page(rows, queries.WORST_FIRST, request.GET.get("after", "")),
    }
    return render(request, "faults/ratings.html", context)


@require_GET
def export_ratings(request: HttpRequest, form: str) -> HttpResponseBase:
    """The ratings of the month, the worst first."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_COMPLAINTS))
    rows = queries.given_in(user, _month(request))

    def lines() -> Iterator[list[Cell]]:
        for row in rows.order_by(*queries.WORST_FIRST).iterator(chunk_size=2000):
            fault = row.fault
            yield [
                row.rated_at,
                fault.number,
                fault.severity_word,
                fault.where,
                fault.technician.name if fault.technician else "",
                row.rating,
                row.comment,
            ]

    columns = [
        Column(_("评价时间"), 20),
        Column(_("故障"), 10),
        Column(_("等级"), 8),
        Column(_("地点"), 36),
        Column(_("维护人员"), 12),
        Column(_("分数"), 8),
        Column(_("评语"), 48),
    ]
    return taken(
        request,
        "ratings",
        form,
        title=pgettext("nav", "评价"),
        columns=columns,
        rows=lines(),
        count=rows.count(),
        at=at,
    )


def _month(request: HttpRequest) -> Month:
    """The month asked for, this one if none is. Raises: BadInput."""
    text = request.GET.get("month", "")
    try:
        return Month.read(text) if text else Month.of(clock.now())
    except ValueError as error:
        raise BadInput(_("月份应写作 2026-03"), field="month") from error
