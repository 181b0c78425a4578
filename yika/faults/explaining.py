"""The arithmetic of one fault, line by line with its clauses. Pure: no Django, no database.

The figures come from the same functions that run every fault; here they are only told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yika.commitments.rules import Outcome, Promise, outcome
from yika.faults.rules import Clocks, Facts, Statement, clocks
from yika.lib.clock import campus
from yika.standards.comparison import limit_words, range_words
from yika.standards.readings import BY_KEY, Words, spoken
from yika.standards.rules import Clock, Impact, Level, Range, Standard, Start, due_at

SPECIAL = "special"
WEEKDAYS = Words("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")


@dataclass(frozen=True)
class Case:
    """What is known of a fault: its size, its cause, its moments.

    ``factory``: sent back with no spare, the Office having consented (4.2.3, reading c).
    """

    reported_at: datetime
    terminals: int = 0
    cardholders: int = 0
    special: bool = False
    arrived_at: datetime | None = None
    repaired_at: datetime | None = None
    factory: bool = False
    shipped_at: datetime | None = None


@dataclass(frozen=True)
class Stand:
    """A promise with what follows as of a moment; ``settled_at`` None if it was not done by then."""

    promise: Promise
    due_at: datetime
    settled_at: datetime | None
    outcome: Outcome


@dataclass(frozen=True)
class Result:
    """Level, promises and outcomes of a case as of a moment."""

    case: Case
    clocks: Clocks
    as_of: datetime
    response: Stand | None
    repair: Stand | None


def is_special(cause: str, standard: Standard) -> bool:
    """Whether a stated cause makes a fault special; an empty one does not.

    A cause is ``special`` or one that the standard names, by key or name.
    Raises: ValueError for a cause the standard does not know.
    """
    cause = cause.strip()
    if not cause:
        return False
    if cause in causes(standard) or any(cause == standard.cause(key).name for key in causes(standard)[1:]):
        return True
    raise ValueError(cause)


def causes(standard: Standard) -> list[str]:
    """What a cause may be: ``special`` and the keys of the standard; nothing without a level by cause."""
    level = standard.special_level
    return [] if level is None else [SPECIAL, *level.causes]


def facts_of(case: Case, standard: Standard) -> Facts:
    """The facts on which the clocks of a case rest."""
    return Facts(
        reported_at=case.reported_at,
        statements=(Statement(Impact(case.terminals, case.cardholders), case.reported_at),),
        responses=(case.arrived_at,) if case.arrived_at else (),
        restorations=(case.repaired_at,) if case.repaired_at else (),
        special=case.special,
        factory=case.factory and standard.readings.factory_may_replace_repair,
        shipped_at=case.shipped_at,
    )


def latest(now: datetime, *moments: datetime | None) -> datetime:
    """Now, or the last thing said to have happened: whoever states it takes it as done."""
    return max(now, *(moment for moment in moments if moment is not None), now)


def explain(case: Case, standard: Standard, as_of: datetime) -> Result:
    """Level, promises and outcomes of a case as of a moment."""
    found = clocks(facts_of(case, standard), standard)
    return Result(
        case,
        found,
        as_of,
        _stand(found.response, standard, as_of),
        _stand(found.repair, standard, as_of),
    )


def _stand(promise: Promise | None, standard: Standard, as_of: datetime) -> Stand | None:
    if promise is None:
        return None
    due = due_at(promise.limit, promise.started_at, standard)
    settled = promise.settled_at if promise.settled_at and promise.settled_at <= as_of else None
    return Stand(promise, due, settled, outcome(due, settled, as_of))


def as_data(result: Result) -> dict[str, Any]:
    """The result for machines."""
    return {
        "severity": result.clocks.level.key,
        "severity_clause": result.clocks.level.clause,
        "response": _stand_data(result.response),
        "repair": _stand_data(result.repair),
    }


def _stand_data(stand: Stand | None) -> dict[str, Any] | None:
    if stand is None:
        return None
    return {
        "clause": stand.promise.limit.clause,
        "allowance_s": stand.promise.limit.allowance_s,
        "due_at": iso(stand.due_at),
        "settled_at": iso(stand.settled_at) if stand.settled_at else None,
        "outcome": stand.outcome.value,
    }


def iso(at: datetime) -> str:
    """2026-11-22T09:12:05+08:00."""
    return campus(at).isoformat()


def lines(result: Result, standard: Standard, lang: str = "zh") -> Iterator[str]:
    """The arithmetic, line by line."""
    return (line.told(lang) for line in _lines(result, standard))


def _lines(result: Result, standard: Standard) -> Iterator[Words]:
    yield Words(
        f"《{standard.title}》{standard.version} 版，指纹 {standard.sha256[:16]}",
        f"{standard.title_en}, version {standard.version}, fingerprint {standard.sha256[:16]}",
    )
    yield Words("", "")
    yield Words("一、等级", "1 Level")
    yield from _level_lines(result, standard)
    yield Words("", "")
    yield Words("二、响应时间（2.6）", "2 Response (2.6)")
    yield from _promise_lines(result, result.response, standard)
    yield Words("", "")
    yield Words("三、修复时间（2.7）", "3 Repair (2.7)")
    yield from _promise_lines(result, result.repair, standard)
    yield from _factory_lines(result, standard)
    yield Words("", "")
    as_of = said_at(result.as_of)
    yield Words(f"结果截至 {as_of.zh}", f"As of {as_of.en}")


def _level_lines(result: Result, standard: Standard) -> Iterator[Words]:
    case, level = result.case, result.clocks.level
    if case.special:
        yield Words(
            f"  按原因：{level.name}（{level.clause}），不看数量；须经信息化办公室认定",
            f"  by cause: {level.name_en} ({level.clause}), whatever the size; the Office decides",
        )
    else:
        yield from _count_lines(case.terminals, standard, "terminals", Words("终端", "terminals"))
        yield from _count_lines(case.cardholders, standard, "cardholders", Words("持卡人", "cardholders"))
        yield Words("  两者取较重的一级", "  the graver of the two counts")
    yield Words(
        f"  等级：{level.name}故障 {level.key}（{level.clause}）",
        f"  level: {level.name_en}, {level.key} ({level.clause})",
    )


def _count_lines(n: int, standard: Standard, column: str, name: Words) -> Iterator[Words]:
    """Which range a count fell into, and whether it stands at an edge."""
    ranged: list[tuple[Level, Range]] = [
        (level, span) for level in standard.levels if (span := getattr(level, column)) is not None
    ]
    letter = column[0].replace("t", "n")
    for index, (level, span) in enumerate(ranged):
        if n not in span:
            continue
        words = range_words(span, letter)
        yield Words(
            f"  {name.zh} {n}：{words} → {level.name}（{level.clause}）",
            f"  {name.en} {n}: {words} → {level.name_en} ({level.clause})",
        )
        if n == span.low and index:
            before = ranged[index - 1][0]
            reading = BY_KEY["boundary"]
            yield Words(
                f"    临界值：少 1 即为{before.name}（{before.clause}）；"
                f"{reading.meaning.zh}：{reading.told(standard.readings)}",
                f"    boundary: one fewer is {before.name_en} ({before.clause}); "
                f"{reading.meaning.en}: {reading.told(standard.readings, 'en')}",
            )
        elif span.high == n + 1 and index + 1 < len(ranged):
            after = ranged[index + 1][0]
            yield Words(
                f"    临界值：多 1 即为{after.name}（{after.clause}）",
                f"    boundary: one more is {after.name_en} ({after.clause})",
            )


def _promise_lines(result: Result, stand: Stand | None, standard: Standard) -> Iterator[Words]:
    level = result.clocks.level
    if stand is None:
        which = next((limit.clause for limit in (level.response, level.repair) if limit), level.clause)
        yield Words(f"  {which} 不设时限", f"  {which} sets no limit")
        return
    promise = stand.promise
    limit = promise.limit
    allowed, due, started = limit_words(limit), said_at(stand.due_at), said_at(promise.started_at)
    shipped = promise.started_at != result.case.reported_at
    yield Words(f"  {limit.clause} 时限 {allowed.zh}", f"  {limit.clause} allows {allowed.en}")
    yield Words(
        f"  {'发出' if shipped else '报修'} {started.zh}",
        f"  {'shipped' if shipped else 'reported'} {started.en}",
    )
    how = Words("", "")
    if limit.days is not None:
        how = Words("（自然日，首日不计，至末日 24:00）", " (natural days, the first not counted, to 24:00)")
    elif limit.clock is Clock.SERVICE:
        how = Words("（按服务日历计时）", " (counted by the service calendar)")
    yield Words(f"  ＋ {allowed.zh}{how.zh} ＝ 到期 {due.zh}", f"  + {allowed.en}{how.en} = due {due.en}")
    yield _settled_line(result, stand)
    yield _outcome_line(stand, result.as_of)


def _settled_line(result: Result, stand: Stand) -> Words:
    if stand.settled_at is None:
        return Words("  尚未完成", "  not done yet")
    at, case = said_at(stand.settled_at), result.case
    if stand is result.repair:
        return Words(f"  修复 {at.zh}", f"  repaired {at.en}")
    if stand.settled_at == case.arrived_at:
        return Words(f"  到场 {at.zh}", f"  arrived {at.en}")
    return Words(f"  远程修复，视为响应 {at.zh}", f"  repaired remotely, which is a response, {at.en}")


def _outcome_line(stand: Stand, as_of: datetime) -> Words:
    moment = stand.settled_at or as_of
    seconds = int((stand.due_at - moment).total_seconds())
    span = Words(spoken(abs(seconds)), spoken(abs(seconds), "en"))
    match stand.outcome:
        case Outcome.OPEN if seconds:
            return Words(f"  结果：未到期，还剩 {span.zh}", f"  outcome: open, {span.en} left")
        case Outcome.OPEN:
            return Words("  结果：此刻到期", "  outcome: open, due this second")
        case Outcome.MET if seconds:
            return Words(f"  结果：按时，提前 {span.zh}", f"  outcome: met, {span.en} to spare")
        case Outcome.MET:
            return Words("  结果：按时，恰好在到期的那一秒", "  outcome: met, on the very second")
    return Words(f"  结果：超时 {span.zh}", f"  outcome: missed by {span.en}")


def _factory_lines(result: Result, standard: Standard) -> Iterator[Words]:
    if not result.case.factory:
        return
    clause = standard.factory.clause
    if result.clocks.level.repair is None:
        yield Words(
            f"  本等级不设修复时限，返厂时限（{clause}）无可代替",
            f"  this level has no repair limit for the factory's ({clause}) to replace",
        )
    elif not standard.readings.factory_may_replace_repair:
        yield Words(
            f"  按本规范的解释，返厂时限（{clause}）不代替修复时限",
            f"  by this standard's reading the factory's limit ({clause}) does not replace the repair limit",
        )
    else:
        yield Words(
            f"  返厂且无备机，经信息化办公室同意，以 {clause} 代替修复时限",
            f"  at the factory with no spare, the Office consenting: {clause} replaces the repair limit",
        )
        if standard.readings.factory_starts_at is Start.SHIPPING and result.case.shipped_at is None:
            yield Words(
                "  自发出起算，但未给出发出时间，按报修时间起算",
                "  counted from shipping, but no shipping time was given: counted from the report",
            )


def said_at(at: datetime) -> Words:
    """2026-11-22 周日 09:12:05 / Sun 2026-11-22 09:12:05."""
    local = campus(at)
    day = local.weekday()
    return Words(
        f"{local:%Y-%m-%d} 周{WEEKDAYS.zh[day]} {local:%H:%M:%S}",
        f"{WEEKDAYS.en.split()[day]} {local:%Y-%m-%d %H:%M:%S}",
    )
