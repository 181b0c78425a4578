"""Reading a standard from its TOML text. Pure: no Django, no database.

Every problem is named with its line and clause, all of them, not only the first.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from yika.calendars import announced
from yika.calendars.rules import NATURAL, Calendar
from yika.standards.checks import Finding, Length, findings, length, ranges
from yika.standards.lines import Path, lines_of, nearest
from yika.standards.readings import READINGS, Kind, Words
from yika.standards.rules import (
    CONTROLLED,
    Cause,
    Clause,
    Clock,
    Counted,
    Heading,
    Level,
    Limit,
    LogField,
    Readings,
    Standard,
    Start,
    Step,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BUILTIN = "ccnu.toml"


@dataclass(frozen=True)
class Problem:
    """What is wrong in a standard's text, where, and under which clause."""

    line: int
    place: str
    clause: str
    words: Words

    def told(self, lang: str = "zh") -> str:
        """第 12 行 · levels.2.terminals · 条款 2.3：…"""
        if lang.startswith("en"):
            clause = f" · clause {self.clause}" if self.clause else ""
            place = f" · {self.place}" if self.place else ""
            return f"line {self.line}{place}{clause}: {self.words.en}"
        clause = f" · 条款 {self.clause}" if self.clause else ""
        place = f" · {self.place}" if self.place else ""
        return f"第 {self.line} 行{place}{clause}：{self.words.zh}"


class StandardErrors(ValueError):
    """A text is no valid standard; ``problems`` names everything found, by line."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{name}：{problem.told()}" for problem in problems))


def normal(text: str) -> str:
    """The text without byte-order mark and with plain line ends: what is hashed and kept."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def sha256(text: str) -> str:
    """The fingerprint of a standard's text."""
    return hashlib.sha256(normal(text).encode()).hexdigest()


def read(text: str, name: str = "") -> Standard:
    """The standard that a TOML text describes; its calendar has the announced holidays.

    Raises: StandardErrors with every problem found.
    """
    text = normal(text)
    data, problems = _examined(text)
    if problems:
        raise StandardErrors(name, problems)
    return replace(_built(data), sha256=sha256(text))


def check(text: str) -> list[Problem]:
    """Every problem of a text, by line; empty for a valid standard."""
    return _examined(normal(text))[1]


@cache
def builtin_text() -> str:
    """The text of the built-in standard."""
    return normal((files("yika.standards") / "builtin" / BUILTIN).read_text(encoding="utf-8"))


@cache
def builtin() -> Standard:
    """The built-in standard."""
    return read(builtin_text(), BUILTIN)


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    text = (files("yika.standards") / "standard.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _examined(text: str) -> tuple[dict[str, Any], list[Problem]]:
    """The parsed text and what is wrong with it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [_syntax(text, error)]
    lines = lines_of(text)
    plain = _plain(data)
    found = [*_structural(plain), *findings(plain)]
    problems = {
        Problem(
            nearest(lines, finding.path),
            ".".join(str(part + 1) if isinstance(part, int) else part for part in finding.path),
            finding.clause,
            finding.words,
        )
        for finding in found
    }
    return plain, sorted(problems, key=lambda problem: (problem.line, problem.place, problem.words.zh))


def _syntax(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    where = re.search(r"at line (\d+), column (\d+)", str(error))
    line = int(where.group(1)) if where else text.count("\n") + 1
    said = re.sub(r" \(at .*\)$", "", str(error))
    column = int(where.group(2)) if where else 1
    return Problem(
        line,
        "",
        "",
        Words(f"TOML 语法错误（第 {column} 列）：{said}", f"TOML syntax error (column {column}): {said}"),
    )


def _plain(value: Any) -> Any:
    """TOML values as plain JSON: dates become text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def _structural(data: dict[str, Any]) -> Iterator[Finding]:
    """What the schema refuses, in words."""
    for error in Draft202012Validator(schema()).iter_errors(data):
        path: Path = tuple(error.absolute_path)
        clause = _clause_around(data, path)
        if error.validator == "additionalProperties":
            for key in sorted(set(error.instance) - set(error.schema.get("properties", {}))):
                yield Finding((*path, key), Words(f"未知的键 {key}", f"unknown key {key}"), clause)
        elif error.validator == "required":
            missing = next(key for key in error.validator_value if f"'{key}' is" in error.message)
            yield Finding(path, Words(f"缺少 {missing}", f"{missing} is missing"), clause)
        else:
            yield Finding(path, _refused(error), clause)


def _refused(error: ValidationError) -> Words:
    value = json.dumps(error.instance, ensure_ascii=False)
    value = value if len(value) <= 40 else value[:40] + "…"
    limit: Any = error.validator_value
    match error.validator:
        case "type":
            names = {
                "string": ("文字", "text"),
                "integer": ("整数", "a whole number"),
                "boolean": ("true 或 false", "true or false"),
                "array": ("数组", "an array"),
                "object": ("表", "a table"),
            }
            zh, en = names[str(limit)]
            return Words(f"{value} 应为{zh}", f"{value} should be {en}")
        case "enum":
            known = [str(one) for one in limit or ()]
            return Words(
                f"{value} 不在可选值之内：{'、'.join(known)}", f"{value} is none of: {', '.join(known)}"
            )
        case "const":
            return Words(f"{value} 应为 {limit}", f"{value} should be {limit}")
        case "minimum":
            return Words(f"{value} 不能小于 {limit}", f"{value} is less than {limit}")
        case "maximum":
            return Words(f"{value} 不能大于 {limit}", f"{value} is more than {limit}")
        case "minItems":
            return Words("不能为空", "must not be empty")
        case "minLength":
            return Words("不能为空", "must not be empty")
        case "maxLength":
            return Words(f"不能超过 {limit} 个字符", f"is longer than {limit} characters")
        case "uniqueItems":
            return Words("有重复的值", "holds a value twice")
        case "not":
            return Words("to 和 below 只能写一个", "only one of to and below")
    return Words(f"{value} 的写法不对（应符合 {limit}）", f"{value} is not written as expected ({limit})")


def _clause_around(data: Any, path: Path) -> str:
    """The clause that a place belongs to: its own key, or the clause its table names."""
    clause = ""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict):
            own = data.get("clause") or (data.get("key") if path[0] in ("clauses", "headings") else "")
            clause = own if own and isinstance(own, str) else clause
    return clause


