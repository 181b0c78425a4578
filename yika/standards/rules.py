"""A standard as frozen data, and what follows from it by arithmetic alone.

Source: the standard's own text; the readings are its settings, because the Office has the last word (1.3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from yika.calendars.rules import NATURAL, Calendar, Span, due_after_days, due_after_seconds


class Start(StrEnum):
    """Where a limit in days starts."""

    REPORT = "report"
    SHIPPING = "shipping"


class Counted(StrEnum):
    """Which size of a fault counts: the largest number at one time, or the last one stated."""

    PEAK = "peak"
    FINAL = "final"


class Clock(StrEnum):
    """What a limit in hours is counted in: natural hours, or the windows of the service calendar."""

    NATURAL = "natural"
    SERVICE = "service"


class Told(StrEnum):
    """Whom a rung of the notification ladder tells."""

    HOLDER = "holder"  # the technician in charge
    DISPATCHER = "dispatcher"
    MANAGER = "manager"
    OFFICE = "office"


@dataclass(frozen=True)
class Heading:
    """A chapter or section above clauses."""

    key: str
    title: str
    title_en: str


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

    Exactly one of ``seconds`` and ``days`` is set. ``clock`` says in what seconds are counted.
    """

    clause: str
    seconds: int | None = None
    days: int | None = None
    clock: Clock = Clock.NATURAL

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
    causes: tuple[str, ...] = ()

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
class Cause:
    """A cause outside the contract that makes a fault special (2.5)."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True)
class LogField:
    """A field of the fault log (4.2.1)."""

    key: str
    name: str
    name_en: str
    required: bool = True


@dataclass(frozen=True)
class Readings:
    """Settled readings of what the text leaves open; each a setting of the standard.

    What each one means, and under which clause it stands, is in ``yika.standards.readings``.
    """

    # 2 Terms: severity and clocks
    boundary: str = "graver"
    counts: Counted = Counted.PEAK
    network_device_counts_dependents: bool = True
    offline_terminal_is_affected: bool = True
    damaged_card_has_clock: bool = False
    special_needs_ruling: bool = True
    remote_start_counts_as_response: bool = True
    response_clock: Clock = Clock.NATURAL
    repair_clock: Clock = Clock.NATURAL
    discovery_counts_as_report: bool = True
    dispatch_delay_is_deducted: bool = False
    limits_inclusive: bool = True
    late_entry_after_s: int = 60
    temporary_restoration_needs_consent: bool = True
    # 4.2 Faults
    reclassified_limits_start_at_report: bool = True
    raise_needs_evidence_or_consent: bool = True
    reopening_window_s: int = 86_400
    merge_takes_earliest_report: bool = True
    factory_starts_at: Start = Start.REPORT
    factory_may_replace_repair: bool = True
    recurrence_days: int = 30
    recurrence_count: int = 3
    # Duties beside faults
    office_may_override: bool = True
    emergency_change_confirm_within_s: int = 86_400
    own_target_days: int = 3
    round_opens_before_s: int = 900
    round_late_after_s: int = 3_600
    semester_round_days: int = 7
    work_log_due: str = "10:00"
    unchanged_confirmation_counts: bool = True
    weekly_on_holiday: str = "same"
    monthly_report_day: int = 5
    first_submission_decides: bool = True
    event_report_within_s: int = 86_400
    assessment: bool = False


CONTROLLED = ("place", "address", "upstream", "parameters", "configuration", "life")
"""What of a device in use changes only with consent, unless a standard says otherwise. Source: 4.1.4."""


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
    issuer_en: str = ""
    effective_on: date | None = None
    source: str = ""
    headings: tuple[Heading, ...] = ()
    causes: tuple[Cause, ...] = ()
    fault_log: tuple[LogField, ...] = ()
    duties: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)
    checklists: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)
    controlled: tuple[str, ...] = CONTROLLED

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

    def cause(self, key: str) -> Cause:
        """Raises: KeyError for a cause the standard does not name."""
        for cause in self.causes:
            if cause.key == key:
                return cause
        raise KeyError(key)

    @property
    def special_level(self) -> Level | None:
        """The level that a cause decides, if the standard has one (2.5)."""
        return next((level for level in self.levels if level.by_cause), None)


def in_order(standard: Standard) -> list[Clause | Heading]:
    """Headings and clauses in the order of their keys, 4.2 before 4.10."""
    places: list[Clause | Heading] = [*standard.headings, *standard.clauses]
    return sorted(places, key=lambda place: [int(part) for part in place.key.split(".")])


@dataclass(frozen=True)
class Impact:
    """What a fault touches at its largest, and whether its cause is ruled outside the contract."""

    terminals: int = 0
    cardholders: int = 0
    special: bool = False


def classify(impact: Impact, standard: Standard) -> Level:
    """The severity of an impact: the cause first, else the graver of both counts.

    Raises: ValueError for a negative count, or for a special cause where no level is by cause.
    Source: 2.1-2.5.
    """
    if impact.terminals < 0 or impact.cardholders < 0:
        raise ValueError("影响数量不能为负")
    if impact.special:
        if standard.special_level is None:
            raise ValueError("该规范没有按原因划分的等级")
        return standard.special_level
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
    span = always_takes(limit, standard)
    if span is not None and not excused:
        return started_at + span
    if limit.seconds is not None:
        calendar = standard.calendar if limit.clock is Clock.SERVICE else NATURAL
        return due_after_seconds(started_at, limit.seconds, calendar, excused)
    return due_after_days(started_at, limit.days or 0, excused)


def always_takes(limit: Limit, standard: Standard) -> timedelta | None:
    """How long after its start a limit runs out whenever that is; None if a calendar has a say."""
    if limit.seconds is None or (limit.clock is Clock.SERVICE and not standard.calendar.natural):
        return None
    return timedelta(seconds=limit.seconds)
