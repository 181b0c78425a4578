"""What a standard's tables say: durations, ranges, and access that bears any shape."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yika.standards.lines import Path
from yika.standards.readings import Words
from yika.standards.rules import Range

_LENGTH = re.compile(r"(-?)(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_LONGEST_S = 3660 * 86_400


@dataclass(frozen=True)
class Finding:
    """Something wrong at a place in the data."""

    path: Path
    words: Words
    clause: str = ""


@dataclass(frozen=True)
class Length:
    """A written duration: seconds, or whole days."""

    seconds: int | None = None
    days: int | None = None


def length(text: str) -> Length:
    """ "1h30m" is 5,400 seconds; "10d" is ten days.

    Raises: ValueError for anything else, with the reason as ``Words`` in its argument.
    """
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            Words(
                f"“{text}” 不是时长（写作 30s、30m、1h、1h30m 或 10d）",
                f'"{text}" is no duration (write 30s, 30m, 1h, 1h30m or 10d)',
            )
        )
    sign, *numbers = match.groups()
    days, hours, minutes, seconds = (int(number or 0) for number in numbers)
    if sign:
        raise ValueError(Words(f"时长 “{text}” 为负", f'the duration "{text}" is negative'))
    in_seconds = hours * 3600 + minutes * 60 + seconds
    if days and in_seconds:
        raise ValueError(
            Words(
                f"“{text}” 把天和小时写在一起：按天计的时限到末日 24:00，按小时计的从报修时刻起",
                f'"{text}" mixes days and hours: days run until 24:00 of the last, hours from the moment',
            )
        )
    if days * 86_400 + in_seconds > _LONGEST_S:
        raise ValueError(Words(f"“{text}” 超过十年", f'"{text}" is longer than ten years'))
    return Length(days=days) if days else Length(seconds=in_seconds)


def ranges(data: dict[str, Any], column: str, boundary: str) -> dict[str, Range]:
    """The half-open range of each sized level, by level key; printed ``to`` made half-open.

    A number that two neighbours both hold goes to the graver or the lighter, as the reading says.
    """
    rows = [row for row in data["levels"] if column in row]
    found: dict[str, Range] = {}
    low = 0
    for position, row in enumerate(rows):
        written = row[column]
        low = max(low, written["from"]) if position else written["from"]
        high = end_of(written)
        following = rows[position + 1][column]["from"] if position + 1 < len(rows) else None
        if boundary == "graver" and high is not None and following == high - 1 and "to" in written:
            high = following
        found[row["key"]] = Range(low, high)
        low = high if high is not None else low
    return found


def end_of(written: dict[str, Any]) -> int | None:
    """The first number behind a written range; None if it is open."""
    if "to" in written:
        return int(written["to"]) + 1
    return int(written["below"]) if "below" in written else None


def rows_of(data: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    """The tables of an array, with their index; those of a wrong shape left out."""
    rows = data.get(name)
    if not isinstance(rows, list):
        return []
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, dict)]


def table_of(data: dict[str, Any], name: str) -> dict[str, Any]:
    """A table by name; empty if there is none, or something else."""
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def text_of(row: dict[str, Any], name: str) -> str:
    """A text by name; empty if there is none, or something else."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def duration(
    text: str, path: Path, clause: str, *, zero: bool = False, days: bool = True
) -> Iterator[Finding]:
    """A duration that can be read, is not negative, and not zero unless it may be."""
    try:
        read = length(text)
    except ValueError as error:
        yield Finding(path, error.args[0], clause)
        return
    if read.days is not None and not days:
        yield Finding(
            path,
            Words(f"“{text}” 应写成小时、分钟或秒", f'"{text}" must be written in hours, minutes or seconds'),
            clause,
        )
    if not read.days and not read.seconds and not zero:
        yield Finding(path, Words(f"时长 “{text}” 为零", f'the duration "{text}" is zero'), clause)
