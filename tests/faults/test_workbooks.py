"""Past faults in Excel: read as the CSV that the sheet would be."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from yika.faults.replay import COLUMNS, Judge, replay
from yika.faults.rows import Flaw, Rows, Unreadable
from yika.lib.clock import campus
from yika.standards.loader import builtin

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FIRST = datetime(2025, 11, 2)
CASES = [
    ("F1", FIRST, FIRST + timedelta(minutes=30), FIRST + timedelta(hours=12), 1, 0, None),
    ("F2", FIRST + timedelta(hours=8), None, None, 6.0, 0, None),
    ("F3", FIRST + timedelta(hours=9), None, FIRST + timedelta(hours=10), 0, 1000, None),
]


def sheet(path: Path, rows: list[tuple[object, ...]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy/m/d h:mm"})
    page = book.add_worksheet()
    for line, row in enumerate(rows):
        page.write_row(line, 0, row)
    book.close()
    return path


def test_a_workbook_is_replayed_as_its_csv(tmp_path: Path) -> None:
    book = sheet(tmp_path / "faults.xlsx", [COLUMNS, *CASES])
    lines = [
        COLUMNS,
        *(["" if cell is None else str(cell).removesuffix(".0") for cell in row] for row in CASES),
    ]
    plain = tmp_path / "faults.csv"
    plain.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    told = []
    for path in (book, plain):
        out = io.StringIO()
        tally = replay(path, out, Judge(builtin(), campus(AT)))
        assert not tally.bad_rows, tally.problems
        told.append(out.getvalue())
    assert told[0] == told[1]
    assert told[0].count("\n") == 4


def test_a_bad_row_of_a_sheet_is_named_by_its_line(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [COLUMNS, CASES[1], (), ("F9", "昨天", None, None, 1, 0, None)])
    tally = replay(path, io.StringIO(), Judge(builtin(), campus(AT)))
    assert [(flaw.line, flaw.column) for flaw in tally.problems] == [(4, "reported_at")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 broken", "另存为"),
        (b"\xd0\xcf\x11\xe0 old", "另存为"),
    ],
)
def test_what_is_no_workbook_says_so(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=why), Rows(path, COLUMNS):
        pass


def test_lost_digits_empty_sheets_and_long_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="空文件"), Rows(sheet(tmp_path / "a.xlsx", []), COLUMNS):
        pass
    lost = sheet(tmp_path / "b.xlsx", [COLUMNS, (420106199001011234, *CASES[0][1:])])
    with pytest.raises(Unreadable, match="第 2 行 A 列"), Rows(lost, COLUMNS):
        pass
    far = xlsxwriter.Workbook(str(tmp_path / "c.xlsx"))
    far.add_worksheet().write(60_000, 0, "x")
    far.close()
    with pytest.raises(Unreadable, match="最多 50000 行"), Rows(tmp_path / "c.xlsx", COLUMNS):
        pass


def test_a_row_shorter_than_the_header_is_a_row(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [COLUMNS, ("F1", FIRST)])
    with Rows(path, COLUMNS) as rows:
        [row] = rows
    assert not isinstance(row, Flaw) and len(row) == len(COLUMNS)
