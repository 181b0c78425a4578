"""A file of past faults read as closed history of a contract. Pure: no Django, no database.

Rows, cells and arithmetic are those of ``yika replay``; here every good row becomes a life.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path

from yika.commitments.rules import Outcome, outcome
from yika.faults.explaining import causes
from yika.faults.lives import Life, Step, clocks_of
from yika.faults.replay import COLUMNS, JUDGED, Judge, Tally
from yika.faults.rows import Flaw, Rows, short
from yika.faults.rules import State, Verb, spot_of
from yika.lib.clock import campus_date, read
from yika.standards.readings import Words
from yika.standards.rules import Standard, due_at

OPTIONAL = ("place", "device", "description")
LONGEST = 500  # characters of a fault's description
SYMPTOM, CHANNEL = "other", "history"
NEVER_REPAIRED = "原记录没有修复时间，随导入归档"


@dataclass(frozen=True)
class Spot:
    """A place or device of the campus that a row may name."""

    place: int
    path: str
    device: int | None = None


@dataclass(frozen=True)
class Known:
    """What rows are held against: the contract's period, places by path, devices by number, refs before."""

    starts_on: date
    ends_on: date
    places: Mapping[str, Spot] = field(default_factory=dict)
    devices: Mapping[str, Spot] = field(default_factory=dict)


@dataclass
class Seen:
    """What a reading has found so far."""

    tally: Tally = field(default_factory=Tally)
    rows: int = 0
    unrepaired: int = 0
    remote: int = 0
    first: datetime | None = None
    last: datetime | None = None


