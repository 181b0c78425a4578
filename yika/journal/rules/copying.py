"""The journal as lines of JSON, which the other party keeps and checks without the server."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from yika.journal.rules.checking import Check, Kind, Report
from yika.journal.rules.said import EventCopy, SealCopy


def written(
    sealed: Iterable[tuple[SealCopy, Sequence[EventCopy]]], unsealed: Iterable[EventCopy]
) -> Iterator[str]:
    """One line each: a seal, its events, …, the unsealed events, and an end that counts them all."""
    seals = events = 0
    for seal, its in sealed:
        seals += 1
        yield _line("seal", asdict(seal))
        for event in its:
            events += 1
            yield _line("event", asdict(event))
    for event in unsealed:
        events += 1
        yield _line("unsealed", asdict(event))
    yield _line("end", {"seals": seals, "events": events})


def check(lines: Iterable[str], expect: Sequence[str] = ()) -> Report:
    """Check a copy. A line that cannot be read is a finding; the rest is checked all the same."""
    checking = Check(expect)
    seal: SealCopy | None = None
    its: list[EventCopy] = []
    loose: list[EventCopy] = []
    seals = events = 0
    ended = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            ((what, said),) = json.loads(line).items()
            if what == "seal":
                following = _seal(said)
                if seal:
                    checking.seal(seal, its)
                seal, its, seals = following, [], seals + 1
            elif what == "event":
                its.append(_event(said))
                events += 1
            elif what == "unsealed":
                loose.append(_event(said))
                events += 1
                if seal:
                    checking.seal(seal, its)
                    seal = None
                checking.unsealed(loose.pop())
            elif what == "end":
                ended = (said["seals"], said["events"]) == (seals, events)
            else:
                raise ValueError(what)
        except (ValueError, KeyError, TypeError, AttributeError):
            checking.found(Kind.UNREADABLE, detail=str(number))
    if seal:
        checking.seal(seal, its)
    if not ended:
        checking.found(Kind.UNREADABLE, detail="end")
    return checking.report()


def _line(what: str, said: dict[str, Any]) -> str:
    return json.dumps({what: said}, ensure_ascii=False, default=_moment, separators=(",", ":")) + "\n"


def _moment(value: object) -> str:
    assert isinstance(value, datetime)
    return value.astimezone(UTC).isoformat()


def _event(said: dict[str, Any]) -> EventCopy:
    said["at"] = datetime.fromisoformat(said["at"])
    said["happened_at"] = datetime.fromisoformat(said["happened_at"])
    return EventCopy(**said)


def _seal(said: dict[str, Any]) -> SealCopy:
    said["sealed_at"] = datetime.fromisoformat(said["sealed_at"])
    said["entries"] = tuple((int(key), str(value)) for key, value in said["entries"])
    return SealCopy(**said)
