"""One engine's arithmetic for every timed duty: outcomes, and whom the ladder tells when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yika.standards.rules import Limit, Step


class Kind(StrEnum):
    """What is promised."""

    RESPONSE = "response"  # 响应: report to arrival, 2.6
    REPAIR = "repair"  # 修复: report to repaired, 2.7


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


def outcome(
    due_at: datetime, settled_at: datetime | None, as_of: datetime, *, inclusive: bool = True
) -> Outcome:
    """How a promise stands as of a moment. ``inclusive``: a limit met on the second is met.

    What is settled after ``as_of`` was not yet settled then. Source: 2.6, 2.7, reading limits_inclusive.
    """
    done = settled_at is not None and settled_at <= as_of
    moment = settled_at if done and settled_at is not None else as_of
    in_time = moment <= due_at if inclusive else moment < due_at
    if done:
        return Outcome.MET if in_time else Outcome.MISSED
    return Outcome.OPEN if in_time else Outcome.MISSED


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
    if position > len(ladder):
        latest[len(ladder)] = Rung(ladder[-1], position - len(ladder))
    return [latest[place] for place in sorted(latest)]
