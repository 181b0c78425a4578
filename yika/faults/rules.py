"""A fault's life and clocks, by arithmetic alone.

The clocks are a function of the facts: recomputing them at any time gives the same answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yika.commitments.rules import Kind, Promise
from yika.standards.rules import Impact, Level, Limit, Standard, Start, classify


class State(StrEnum):
    """Where a fault stands. Waiting states never stop a clock."""

    REPORTED = "reported"  # 已报修
    DISPATCHED = "dispatched"  # 已派单
    ACCEPTED = "accepted"  # 已接单
    ON_THE_WAY = "on_the_way"  # 赶赴现场
    WORKING = "working"  # 处理中: arrived, or started remotely
    WAITING_PART = "waiting_part"  # 等待配件
    AT_FACTORY = "at_factory"  # 返厂中
    WAITING_THIRD_PARTY = "waiting_third_party"  # 等待第三方
    TEMPORARILY_RESTORED = "temporarily_restored"  # 临时恢复
    RESTORED = "restored"  # 已修复
    FED_BACK = "fed_back"  # 已反馈
    LOGGED = "logged"  # 已填日志
    CLOSED = "closed"  # 已办结
    CALLED_OFF = "called_off"  # 已撤销
    MERGED = "merged"  # 已并入
    REFERRED = "referred"  # 转换卡业务


class Verb(StrEnum):
    """What can be done to a fault that moves it."""

    DISPATCH = "dispatch"  # 派单
    REFUSE = "refuse"  # 退单
    HAND_OVER = "hand_over"  # 改派
    ACCEPT = "accept"  # 接单
    SET_OUT = "set_out"  # 出发
    ARRIVE = "arrive"  # 到场
    START_REMOTELY = "start_remotely"  # 远程处理
    WAIT_PART = "wait_part"  # 等待配件
    SEND_TO_FACTORY = "send_to_factory"  # 送厂返修
    WAIT_THIRD_PARTY = "wait_third_party"  # 等待第三方
    RESUME = "resume"  # 继续处理
    RESTORE_TEMPORARILY = "restore_temporarily"  # 临时恢复
    RESTORE = "restore"  # 修复
    GIVE_FEEDBACK = "give_feedback"  # 反馈
    WRITE_LOG = "write_log"  # 填写故障日志
    CLOSE = "close"  # 办结
    CALL_OFF = "call_off"  # 撤销
    MERGE = "merge"  # 合并
    SPLIT = "split"  # 取消合并
    REFER = "refer"  # 转换卡
    REOPEN = "reopen"  # 重开
    REINSTATE = "reinstate"  # 恢复办理


_UNTOUCHED = (State.REPORTED, State.DISPATCHED, State.ACCEPTED, State.ON_THE_WAY)
_IN_HAND = (State.DISPATCHED, State.ACCEPTED, State.ON_THE_WAY)
_WAITING = (State.WAITING_PART, State.AT_FACTORY, State.WAITING_THIRD_PARTY)
_AT_WORK = (State.WORKING, *_WAITING, State.TEMPORARILY_RESTORED)
_DONE = (State.RESTORED, State.FED_BACK, State.LOGGED, State.CLOSED)

MOVES: dict[tuple[State, Verb], State] = {
    (State.REPORTED, Verb.DISPATCH): State.DISPATCHED,
    (State.DISPATCHED, Verb.REFUSE): State.REPORTED,
    **{(state, Verb.HAND_OVER): State.DISPATCHED for state in (*_IN_HAND, *_AT_WORK)},
    (State.DISPATCHED, Verb.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Verb.SET_OUT): State.ON_THE_WAY,
    **{(state, Verb.ARRIVE): State.WORKING for state in (State.ACCEPTED, State.ON_THE_WAY)},
    **{(state, Verb.START_REMOTELY): State.WORKING for state in (State.ACCEPTED, State.ON_THE_WAY)},
    **{(state, Verb.WAIT_PART): State.WAITING_PART for state in (State.WORKING, State.TEMPORARILY_RESTORED)},
    **{
        (state, Verb.SEND_TO_FACTORY): State.AT_FACTORY
        for state in (State.WORKING, State.TEMPORARILY_RESTORED)
    },
    **{
        (state, Verb.WAIT_THIRD_PARTY): State.WAITING_THIRD_PARTY
        for state in (State.WORKING, State.TEMPORARILY_RESTORED)
    },
    **{(state, Verb.RESUME): State.WORKING for state in _WAITING},
    **{(state, Verb.RESTORE_TEMPORARILY): State.TEMPORARILY_RESTORED for state in (State.WORKING, *_WAITING)},
    **{(state, Verb.RESTORE): State.RESTORED for state in _AT_WORK},
    (State.RESTORED, Verb.GIVE_FEEDBACK): State.FED_BACK,
    (State.FED_BACK, Verb.WRITE_LOG): State.LOGGED,
    (State.LOGGED, Verb.CLOSE): State.CLOSED,
    **{(state, Verb.CALL_OFF): State.CALLED_OFF for state in _UNTOUCHED},
    **{(state, Verb.MERGE): State.MERGED for state in (*_UNTOUCHED, *_AT_WORK)},
    (State.MERGED, Verb.SPLIT): State.REPORTED,  # or where its technician was, see ``split_to``
    **{(state, Verb.REFER): State.REFERRED for state in (*_UNTOUCHED, State.WORKING)},
    **{(state, Verb.REOPEN): State.REPORTED for state in _DONE},
    (State.TEMPORARILY_RESTORED, Verb.REOPEN): State.WORKING,
    **{(state, Verb.REINSTATE): State.REPORTED for state in (State.CALLED_OFF, State.REFERRED)},
}

# The step that carries a fault on; the others stand behind it.
MAIN: dict[State, Verb] = {
    State.REPORTED: Verb.DISPATCH,
    State.DISPATCHED: Verb.ACCEPT,
    State.ACCEPTED: Verb.SET_OUT,
    State.ON_THE_WAY: Verb.ARRIVE,
    State.WORKING: Verb.RESTORE,
    State.WAITING_PART: Verb.RESUME,
    State.AT_FACTORY: Verb.RESUME,
    State.WAITING_THIRD_PARTY: Verb.RESUME,
    State.TEMPORARILY_RESTORED: Verb.RESTORE,
    State.RESTORED: Verb.GIVE_FEEDBACK,
    State.FED_BACK: Verb.WRITE_LOG,
    State.LOGGED: Verb.CLOSE,
}
ENDED = frozenset({State.CLOSED, State.CALLED_OFF, State.MERGED, State.REFERRED})
OUT_OF_CLOCKS = frozenset({State.CALLED_OFF, State.MERGED, State.REFERRED})
RESTORED_STATES = frozenset(_DONE)
CLASSIFIABLE = frozenset(State) - ENDED
# What the assigned technician does; the desk may do it for them, and the journal says who did.
TECHNICIANS_VERBS = frozenset(
    {
        Verb.REFUSE,
        Verb.ACCEPT,
        Verb.SET_OUT,
        Verb.ARRIVE,
        Verb.START_REMOTELY,
        Verb.WAIT_PART,
        Verb.SEND_TO_FACTORY,
        Verb.WAIT_THIRD_PARTY,
        Verb.RESUME,
        Verb.RESTORE_TEMPORARILY,
        Verb.RESTORE,
        Verb.GIVE_FEEDBACK,
        Verb.WRITE_LOG,
    }
)
# What may be done to several faults at once.
TOGETHER = (Verb.DISPATCH, Verb.MERGE, Verb.CALL_OFF, Verb.CLOSE)
TOGETHER_MOST = 50
RESPONSES = frozenset({Verb.ARRIVE, Verb.START_REMOTELY})
RESTORATIONS = frozenset({Verb.RESTORE, Verb.RESTORE_TEMPORARILY})


def split_to(before: State, *, in_hand: bool) -> State:
    """Where a fault stands when it is split off again: where it stood before it was merged.

    Without somebody to go on with it (``in_hand``) it waits to be dispatched.
    """
    return before if in_hand else MOVES[State.MERGED, Verb.SPLIT]


def spot_of(path: str) -> str:
    """The last three steps of a place's path; the top one, the school's own name, goes without saying."""
    steps = path.split("/")
    return "/".join(steps[1:][-3:] or steps)


class RulingKind(StrEnum):
    """What the Office is asked to decide about a fault."""

    LENGTHEN = "lengthen"  # a graver level that lengthens the repair limit, 4.2.2 reading (b)
    SPECIAL = "special"  # 特殊故障 by cause, 2.5
    TEMPORARY = "temporary"  # 临时恢复 ends the repair clock
    LATE_ENTRY = "late_entry"  # 补录: the claimed time counts instead of the recorded one
    FACTORY = "factory"  # no spare: 10 days in place of the repair limit, 4.2.3 reading (c)


@dataclass(frozen=True)
class Statement:
    """One classification: the largest impact as understood at a moment, and what it rests on.

    ``named`` counts the terminals named from the inventory, ``estimated`` the cardholders that the network
    gives for them; ``consented``: the Office agreed to the longer repair limit.
    """

    impact: Impact
    at: datetime
    by_office: bool = False
    named: int = 0
    consented: bool = False
    estimated: int = 0


@dataclass(frozen=True)
class Facts:
    """Everything the clocks of a fault rest on. Moments are those that count, claimed ones only if accepted.

    ``restorations`` are the moments at which function was restored for good, or temporarily with the
    Office's acceptance, less those a reopening took back.
    """

    reported_at: datetime
    statements: tuple[Statement, ...]
    responses: tuple[datetime, ...] = ()
    restorations: tuple[datetime, ...] = ()
    special: bool = False
    factory: bool = False
    shipped_at: datetime | None = None
    out_of_clocks: bool = False


@dataclass(frozen=True)
class Clocks:
    """What follows: the level, the level the repair limit rests on, both promises (None: nothing owed)."""

    level: Level
    repair_level: Level
    response: Promise | None
    repair: Promise | None

    @property
    def waits_for_consent(self) -> bool:
        """True while a graver level does not yet lengthen the repair limit."""
        return self.level != self.repair_level and not self.level.by_cause


def needs_consent(statement: Statement, before: Level, standard: Standard) -> bool:
    """Whether a statement lengthens the repair limit without evidence from the inventory.

    Source: 4.2.2, reading (b).
    """
    after = classify(statement.impact, standard)
    if statement.by_office or not standard.readings.raise_needs_evidence_or_consent:
        return False
    if after.repair is None or before.repair is None or after.repair.allowance_s <= before.repair.allowance_s:
        return False
    return classify(Impact(statement.named, statement.estimated), standard).rank < after.rank


def repair_level(statements: Sequence[Statement], standard: Standard) -> Level:
    """The level on which the repair limit rests: each statement counts that may.

    The first one, made at intake, counts as it stands.
    """
    level = classify(statements[0].impact, standard)
    for statement in statements[1:]:
        if not needs_consent(statement, level, standard) or statement.consented:
            level = classify(statement.impact, standard)
    return level


def settled(
    responses: Sequence[datetime], restorations: Sequence[datetime], standard: Standard
) -> tuple[datetime | None, datetime | None]:
    """When response and repair were done: what is repaired has been responded to, remotely if nobody came.

    Source: 2.6, 2.7.
    """
    repaired = min(restorations, default=None)
    if not responses:
        return repaired, repaired
    responded = min(responses)
    if repaired and standard.readings.remote_start_counts_as_response:
        responded = min(responded, repaired)
    return responded, repaired


def clocks(facts: Facts, standard: Standard) -> Clocks:
    """Class and promises from the facts.

    Source: 2.1-2.7, 4.2.2, 4.2.3 with readings (a)-(e).
    """
    by_size = classify(facts.statements[-1].impact, standard)
    level = classify(Impact(special=True), standard) if facts.special else by_size
    for_repair = level if facts.special else repair_level(facts.statements, standard)
    if facts.out_of_clocks:
        return Clocks(level, for_repair, None, None)
    responded, repaired = settled(facts.responses, facts.restorations, standard)
    return Clocks(
        level,
        for_repair,
        _promise(Kind.RESPONSE, level.response, facts.reported_at, responded, level),
        _repair(facts, for_repair, standard, repaired),
    )


def _repair(facts: Facts, level: Level, standard: Standard, repaired: datetime | None) -> Promise | None:
    if facts.factory and level.repair is not None:
        starts_at_shipping = standard.readings.factory_starts_at is Start.SHIPPING
        started = facts.shipped_at if starts_at_shipping and facts.shipped_at else facts.reported_at
        return Promise(Kind.REPAIR, standard.factory, started, repaired, "返厂无备机，经信息化办公室同意")
    return _promise(Kind.REPAIR, level.repair, facts.reported_at, repaired, level)


def _promise(
    kind: Kind, limit: Limit | None, started_at: datetime, settled_at: datetime | None, level: Level
) -> Promise | None:
    return (
        None
        if limit is None
        else Promise(kind, limit, started_at, settled_at, f"{level.name}故障（{level.clause}）")
    )


def reopening_problem(restored_at: datetime | None, at: datetime, standard: Standard) -> timedelta | None:
    """How long the reopening window has been over; None while it is open.

    Source: 4.2.2, reading (d).
    """
    if restored_at is None:
        return None
    over = at - (restored_at + timedelta(seconds=standard.readings.reopening_window_s))
    return over if over > timedelta() else None


def recurs(moments: Iterable[datetime], at: datetime, standard: Standard) -> bool:
    """Whether a device has failed so often lately that somebody should look for the root."""
    since = at - timedelta(days=standard.readings.recurrence_days)
    return sum(1 for moment in moments if since <= moment <= at) >= standard.readings.recurrence_count


_OFFLINE = frozenset({"terminal_offline", "cannot_pay", "cannot_top_up", "door", "system"})
EXPLAINS: dict[str, frozenset[str]] = {
    "network": _OFFLINE,
    "service": _OFFLINE,
    "power": _OFFLINE | {"terminal_dead"},
}
"""What a reporter sees of a machine that lacks upstreams of a role. A machine that is dead though it has
power, a card that cannot be read and anything else are faults of their own. Source: 4.2.2, reading (e).
"""


def explained(symptom: str, lacking: Iterable[str]) -> bool:
    """Whether an outage above a machine explains what is seen of it; ``lacking`` are the roles it lacks."""
    return any(symptom in EXPLAINS[role] for role in lacking)


@dataclass(frozen=True)
class Candidate:
    """A technician who could be sent."""

    key: int
    name: str
    on_duty: bool
    skilled: bool
    load: int
    knows_it: bool = False


def by_fitness(candidates: Iterable[Candidate]) -> list[Candidate]:
    """On duty first, then with the skill, then who had it before, then the least loaded."""
    return sorted(candidates, key=lambda c: (not c.on_duty, not c.skilled, not c.knows_it, c.load, c.name))
