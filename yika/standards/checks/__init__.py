"""What a schema cannot say about a standard: references, ranges without hole or overlap, durations, order.

Each check takes the data as it stands, however incomplete, and speaks only of what it can judge:
wrong shapes are the schema's business.
"""

from collections.abc import Iterator
from typing import Any

from yika.standards.checks import levels, rest
from yika.standards.checks.written import Finding, Length, length, ranges

__all__ = ["Finding", "Length", "findings", "length", "ranges"]


def findings(data: dict[str, Any]) -> Iterator[Finding]:
    """Everything wrong that the schema does not see."""
    yield from rest.clauses(data)
    yield from rest.duplicates(data)
    yield from levels.levels(data)
    for column in levels.COLUMNS:
        yield from levels.column(data, column)
    yield from levels.causes(data)
    yield from levels.limits(data)
    yield from rest.ladder(data)
    yield from rest.calendar(data)
    yield from rest.readings(data)
    yield from rest.effective_date(data)
