"""A list as a file for a spreadsheet: CSV in a stream, Excel row by row, nothing ever run as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter

from yika.lib.clock import campus

MOST = 100_000
"""Rows of one file."""

Cell = str | int | Decimal | datetime | date | None  # Decimal: money, with two places

# What a spreadsheet takes for the start of a formula, the full-width forms included.
_FORMULA = re.compile(r"\s*'*[=+\-@＝＋－＠\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 32_767  # characters of a cell


@dataclass(frozen=True)
class Column:
    """A column's heading and its width. Units: characters."""

    name: str
    width: int = 14


@dataclass(frozen=True)
class Table:
    """What is taken away. ``note`` says which part of the list, when and by whom."""

    title: str
    note: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def csv_lines(table: Table) -> Iterator[str]:
    """A table as CSV that Excel opens as UTF-8: its headings, its rows, no other line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(_guarded(column.name) for column in table.columns)
    for row in table.rows:
        writer.writerow(_guarded(_text(cell)) for cell in row)
        if buffer.tell() > 32_768:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_xlsx(table: Table, file: IO[bytes]) -> None:
    """A table as a workbook: title, note, a bold frozen filtered heading; A4 across. Memory holds one row."""
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    bold, title = book.add_format({"bold": True, "bottom": 1}), book.add_format({"bold": True, "size": 14})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    money = book.add_format({"num_format": "0.00"})
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
    sheet.write_string(0, 0, table.title, title)
    sheet.write_string(1, 0, table.note)
    for index, column in enumerate(table.columns):
        sheet.write_string(2, index, column.name, bold)
    line = 2
    for row in table.rows:
        line += 1
        for index, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(line, index, campus(cell).replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                sheet.write_datetime(line, index, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
            elif isinstance(cell, Decimal):
                sheet.write_number(line, index, cell, money)
            elif isinstance(cell, int):
                sheet.write_number(line, index, cell)
            elif cell:
                sheet.write_string(line, index, _kept(_CONTROL.sub("", cell))[:_LONGEST])
    sheet.autofilter(2, 0, max(line, 3), len(table.columns) - 1)
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&P / &N")
    book.close()


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{campus(cell):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, Decimal):
        return f"{cell:.2f}"
    return "" if cell is None else str(cell)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet that opens CSV would run a cell, or one guarded already."""
    return _FORMULA.match(cell) is not None


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if is_formula(cell) else cell


def _kept(cell: str) -> str:
    """A cell from which ``reading`` takes no guard that was none; Excel never runs a text as a formula."""
    return f"'{cell}" if cell.startswith("'") and is_formula(cell[1:]) else cell
