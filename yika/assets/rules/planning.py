"""Comparing a list with what is there; applying a plan a second time plans nothing."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yika.assets.rules.reading import HEADERS, Parsed, Problem, Row, Trouble, printable

PAYMENT_TERMINAL = "payment-terminal"
TERMINAL_PREFIX = "XF-"


@dataclass(frozen=True)
class KnownDevice:
    """A device that is already there; ``kind`` is the kind's code."""

    number: str
    kind: str
    path: str
    model: str
    serial: str


@dataclass(frozen=True)
class World:
    """What is there before an import. ``kinds`` maps every spelling of a kind to its code."""

    places: frozenset[str]
    devices: Mapping[str, KnownDevice]
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class NewPlace:
    """A place to be created, and the line that first names it or something below it."""

    path: str
    line: int


@dataclass(frozen=True)
class NewDevice:
    """A device to be created; ``kind`` is the kind's code."""

    number: str
    kind: str
    path: str
    model: str
    serial: str
    line: int
    generated: bool


@dataclass(frozen=True)
class Change:
    """A known device that the list describes differently: (field, before, after) each."""

    number: str
    line: int
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Plan:
    """What an import would do. Parents stand before their children in ``new_places``.

    ``new_tops`` are those that nothing stands above, where other places are known already.
    """

    new_places: tuple[NewPlace, ...]
    new_devices: tuple[NewDevice, ...]
    changes: tuple[Change, ...]
    known_places: int
    known_devices: int
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]
    new_tops: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether applying it would change nothing."""
        return not (self.new_places or self.new_devices or self.changes)


def ancestry(path: str) -> list[str]:
    """A path's ancestors from the top and the path itself: a/b/c → a, a/b, a/b/c."""
    names = path.split("/")
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]


def plan(parsed: Parsed, world: World, *, terminals: bool = False) -> Plan:
    """What an import would change. With ``terminals`` each window of the list that has no device gets
    one payment terminal; a window is a place below which nothing stands, in the list or outside it.
    """
    problems = list(parsed.problems)
    new_places: dict[str, NewPlace] = {}
    known: set[str] = set()
    for row in parsed.rows:
        for path in ancestry(row.path):
            if path in world.places:
                known.add(path)
            elif path not in new_places:
                new_places[path] = NewPlace(path, row.line)
    new_devices: list[NewDevice] = []
    changes: list[Change] = []
    known_devices = 0
    for row in (row for row in parsed.rows if row.is_device):
        code = world.kinds.get(row.kind.lower(), "")
        column = parsed.headers.get("kind", HEADERS["kind"][0])
        before = world.devices.get(row.number)
        if row.kind and not code:
            problems.append(Problem(row.line, column, Trouble.UNKNOWN_KIND, printable(row.kind)))
        elif before is None and not code:
            problems.append(Problem(row.line, column, Trouble.NO_KIND))
        elif before is None:
            new_devices.append(NewDevice(row.number, code, row.path, row.model, row.serial, row.line, False))
        elif changed := _differences(before, row, code):
            changes.append(Change(row.number, row.line, changed))
        else:
            known_devices += 1
    if terminals:
        new_devices += _terminals(parsed.rows, world, new_places, new_devices)
    problems.sort(key=lambda problem: problem.line)
    return Plan(
        tuple(sorted(new_places.values(), key=lambda place: place.path.count("/"))),
        tuple(new_devices),
        tuple(changes),
        len(known),
        known_devices,
        tuple(problems),
        parsed.ignored,
        tuple(path for path in new_places if "/" not in path) if world.places else (),
    )


def _differences(before: KnownDevice, row: Row, code: str) -> tuple[tuple[str, str, str], ...]:
    """Fields the list gives and gives differently; an empty cell leaves the device as it is."""
    pairs = (
        ("place", before.path, row.path),
        ("kind", before.kind, code),
        ("model", before.model, row.model),
        ("serial", before.serial, row.serial),
    )
    return tuple((name, old, new) for name, old, new in pairs if new and new != old)


def _terminals(
    rows: Iterable[Row], world: World, new_places: Mapping[str, NewPlace], new_devices: list[NewDevice]
) -> list[NewDevice]:
    everywhere = world.places | new_places.keys()
    parents = {path.rpartition("/")[0] for path in everywhere}
    taken = {row.path for row in rows if row.is_device}
    taken |= {device.path for device in world.devices.values()}
    numbers = {*world.devices, *(device.number for device in new_devices)}
    following = next_number(numbers)
    made: list[NewDevice] = []
    for row in rows:
        if row.path in parents or row.path in taken:
            continue
        taken.add(row.path)
        number = f"{TERMINAL_PREFIX}{following + len(made):04d}"
        made.append(NewDevice(number, PAYMENT_TERMINAL, row.path, "", "", row.line, True))
    return made


def next_number(numbers: Iterable[str]) -> int:
    """The running number after the largest generated one: XF-0041 → 42."""
    generated = re.compile(re.escape(TERMINAL_PREFIX) + r"([0-9]{1,30})")
    found = (generated.fullmatch(number) for number in numbers)
    return max((int(match[1]) for match in found if match), default=0) + 1


def fingerprint(planned: Plan) -> str:
    """A hash of everything a plan would do, so that applying can prove it does what was shown."""
    said: list[Any] = [
        [place.path for place in planned.new_places],
        [[d.number, d.kind, d.path, d.model, d.serial] for d in planned.new_devices],
        [[change.number, change.fields] for change in planned.changes],
    ]
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
