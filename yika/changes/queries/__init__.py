"""Reading changes."""

from yika.changes.queries.lists import (
    Filters,
    answered,
    differences,
    exported_trials,
    listed,
    month_of,
    of_device,
    spares_for,
    unconfirmed,
)
from yika.changes.queries.page import (
    Conflict,
    conflicts,
    fitting,
    open_page,
    patterns_for,
    read_lines,
    touched,
)

__all__ = [
    "Conflict",
    "Filters",
    "answered",
    "conflicts",
    "differences",
    "exported_trials",
    "fitting",
    "listed",
    "month_of",
    "of_device",
    "open_page",
    "patterns_for",
    "read_lines",
    "spares_for",
    "touched",
    "unconfirmed",
]
