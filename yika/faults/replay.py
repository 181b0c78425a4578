"""Past faults from a CSV file, judged row by row against a standard. Pure: no Django, no database.

Rows stream through: memory does not grow with the file. The hot path keeps what follows from a size
and a cause, and otherwise calls the functions that run every fault.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from yika.commitments.rules import Outcome, Promise, outcome
from yika.faults.explaining import Case, facts_of, is_special, iso
from yika.faults.rows import Flaw, Rows, short
from yika.faults.rules import clocks, settled
from yika.lib.clock import campus, read
from yika.standards.readings import Words
from yika.standards.rules import Level, Limit, Standard, always_takes, due_at

TIMES = ("reported_at", "arrived_at", "repaired_at")
COUNTS = ("terminals", "cardholders")
COLUMNS = ("ref", *TIMES, *COUNTS, "cause")
ADDED = ("severity", "response_due_at", "response_outcome", "repair_due_at", "repair_outcome")
JUDGED = (*TIMES, *COUNTS, "cause")
SHOWN = 100  # problems that are named; the rest are counted

_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_NEGATIVE = re.compile(r"-\d+", re.ASCII)
_KEPT = 10_000  # sizes remembered


@dataclass
class Tally:
    """How often each severity ended how: (severity, response outcome, repair outcome) → rows."""

    rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    problems: list[Flaw] = field(default_factory=list)
    problem_count: int = 0
    bad_rows: int = 0

    def blame(self, problems: Sequence[Flaw]) -> None:
        """Note a bad row; only the first problems are kept."""
        self.bad_rows += 1
        self.problem_count += len(problems)
        self.problems.extend(problems[: SHOWN - len(self.problems)])


@dataclass(frozen=True)
class Score:
    """A column of the summary: how many of one duty were met, missed, are open."""

    met: int
    missed: int
    open: int

    @property
    def rate(self) -> float | None:
        """Met of those decided, None if none is."""
        decided = self.met + self.missed
        return self.met / decided if decided else None


@dataclass(frozen=True)
class Line:
    """A line of the summary; ``level`` None is the sum."""

    level: Level | None
    count: int
    response: Score
    repair: Score


def summary(tally: Tally, standard: Standard) -> list[Line]:
    """A line per severity, and the sum."""

    def line(level: Level | None) -> Line:
        rows = [(key, n) for key, n in tally.rows.items() if level is None or key[0] == level.key]

        def score(place: int) -> Score:
            return Score(
                *(sum(n for key, n in rows if key[place] == how) for how in ("met", "missed", "open"))
            )

        return Line(level, sum(n for _key, n in rows), score(1), score(2))

    return [*(line(level) for level in standard.levels), line(None)]


Judgement = tuple[str, str, str, str, str]
Blame = list[tuple[str, Words]]


@dataclass(frozen=True)
class Owed:
    """What follows from a size and a cause alone."""

    severity: str
    response: "Duty | None"
    repair: "Duty | None"


@dataclass(frozen=True)
class Duty:
    """A limit, and how long it always takes, if it does."""

    limit: Limit
    span: timedelta | None


class Judge:
    """Judges rows against a standard as of a moment.

    ``as_of`` None: as of ``now``, or of the last thing the row says has happened.
    """

    def __init__(self, standard: Standard, now: datetime, as_of: datetime | None = None) -> None:
        self.standard = standard
        self.now = campus(as_of or now)  # one time zone throughout: comparing is quick
        self.follows_facts = as_of is None
        self.owed: dict[tuple[str, str, str], Owed] = {}

    def judge(self, cells: Sequence[str]) -> Judgement | Blame:
        """The added columns of a row, or all that is wrong with it. ``cells`` in the order of JUDGED."""
        reported_text, arrived_text, repaired_text, terminals, cardholders, cause = cells
        try:
            owed = self.owed.get((terminals, cardholders, cause)) or self._owed(terminals, cardholders, cause)
            reported = read(reported_text)
            arrived = read(arrived_text) if arrived_text and not arrived_text.isspace() else None
            repaired = read(repaired_text) if repaired_text and not repaired_text.isspace() else None
            if (arrived and arrived < reported) or (repaired and repaired < reported):
                return self._wrong(cells)
            standard, as_of = self.standard, self.now
            if self.follows_facts:
                if arrived and arrived > as_of:
                    as_of = arrived
                if repaired and repaired > as_of:
                    as_of = repaired
            responded, fixed = settled(
                (arrived,) if arrived else (), (repaired,) if repaired else (), standard
            )
            response_due, response = self._stand(owed.response, reported, responded, as_of)
            repair_due, repair = self._stand(owed.repair, reported, fixed, as_of)
            return owed.severity, response_due, response, repair_due, repair
        except (ValueError, OverflowError):
            return self._wrong(cells)

    def _stand(
        self, duty: Duty | None, started: datetime, done: datetime | None, as_of: datetime
    ) -> tuple[str, str]:
        if duty is None:
            return "", ""
        due = due_at(duty.limit, started, self.standard) if duty.span is None else started + duty.span
        return iso(due), _SAID[outcome(due, done, as_of)]

    def _owed(self, terminals: str, cardholders: str, cause: str) -> Owed:
        case = Case(self.now, count(terminals), count(cardholders), is_special(cause, self.standard))
        found = clocks(facts_of(case, self.standard), self.standard)
        if len(self.owed) >= _KEPT:
            self.owed.clear()
        owed = Owed(
            found.level.key,
            self._duty(found.response),
            self._duty(found.repair),
        )
        self.owed[terminals, cardholders, cause] = owed
        return owed

    def _duty(self, promise: Promise | None) -> Duty | None:
        return Duty(promise.limit, always_takes(promise.limit, self.standard)) if promise else None

    def _wrong(self, cells: Sequence[str]) -> Blame:
        """Everything wrong with a row, cell by cell."""
        wrong: Blame = []
        moments: dict[str, datetime] = {}
        for name, text in zip(TIMES, cells, strict=False):
            if not text.strip():
                if name == "reported_at":
                    wrong.append((name, Words("没有报修时间", "no time of report")))
                continue
            try:
                moments[name] = read(text)
            except (ValueError, OverflowError):
                wrong.append((name, Words(f"无法识别的时间 {short(text)}", f"no such time {short(text)}")))
        reported = moments.pop("reported_at", None)
        wrong += [
            (name, Words("早于报修时间", "earlier than the report"))
            for name, moment in moments.items()
            if reported and moment < reported
        ]
        for name, text in zip(COUNTS, cells[3:5], strict=True):
            try:
                count(text)
            except ValueError as error:
                wrong.append((name, error.args[0]))
        try:
            is_special(cells[5], self.standard)
        except ValueError:
            wrong.append(
                ("cause", Words(f"未知的原因 {short(cells[5])}", f"unknown cause {short(cells[5])}"))
            )
        return wrong or [("reported_at", Words("推算不出时限", "no limit can be counted from here"))]


_SAID = {how: how.value for how in Outcome}


def count(text: str) -> int:
    """How many are affected; empty is none.

    Raises: ValueError whose argument says in words what is wrong.
    """
    text = text.strip()
    if not text:
        return 0
    if _COUNT.fullmatch(text):
        return int(text)
    if _NEGATIVE.fullmatch(text):
        raise ValueError(Words(f"不能为负 {short(text)}", f"negative {short(text)}"))
    raise ValueError(Words(f"不是数量 {short(text)}", f"not a count {short(text)}"))


def replay(source: Path, target: TextIO, judge: Judge) -> Tally:
    """Write every good row with what was added, blame every bad one, and count.

    Raises: Unreadable for a file that is no CSV or lacks columns.
    """
    tally = Tally()
    with Rows(source, COLUMNS, ADDED) as rows:
        target.write("\ufeff" if rows.coding.bom else "")
        plain = csv.writer(target, lineterminator="\n")
        plain.writerow([*rows.header, *ADDED])
        plain.writerows(_judged(rows, judge, tally, target))
    return tally


def _judged(rows: Rows, judge: Judge, tally: Tally, target: TextIO) -> Iterator[list[str]]:
    pick = itemgetter(*(rows.header.index(name) for name in JUDGED))
    # The plain writer would leave a lone carriage return within a cell unquoted.
    careful = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        if isinstance(row, Flaw):
            tally.blame([row])
            continue
        found = judge.judge(pick(row))
        if isinstance(found, list):
            tally.blame([Flaw(rows.line, name, words) for name, words in found])
            continue
        tally.rows[found[0], found[2], found[4]] += 1
        row.extend(found)
        if rows.spans_lines:
            careful.writerow(row)
        else:
            yield row
