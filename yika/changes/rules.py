"""A change's life, what it may touch and what stands against it. Source: clause 4.1.4."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Json = Any  # what a JSON field holds

CLAUSE = "4.1.4"
TITLE_LENGTH = 80
TEXT_LENGTH = 1000
MOST_LINES = 500
MOST_DAYS = 30  # of a window: consent for longer would be consent for whenever
IN_USE = "in_use"  # the stage of life in which a device serves


class Kind(StrEnum):
    """What sort of thing is changed."""

    DATA = "data"  # 数据变更
    PARAMETER = "parameter"  # 参数变更
    SWAP = "swap"  # 设备更换
    UPGRADE = "upgrade"  # 软件升级
    NETWORK = "network"  # 网络变更


class Mode(StrEnum):
    """How consent is come by."""

    NORMAL = "normal"  # 一般变更: consent first
    STANDARD = "standard"  # 标准变更: of a pattern that the Office approved beforehand
    EMERGENCY = "emergency"  # 紧急变更: executed first, confirmed by the Office afterwards


class State(StrEnum):
    """Where a change stands."""

    DRAFT = "draft"  # 草稿
    ASKED = "asked"  # 待同意
    ASKED_BACK = "asked_back"  # 待补充
    CONSENTED = "consented"  # 已同意
    REFUSED = "refused"  # 未同意
    EXECUTED = "executed"  # 已执行
    VERIFIED = "verified"  # 已验证
    ROLLED_BACK = "rolled_back"  # 已回退
    WITHDRAWN = "withdrawn"  # 已撤回


class Verb(StrEnum):
    """What can be done to a change that moves it."""

    ASK = "ask"  # 提交
    ASK_BACK = "ask_back"  # 要求补充
    CONSENT = "consent"  # 同意
    REFUSE = "refuse"  # 不同意
    USE_PATTERN = "use_pattern"  # 按标准变更执行
    WITHDRAW = "withdraw"  # 撤回
    EXECUTE = "execute"  # 执行
    EXECUTE_FIRST = "execute_first"  # 紧急执行
    VERIFY = "verify"  # 验证
    ROLL_BACK = "roll_back"  # 回退


MOVES: dict[tuple[State, Verb], State] = {
    **{(state, Verb.ASK): State.ASKED for state in (State.DRAFT, State.ASKED_BACK)},
    (State.ASKED, Verb.ASK_BACK): State.ASKED_BACK,
    (State.ASKED, Verb.CONSENT): State.CONSENTED,
    (State.ASKED, Verb.REFUSE): State.REFUSED,
    (State.DRAFT, Verb.USE_PATTERN): State.CONSENTED,
    **{
        (state, Verb.WITHDRAW): State.WITHDRAWN
        for state in (State.DRAFT, State.ASKED, State.ASKED_BACK, State.CONSENTED)
    },
    (State.CONSENTED, Verb.EXECUTE): State.EXECUTED,
    (State.DRAFT, Verb.EXECUTE_FIRST): State.EXECUTED,
    (State.EXECUTED, Verb.VERIFY): State.VERIFIED,
    (State.EXECUTED, Verb.ROLL_BACK): State.ROLLED_BACK,
}

EDITABLE = frozenset({State.DRAFT, State.ASKED_BACK})
ENDED = frozenset({State.REFUSED, State.VERIFIED, State.ROLLED_BACK, State.WITHDRAWN})
# Ended without its values standing: what it was to mend is as it was.
UNDONE = frozenset({State.REFUSED, State.ROLLED_BACK, State.WITHDRAWN})
# What takes a device for its window: others are told of it.
STANDING = frozenset({State.ASKED, State.ASKED_BACK, State.CONSENTED})
# Without a value that changes these would change nothing.
NEED_LINES = frozenset({Kind.PARAMETER, Kind.SWAP})
# The way to consent that each mode goes.
WAYS: dict[Verb, frozenset[Mode]] = {
    Verb.ASK: frozenset({Mode.NORMAL}),
    Verb.USE_PATTERN: frozenset({Mode.STANDARD}),
    Verb.EXECUTE_FIRST: frozenset({Mode.EMERGENCY}),
}


class Word(StrEnum):
    """What a named person of the Office says about a change."""

    ASK_BACK = "ask_back"
    CONSENT = "consent"
    REFUSE = "refuse"
    CONFIRM = "confirm"  # of an emergency change, afterwards
    DECLINE = "decline"  # no confirmation


DECIDING = frozenset({Word.CONSENT, Word.REFUSE})
AFTERWARDS = frozenset({Word.CONFIRM, Word.DECLINE})


def storable(value: Json) -> bool:
    """Whether a database can keep a plain value: without the character 0 or half a surrogate pair."""
    if isinstance(value, str):
        return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return storable([*value, *value.values()])
    return not isinstance(value, list | tuple) or all(map(storable, value))


def family(field: str) -> str:
    """The sort of a field's key: ``parameters`` of ``parameters.rate``."""
    return field.partition(".")[0]


