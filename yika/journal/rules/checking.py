"""Is the journal what it was when it was sealed? One pass, a batch in memory at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yika.journal.rules.hashing import BATCH, GENESIS, GRACE, digest, seal_hash
from yika.journal.rules.said import EventCopy, SealCopy

SHOWN = 1000
"""Findings listed; further ones are only counted."""


class Kind(StrEnum):
    """What can be wrong."""

    ALTERED = "altered"  # an event does not say what it said when it was recorded or sealed
    MISSING = "missing"  # a seal lists an event that is gone
    SWAPPED = "swapped"  # an event carries what another of its seal said
    FOREIGN = "foreign"  # an event claims a seal that does not list it, or two seals list it
    CHAIN = "chain"  # a seal does not hash to its hash, or does not follow the seal before
    BACKDATED = "backdated"  # entered after its time had been sealed
    PASSED_OVER = "passed_over"  # not sealed although later events were
    EXPECTED = "expected"  # a hash that was noted before is not in the chain
    UNREADABLE = "unreadable"  # a line of a copy cannot be read, or the copy is cut off
    UNGUARDED = "unguarded"  # the database no longer refuses changes


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where. ``detail`` is a number, name or hash, never a sentence."""

    kind: Kind
    seal_id: int | None = None
    event_id: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """What a check found. ``more`` counts findings beyond those listed."""

    seals: int
    events: int
    unsealed: int
    oldest_unsealed_at: datetime | None
    last: SealCopy | None
    findings: tuple[Finding, ...]
    more: int

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.findings


class Check:
    """Takes seals in order with their events, then what is unsealed, and reports.

    ``expect`` are hashes noted earlier, whole or at least their first 16 characters.
    """

    def __init__(self, expect: Sequence[str] = ()) -> None:
        self._wanted = {_noted(text) for text in expect}
        self._findings: list[Finding] = []
        self._more = 0
        self._seals = self._events = self._unsealed = 0
        self._oldest: datetime | None = None
        self._last: SealCopy | None = None
        self._drained_at: datetime | None = None

    def seal(self, seal: SealCopy, events: Sequence[EventCopy]) -> None:
        """The next seal, with every event that it lists or that claims it."""
        previous = self._last
        if seal.previous_hash != (previous.hash if previous else GENESIS):
            self.found(Kind.CHAIN, seal.id, detail="previous_hash")
        if seal.hash != seal_hash(seal.previous_hash, seal.sealed_at, seal.entries):
            self.found(Kind.CHAIN, seal.id, detail="hash")
        if previous and seal.sealed_at < previous.sealed_at - GRACE:
            self.found(Kind.BACKDATED, seal.id)
        self._wanted = {text for text in self._wanted if not seal.hash.startswith(text)}
        self._compare(seal, events)
        if len(seal.entries) < BATCH and (self._drained_at is None or seal.sealed_at > self._drained_at):
            self._drained_at = seal.sealed_at
        self._seals += 1
        self._last = seal

    def unsealed(self, event: EventCopy) -> None:
        """An event no seal covers yet."""
        self._unsealed += 1
        self._events += 1
        self._content(event)
        if self._after_its_time(event):
            self.found(Kind.PASSED_OVER, event_id=event.id)
        if event.at is not None and (self._oldest is None or event.at < self._oldest):
            self._oldest = event.at

    def found(
        self, kind: Kind, seal_id: int | None = None, event_id: int | None = None, detail: str = ""
    ) -> None:
        """Note a finding."""
        if len(self._findings) < SHOWN:
            self._findings.append(Finding(kind, seal_id, event_id, detail))
        else:
            self._more += 1

    def report(self) -> Report:
        """The result, once everything was handed in."""
        for text in sorted(self._wanted):
            self.found(Kind.EXPECTED, detail=text)
        self._wanted = set()
        return Report(
            self._seals,
            self._events,
            self._unsealed,
            self._oldest,
            self._last,
            tuple(self._findings),
            self._more,
        )

    def _compare(self, seal: SealCopy, events: Sequence[EventCopy]) -> None:
        there = {event.id: event for event in events}
        listed = dict(seal.entries)
        sealed_digests = set(listed.values())
        if len(listed) != len(seal.entries):
            self.found(Kind.CHAIN, seal.id, detail="entries")
        for event_id, sealed_digest in listed.items():
            event = there.get(event_id)
            if event is None:
                self.found(Kind.MISSING, seal.id, event_id)
                continue
            if event.seal_id != seal.id:
                self.found(Kind.FOREIGN, seal.id, event_id)
                continue
            self._events += 1
            if event.digest == sealed_digest:
                if self._content(event) and self._after_its_time(event):
                    self.found(Kind.BACKDATED, seal.id, event_id)
            elif event.digest in sealed_digests:
                self.found(Kind.SWAPPED, seal.id, event_id)
            else:
                self.found(Kind.ALTERED, seal.id, event_id)
        for event in events:
            if event.id not in listed:
                self._events += 1
                self.found(Kind.FOREIGN, seal.id, event.id)

    def _content(self, event: EventCopy) -> bool:
        try:
            says = digest(
                at=event.at,
                happened_at=event.happened_at,
                actor=event.actor,
                actor_name=event.actor_name,
                verb=event.verb,
                noun=event.noun,
                key=event.key,
                data=event.data,
            )
        except (AttributeError, TypeError, ValueError):  # not even a moment stands there any more
            says = ""
        if says != event.digest:
            self.found(Kind.ALTERED, event.seal_id, event.id)
            return False
        return True

    def _after_its_time(self, event: EventCopy) -> bool:
        """An earlier seal, which took all there was, was made well after this event's time."""
        return self._drained_at is not None and event.at is not None and event.at < self._drained_at - GRACE


def _noted(text: str) -> str:
    """A hash as people copy it: spaces and capitals do not matter.

    Raises: ValueError when it is too short to mean anything, or not a hash.
    """
    plain = "".join(text.split()).replace("-", "").lower()
    if not 16 <= len(plain) <= 64 or set(plain) - set("0123456789abcdef"):
        raise ValueError(text)
    return plain
