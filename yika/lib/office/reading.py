"""An uploaded table as rows of text: CSV, TSV or Excel, with the line each row stands on. Pure: no Django.

What ``tables`` writes is read as it was: title and note above the heading are passed over, the guard before a
formula is taken off, a date is told as 2026-11-22 and a moment as 2026-11-22 09:12:05, in a column of moments
midnight too.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from yika.lib.office.tables import is_formula
from yika.lib.office.workbooks import TooLarge, Unopened, cells_of

MAX_BYTES = 8_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 100
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]+")
MOST_DIGITS = 15  # of a number in a spreadsheet; what comes behind them is lost
ABOVE = 20  # lines that may stand above the heading, and the heading

WORKBOOKS = _ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # how .xlsx and the old .xls begin
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_LINES = re.compile(r"\r\n?")


class Trouble(StrEnum):
    """What can be wrong with a table; worded in ``lib.office.words``."""

    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    OLD_EXCEL = "old_excel"
    NO_EXCEL = "no_excel"
    NO_TEXT = "no_text"
    EMPTY = "empty"
    NO_HEADING = "no_heading"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    BROKEN_ROW = "broken_row"
    TOO_MANY_CELLS = "too_many_cells"
    DIGITS_LOST = "digits_lost"


@dataclass(frozen=True)
class Flaw:
    """One thing wrong: line (0 for the file as a whole), column as headed in the file, and detail."""

    line: int
    column: str
    trouble: Trouble
    detail: str = ""


class Unreadable(Exception):
    """The file as a whole is no table that can be used; ``flaw`` says why."""

    def __init__(self, trouble: Trouble, *, line: int = 0, column: str = "", detail: str = "") -> None:
        super().__init__(trouble.value)
        self.flaw = Flaw(line, column, trouble, detail)


@dataclass(frozen=True)
class Line:
    """A line that is not blank: its number in the file, from 1, and its cells, tidied."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A line under the heading: a text for every column asked for, empty where the file gives none."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Read:
    """What a table says. ``headings`` are as written in the file, by column; ``ignored`` nobody asked for."""

    headings: Mapping[str, str]
    rows: tuple[Row, ...]
    flaws: tuple[Flaw, ...] = ()
    ignored: tuple[str, ...] = ()


def read_table(
    data: bytes,
    name: str,
    *,
    columns: Mapping[str, Sequence[str]],
    needed: Collection[str] = (),
    most: int = MOST_ROWS,
) -> Read:
    """The rows of an uploaded table. ``columns`` are the headings each is known by, the first being ours.

    The heading is the line that has every ``needed`` column and most others, or two that are known. A line
    that cannot be used is among ``flaws``. ``most``: rows. Raises: Unreadable.
    """
    known = {_plain(heading): column for column, said in columns.items() for heading in (column, *said)}
    best: Unreadable | None = None
    for lines, flaws in _readings(data, name, most + ABOVE):
        try:
            return _table(lines, flaws, columns, known, needed or [*columns][:1], most)
        except Unreadable as reason:
            best = reason if best is None or best.flaw.trouble == Trouble.NO_HEADING else best
    raise best or Unreadable(Trouble.EMPTY)


def read_lines(data: bytes, name: str, *, most: int = MOST_ROWS) -> tuple[tuple[Line, ...], tuple[Flaw, ...]]:
    """The lines of an uploaded table or list as they stand, none taken for a heading. Raises: Unreadable."""
    lines, flaws = next(_readings(data, name, most))
    return tuple(lines), tuple(flaws)


def as_text(data: bytes, *, most: int = MOST_ROWS, longest: int = MAX_BYTES) -> str:
    """As ``text_and_flaws``, of a file without any. Raises: Unreadable, naming the first by its letter."""
    text, flaws = text_and_flaws(data, most=most, longest=longest)
    for flaw in flaws:
        raise Unreadable(flaw.trouble, line=flaw.line, column=_letters(int(flaw.column)))
    return text


