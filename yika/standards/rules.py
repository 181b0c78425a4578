"""A standard as frozen data, and what follows from it by arithmetic alone.

Source: the standard's own text; the readings are its settings, because the Office has the last word (1.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yika.calendars.rules import NATURAL, Calendar, Span, due_after_days, due_after_seconds


class Start(StrEnum):
    """Where a limit in days starts."""

    REPORT = "report"
    SHIPPING = "shipping"


@dataclass(frozen=True)
class Clause:
    """One clause: its stable key, its original words and where it lives in Yika."""

    key: str
    title: str
    title_en: str
    text: str
    text_en: str


@dataclass(frozen=True)
class Range:
    """Half-open range of a count: low ≤ n < high; high None is open."""

    low: int
    high: int | None

    def __contains__(self, n: int) -> bool:
        return self.low <= n and (self.high is None or n < self.high)


@dataclass(frozen=True)
class Limit:
    """How long something may take: seconds of counted time, or whole days until 24:00 of the last.

    Exactly one of ``seconds`` and ``days`` is set.
    """

    clause: str
    seconds: int | None = None
    days: int | None = None

    @property
    def allowance_s(self) -> int:
        """The allowance in seconds; a day counts 86,400."""
        return self.seconds if self.seconds is not None else (self.days or 0) * 86_400


@dataclass(frozen=True)
class Level:
    """A severity. ``rank`` grows with gravity; a level by cause has no ranges."""

    key: str
    rank: int
    name: str
    name_en: str
    clause: str
    terminals: Range | None
    cardholders: Range | None
    response: Limit | None
    repair: Limit | None

    @property
    def by_cause(self) -> bool:
        """True for a level that a cause decides, not a size (2.5)."""
        return self.terminals is None and self.cardholders is None


@dataclass(frozen=True)
class Step:
    """A rung of the notification ladder: who is told when.

    ``fraction`` of the allowance used (1 is the moment it is due); ``repeat_s`` seconds between
    repetitions from then on, None for once.
    """

    fraction: float
    tell: tuple[str, ...]
    repeat_s: int | None = None


@dataclass(frozen=True)
class Readings:
    """Settled readings of what the text leaves open; each a setting of the standard."""

    remote_start_counts_as_response: bool = True
    repair_clock: str = "natural"
    factory_starts_at: Start = Start.REPORT
    reopening_window_s: int = 86_400
    raise_needs_evidence_or_consent: bool = True
    temporary_restoration_needs_consent: bool = True
    recurrence_days: int = 30
    recurrence_count: int = 3


@dataclass(frozen=True)
class Standard:
    """One version of a quality standard."""

    code: str
    version: str
    title: str
    title_en: str
    issuer: str
    clauses: tuple[Clause, ...]
    levels: tuple[Level, ...]
    factory: Limit
    ladder: tuple[Step, ...]
    fault_log_fields: tuple[str, ...]
    readings: Readings
    calendar: Calendar = NATURAL
    sha256: str = ""

    def level(self, key: str) -> Level:
        """Raises: KeyError for a severity the standard does not have."""
        for level in self.levels:
            if level.key == key:
                return level
        raise KeyError(key)

    def clause(self, key: str) -> Clause:
        """Raises: KeyError for a clause the standard does not have."""
        for clause in self.clauses:
            if clause.key == key:
                return clause
        raise KeyError(key)


@dataclass(frozen=True)
class Impact:
    """What a fault touches at its largest, and whether its cause is ruled outside the contract."""

    terminals: int = 0
    cardholders: int = 0
    special: bool = False


def classify(impact: Impact, standard: Standard) -> Level:
    """The severity of an impact: the cause first, else the graver of both counts.

    Raises: ValueError for a negative count.
    Source: 2.1-2.5.
    """
    if impact.terminals < 0 or impact.cardholders < 0:
        raise ValueError("影响数量不能为负")
    if impact.special:
        return next(level for level in standard.levels if level.by_cause)
    sized = [level for level in standard.levels if not level.by_cause]
    fitting = [
        level
        for level in sized
        if (level.terminals is not None and impact.terminals in level.terminals)
        or (level.cardholders is not None and impact.cardholders in level.cardholders)
    ]
    return max(fitting, key=lambda level: level.rank)


def due_at(limit: Limit, started_at: datetime, standard: Standard, excused: Sequence[Span] = ()) -> datetime:
    """When a limit that started runs out, leaving out the excused intervals.

    Source: 2.6, 2.7, 4.2.2, 4.2.3.
    """
    if limit.seconds is not None:
        return due_after_seconds(started_at, limit.seconds, standard.calendar, excused)
    return due_after_days(started_at, limit.days or 0, excused)
