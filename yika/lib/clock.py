"""The only source of the present time, and the campus time zone at the edges.

Everything at rest is UTC; limits count whole seconds, so the present is given to the second.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CAMPUS = ZoneInfo("Asia/Shanghai")

# Since 1992 campus time has been +08:00 all the year round.
FIRST_YEAR, LAST_YEAR = 1992, 2999
# As spreadsheets write it: 2026/11/22 9:12.
_SPREADSHEET = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", re.ASCII
)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?", re.ASCII)
_WITHOUT_OFFSET = frozenset({len("2026-11-22T09:12"), len("2026-11-22T09:12:05")})

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present in UTC, to the whole second. Source: clauses 2.6, 2.7 (second precision)."""
    return (_frozen.get() or datetime.now(UTC)).replace(microsecond=0)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at a moment, for tests and demonstrations."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)


def campus(at: datetime) -> datetime:
    """The same moment, told in campus time."""
    return at.astimezone(CAMPUS)


def campus_date(at: datetime) -> date:
    """The campus calendar day on which a moment falls."""
    return at.astimezone(CAMPUS).date()


def day_start(day: date) -> datetime:
    """00:00 campus time of a day, in UTC."""
    return datetime.combine(day, time(), CAMPUS).astimezone(UTC)


def day_end(day: date) -> datetime:
    """24:00 campus time of a day (00:00 of the next), in UTC."""
    return day_start(day + timedelta(days=1))


def read(text: str) -> datetime:
    """The moment that people or programs wrote, in campus time, to the whole second.

    ISO 8601 with a time of day, or as a spreadsheet writes it; without an offset it is campus time.
    Fractions of a second are cut off. Raises: ValueError for anything else.
    """
    try:
        if len(text) in _WITHOUT_OFFSET:  # quicker than to put the zone in afterwards
            at = datetime.fromisoformat(text + "+08:00")
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        if (stripped := text.strip()) != text:
            return read(stripped)
        found = _SPREADSHEET.fullmatch(text)
        if found is None:
            raise
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        at = datetime(year, month, day, hour, minute, second, tzinfo=CAMPUS)
    else:
        if len(text) < len("2026-11-22T09:12") or text[10] not in "Tt ":
            raise ValueError(text)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(text)
    if at.microsecond:
        at = at.replace(microsecond=0)
    return at.replace(tzinfo=CAMPUS) if at.tzinfo is None else at.astimezone(CAMPUS)


class NoSuchDay(ValueError):
    """A day written as days are, which no calendar has: 2024-02-31."""


def read_day(text: str) -> date:
    """The day that people or spreadsheets wrote: 2026-11-22, 2026/11/22, 2026年11月22日, its midnight.

    Raises: NoSuchDay for one that is not in the calendar, ValueError for anything else.
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    try:
        return date(*map(int, found.groups()))
    except ValueError as error:
        raise NoSuchDay(text) from error
