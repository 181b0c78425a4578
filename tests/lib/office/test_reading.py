"""What an uploaded table is read as. No database."""

import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from yika.lib.clock import campus
from yika.lib.office import reading
from yika.lib.office.reading import Read, Trouble, Unreadable, read_table, tidy, told
from yika.lib.office.tables import Cell, Column, Table, csv_lines, write_xlsx

COLUMNS = {"login": ("登录名", "login"), "name": ("姓名", "name"), "id": ("工号", "ID number")}


def read(data: bytes | str, name: str = "a.csv") -> Read:
    data = data.encode() if isinstance(data, str) else data
    return read_table(data, name, columns=COLUMNS, needed=("login",))


def cells(found: Read) -> list[tuple[str, ...]]:
    return [tuple(row.cells.values()) for row in found.rows]


def sheet(*rows: Sequence[object]) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet()
    for line, row in enumerate(rows):
        for index, cell in enumerate(row):
            page.write(line, index, cell)
    book.close()
    return file.getvalue()


def refused(data: bytes, name: str = "a.xlsx") -> Trouble:
    with pytest.raises(Unreadable) as error:
        read(data, name)
    return error.value.flaw.trouble


def both(table: Table) -> list[tuple[bytes, str]]:
    """A table in each form it is taken away in."""
    file = BytesIO()
    write_xlsx(table, file)
    return [(file.getvalue(), "a.xlsx"), ("".join(csv_lines(table)).encode(), "a.csv")]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_text_is_read_as_offices_save_it(coding: str, mark: str, newline: str) -> None:
    lines = [["姓名", "登录名", "工号"], ["王芳", "wangfang", "000123"], [], ["李\u3000雷 ", "lilei", ""]]
    data = newline.join(mark.join(line) for line in lines).encode(coding)
    found = read(data)
    assert cells(found) == [("wangfang", "王芳", "000123"), ("lilei", "李\u3000雷", "")]
    assert [row.line for row in found.rows] == [2, 4]


def test_a_cell_of_excel_becomes_what_its_reader_sees() -> None:
    data = sheet(
        ["登录名", "姓名", "工号"],
        ["a", "000123", 123],
        ["b", 1.0, 1.5],
        ["c", datetime(2026, 11, 22), datetime(2026, 11, 22, 9, 5)],
        ["d", True, None],
    )
    found = read(data, "a.xlsx")
    assert cells(found)[0] == ("a", "000123", "123")
    assert cells(found)[1] == ("b", "1", "1.5")
    assert cells(found)[2] == ("c", "2026-11-22", "2026-11-22 09:05:00")
    assert cells(found)[3] == ("d", "是", "")


def test_a_formula_is_read_as_the_value_it_was_saved_with() -> None:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet()
    page.write_row(0, 0, ["登录名", "姓名"])
    page.write_string(1, 0, "a")
    page.write_formula(1, 1, '="王"&"芳"', None, "王芳")
    book.close()
    assert cells(read(file.getvalue(), "a.xlsx")) == [("a", "王芳", "")]


def test_a_number_whose_last_digits_excel_lost_is_named_by_line_and_column() -> None:
    found = read(sheet(["登录名", "工号"], ["a", 420106199001011234]), "a.xlsx")
    [flaw] = found.flaws
    assert (flaw.line, flaw.column, flaw.trouble) == (2, "工号", Trouble.DIGITS_LOST)


def test_lines_above_the_heading_are_passed_over() -> None:
    found = read("人员,\n导出时间 2026-11-22，导出人 周敏\n\n登录名,姓名,电话\nli,李雷,8\n")
    assert cells(found) == [("li", "李雷", "")]
    assert found.rows[0].line == 5
    assert found.ignored == ("电话",)


def test_a_line_that_cannot_be_used_is_named() -> None:
    found = read("登录名,姓名\na,b\nc,d,e\n")
    assert [(flaw.line, flaw.trouble) for flaw in found.flaws] == [(3, Trouble.TOO_MANY_CELLS)]


def test_a_file_that_is_no_table_is_refused_with_its_reason() -> None:
    assert refused(b"") == Trouble.EMPTY
    assert refused(b"\xef\xbb\xbf \n ") == Trouble.EMPTY
    assert refused(b"\xd0\xcf\x11\xe0 old") == Trouble.OLD_EXCEL
    assert refused(b"PK\x03\x04 broken") == Trouble.NO_EXCEL
    assert refused(b"\x89PNG\r\n\x1a\n\x00\x00") == Trouble.NO_TEXT
    assert refused("甲,乙\n1,2\n".encode()) == Trouble.NO_HEADING
    assert refused("姓名,工号\n1,2\n".encode()) == Trouble.COLUMN_MISSING
    assert refused("登录名,login\n1,2\n".encode()) == Trouble.COLUMN_TWICE
    assert refused(b"a" * (reading.MAX_BYTES + 1)) == Trouble.TOO_BIG


