"""When faults are reported: lunch and supper, weekdays, terms and holidays. Pure."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from yika.lib.clock import campus_date, day_start

# Weight of each hour of the campus day: breakfast, lunch and supper, little at night.
HOURS = (1, 1, 1, 1, 1, 2, 12, 34, 26, 20, 24, 62, 70, 26, 18, 18, 26, 58, 48, 24, 18, 14, 8, 3)
WEEKDAYS = (1.15, 1.05, 1.0, 1.0, 1.05, 0.6, 0.55)  # Monday to Sunday
HOLIDAY = 0.12
FIRST_WEEKS = 1.5  # everything is switched on again


def weight(day: date) -> float:
    """How many faults a campus day has, beside an ordinary one: terms, vacations, first weeks."""
    here = (day.month, day.day)
    if (1, 20) <= here < (2, 22) or (7, 12) <= here < (8, 28) or (10, 1) <= here < (10, 6):
        return HOLIDAY
    first = (2, 22) <= here < (3, 8) or (8, 28) <= here < (9, 15)
    return WEEKDAYS[day.weekday()] * (FIRST_WEEKS if first else 1.0)


def days_of(at: datetime, months: int) -> list[date]:
    """The campus days of so many months (of 30.4 days) up to a moment."""
    last = campus_date(at)
    count = max(round(months * 30.4375), 1)
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def moments(days: Sequence[date], count: int, chance: Random, until: datetime) -> Iterator[datetime]:
    """So many moments of report, in order, spread over days and hours by weight."""
    hours = list(accumulate(HOURS))
    reached = list(accumulate(weight(day) for day in days))
    given = 0
    for day, so_far in zip(days, reached, strict=True):
        wanted = round(count * so_far / reached[-1]) - given
        given += wanted
        start = day_start(day)
        room = min(86_400, max(int((until - start).total_seconds()), 1))
        seconds = sorted(_second(hours, chance) for _n in range(wanted))
        if room < 86_400:  # today, as far as it has come
            seconds = sorted(second * room // 86_400 for second in seconds)
        for second in seconds:
            yield (start + timedelta(seconds=second)).astimezone(UTC)


def _second(hours: Sequence[int], chance: Random) -> int:
    hour = bisect(hours, chance.random() * hours[-1])
    return min(hour, 23) * 3600 + int(chance.random() * 3600)
