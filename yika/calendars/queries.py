"""Reading the days table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q

from yika.calendars import announced
from yika.calendars.models import SpecialDay
from yika.calendars.rules import Calendar


def with_days(calendar: Calendar) -> Calendar:
    """A service calendar with the holidays and make-up days of the table; natural time as it is.

    A calendar without holidays of its own asks for none: its standard keeps the windows on holidays.
    """
    if calendar.natural or not (calendar.holidays or calendar.working_days):
        return calendar
    rows = list(SpecialDay.objects.values_list("day", "is_working"))
    return replace(
        calendar,
        holidays=frozenset(day for day, working in rows if not working),
        working_days=frozenset(day for day, working in rows if working),
    )


@dataclass(frozen=True)
class Year:
    """A year of the table. ``announced``: its holidays are known to Yika."""

    year: int
    holidays: int
    working_days: int
    announced: bool

    @property
    def empty(self) -> bool:
        """True when the table has no day of the year."""
        return not (self.holidays or self.working_days)


def year(number: int) -> Year:
    """One year of the table."""
    counts = SpecialDay.objects.filter(day__year=number).aggregate(
        holidays=Count("id", filter=Q(is_working=False)),
        working=Count("id", filter=Q(is_working=True)),
    )
    return Year(number, counts["holidays"], counts["working"], number in announced.years())


def importable(numbers: Iterable[int]) -> list[int]:
    """Years that are announced but have no day in the table yet."""
    there = {day.year for day in SpecialDay.objects.dates("day", "year")}
    return [number for number in numbers if number in announced.years() and number not in there]


def days_of(number: int) -> list[SpecialDay]:
    """The special days of a year, in order."""
    return list(
        SpecialDay.objects.filter(day__range=(date(number, 1, 1), date(number, 12, 31))).order_by("day")
    )
