"""The table: what was measured, beside the best peer, and how it grows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.peers import BEST
from bench.site import Times

UNITS = {
    "creations, 1 client": "/s",
    "creations, 4 clients": "/s",
    "replay, rows a second": "/s",
    "replay, memory": "MB",
    "web process, idle": "MB",
    "worker, idle": "MB",
}  # the rest in ms
ROWS = (
    "open list",
    "fault page",
    "home, desk",
    "home, technician",
    "home, Office",
    "search",
    "list with words",
    "month's figures",
    "creations, 1 client",
    "creations, 4 clients",
    "sweep, 5,000 due",
    "sweep, nothing due",
    "web process, idle",
    "worker, idle",
    "replay, rows a second",
    "replay, memory",
)


@dataclass
class Figures:
    """What was measured on one database of one size."""

    database: str
    size: int
    all: int = 0
    open: int = 0
    rows: dict[str, float] = field(default_factory=dict)
    p95: dict[str, float] = field(default_factory=dict)

    def put(self, row: str, found: "Times | float") -> None:
        """Note a median with its 95th percentile, or a single figure."""
        assert row in ROWS
        self.rows[row] = found.p50 if isinstance(found, Times) else found
        if isinstance(found, Times):
            self.p95[row] = found.p95

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return self.__dict__

    @property
    def head(self) -> str:
        """The head of its column."""
        return f"{self.database} {self.size:,}"


def table(found: Iterable[Figures]) -> str:
    """Markdown: a column for each database and size, the peer's figure and how many times better."""
    columns = list(found)
    heads = [one.head for one in columns]
    lines = [
        "| | " + " | ".join(heads) + " | largest to smallest | best peer (100,000) | ratio at 100,000 |",
        "|---|" + "---:|" * (len(heads) + 3),
    ]
    for row in ROWS:
        if any(row in one.rows for one in columns):
            cells = [_cell(one, row) for one in columns]
            lines.append(
                "| " + " | ".join([_named(row), *cells, _growth(columns, row), *_beside(columns, row)]) + " |"
            )
    return "\n".join(lines)


def _named(row: str) -> str:
    return f"{row} ({UNITS.get(row, 'ms')})"


def _cell(one: Figures, row: str) -> str:
    if row not in one.rows:
        return ""
    return _figure(one.rows[row]) + (f" / {_figure(one.p95[row])}" if row in one.p95 else "")


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number >= 20 else f"{number:.1f}"


def _growth(columns: list[Figures], row: str) -> str:
    """The largest size against the smallest, for each database."""
    told = []
    for database in dict.fromkeys(one.database for one in columns):
        sizes = sorted(
            (one.size, one.rows[row]) for one in columns if one.database == database and row in one.rows
        )
        if len(sizes) > 1:
            told.append(f"{sizes[-1][1] / sizes[0][1]:.2f}×")
    return ", ".join(told)


def _beside(columns: list[Figures], row: str) -> tuple[str, str]:
    """The best peer, and how many times better Yika is on PostgreSQL with as many."""
    if row not in BEST:
        return "", ""
    peer = BEST[row]
    mine = next(
        (
            one.rows[row]
            for one in columns
            if (one.database, one.size) == ("postgresql", 100_000) and row in one.rows
        ),
        None,
    )
    if mine is None:
        return f"{peer.name} {_figure(peer.figure)}", ""
    better = mine / peer.figure if UNITS.get(row) == "/s" else peer.figure / mine
    return f"{peer.name} {_figure(peer.figure)}", f"{better:.1f}×"
