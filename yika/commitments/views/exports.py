"""What is due, what was counted and the statement, to take away."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.commitments import queries
from yika.commitments.models import CommitmentRows
from yika.commitments.policies import visible
from yika.commitments.rules import Kind, Outcome
from yika.commitments.views.pages import (
    COUNTED_ORDER,
    DUE_ORDER,
    asked_statement,
    counted_rows,
    due_rows,
    due_within,
)
from yika.commitments.words import KINDS, OUTCOMES
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.lib.office.tables import Cell, Column
from yika.people.policies import person
from yika.standards.queries import standard_of


@require_GET
def export_due(request: HttpRequest, form: str) -> HttpResponseBase:
    """What is due, in its order."""
    user, at = person(request), clock.now()
    rows, _form, scope = due_rows(request, user)
    shown = due_within(rows, scope, at)

    def lines() -> Iterator[list[Cell]]:
        for row in shown.order_by(*DUE_ORDER).iterator(chunk_size=2000):
            holder = row.holder.name if row.holder else ""
            kind = str(KINDS[Kind(row.kind)])
            yield [row.excused_due_at, row.due_at, kind, row.about, holder, row.clause, row.started_at]

    columns = [
        Column(_("到期（计豁免）"), 20),
        Column(_("到期"), 20),
        Column(_("类别"), 8),
        Column(_("事项"), 44),
        Column(_("责任人"), 12),
        Column(_("条款"), 10),
        Column(_("起算"), 20),
    ]
    return taken(
        request, "due", form, title=_("到期"), columns=columns, rows=lines(), count=shown.count(), at=at
    )


@require_GET
def export_counted(request: HttpRequest, form: str) -> HttpResponseBase:
    """The commitments behind a figure, in their order."""
    user, at = person(request), clock.now()
    rows, asked = counted_rows(request, user, at)
    if not asked.is_valid():
        raise BadInput(_("筛选条件无效，请重新选择"))
    columns = [
        Column(_("起算"), 20),
        Column(_("类别"), 8),
        Column(_("事项"), 44),
        Column(_("责任人"), 12),
        Column(_("条款"), 10),
        Column(_("到期"), 20),
        Column(_("到期（计豁免）"), 20),
        Column(_("完成"), 20),
        Column(_("原始结果"), 10),
        Column(_("计豁免和认定"), 12),
    ]
    return taken(
        request,
        "commitments",
        form,
        title=_("时限明细"),
        columns=columns,
        rows=_counted(rows),
        count=rows.count(),
        at=at,
    )


def _counted(rows: CommitmentRows) -> Iterator[list[Cell]]:
    for row in rows.order_by(*COUNTED_ORDER).iterator(chunk_size=2000):
        yield [
            row.started_at,
            str(KINDS[Kind(row.kind)]),
            row.about,
            row.holder.name if row.holder else "",
            row.clause,
            row.due_at,
            row.excused_due_at,
            row.settled_at,
            str(OUTCOMES[Outcome(row.raw)]),
            str(OUTCOMES[Outcome(row.final)]),
        ]


@require_GET
def export_compliance(request: HttpRequest, form: str) -> HttpResponseBase:
    """The statement of a month, clause by clause, with the months before it. Raises: Http404 without one."""
    user, at = person(request), clock.now()
    month, _contracts, contract = asked_statement(request, user, at)
    if contract is None:
        raise Http404
    lang = get_language() or "zh-hans"
    rows = visible(user).filter(contract=contract)
    found = queries.statement(rows, standard_of(contract.standard), month, as_of=at, lang=lang)
    lines: list[list[Cell]] = []
    for line in found.rows:
        figure = line.figure
        level = line.level
        lines.append(
            [
                line.clause,
                line.title,
                (level.name_en if lang.startswith("en") else level.name) if level else "",
                str(KINDS[line.kind]),
                figure.total,
                figure.open,
                figure.raw_met,
                figure.raw_missed,
                figure.met,
                figure.missed,
                *(bar.percent for bar in line.bars),
            ]
        )
    columns = [
        Column(_("条款"), 10),
        Column(_("标题"), 20),
        Column(_("等级"), 8),
        Column(_("类别"), 8),
        Column(_("应完成"), 8),
        Column(_("进行中"), 8),
        Column(_("按时（原始）"), 12),
        Column(_("超时（原始）"), 12),
        Column(_("按时（计豁免和认定）"), 18),
        Column(_("超时（计豁免和认定）"), 18),
        *(Column(_("%(month)s 达标率（%%）") % {"month": bar.month}, 16) for bar in found.bars),
    ]
    return taken(
        request, "compliance", form, title=_("合规"), columns=columns, rows=lines, count=len(lines), at=at
    )
