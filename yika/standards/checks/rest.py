"""References, keys used twice, the ladder, the service calendar, durations among the readings."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from yika.standards.checks.written import Finding, duration, rows_of, table_of, text_of
from yika.standards.lines import Path
from yika.standards.readings import ONE_WAY, READINGS, Kind, Words
from yika.standards.rules import Readings


def _known(data: dict[str, Any]) -> set[str]:
    return {text_of(row, "key") for _, row in rows_of(data, "clauses")}


def clauses(data: dict[str, Any]) -> Iterator[Finding]:
    """References to clauses that do not exist."""
    known = _known(data)
    places: list[tuple[Path, str]] = []
    for name in ("levels", "duties", "checklists"):
        places += [((name, index, "clause"), text_of(row, "clause")) for index, row in rows_of(data, name)]
    for key, row in table_of(data, "limits").items():
        if isinstance(row, dict):
            places.append((("limits", key, "clause"), text_of(row, "clause")))
    places.append((("factory", "clause"), text_of(table_of(data, "factory"), "clause")))
    for path, clause in places:
        if clause and clause not in known:
            yield Finding(path, Words(f"条款 {clause} 不存在", f"there is no clause {clause}"), clause)


def duplicates(data: dict[str, Any]) -> Iterator[Finding]:
    """Keys used twice."""
    nouns = {
        "clauses": Words("条款", "clause"),
        "headings": Words("章节", "heading"),
        "levels": Words("等级", "level"),
        "causes": Words("原因", "cause"),
        "fault_log": Words("故障日志字段", "log field"),
        "duties": Words("职责", "duty"),
        "checklists": Words("检查表", "checklist"),
    }
    for name, noun in nouns.items():
        seen: set[str] = set()
        for index, row in rows_of(data, name):
            key = text_of(row, "key")
            if key and key in seen:
                yield Finding(
                    (name, index, "key"),
                    Words(f"{noun.zh} {key} 重复", f"{noun.en} {key} stands twice"),
                    key if name in ("clauses", "headings") else text_of(row, "clause"),
                )
            seen.add(key)


def ladder(data: dict[str, Any]) -> Iterator[Finding]:
    """Rungs rise; only the last repeats."""
    rungs = rows_of(data, "ladder")
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
                yield from duration(row["repeat_every"], path, "", days=False)


def calendar(data: dict[str, Any]) -> Iterator[Finding]:
    """Windows open before they close, in order; a clock that needs windows has some."""
    table = table_of(data, "service_calendar")
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
    readings = table_of(data, "readings")
    for key in ("response_clock", "repair_clock"):
        if readings.get(key) == "service" and not windows:
            yield Finding(
                ("readings", key),
                Words(
                    "按服务日历计时，但没有 [service_calendar] 时段",
                    "there are no [service_calendar] windows",
                ),
            )


def readings(data: dict[str, Any]) -> Iterator[Finding]:
    """Durations among the readings, and values that Yika cannot apply."""
    table = table_of(data, "readings")
    for reading in READINGS:
        if reading.key not in table:
            continue
        path: Path = ("readings", reading.key)
        value, usual = table[reading.key], reading.value(Readings())
        if reading.kind is Kind.DURATION and isinstance(value, str):
            yield from duration(value, path, reading.clauses[0], zero=True, days=False)
        known = isinstance(value, bool) if reading.kind is Kind.YES_NO else str(value) in reading.choices
        if reading.key in ONE_WAY and known and value != usual:
            yield Finding(
                path,
                Words(
                    f"Yika 目前只能按“{reading.told(Readings())}”执行：{reading.meaning.zh}",
                    f'Yika can only apply "{reading.told(Readings(), "en")}" so far: {reading.meaning.en}',
                ),
                reading.clauses[0],
            )


def effective_date(data: dict[str, Any]) -> Iterator[Finding]:
    """The date is one of the calendar."""
    value = table_of(data, "meta").get("effective_on")
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            yield Finding(("meta", "effective_on"), Words(f"“{value}” 不是日期", f'"{value}" is no date'))