def text_and_flaws(
    data: bytes, *, most: int = MOST_ROWS, longest: int = MAX_BYTES
) -> tuple[str, tuple[Flaw, ...]]:
    """An upload as text: that of a text file, or a workbook's rows as CSV, each on the line it stands on.

    A flaw's column is its number, from 0. ``longest``: bytes and characters. Raises: Unreadable.
    """
    if len(data) > longest:
        raise Unreadable(Trouble.TOO_BIG, detail=str(longest // 1_000_000))
    if not data.startswith(WORKBOOKS):
        return decode(data), ()
    lines, flaws = read_lines(data, "", most=most)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    at = 1
    width = max((len(line.cells) for line in lines), default=0)
    for line in lines:
        text.write("\n" * (line.number - at))
        cells = [cell.replace("\n", " ") for cell in line.cells]
        writer.writerow(cells + [""] * (width - len(cells)))
        at = line.number + 1
    if text.tell() > longest:
        raise Unreadable(Trouble.TOO_BIG, detail=str(longest // 1_000_000))
    return text.getvalue(), flaws


def _letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    return (_letters(index // 26 - 1) if index > 25 else "") + chr(65 + index % 26)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without BOM, UTF-16 with BOM, or GB18030. Raises: Unreadable."""
    codings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for coding in codings:
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(Trouble.NO_TEXT)


def tidy(text: str) -> str:
    """Text without blanks of any width, byte order marks or zero-width characters at its ends."""
    start, end = 0, len(text)
    while start < end and _blank(text[start]):
        start += 1
    while end > start and _blank(text[end - 1]):
        end -= 1
    return text[start:end]


def plain(text: str) -> str:
    """A code as it is kept, in whatever width it was typed: ＸＦ－７７ is XF-77."""
    return tidy(_FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text))


def _blank(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in _INVISIBLE


def _plain(heading: str) -> str:
    return tidy(heading).casefold()


def _table(
    lines: Sequence[Line],
    flaws: Iterable[Flaw],
    columns: Mapping[str, Sequence[str]],
    known: Mapping[str, str],
    needed: Collection[str],
    most: int,
) -> Read:
    if not lines:
        raise Unreadable(Trouble.EMPTY)
    at = _heading(lines, known, needed)
    if at is None:
        raise Unreadable(Trouble.NO_HEADING, detail="、".join(_ours(columns, column) for column in needed))
    heading = lines[at]
    places: dict[int, str] = {}
    for index, cell in enumerate(heading.cells):
        column = known.get(_plain(cell))
        if column is None:
            continue
        if column in places.values():
            raise Unreadable(Trouble.COLUMN_TWICE, line=heading.number, column=cell)
        places[index] = column
    missing = [_ours(columns, column) for column in needed if column not in places.values()]
    if missing:
        raise Unreadable(Trouble.COLUMN_MISSING, line=heading.number, detail="、".join(missing))
    if len(lines) - at - 1 > most:
        raise Unreadable(Trouble.TOO_MANY_ROWS, detail=str(most))
    headings = {column: heading.cells[index] for index, column in places.items()}
    rows, found = [], [flaw for flaw in flaws if flaw.line > heading.number]
    for line in lines[at + 1 :]:
        if any(line.cells[len(heading.cells) :]):
            found.append(Flaw(line.number, "", Trouble.TOO_MANY_CELLS))
            continue
        cells = dict.fromkeys(columns, "")
        for index, column in places.items():
            cells[column] = line.cells[index] if index < len(line.cells) else ""
        if any(line.cells):
            rows.append(Row(line.number, cells))
    ignored = tuple(cell for index, cell in enumerate(heading.cells) if cell and index not in places)
    return Read(headings, tuple(rows), _named(found, heading), ignored)


def _heading(lines: Sequence[Line], known: Mapping[str, str], needed: Collection[str]) -> int | None:
    """Where the heading stands: of the lines with every column needed, the one with most known, for a title
    may read as the one column that is needed; else the one with most known, two at least.
    """
    found = [{known[cell] for cell in map(_plain, line.cells) if cell in known} for line in lines[:ABOVE]]
    whole = [len(columns) if columns.issuperset(needed) else 0 for columns in found]
    if any(whole):
        return whole.index(max(whole))
    counts = [len(columns) for columns in found]
    if max(counts, default=0) < 2:
        return None
    return counts.index(max(counts))


def _ours(columns: Mapping[str, Sequence[str]], column: str) -> str:
    return next(iter(columns[column]), column)


def _named(flaws: Iterable[Flaw], heading: Line) -> tuple[Flaw, ...]:
    """Flaws in order of lines, their column's number become its heading."""
    named = []
    for flaw in flaws:
        index = int(flaw.column) if flaw.column else len(heading.cells)
        column = heading.cells[index] if index < len(heading.cells) else ""
        named.append(Flaw(flaw.line, column, flaw.trouble, flaw.detail))
    return tuple(sorted(named, key=lambda flaw: flaw.line))


def _readings(data: bytes, name: str, most: int) -> Iterator[tuple[list[Line], list[Flaw]]]:
    """Every way to take the file apart, the likeliest first. A flaw's column is a number as yet."""
    if len(data) > MAX_BYTES:
        raise Unreadable(Trouble.TOO_BIG, detail=str(MAX_BYTES // 1_000_000))
    if data.startswith(_OLE):
        raise Unreadable(Trouble.OLD_EXCEL)
    if data.startswith(_ZIP):
        yield _workbook(data, most)
        return
    text = decode(data)
    if not tidy(text):
        raise Unreadable(Trouble.EMPTY)
    start = text[:4000]
    marks = sorted("\t,;", key=start.count, reverse=True)
    if name.lower().endswith(".tsv"):
        marks = ["\t"]
    for mark in marks:
        yield _separated(text, mark, most)


def _separated(text: str, mark: str, most: int) -> tuple[list[Line], list[Flaw]]:
    lines: list[Line] = []
    flaws: list[Flaw] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    while True:
        number = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return lines, flaws
        except csv.Error:
            flaws.append(Flaw(number, "", Trouble.BROKEN_ROW))
            continue
        _add(lines, number, record, most)


def _workbook(data: bytes, most: int) -> tuple[list[Line], list[Flaw]]:
    lines: list[Line] = []
    flaws: list[Flaw] = []
    try:
        sheet = cells_of(data, rows=most, columns=MOST_COLUMNS)
    except Unopened as reason:
        raise Unreadable(Trouble.NO_EXCEL) from reason
    except TooLarge as reason:
        trouble = {"rows": Trouble.TOO_MANY_ROWS, "columns": Trouble.TOO_MANY_COLUMNS}
        limit = {"rows": str(most - ABOVE), "columns": str(MOST_COLUMNS)}
        what = str(reason)
        raise Unreadable(trouble.get(what, Trouble.TOO_BIG), detail=limit.get(what, "")) from reason
    moments = {index for cells in sheet for index, cell in enumerate(cells) if isinstance(cell, datetime)}
    for number, cells in enumerate(sheet, start=1):
        for index, cell in enumerate(cells):
            if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= 10**MOST_DIGITS:
                flaws.append(Flaw(number, str(index), Trouble.DIGITS_LOST))
        _add(lines, number, [_told(cell, index in moments) for index, cell in enumerate(cells)], most)
    return lines, flaws


def _add(lines: list[Line], number: int, record: Iterable[str], most: int) -> None:
    cells = [tidy(_LINES.sub("\n", _unguarded(cell))) for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(Trouble.TOO_MANY_COLUMNS, detail=str(MOST_COLUMNS))
    if len(lines) >= most:
        raise Unreadable(Trouble.TOO_MANY_ROWS, detail=str(most - ABOVE))
    lines.append(Line(number, tuple(cells)))


def _told(cell: object, among_moments: bool) -> str:
    """A cell told; a date in a column of moments is midnight."""
    midnight = among_moments and isinstance(cell, date) and not isinstance(cell, datetime)
    return f"{cell:%Y-%m-%d} 00:00:00" if midnight else told(cell)


def told(cell: object) -> str:
    """A cell of a spreadsheet as a person would type it: 3.0 → 3, a time of day → 09:12."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return f"{cell + timedelta(microseconds=500_000):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}" if not cell.second else f"{cell:%H:%M:%S}"
    if isinstance(cell, timedelta):
        hours, rest = divmod(round(cell.total_seconds()), 3600)
        return f"{hours:02d}:{rest // 60:02d}"
    return "" if cell is None else str(cell)


def _unguarded(cell: str) -> str:
    """The cell as it was before ``tables`` guarded it."""
    return cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell
