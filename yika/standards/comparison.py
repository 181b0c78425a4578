"""What differs between two versions of a standard. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yika.standards.readings import READINGS, Words, spoken
from yika.standards.rules import Level, Limit, Range, Standard, Step


@dataclass(frozen=True)
class Change:
    """One difference: what it is about, as it was and as it will be. Empty words: was or is not there."""

    clause: str
    what: Words
    before: Words
    after: Words


NOTHING = Words("", "")
CONTROLLED = {
    "place": Words("地点", "place"),
    "address": Words("IP地址", "IP address"),
    "upstream": Words("上联", "upstream"),
    "parameters": Words("参数", "parameters"),
    "configuration": Words("配置", "configuration"),
    "life": Words("使用状态", "life cycle"),
}
NO_LIMIT = Words("无时限", "no limit")
TOLD = {
    "holder": Words("维护人员", "technician in charge"),
    "dispatcher": Words("调度", "dispatcher"),
    "manager": Words("运维负责人", "vendor manager"),
    "office": Words("信息化办公室", "Office"),
}


def limit_words(limit: Limit | None) -> Words:
    """30 分钟; 10 天（首日不计，至末日 24:00）; 无时限."""
    if limit is None:
        return NO_LIMIT
    if limit.days is not None:
        return Words(
            f"{limit.days} 天（首日不计，至末日 24:00）",
            f"{limit.days} days (the first not counted, until 24:00 of the last)",
        )
    seconds = limit.seconds or 0
    return Words(spoken(seconds), spoken(seconds, "en"))


def range_words(span: Range | None, letter: str = "n") -> str:
    """5 ≤ n < 10; n ≥ 50."""
    if span is None:
        return ""
    return f"{letter} ≥ {span.low}" if span.high is None else f"{span.low} ≤ {letter} < {span.high}"


def step_words(step: Step) -> Words:
    """维护人员、调度；此后每 1 小时."""
    zh = "、".join(TOLD[who].zh for who in step.tell)
    en = ", ".join(TOLD[who].en for who in step.tell)
    if step.repeat_s is None:
        return Words(zh, en)
    return Words(
        f"{zh}；此后每 {spoken(step.repeat_s)}重复", f"{en}; again every {spoken(step.repeat_s, 'en')}"
    )


def changes(old: Standard, new: Standard) -> Iterator[Change]:
    """Every difference that a promise or a page rests on, in the order of the text."""
    yield from _clauses(old, new)
    yield from _levels(old, new)
    if old.factory != new.factory:
        what = Words("返厂修复时限", "factory limit")
        yield Change(new.factory.clause, what, limit_words(old.factory), limit_words(new.factory))
    for reading in READINGS:
        if reading.value(old.readings) != reading.value(new.readings):
            yield Change(
                reading.clauses[0],
                reading.meaning,
                Words(reading.told(old.readings), reading.told(old.readings, "en")),
                Words(reading.told(new.readings), reading.told(new.readings, "en")),
            )
    yield from _rest(old, new)


def _clauses(old: Standard, new: Standard) -> Iterator[Change]:
    before = {clause.key: clause for clause in old.clauses}
    after = {clause.key: clause for clause in new.clauses}
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if was != now:
            yield Change(
                key,
                Words("条款原文", "text of the clause"),
                Words(was.text, was.text_en) if was else NOTHING,
                Words(now.text, now.text_en) if now else NOTHING,
            )


_FACETS: tuple[tuple[str, str, Callable[[Level], Words]], ...] = (
    ("名称", "name", lambda level: Words(level.name, level.name_en)),
    ("终端数", "terminals", lambda level: _same(range_words(level.terminals))),
    ("持卡人数", "cardholders", lambda level: _same(range_words(level.cardholders))),
    ("原因", "causes", lambda level: _same("、".join(level.causes))),
    ("响应时限", "response limit", lambda level: limit_words(level.response)),
    ("修复时限", "repair limit", lambda level: limit_words(level.repair)),
)


def _levels(old: Standard, new: Standard) -> Iterator[Change]:
    before = {level.key: level for level in old.levels}
    after = {level.key: level for level in new.levels}
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        level = now or was
        assert level is not None
        for zh, en, told in _FACETS:
            earlier = told(was) if was else NOTHING
            later = told(now) if now else NOTHING
            if earlier != later:
                yield Change(
                    _clause_of(level, en),
                    Words(f"{level.name}·{zh}", f"{level.name_en}: {en}"),
                    earlier,
                    later,
                )


def _clause_of(level: Level, what: str) -> str:
    limit = level.response if what == "response limit" else level.repair if what == "repair limit" else None
    return limit.clause if limit else level.clause


def _same(text: str) -> Words:
    return Words(text, text)


def _rest(old: Standard, new: Standard) -> Iterator[Change]:
    ladders = [
        Words(
            "；".join(f"{round(step.fraction * 100)}% {step_words(step).zh}" for step in standard.ladder),
            "; ".join(f"{round(step.fraction * 100)}% {step_words(step).en}" for step in standard.ladder),
        )
        for standard in (old, new)
    ]
    if old.ladder != new.ladder:
        yield Change("", Words("提醒和升级", "who is told when"), *ladders)
    if old.fault_log != new.fault_log:
        logs = [
            Words(
                "、".join(field.name for field in one.fault_log if field.required),
                ", ".join(field.name_en for field in one.fault_log if field.required),
            )
            for one in (old, new)
        ]
        yield Change("", Words("故障日志必填项", "fields of the fault log required to close"), *logs)
    if old.controlled != new.controlled:
        named = [
            Words(
                "、".join(CONTROLLED[one].zh for one in standard.controlled) or "无",
                ", ".join(CONTROLLED[one].en for one in standard.controlled) or "none",
            )
            for standard in (old, new)
        ]
        yield Change("4.1.4", Words("须经同意的设备项目", "device fields that need consent"), *named)
    if old.calendar.windows != new.calendar.windows:
        yield Change("", Words("服务日历", "service calendar"), _windows(old), _windows(new))


def _windows(standard: Standard) -> Words:
    lines = [
        (day, " ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in windows))
        for day, windows in sorted(standard.calendar.windows.items())
    ]
    return Words(
        "；".join(f"周{'一二三四五六日'[day]} {text}" for day, text in lines) or "无",
        "; ".join(f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[day]} {text}" for day, text in lines)
        or "none",
    )
