"""Statutory holidays and make-up working days as announced by the State Council, shipped with Yika."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from chinese_calendar.constants import Holiday, holidays, workdays

FIRST_YEAR = 2004
_NAMES = {kind.value: kind.chinese for kind in Holiday}


@dataclass(frozen=True)
class Announced:
    """A day that differs from its weekday."""

    day: date
    is_working: bool
    name: str


@cache
def years() -> tuple[int, ...]:
    """The years whose holidays are announced."""
    return tuple(sorted({day.year for day in holidays} - set(range(FIRST_YEAR))))


def days(year: int) -> Iterator[Announced]:
    """The special days of a year, in order; none for a year not announced."""
    for day in sorted({*holidays, *workdays}):
        if day.year == year:
            working = day in workdays
            name = (workdays if working else holidays)[day]
            yield Announced(day, working, _NAMES.get(name, name))


@cache
def all_holidays() -> frozenset[date]:
    """Every announced holiday."""
    return frozenset(holidays)


@cache
def all_working_days() -> frozenset[date]:
    """Every announced make-up working day."""
    return frozenset(workdays)