def _built(data: dict[str, Any]) -> Standard:
    """A standard from data that passed every check."""
    meta = data["meta"]
    readings = _readings(data.get("readings", {}))
    sized = {column: ranges(data, column, readings.boundary) for column in ("terminals", "cardholders")}
    fields = tuple(
        LogField(row["key"], row["name"], row.get("name_en", row["name"]), row.get("required", True))
        for row in data["fault_log"]
    )
    return Standard(
        code=meta["code"],
        version=meta["version"],
        title=meta["title"],
        title_en=meta.get("title_en", meta["title"]),
        issuer=meta["issuer"],
        issuer_en=meta.get("issuer_en", meta["issuer"]),
        effective_on=date.fromisoformat(meta["effective_on"]) if "effective_on" in meta else None,
        source=meta.get("source", ""),
        headings=tuple(
            Heading(row["key"], row["title"], row.get("title_en", row["title"]))
            for row in data.get("headings", [])
        ),
        clauses=tuple(
            Clause(
                row["key"],
                row["title"],
                row.get("title_en", row["title"]),
                row["text"],
                row.get("text_en", row["text"]),
            )
            for row in data["clauses"]
        ),
        levels=tuple(
            Level(
                key=row["key"],
                rank=rank,
                name=row["name"],
                name_en=row.get("name_en", row["name"]),
                clause=row["clause"],
                terminals=sized["terminals"].get(row["key"]),
                cardholders=sized["cardholders"].get(row["key"]),
                response=_limit(data["limits"][row["key"]], "response", readings.response_clock),
                repair=_limit(data["limits"][row["key"]], "repair", readings.repair_clock),
                causes=tuple(row.get("causes", ())),
            )
            for rank, row in enumerate(data["levels"], start=1)
        ),
        causes=tuple(
            Cause(row["key"], row["name"], row.get("name_en", row["name"])) for row in data.get("causes", [])
        ),
        factory=_limit_of(data["factory"]["clause"], length(data["factory"]["within"]), Clock.NATURAL),
        ladder=tuple(
            Step(
                row["at_percent"] / 100,
                tuple(row["tell"]),
                length(row["repeat_every"]).seconds if "repeat_every" in row else None,
            )
            for row in data["ladder"]
        ),
        fault_log=fields,
        fault_log_fields=tuple(field.key for field in fields if field.required),
        readings=readings,
        calendar=_calendar(data.get("service_calendar")),
        duties=tuple(data.get("duties", ())),
        checklists=tuple(data.get("checklists", ())),
        controlled=tuple(data.get("changes", {}).get("controlled", CONTROLLED)),
    )


def _limit(row: dict[str, Any], which: str, clock: Clock) -> Limit | None:
    return None if row[which] == "none" else _limit_of(row["clause"], length(row[which]), clock)


def _limit_of(clause: str, time_allowed: Length, clock: Clock) -> Limit:
    if time_allowed.days is not None:
        return Limit(clause, days=time_allowed.days)
    return Limit(clause, seconds=time_allowed.seconds, clock=clock)


def _readings(table: dict[str, Any]) -> Readings:
    settled: dict[str, Any] = {}
    for reading in READINGS:
        if reading.key in table:
            value = table[reading.key]
            settled[reading.attribute] = length(value).seconds if reading.kind is Kind.DURATION else value
    for key, kind in (
        ("counts", Counted),
        ("response_clock", Clock),
        ("repair_clock", Clock),
        ("factory_starts_at", Start),
    ):
        if key in settled:
            settled[key] = kind(settled[key])
    return Readings(**settled)


def _calendar(table: dict[str, Any] | None) -> Calendar:
    """The service calendar with the announced holidays; natural time without one."""
    if not table:
        return NATURAL
    closed = table.get("holidays_closed", True)
    return Calendar(
        windows={
            number: tuple(_window(window) for window in table[name])
            for number, name in enumerate(WEEKDAYS)
            if table.get(name)
        },
        holidays=announced.all_holidays() if closed else frozenset(),
        working_days=announced.all_working_days() if closed else frozenset(),
        make_up_weekday=WEEKDAYS.index(table.get("make_up_day_is", "monday")),
    )


def _window(text: str) -> tuple[time, time]:
    opens, closes = text.split("-")
    return time.fromisoformat(opens), time() if closes == "24:00" else time.fromisoformat(closes)
