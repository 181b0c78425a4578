"""One engine's arithmetic for every timed duty: outcomes, and whom the ladder tells when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yika.lib.clock import campus_date, day_end, day_start
from yika.standards.rules import Limit, Step


class Kind(StrEnum):
    """What is promised."""

    RESPONSE = "response"  # 响应: report to arrival, 2.6
    REPAIR = "repair"  # 修复: report to repaired, 2.7
    CONFIRMATION = "confirmation"  # 确认: an emergency change to the Office's confirmation, 4.1.4
    FACTORY = "factory"  # 返厂修复: report to back and tested, 4.2.3


class Outcome(StrEnum):
    """How a promise stands at a moment."""

    OPEN = "open"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True)
class Promise:
    """What a producer finds to be promised, computed afresh from its facts.

    ``settled_at`` None while the duty is not done; ``reason`` says in words why this limit applies.
    """

    kind: Kind
    limit: Limit
    started_at: datetime
    settled_at: datetime | None = None
    reason: str = ""


def outcome(due_at: datetime, settled_at: datetime | None, as_of: datetime) -> Outcome:
    """How a promise stands as of a moment. A limit met on the second is met.

    What is settled after ``as_of`` was not yet settled then. Source: 2.6, 2.7, reading limits_inclusive.
    """
    if settled_at is not None and settled_at <= as_of:
        return Outcome.MET if settled_at <= due_at else Outcome.MISSED
    return Outcome.OPEN if as_of <= due_at else Outcome.MISSED


def ran_out(due_at: datetime, replaced_at: datetime, settled_at: datetime | None) -> bool:
    """Whether a limit ran out before another took its place, the duty not having been done in its time."""
    return due_at < replaced_at and (settled_at is None or settled_at > due_at)


@dataclass(frozen=True)
class Rung:
    """One reached rung: which step of the ladder, and which repetition of it (0 the first)."""

    step: Step
    repetition: int


def rung_at(
    ladder: Sequence[Step], started_at: datetime, due_at: datetime, position: int
) -> tuple[datetime, Rung]:
    """The moment and rung of a position, counted from 1; the last step repeats for ever if it can.

    Raises: IndexError past the end of a ladder that does not repeat.
    """
    index = min(position, len(ladder)) - 1
    step = ladder[index]
    repetition = position - 1 - index
    if repetition and step.repeat_s is None:
        raise IndexError(position)
    first = started_at + timedelta(seconds=round((due_at - started_at).total_seconds() * step.fraction))
    return first + timedelta(seconds=repetition * (step.repeat_s or 0)), Rung(step, repetition)


def position_at(ladder: Sequence[Step], started_at: datetime, due_at: datetime, at: datetime) -> int:
    """How many rungs have been reached by a moment, repetitions included."""
    for position, step in enumerate(ladder, 1):
        moment, _rung = rung_at(ladder, started_at, due_at, position)
        if moment > at:
            return position - 1
        if position == len(ladder) and step.repeat_s:
            return position + int((at - moment).total_seconds()) // step.repeat_s
    return len(ladder)


def next_alert(
    ladder: Sequence[Step], started_at: datetime, due_at: datetime, position: int
) -> datetime | None:
    """When the rung behind a position is reached; None when the ladder has ended."""
    try:
        return rung_at(ladder, started_at, due_at, position + 1)[0]
    except IndexError:
        return None


def reached(ladder: Sequence[Step], position: int, before: int) -> list[Rung]:
    """The distinct steps reached between two positions, each with its latest repetition.

    A worker that was away tells each step once, not every missed repetition.
    """
    latest: dict[int, Rung] = {}
    for place in range(before + 1, min(position, len(ladder)) + 1):
        latest[place] = Rung(ladder[place - 1], 0)
    if position > max(len(ladder), before):
        latest[len(ladder)] = Rung(ladder[-1], position - len(ladder))
    return [latest[place] for place in sorted(latest)]


class Urgency(StrEnum):
    """How soon an open promise is due, by the campus calendar."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"  # until Sunday 24:00
    LATER = "later"


def ends_of_day_and_week(at: datetime) -> tuple[datetime, datetime]:
    """24:00 of the campus day of a moment, and 24:00 of its Sunday."""
    today = campus_date(at)
    return day_end(today), day_end(today + timedelta(days=6 - today.weekday()))


def urgency(due_at: datetime, at: datetime) -> Urgency:
    """Due at 24:00 is due today; due on this very second is not overdue."""
    day, week = ends_of_day_and_week(at)
    if due_at < at:
        return Urgency.OVERDUE
    if due_at <= day:
        return Urgency.TODAY
    return Urgency.WEEK if due_at <= week else Urgency.LATER


@dataclass(frozen=True, order=True)
class Month:
    """A month of the campus calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime) -> "Month":
        """The month a moment falls into."""
        day = campus_date(at)
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """From 2026-03. Raises: ValueError when it is no month of this era."""
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
            raise ValueError(text)
        return cls(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    def shifted(self, months: int) -> "Month":
        """So many months later, or earlier."""
        years, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, number + 1)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.shifted(1).first_day - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        """00:00 of the first day, in UTC."""
        return day_start(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """00:00 of the first day of the next, in UTC."""
        return day_start(self.shifted(1).first_day)
