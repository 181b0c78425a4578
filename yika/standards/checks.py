"""What a schema cannot say about a standard: references, ranges without hole or overlap, durations, order.

Each check takes the data as it stands, however incomplete, and speaks only of what it can judge:
wrong shapes are the schema's business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from yika.standards.lines import Path
from yika.standards.readings import READINGS, Kind, Words
from yika.standards.rules import Range

_LENGTH = re.compile(r"(-?)(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_COLUMNS = {"terminals": "终端数", "cardholders": "持卡人数"}
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
        high = _end(written)
        following = rows[position + 1][column]["from"] if position + 1 < len(rows) else None
        if boundary == "graver" and high is not None and following == high - 1 and "to" in written:
            high = following
        found[row["key"]] = Range(low, high)
        low = high if high is not None else low
    return found


def _end(written: dict[str, Any]) -> int | None:
    """The first number behind a written range; None if it is open."""
    if "to" in written:
        return int(written["to"]) + 1
    return int(written["below"]) if "below" in written else None


def findings(data: dict[str, Any]) -> Iterator[Finding]:
    """Everything wrong that the schema does not see."""
    yield from _clauses(data)
    yield from _duplicates(data)
    yield from _levels(data)
    for column in _COLUMNS:
        yield from _column(data, column)
    yield from _causes(data)
    yield from _limits(data)
    yield from _ladder(data)
    yield from _calendar(data)
    yield from _readings(data)
    yield from _date(data)


def _tables(data: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    """The tables of an array, with their index; those of a wrong shape left out."""
    rows = data.get(name)
    if not isinstance(rows, list):
        return []
    return [(index, row) for index, row in enumerate(rows) if isinstance(row, dict)]


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _known(data: dict[str, Any]) -> set[str]:
    return {_text(row, "key") for _, row in _tables(data, "clauses")}


def _clauses(data: dict[str, Any]) -> Iterator[Finding]:
    """References to clauses that do not exist."""
    known = _known(data)
    places: list[tuple[Path, str]] = []
    for name in ("levels", "duties", "checklists"):
        places += [((name, index, "clause"), _text(row, "clause")) for index, row in _tables(data, name)]
    for key, row in _table(data, "limits").items():
        if isinstance(row, dict):
            places.append((("limits", key, "clause"), _text(row, "clause")))
    places.append((("factory", "clause"), _text(_table(data, "factory"), "clause")))
    for path, clause in places:
        if clause and clause not in known:
            yield Finding(path, Words(f"条款 {clause} 不存在", f"there is no clause {clause}"), clause)


def _duplicates(data: dict[str, Any]) -> Iterator[Finding]:
    """Keys used twice."""
    nouns = {
        "clauses": Words("条款", "clause"),
        "headings": Words("章节", "heading"),
        "levels": Words("等级", "level"),
        "causes": Words("原因", "cause"),
        "fault_log": Words("日志字段", "log field"),
        "duties": Words("职责", "duty"),
        "checklists": Words("检查表", "checklist"),
    }
    for name, noun in nouns.items():
        seen: set[str] = set()
        for index, row in _tables(data, name):
            key = _text(row, "key")
            if key and key in seen:
                yield Finding(
                    (name, index, "key"),
                    Words(f"{noun.zh} {key} 重复", f"{noun.en} {key} stands twice"),
                    key if name in ("clauses", "headings") else _text(row, "clause"),
                )
            seen.add(key)


def _levels(data: dict[str, Any]) -> Iterator[Finding]:
    """A level is decided by ranges or by causes, and only one by causes."""
    by_cause: list[str] = []
    for index, row in _tables(data, "levels"):
        key, clause = _text(row, "key"), _text(row, "clause")
        sized = any(column in row for column in _COLUMNS)
        if sized and "causes" in row:
            yield Finding(
                ("levels", index, "causes"),
                Words(f"等级 {key} 既有数量范围又有原因", f"level {key} has both ranges and causes"),
                clause,
            )
        if not sized and "causes" not in row:
            yield Finding(
                ("levels", index),
                Words(f"等级 {key} 既没有数量范围也没有原因", f"level {key} has neither a range nor a cause"),
                clause,
            )
        if not sized and "causes" in row:
            by_cause.append(key)
            if len(by_cause) > 1:
                yield Finding(
                    ("levels", index, "causes"),
                    Words(
                        f"按原因划分的等级只能有一个，已有 {by_cause[0]}",
                        f"only one level may be by cause; {by_cause[0]} already is",
                    ),
                    clause,
                )
    rows = _tables(data, "levels")
    if rows and len(by_cause) == len(rows):
        yield Finding(("levels",), Words("没有按数量划分的等级", "no level is decided by a range"))


def _column(data: dict[str, Any], column: str) -> Iterator[Finding]:
    """The ranges of a column begin at 0, follow each other without hole or overlap, and end open."""
    rows = [(index, row, row[column]) for index, row in _tables(data, "levels") if _is_range(row.get(column))]
    before: dict[str, Any] | None = None
    before_key = ""
    for index, row, written in rows:
        path: Path = ("levels", index, column)
        key, clause, low, end = _text(row, "key"), _text(row, "clause"), written["from"], _end(written)
        noun = Words(_COLUMNS[column], column)
        if end is not None and end <= low:
            yield Finding(
                path,
                Words(f"{key} 的{noun.zh}范围是空的", f"the range of {noun.en} of {key} is empty"),
                clause,
            )
        if before is None:
            if low != 0:
                yield Finding(
                    path,
                    Words(
                        f"第一级的{noun.zh}应从 0 开始，现为 {low}",
                        f"the first range of {noun.en} must start at 0, not {low}",
                    ),
                    clause,
                )
        else:
            yield from _joint(before, before_key, written, key, noun, path, clause)
        before, before_key = written, key
    if rows and before is not None and _end(before) is not None:
        index, row, _ = rows[-1]
        yield Finding(
            ("levels", index, column),
            Words(
                f"最重一级的{_COLUMNS[column]}应没有上限，{_end(before)} 及以上无等级",
                f"the gravest range of {column} must be open; {_end(before)} and above have no level",
            ),
            _text(row, "clause"),
        )


def _joint(
    before: dict[str, Any],
    before_key: str,
    written: dict[str, Any],
    key: str,
    noun: Words,
    path: Path,
    clause: str,
) -> Iterator[Finding]:
    """How a range follows the one before it."""
    end, low = _end(before), written["from"]
    shared = "to" in before and low == before["to"]
    if end is None:
        yield Finding(
            path,
            Words(
                f"{noun.zh}范围重叠：{before_key} 没有上限，{key} 从 {low} 开始",
                f"ranges of {noun.en} overlap: {before_key} is open, {key} starts at {low}",
            ),
            clause,
        )
    elif low > end:
        yield Finding(
            path,
            Words(
                f"{noun.zh}范围有空缺：{end} 至 {low - 1} 不属于 {before_key} 也不属于 {key}",
                f"hole in the ranges of {noun.en}: {end} to {low - 1} are in neither {before_key} nor {key}",
            ),
            clause,
        )
    elif low < end and not shared:
        yield Finding(
            path,
            Words(
                f"{noun.zh}范围重叠：{low} 至 {end - 1} 同时属于 {before_key} 和 {key}",
                f"ranges of {noun.en} overlap: {low} to {end - 1} are in both {before_key} and {key}",
            ),
            clause,
        )


def _is_range(value: object) -> bool:
    """A range whose numbers are whole and not negative, so that it can be judged."""
    if not isinstance(value, dict) or "from" not in value or ("to" in value and "below" in value):
        return False
    numbers = [value[name] for name in ("from", "to", "below") if name in value]
    return all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in numbers)


def _causes(data: dict[str, Any]) -> Iterator[Finding]:
    """Causes named but not described, and described but not used."""
    known = {_text(row, "key") for _, row in _tables(data, "causes")}
    used: set[str] = set()
    for index, row in _tables(data, "levels"):
        named = row.get("causes")
        for cause in named if isinstance(named, list) else []:
            if isinstance(cause, str):
                used.add(cause)
                if cause not in known:
                    yield Finding(
                        ("levels", index, "causes"),
                        Words(f"原因 {cause} 没有 [[causes]] 说明", f"cause {cause} has no [[causes]] table"),
                        _text(row, "clause"),
                    )
    for index, row in _tables(data, "causes"):
        key = _text(row, "key")
        if key and key not in used:
            yield Finding(
                ("causes", index, "key"),
                Words(f"没有等级使用原因 {key}", f"no level uses the cause {key}"),
            )


def _limits(data: dict[str, Any]) -> Iterator[Finding]:
    """Every level has both limits, written as durations above zero or "none"."""
    limits = _table(data, "limits")
    keys = [_text(row, "key") for _, row in _tables(data, "levels")]
    for index, row in _tables(data, "levels"):
        key = _text(row, "key")
        if key and key not in limits:
            yield Finding(
                ("levels", index, "key"),
                Words(f"等级 {key} 没有时限表 [limits.{key}]", f"level {key} has no [limits.{key}]"),
                _text(row, "clause"),
            )
    for key, row in limits.items():
        if not isinstance(row, dict):
            continue
        clause = _text(row, "clause")
        if key not in keys:
            yield Finding(("limits", key), Words(f"没有等级 {key}", f"there is no level {key}"), clause)
        for which, noun in (("response", "响应"), ("repair", "修复")):
            path: Path = ("limits", key, which)
            if which not in row:
                yield Finding(
                    path[:-1],
                    Words(
                        f"等级 {key} 缺少{noun}时限 {which}（没有时限的写 none）",
                        f'level {key} lacks the limit {which} (write "none" for no limit)',
                    ),
                    clause,
                )
            elif isinstance(row[which], str) and row[which] != "none":
                yield from _duration(row[which], path, clause)
    factory = _table(data, "factory")
    if isinstance(factory.get("within"), str):
        yield from _duration(factory["within"], ("factory", "within"), _text(factory, "clause"))


def _duration(
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


def _ladder(data: dict[str, Any]) -> Iterator[Finding]:
    """Rungs rise; only the last repeats."""
    rungs = _tables(data, "ladder")
    highest = 0
    for position, (index, row) in enumerate(rungs):
        percent = row.get("at_percent")
        if isinstance(percent, int) and not isinstance(percent, bool):
            if position and percent <= highest:
                yield Finding(
                    ("ladder", index, "at_percent"),
                    Words(f"{percent}% 应大于前一级的 {highest}%", f"{percent}% must be above {highest}%"),
                )
            highest = max(highest, percent)
        if "repeat_every" in row:
            path: Path = ("ladder", index, "repeat_every")
            if position < len(rungs) - 1:
                yield Finding(path, Words("只有最后一级可以重复提醒", "only the last rung may repeat"))
            if isinstance(row["repeat_every"], str):
                yield from _duration(row["repeat_every"], path, "", days=False)


def _calendar(data: dict[str, Any]) -> Iterator[Finding]:
    """Windows open before they close, in order; a clock that needs windows has some."""
    table = _table(data, "service_calendar")
    windows = 0
    for name, value in table.items():
        if not isinstance(value, list):
            continue
        before = ""
        for window in value:
            if not isinstance(window, str) or len(window) != 11:
                continue
            windows += 1
            opens, closes = window[:5], window[6:]
            path: Path = ("service_calendar", name)
            if closes <= opens:
                yield Finding(
                    path, Words(f"{window} 的结束不晚于开始", f"{window} does not end after its start")
                )
            if opens < before:
                yield Finding(
                    path,
                    Words(f"{window} 与前一时段重叠或次序颠倒", f"{window} overlaps the window before it"),
                )
            before = max(before, closes)
    readings = _table(data, "readings")
    for key in ("response_clock", "repair_clock"):
        if readings.get(key) == "service" and not windows:
            yield Finding(
                ("readings", key),
                Words(
                    "按服务日历计时，但没有 [service_calendar] 时段",
                    "there are no [service_calendar] windows",
                ),
            )


def _readings(data: dict[str, Any]) -> Iterator[Finding]:
    """Durations among the readings."""
    table = _table(data, "readings")
    for reading in READINGS:
        if reading.kind is Kind.DURATION and isinstance(table.get(reading.key), str):
            yield from _duration(
                table[reading.key], ("readings", reading.key), reading.clauses[0], zero=True, days=False
            )


def _date(data: dict[str, Any]) -> Iterator[Finding]:
    value = _table(data, "meta").get("effective_on")
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            yield Finding(("meta", "effective_on"), Words(f"“{value}” 不是日期", f'"{value}" is no date'))
