"""A return's life, and what is promised about it. Source: clause 4.2.3 and its readings."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yika.commitments.rules import Kind, Promise
from yika.standards.rules import Standard, Start

TEXT_LENGTH = 500
WORD_LENGTH = 80
MOST_RECORDS = 10_000_000
MOST_FEN = 100_000_000  # a million yuan
REASON = "返厂修复时限"


class State(StrEnum):
    """Where a return stands."""

    PREPARING = "preparing"  # 待发出: consent, taking out, exporting
    SENT = "sent"  # 已寄出
    BACK = "back"  # 已返回: to be tested
    DONE = "done"  # 已办结: tested, in stock
    CANCELLED = "cancelled"  # 已取消: never sent
    WRITTEN_OFF = "written_off"  # 已核销: will not come back


class Verb(StrEnum):
    """What moves a return."""

    SEND = "send"  # 寄出, and again after a test that failed
    RECEIVE = "receive"  # 收到返回
    FINISH = "finish"  # 测试合格入库
    CANCEL = "cancel"  # 取消返厂
    WRITE_OFF = "write_off"  # 核销


MOVES: dict[tuple[State, Verb], State] = {
    (State.PREPARING, Verb.SEND): State.SENT,
    (State.PREPARING, Verb.CANCEL): State.CANCELLED,
    (State.SENT, Verb.RECEIVE): State.BACK,
    (State.SENT, Verb.WRITE_OFF): State.WRITTEN_OFF,
    (State.BACK, Verb.SEND): State.SENT,
    (State.BACK, Verb.FINISH): State.DONE,
    (State.BACK, Verb.WRITE_OFF): State.WRITTEN_OFF,
}

ENDED = frozenset({State.DONE, State.CANCELLED, State.WRITTEN_OFF})


class Psam(StrEnum):
    """What became of the PSAM card before the unit left."""

    REMOVED = "removed"  # 已取出
    ABSENT = "absent"  # 本机无PSAM卡


@dataclass(frozen=True)
class Facts:
    """What a promise about a return follows from."""

    reported_at: datetime
    shipped_at: datetime | None = None  # the first time
    settled_at: datetime | None = None  # back and tested, or written off by the Office
    cancelled: bool = False


def promised(standard: Standard, facts: Facts) -> Promise | None:
    """The factory's limit, from the report or from the shipping as the standard reads; None owes nothing."""
    shipping = standard.readings.factory_starts_at is Start.SHIPPING
    started_at = facts.shipped_at if shipping else facts.reported_at
    if facts.cancelled or started_at is None:
        return None
    return Promise(Kind.FACTORY, standard.factory, started_at, facts.settled_at, REASON)


def days_used(reported_on: date, until_on: date) -> int:
    """Natural days, the first not counted. Source: 4.2.3, Civil Code 201."""
    return (until_on - reported_on).days