def overtaken(
    expected: Mapping[tuple[int, str], Json], current: Mapping[tuple[int, str], Json]
) -> list[tuple[int, str]]:
    """The (device, field) pairs whose value is no longer what was consented to be changed."""
    return [key for key, value in expected.items() if current.get(key) != value]


@dataclass(frozen=True)
class Move:
    """One value of one device, from what to what."""

    device: int
    field: str
    before: Json
    after: Json


def steps(moves: Sequence[Move]) -> list[tuple[int, Json]]:
    """In which order values are written: (position of the move, value), a list perhaps in two steps.

    Machines come into service first and go out of it last, and what is given up is free before it is taken:
    so a spare takes over port and address of the machine it replaces, and back again.
    """
    leaving = {move.device for move in moves if move.field == "life" and move.after != IN_USE}
    phases: dict[int, list[tuple[int, Json]]] = {phase: [] for phase in range(6)}
    for place, move in enumerate(moves):
        if move.field == "life":
            phases[1 if move.after == IN_USE else 4].append((place, move.after))
        elif isinstance(move.before, list) and isinstance(move.after, list):
            staying = [one for one in move.before if one in move.after]
            if staying != move.before:
                phases[2].append((place, staying))
            if staying != move.after:
                phases[3].append((place, move.after))
        else:
            phases[5 if move.device in leaving else 0].append((place, move.after))
    return [step for phase in phases.values() for step in phase]


@dataclass(frozen=True)
class Scope:
    """What a pattern allows beforehand: a kind of change, sorts of fields and device kinds, until a day."""

    kind: Kind
    families: frozenset[str]
    device_kinds: frozenset[str]
    until_on: date


class Misfit(StrEnum):
    """Why a change does not go by a pattern."""

    ENDED = "ended"
    KIND = "kind"
    FIELD = "field"
    DEVICE_KIND = "device_kind"


def misfits(
    scope: Scope, *, kind: Kind, fields: Iterable[str], device_kinds: Iterable[str], on: date
) -> list[Misfit]:
    """Everything in which a change goes beyond a pattern; empty when it fits."""
    found = []
    if on > scope.until_on:
        found.append(Misfit.ENDED)
    if kind is not scope.kind:
        found.append(Misfit.KIND)
    if any(family(field) not in scope.families for field in fields):
        found.append(Misfit.FIELD)
    if any(code not in scope.device_kinds for code in device_kinds):
        found.append(Misfit.DEVICE_KIND)
    return found


Window = tuple[datetime, datetime]


def meets(window: Window, others: Sequence[Window]) -> list[int]:
    """The positions of the half-open intervals that a window overlaps."""
    begin, end = window
    return [place for place, (start, stop) in enumerate(others) if begin < stop and start < end]


def inside(window: Window, at: datetime) -> bool:
    """Whether a moment lies in a half-open window."""
    return window[0] <= at < window[1]


@dataclass(frozen=True)
class Tried:
    """One test: what, when, and whether it passed."""

    item: str
    at: datetime
    passed: bool


def latest(tests: Sequence[Tried]) -> list[Tried]:
    """The last word on each item, in the order in which the items were first tried."""
    return list({test.item: test for test in tests}.values())


def passed_at(tests: Sequence[Tried]) -> datetime | None:
    """When the last item passed; None while nothing was tried, or an item's last test failed."""
    last = latest(tests)
    if not last or not all(test.passed for test in last):
        return None
    return max(test.at for test in last)
