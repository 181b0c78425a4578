"""Arithmetic of counted time: natural hours, or a service calendar's windows, less excused intervals.

Intervals are half-open: [start, end).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from yika.lib.clock import CAMPUS, campus_date, day_end, day_start

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """When time counts. Without windows it always does (natural hours, 24×7).

    ``windows`` maps a weekday (0 Monday) to windows of campus time; ``holidays`` have none;
    ``working_days`` (make-up days) have those of ``make_up_weekday``.
    """

    windows: dict[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    make_up_weekday: int = 0

    @property
    def natural(self) -> bool:
        """True when every second counts."""
        return not self.windows

    def spans_of(self, day: date) -> list[Span]:
        """The counted intervals of a campus day, in order."""
        if self.natural:
            return [(day_start(day), day_end(day))]
        if day in self.holidays:
            return []
        weekday = self.make_up_weekday if day in self.working_days else day.weekday()
        return [
            (datetime.combine(day, opens, CAMPUS), _closing(day, closes))
            for opens, closes in self.windows.get(weekday, ())
        ]


NATURAL = Calendar()


def _closing(day: date, closes: time) -> datetime:
    """A window that closes at 00:00 closes at 24:00."""
    return day_end(day) if closes == time() else datetime.combine(day, closes, CAMPUS)


def merged(spans: Sequence[Span]) -> list[Span]:
    """The union of intervals, in order and without overlap; empty ones dropped."""
    result: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _without(span: Span, excused: Sequence[Span]) -> Iterator[Span]:
    """The parts of an interval outside the excused ones (merged)."""
    start, end = span
    for from_at, until_at in excused:
        if until_at <= start or from_at >= end:
            continue
        if from_at > start:
            yield start, from_at
        start = max(start, until_at)
        if start >= end:
            return
    if start < end:
        yield start, end


def due_after_seconds(
    started_at: datetime, seconds: int, calendar: Calendar = NATURAL, excused: Sequence[Span] = ()
) -> datetime:
    """The moment at which ``seconds`` of counted, unexcused time have passed since the start.

    Raises: ValueError if the calendar has no counted time within ten years.
    """
    if calendar.natural and not excused:
        return started_at + timedelta(seconds=seconds)
    gaps = merged(excused)
    if calendar.natural:
        due = started_at + timedelta(seconds=seconds)
        for from_at, until_at in gaps:
            lost_from = max(from_at, started_at)
            if lost_from >= due:
                break
            if until_at > lost_from:
                due += until_at - lost_from
        return due
    left = timedelta(seconds=seconds)
    day = campus_date(started_at)
    for _ in range(3660):
        for start, end in calendar.spans_of(day):
            if end <= started_at:
                continue
            for part_start, part_end in _without((max(start, started_at), end), gaps):
                if part_end - part_start >= left:
                    return part_start + left
                left -= part_end - part_start
        day += timedelta(days=1)
    raise ValueError("服务日历十年内没有可计时间")


def due_after_days(started_at: datetime, days: int, excused: Sequence[Span] = ()) -> datetime:
    """24:00 of the last of ``days`` natural days; the first day does not count.

    Excused time is added in whole seconds behind it, as for a limit in hours.
    Source: 4.2.3 and its reading.
    """
    due = day_end(campus_date(started_at) + timedelta(days=days))
    return due_after_seconds(started_at, int((due - started_at).total_seconds()), NATURAL, excused)
