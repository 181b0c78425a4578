"""The only source of the present time, and the campus time zone at the edges.

Everything at rest is UTC; limits count whole seconds, so the present is given to the second.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CAMPUS = ZoneInfo("Asia/Shanghai")

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
