"""Levels: ranges without hole or overlap, causes, limits."""

from collections.abc import Iterator
from typing import Any

from yika.standards.checks.written import Finding, duration, end_of, rows_of, table_of, text_of
from yika.standards.lines import Path
from yika.standards.readings import Words

COLUMNS = {"terminals": "终端数", "cardholders": "持卡人数"}


def levels(data: dict[str, Any]) -> Iterator[Finding]:
    """A level is decided by ranges or by causes, and only one by causes."""
    by_cause: list[str] = []
    for index, row in rows_of(data, "levels"):
        key, clause = text_of(row, "key"), text_of(row, "clause")
        sized = any(column in row for column in COLUMNS)
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
    rows = rows_of(data, "levels")
    if rows and len(by_cause) == len(rows):
        yield Finding(("levels",), Words("没有按数量划分的等级", "no level is decided by a range"))


def column(data: dict[str, Any], column: str) -> Iterator[Finding]:
    """The ranges of a column begin at 0, follow each other without hole or overlap, and end open."""
    rows = [(index, row, row[column]) for index, row in rows_of(data, "levels") if _is_range(row.get(column))]
    before: dict[str, Any] | None = None
    before_key = ""
    for index, row, written in rows:
        path: Path = ("levels", index, column)
        key, clause, low, end = text_of(row, "key"), text_of(row, "clause"), written["from"], end_of(written)
        noun = Words(COLUMNS[column], column)
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
    if rows and before is not None and end_of(before) is not None:
        index, row, _ = rows[-1]
        yield Finding(
            ("levels", index, column),
            Words(
                f"最重一级的{COLUMNS[column]}应没有上限，{end_of(before)} 及以上无等级",
                f"the gravest range of {column} must be open; {end_of(before)} and above have no level",
            ),
            text_of(row, "clause"),
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
    end, low = end_of(before), written["from"]
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


def causes(data: dict[str, Any]) -> Iterator[Finding]:
    """Causes named but not described, and described but not used."""
    known = {text_of(row, "key") for _, row in rows_of(data, "causes")}
    used: set[str] = set()
    for index, row in rows_of(data, "levels"):
        named = row.get("causes")
        for cause in named if isinstance(named, list) else []:
            if isinstance(cause, str):
                used.add(cause)
                if cause not in known:
                    yield Finding(
                        ("levels", index, "causes"),
                        Words(f"原因 {cause} 没有 [[causes]] 说明", f"cause {cause} has no [[causes]] table"),
                        text_of(row, "clause"),
                    )
    for index, row in rows_of(data, "causes"):
        key = text_of(row, "key")
        if key and key not in used:
            yield Finding(
                ("causes", index, "key"),
                Words(f"没有等级使用原因 {key}", f"no level uses the cause {key}"),
            )


def limits(data: dict[str, Any]) -> Iterator[Finding]:
    """Every level has both limits, written as durations above zero or "none"."""
    limits = table_of(data, "limits")
    keys = [text_of(row, "key") for _, row in rows_of(data, "levels")]
    for index, row in rows_of(data, "levels"):
        key = text_of(row, "key")
        if key and key not in limits:
            yield Finding(
                ("levels", index, "key"),
                Words(f"等级 {key} 没有时限表 [limits.{key}]", f"level {key} has no [limits.{key}]"),
                text_of(row, "clause"),
            )
    for key, row in limits.items():
        if not isinstance(row, dict):
            continue
        clause = text_of(row, "clause")
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
                yield from duration(row[which], path, clause)
    factory = table_of(data, "factory")
    if isinstance(factory.get("within"), str):
        yield from duration(factory["within"], ("factory", "within"), text_of(factory, "clause"))
