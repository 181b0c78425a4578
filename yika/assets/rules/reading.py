"""Reading lists of places and devices.

A list is either one path a line ("大学/饮食中心/一餐厅/豆浆1") or a table with a header, which may stand
below a title and a note as in what is taken away.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from yika.lib.office.reading import Flaw, plain, text_and_flaws, tidy

MAX_BYTES = 4_000_000
MAX_LINES = 20_000
TOP = 3  # lines among which the heading stands
MAX_PROBLEMS = 100
MAX_DEPTH = 12
NAME_LENGTH = 60
PATH_LENGTH = 300
NUMBER_LENGTH = 40
DETAIL_LENGTH = 60

COLUMNS = ("place", "number", "kind", "model", "serial")
HEADERS = {
    "place": ("地点", "位置", "路径", "place"),
    "number": ("设备编号", "编号", "number"),
    "kind": ("类型", "设备类型", "kind"),
    "model": ("型号", "model"),
    "serial": ("序列号", "serial"),
}
_COLUMN_OF = {header: column for column, headers in HEADERS.items() for header in headers}
_LENGTHS = {"number": NUMBER_LENGTH, "model": DETAIL_LENGTH, "serial": DETAIL_LENGTH}
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠]")
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


class Trouble(StrEnum):
    """What can be wrong with a line; worded in ``sentences.TROUBLES``."""

    TOO_MANY_LINES = "too_many_lines"
    EMPTY_FILE = "empty_file"
    NO_HEADING = "no_heading"
    DIGITS_LOST = "digits_lost"
    NO_PLACE_COLUMN = "no_place_column"
    COLUMN_TWICE = "column_twice"
    BROKEN_ROW = "broken_row"
    TOO_MANY_CELLS = "too_many_cells"
    NO_PLACE = "no_place"
    EMPTY_LEVEL = "empty_level"
    INVISIBLE = "invisible"
    NAME_TOO_LONG = "name_too_long"
    PATH_TOO_LONG = "path_too_long"
    TOO_DEEP = "too_deep"
    CELL_TOO_LONG = "cell_too_long"
    PLACE_TWICE = "place_twice"
    NUMBER_TWICE = "number_twice"
    NO_NUMBER = "no_number"
    NO_KIND = "no_kind"
    UNKNOWN_KIND = "unknown_kind"


@dataclass(frozen=True)
class Problem:
    """One thing wrong: line (0 for the file as a whole), column as headed in the file, and detail."""

    line: int
    column: str
    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True)
class Row:
    """One usable line: a place, and a device standing there if ``number`` or ``kind`` is given."""

    line: int
    path: str
    number: str = ""
    kind: str = ""
    model: str = ""
    serial: str = ""

    @property
    def is_device(self) -> bool:
        """Whether the line names a device and not only a place."""
        return bool(self.number or self.kind or self.model or self.serial)


@dataclass(frozen=True)
class Parsed:
    """What a list says. ``headers`` maps a column to its heading; empty for a list of paths."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def has_invisible(text: str) -> bool:
    """Whether control or zero-width characters stand inside: two such names would look alike."""
    return any(unicodedata.category(char) in _INVISIBLE for char in text)


def decode(data: bytes) -> tuple[str, tuple[Flaw, ...]]:
    """The text of an uploaded list, of text or a workbook, and the cells that say no longer what was
    written. Raises: lib.office.reading.Unreadable.
    """
    return text_and_flaws(data, most=MAX_LINES, longest=MAX_BYTES)


def parse(text: str, flaws: Sequence[Flaw] = ()) -> Parsed:
    """Read a list of paths or a table, as decoded; every line that cannot be used is named."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    first = next((number for number, line in enumerate(lines) if tidy(line)), None)
    if first is None:
        return Parsed((), (Problem(0, "", Trouble.EMPTY_FILE),))
    if len(lines) > MAX_LINES:
        return Parsed((), (Problem(0, "", Trouble.TOO_MANY_LINES, str(len(lines))),))
    if headings := [
        heading for at in range(first, min(first + TOP, len(lines))) for heading in _headings(lines, at)
    ]:
        _, at, cells, delimiter = max(headings, key=lambda heading: heading[:2])
        return _parse_table(lines, at, cells, delimiter, flaws)
    if _is_table(lines):
        expected = "、".join(names[0] for names in HEADERS.values())
        return Parsed((), (Problem(0, "", Trouble.NO_HEADING, expected),))
    return _parse_paths(lines, flaws)


def _is_table(lines: list[str]) -> bool:
    """Whether every line has cells, though no heading says of what."""
    said = [line for line in lines if tidy(line)]
    return any(all(delimiter in line for line in said) for delimiter in "\t,;")


def _lost(flaws: Sequence[Flaw], cells: Sequence[str]) -> list[Problem]:
    """Cells of which a spreadsheet lost a part, by their column's heading."""
    places = [(flaw, int(flaw.column)) for flaw in flaws if flaw.column]
    return [
        Problem(flaw.line, cells[place] if place < len(cells) else "", Trouble.DIGITS_LOST)
        for flaw, place in places
    ]


def _headings(lines: list[str], at: int) -> Iterator[tuple[int, int, list[str], str]]:
    """The line read as a heading: how many columns it names (a title or a device may be named like one),
    which line, its cells, and what stands between them."""
    for delimiter in ("\t", ",", ";"):
        cells = [tidy(cell) for cell in next(csv.reader([lines[at][:2000]], delimiter=delimiter), [])]
        known = [_COLUMN_OF[cell.lower()] for cell in cells if cell.lower() in _COLUMN_OF]
        if len(known) > 1 or (known and (len(cells) == 1 or known[0] == "place")):
            yield len(known), at, cells, delimiter


