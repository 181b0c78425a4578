"""When a job runs again, and how long to hold off after an error."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

BEAT = timedelta(seconds=10)
SILENT = timedelta(seconds=60)
"""A worker that has not reported for so long is taken for dead."""

FORGOTTEN = timedelta(days=1)
"""A dead worker is shown for so long."""

OVERDUE = timedelta(minutes=10)
"""A job this far behind is a problem, whoever is alive."""

LONGEST_PAUSE = 60.0


@dataclass(frozen=True)
class Waiting:
    """How many rows of a job are due, and since when the oldest."""

    number: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Due:
    """A job that handles rows as they fall due.

    ``handle(at)`` handles one row or one batch in a transaction of its own and says how many (true or
    false will do); it is called again while there were any. ``waiting`` tells what is due, for the
    status page.
    """

    name: str
    handle: Callable[[datetime], int]
    waiting: Callable[[datetime], Waiting] | None = None


@dataclass(frozen=True)
class Repeated:
    """A job that runs every so often, once among all workers.

    ``run(at)`` does one bounded step inside the transaction that holds the claim; true: there is more
    to do at once.
    """

    name: str
    run: Callable[[datetime], object]
    every: timedelta


Job = Due | Repeated


def next_due(due_at: datetime, every: timedelta, at: datetime) -> datetime:
    """The first moment of the job's own rhythm after ``at``; runs that were missed are not made up."""
    missed = (at - due_at) // every
    return due_at + every * (max(missed, 0) + 1)


def pause(failures: int) -> float:
    """How long to hold off after so many failures in a row. Units: seconds."""
    return min(2.0 ** min(failures, 10), LONGEST_PAUSE)