class History:
    """Reads a file row by row; ``seen`` grows as the lives are taken. Memory grows by the refs alone."""

    def __init__(self, path: Path, standard: Standard, known: Known, at: datetime) -> None:
        self.path, self.standard, self.known, self.at = path, standard, known, at
        self.judge = Judge(standard, at)
        self.seen = Seen()
        self._refs: dict[str, int] = {}
        special = standard.special_level
        named = {key: key for key in special.causes} if special else {}
        self._causes = {
            **dict.fromkeys(causes(standard)[:1], ""),
            **named,
            **{standard.cause(key).name: key for key in named},
        }

    def lives(self) -> Iterator[Life]:
        """The good rows as lives; every bad one is blamed in ``seen.tally``.

        Raises: Unreadable for a file that is no CSV or lacks columns.
        """
        with Rows(self.path, COLUMNS) as rows:
            pick = itemgetter(*(rows.header.index(name) for name in JUDGED))
            ref = rows.header.index("ref")
            places = {name: rows.header.index(name) for name in OPTIONAL if name in rows.header}
            others = [
                (name, index)
                for index, name in enumerate(rows.header)
                if name not in COLUMNS and name not in OPTIONAL
            ]
            for row in rows:
                if isinstance(row, Flaw):
                    self.seen.tally.blame([row])
                    continue
                more = {name: row[index].strip() for name, index in places.items()}
                rest = [f"{name} {row[index].strip()}" for name, index in others if row[index].strip()]
                found = self._life(rows.line, row[ref].strip(), pick(row), more, rest)
                if found is not None:
                    yield found

    def check(self) -> Seen:
        """Read everything and keep nothing."""
        for _life in self.lives():
            pass
        return self.seen

    def _life(
        self, line: int, ref: str, cells: tuple[str, ...], more: Mapping[str, str], rest: list[str]
    ) -> Life | None:
        judged = self.judge.judge(cells)
        if isinstance(judged, list):
            self.seen.tally.blame([Flaw(line, name, words) for name, words in judged])
            return None
        reported, arrived, repaired = (read(cell) if cell.strip() else None for cell in cells[:3])
        assert reported  # the judge has read it
        spot = self._spot(more)
        description = "；".join(
            part for part in (" ".join(more.get("description", "").split()), ref, *rest) if part
        )
        life = Life(
            reported_at=reported,
            terminals=int(cells[3].strip() or 0),
            cardholders=int(cells[4].strip() or 0),
            symptom=SYMPTOM,
            description=description,
            channel=CHANNEL,
            state=State.CLOSED,
            ended_at=repaired or self.at,
            steps=_steps(arrived, repaired, self.at),
            cause=self._causes[cells[5].strip()] if cells[5].strip() else None,
            place=spot.place if isinstance(spot, Spot) else None,
            device=spot.device if isinstance(spot, Spot) else None,
            spot=spot_of(spot.path) if isinstance(spot, Spot) else "",
            ref=ref,
        )
        wrong = list(self._wrong(life, ref, arrived, repaired))
        if isinstance(spot, Flaw):
            wrong.append((spot.column, spot.words))
        if wrong:
            self.seen.tally.blame([Flaw(line, name, words) for name, words in wrong])
            return None
        if ref:
            self._refs[ref] = line
        self._count(life, judged, repaired, arrived)
        return life

    def _wrong(
        self, life: Life, ref: str, arrived: datetime | None, repaired: datetime | None
    ) -> Iterator[tuple[str, Words]]:
        """Why a row that the standard can judge is still no closed history of this contract."""
        if ref and ref in self._refs:
            line = self._refs[ref]
            yield "ref", Words(f"与第 {line} 行重复 {short(ref)}", f"{short(ref)} again, as in line {line}")
        moments = (
            ("reported_at", life.reported_at),
            ("arrived_at", arrived),
            ("repaired_at", repaired),
        )
        future = [name for name, moment in moments if moment is not None and moment > self.at]
        for name in future:
            yield name, Words("晚于现在", "in the future")
        day = campus_date(life.reported_at)
        if not self.known.starts_on <= day <= self.known.ends_on:
            period = f"{self.known.starts_on} – {self.known.ends_on}"
            yield (
                "reported_at",
                Words(f"不在合同期内（{period}）", f"outside the contract's period ({period})"),
            )
        if repaired is None and not future and self._still_runs(life):
            yield (
                "repaired_at",
                Words("没有修复时间而时限未到：不是历史，请登记报修", "neither repaired nor due yet"),
            )
        if len(life.description) > LONGEST:
            yield (
                "description",
                Words(
                    f"描述和其余各列合计超过 {LONGEST} 字",
                    f"over {LONGEST} characters in all",
                ),
            )

    def _still_runs(self, life: Life) -> bool:
        found = clocks_of(life, self.standard)
        return any(
            outcome(due_at(one.limit, one.started_at, self.standard), None, self.at) is Outcome.OPEN
            for one in (found.response, found.repair)
            if one is not None and one.settled_at is None
        )

    def _spot(self, more: Mapping[str, str]) -> Spot | Flaw | None:
        device, place = more.get("device", ""), more.get("place", "")
        if place and place not in self.known.places:
            words = Words(f"没有这个地点 {short(place)}", f"no such place {short(place)}")
            return Flaw(0, "place", words)
        if device and device not in self.known.devices:
            words = Words(f"没有这台设备 {short(device)}", f"no such device {short(device)}")
            return Flaw(0, "device", words)
        if not device:
            return self.known.places.get(place)
        found = self.known.devices[device]
        then = self.known.places.get(place, found)  # it may have stood elsewhere
        return Spot(then.place, then.path, found.device)

    def _count(
        self,
        life: Life,
        judged: tuple[str, str, str, str, str],
        repaired: datetime | None,
        arrived: datetime | None,
    ) -> None:
        seen = self.seen
        seen.tally.rows[judged[0], judged[2], judged[4]] += 1
        seen.rows += 1
        seen.unrepaired += repaired is None
        seen.remote += repaired is not None and arrived is None
        seen.first = min(seen.first or life.reported_at, life.reported_at)
        seen.last = max(seen.last or life.reported_at, life.reported_at)


def _steps(arrived: datetime | None, repaired: datetime | None, at: datetime) -> tuple[Step, ...]:
    """What a row says was done, in the order it was; never repaired: closed by the import itself."""
    made = [] if arrived is None else [Step(Verb.ARRIVE, State.WORKING, arrived)]
    if repaired is None:
        return (*made, Step(Verb.CLOSE, State.CLOSED, at, note=NEVER_REPAIRED))
    made.append(Step(Verb.RESTORE, State.CLOSED, repaired))
    return tuple(sorted(made, key=lambda step: step.at))