def _parse_paths(lines: list[str], flaws: Sequence[Flaw]) -> Parsed:
    rows: list[Row] = []
    problems = _lost(flaws, ())
    for number, line in enumerate(lines, start=1):
        if not tidy(line):
            continue
        path, found = _path(line, number, "")
        problems += found
        if not found:
            rows.append(Row(number, path))
    return _without_repeats(rows, problems, {}, ())


def _parse_table(
    lines: list[str], first: int, cells: list[str], delimiter: str, flaws: Sequence[Flaw]
) -> Parsed:
    columns = [_COLUMN_OF.get(cell.lower(), "") for cell in cells]
    headers = {column: cell for column, cell in zip(columns, cells, strict=True) if column}
    ignored = tuple(cell for column, cell in zip(columns, cells, strict=True) if cell and not column)
    problems = [
        Problem(first + 1, headers[column], Trouble.COLUMN_TWICE)
        for column in headers
        if columns.count(column) > 1
    ]
    if "place" not in headers:
        problems.append(Problem(first + 1, HEADERS["place"][0], Trouble.NO_PLACE_COLUMN))
    if problems:
        return Parsed((), tuple(problems), headers, ignored)
    rows: list[Row] = []
    problems = _lost([flaw for flaw in flaws if flaw.line > first + 1], cells)
    reader = csv.reader((f"{line}\n" for line in lines[first + 1 :]), delimiter=delimiter)
    while True:
        number = first + 2 + reader.line_num
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error:
            problems.append(Problem(number, "", Trouble.BROKEN_ROW))
            continue
        if not any(tidy(cell) for cell in record):
            continue
        row, found = _record(record, columns, headers, number)
        problems += found
        if row:
            rows.append(row)
    return _without_repeats(rows, problems, headers, ignored)


def _record(
    record: list[str], columns: list[str], headers: Mapping[str, str], line: int
) -> tuple[Row | None, list[Problem]]:
    problems: list[Problem] = []
    if any(tidy(cell) for cell in record[len(columns) :]):
        problems.append(Problem(line, "", Trouble.TOO_MANY_CELLS))
    values = dict.fromkeys(COLUMNS, "")
    for column, cell in zip(columns, record, strict=False):
        if column:
            value = tidy(cell)
            values[column] = value[1:] if _GUARDED.match(value) else value
    values["number"] = plain(values["number"])
    if values["place"]:
        path, found = _path(values["place"], line, headers["place"])
        values["place"] = path
        problems += found
    else:
        problems.append(Problem(line, headers["place"], Trouble.NO_PLACE))
    for column, limit in _LENGTHS.items():
        if len(values[column]) > limit:
            problems.append(Problem(line, headers[column], Trouble.CELL_TOO_LONG, str(limit)))
        elif has_invisible(values[column]):
            problems.append(Problem(line, headers[column], Trouble.INVISIBLE, printable(values[column])))
    row = Row(line, values["place"], values["number"], values["kind"], values["model"], values["serial"])
    if row.is_device and not row.number:
        problems.append(Problem(line, headers.get("number", HEADERS["number"][0]), Trouble.NO_NUMBER))
    return (None if problems else row), problems


def _path(raw: str, line: int, column: str) -> tuple[str, list[Problem]]:
    """The path with each name tidied, or what is wrong with it."""
    names = [tidy(name) for name in tidy(raw).split("/")]
    problems: list[Problem] = []
    if not all(names):
        problems.append(Problem(line, column, Trouble.EMPTY_LEVEL, printable(tidy(raw))))
    for name in names:
        trouble = name_trouble(name) if name else None
        if trouble:
            problems.append(Problem(line, column, trouble, printable(name)))
    path = "/".join(names)
    if len(names) > MAX_DEPTH:
        problems.append(Problem(line, column, Trouble.TOO_DEEP, str(MAX_DEPTH)))
    elif len(path) > PATH_LENGTH:
        problems.append(Problem(line, column, Trouble.PATH_TOO_LONG, str(PATH_LENGTH)))
    return path, problems


def name_trouble(name: str) -> Trouble | None:
    """What is wrong with one level's name, if anything."""
    if not name or "/" in name:
        return Trouble.EMPTY_LEVEL
    if has_invisible(name):
        return Trouble.INVISIBLE
    if len(name) > NAME_LENGTH:
        return Trouble.NAME_TOO_LONG
    return None


def printable(text: str) -> str:
    """A value cut to a readable length, invisible characters shown as their code points."""
    shown = "".join(f"<U+{ord(char):04X}>" if has_invisible(char) else char for char in text[:60])
    return shown + ("…" if len(text) > 60 else "")


def _without_repeats(
    rows: list[Row], problems: list[Problem], headers: Mapping[str, str], ignored: tuple[str, ...]
) -> Parsed:
    """Name places and numbers that stand twice; several devices may share a place."""
    places: dict[str, int] = {}
    numbers: dict[str, int] = {}
    kept: list[Row] = []
    for row in rows:
        seen, key = (numbers, row.number) if row.is_device else (places, row.path)
        if key in seen:
            trouble = Trouble.NUMBER_TWICE if row.is_device else Trouble.PLACE_TWICE
            column = headers.get("number" if row.is_device else "place", "")
            problems.append(Problem(row.line, column, trouble, f"{seen[key]}"))
        else:
            seen[key] = row.line
            kept.append(row)
    problems.sort(key=lambda problem: problem.line)
    return Parsed(tuple(kept), tuple(problems), headers, ignored)
