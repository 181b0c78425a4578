"""A list taken away as a file: Excel or CSV, as filtered; every taking goes on record."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from yika.journal.actions import take_list
from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.lib.office.tables import MOST, Cell, Column, Table, csv_lines, write_xlsx
from yika.lib.text import exact, mask_numbers

if TYPE_CHECKING:
    from yika.journal.actions import Actor

FORMS = ("xlsx", "csv")


def taken(
    request: HttpRequest,
    what: str,
    form: str,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    count: int,
    at: datetime,
    filters: Sequence[tuple[str, str]] | None = None,
) -> HttpResponseBase:
    """A list as a file for whom the caller has allowed it; ``what`` is its short name in file and journal.

    ``filters`` says by name and value what the list was narrowed to; without it the query stands for itself.

    The rows are read while the file is written. Raises: Http404 for an unknown form, BadInput for too
    many rows. Source: 5.2.
    """
    if form not in FORMS:
        raise Http404
    if count > MOST:
        raise BadInput(
            _("共 %(count)d 行，一次最多导出 %(most)d 行，请缩小范围") % {"count": count, "most": MOST}
        )
    asked = [
        f"{key}={mask_numbers(str(value))}" for key, value in request.GET.items() if value and key != "after"
    ]
    by = cast("Actor", request.user)
    take_list(what, form=form, rows=count, filters=asked, by=by, at=at)
    note = _("导出时间 %(at)s，导出人 %(who)s，共 %(count)d 行，筛选：%(filters)s") % {
        "at": exact(at),
        "who": by.actor_name,
        "count": count,
        "filters": "，".join(asked if filters is None else _named(filters)) or "—",
    }
    table = Table(title, note, columns, rows)
    name = f"{what}-{clock.campus(at):%Y%m%d-%H%M}.{form}"
    if form == "xlsx":
        file = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
        write_xlsx(table, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name)
    answer = StreamingHttpResponse(csv_lines(table), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _named(filters: Sequence[tuple[str, str]]) -> list[str]:
    return [_("：").join((name, mask_numbers(value))) for name, value in filters if value]