def test_rows_and_columns_have_limits_in_both_forms() -> None:
    heading = ["登录名"]
    many = [heading, *([str(number)] for number in range(60))]
    wide = [heading, ["x"] * 101]
    for data, name in ((sheet(*many), "a.xlsx"), ("\n".join(row[0] for row in many).encode(), "a.csv")):
        with pytest.raises(Unreadable) as error:
            read_table(data, name, columns=COLUMNS, most=20)
        assert error.value.flaw.trouble == Trouble.TOO_MANY_ROWS and error.value.flaw.detail == "20"
    text = "\n".join(",".join(row) for row in wide).encode()
    for data, name in ((sheet(*wide), "a.xlsx"), (text, "a.csv")):
        assert refused(data, name) == Trouble.TOO_MANY_COLUMNS


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_held() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 70_000_000)
    assert len(file.getvalue()) < reading.MAX_BYTES
    assert refused(file.getvalue()) == Trouble.TOO_BIG


def test_a_cell_far_out_is_refused_before_the_sheet_is_built() -> None:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet()
    page.write(0, 0, "登录名")
    page.write(1_000_000, 10, "x")
    book.close()
    assert refused(file.getvalue()) == Trouble.TOO_MANY_ROWS


def test_midnight_among_moments_is_a_moment() -> None:
    moments = [datetime(2026, 11, 22), datetime(2026, 11, 22, 9)]
    found = read(sheet(["登录名", "姓名"], *([moment, moment.date()] for moment in moments)), "a.xlsx")
    assert cells(found) == [
        ("2026-11-22 00:00:00", "2026-11-22", ""),
        ("2026-11-22 09:00:00", "2026-11-22", ""),
    ]


def test_a_workbook_as_text_keeps_its_lines() -> None:
    text = reading.as_text(sheet(["a,b", 'c"'], [], ["d\ne", 2.0]))
    assert text == '"a,b","c"""\n\nd e,2\n'


def test_hours_and_times_are_told_as_a_person_writes_them() -> None:
    assert told(time(9, 5)) == "09:05"
    assert told(time(9, 5, 7)) == "09:05:07"
    assert told(timedelta(hours=26, minutes=30)) == "26:30"
    assert told(date(2026, 1, 2)) == "2026-01-02"


# No surrogates, controls, or the two code points that XML cannot hold: nobody types them.
plain = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12
)
formula = st.builds(str.__add__, st.sampled_from(["=", "'=", "''+", "-", "@", "＝", " =", "'"]), plain)
cell = st.one_of(
    plain,
    formula,
    st.none(),
    st.integers(-(10**14), 10**14),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)


def shown(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{campus(cell):%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else tidy(str(cell))


def without_midnights(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple(cell.removesuffix(" 00:00:00") for cell in row) for row in rows]


@settings(deadline=None)  # a workbook is written and read
@given(st.lists(st.tuples(plain.map(lambda text: "a" + text), cell, cell), max_size=8))
def test_what_was_taken_away_reads_back_as_it_was(rows: list[tuple[Cell, ...]]) -> None:
    table = Table("人员", "导出时间 …", [Column("登录名"), Column("姓名"), Column("工号")], rows)
    for data, name in both(table):
        found = read(data, name)
        assert not found.flaws
        expected = [tuple(map(shown, row)) for row in rows]
        if name.endswith("xlsx"):  # where midnight is a day, and a day among moments midnight
            expected, read_back = without_midnights(expected), without_midnights(cells(found))
        else:
            read_back = cells(found)
        assert read_back == expected


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", "登录名,姓名\n".encode()]))
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    try:
        read(start + data)
    except Unreadable as refusal:
        assert refusal.flaw.trouble in Trouble


def test_a_title_that_reads_as_the_one_column_needed_is_no_heading() -> None:
    data = "网段\n导出时间 2026-03-02\n网段,备注\n10.12.1.0/24,机房\n".encode()
    found = read_table(data, "网段.csv", columns={"cidr": ["网段"], "note": ["备注"]}, needed=["cidr"])
    assert [dict(row.cells) for row in found.rows] == [{"cidr": "10.12.1.0/24", "note": "机房"}]
