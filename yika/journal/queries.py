"""Reading the journal: timelines for people, one pass over everything for the check."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from yika.journal import guards, telling
from yika.journal.models import Event, Seal
from yika.journal.rules import GRACE, Check, EventCopy, Kind, Report, SealCopy
from yika.journal.sentences import ACTORS
from yika.lib.ready import Ready

SEALS_READ = 200
ENTRIES_READ = 2000
_FIELDS = (
    "id",
    "at",
    "happened_at",
    "actor",
    "actor_name",
    "verb",
    "noun",
    "key",
    "data",
    "digest",
    "seal_id",
)


@dataclass(frozen=True)
class Line:
    """One event as people read it. ``happened_at`` differs from ``at`` when it was entered late."""

    id: int
    at: datetime
    happened_at: datetime
    late: bool
    actor: str
    who: str
    verb: str
    sentence: str
    noun: str
    noun_name: str
    key: str
    sealed: bool


def line(event: Event) -> Line:
    """An event in words."""
    return Line(
        id=event.pk,
        at=event.at,
        happened_at=event.happened_at,
        late=event.is_late,
        actor=event.actor,
        who=telling.actor_name(event),
        verb=event.verb,
        sentence=sentence(event),
        noun=event.noun,
        noun_name=telling.noun_name(event.noun),
        key=event.key,
        sealed=event.seal_id is not None,
    )


def sentence(event: Event) -> str:
    """What an event says, without who and when."""
    return telling.sentence(event)


def timeline(noun: str, key: object, *, limit: int = 500) -> list[Line]:
    """What happened to one thing, the latest first."""
    return timeline_of([(noun, key)], limit=limit)


def timeline_of(about: Iterable[tuple[str, object]], *, limit: int = 500) -> list[Line]:
    """What happened to several things, the latest first, in one query."""
    keys: dict[str, set[str]] = {}
    for noun, key in about:
        keys.setdefault(noun, set()).add(str(key))
    if not keys:
        return []
    asked = [value for noun, its in keys.items() for value in (noun, sorted(its))]
    return [line(event) for event in _latest(limit)(*asked)]


@cache
def _latest(limit: int) -> Ready[Event]:
    """So many events about things, told as noun, keys, noun, keys …; the latest first."""

    def build(*asked: Any) -> QuerySet[Event]:
        wanted = Q()
        for noun, its in zip(asked[::2], asked[1::2], strict=True):
            wanted |= Q(noun=noun, key__in=its)
        return Event.objects.filter(wanted).order_by("-id")[:limit]

    return Ready(build)


def found(
    rows: "QuerySet[Event]",
    *,
    who: str = "",
    noun: str = "",
    key: str = "",
    verb: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> "QuerySet[Event]":
    """Events that answer a search. ``who`` is an actor's key or part of a name; ``until`` is excluded."""
    if who:
        by_key = ":" in who or who in ACTORS
        rows = rows.filter(actor=who) if by_key else rows.filter(actor_name__contains=who)
    for name, value in (("noun", noun), ("key", key), ("verb", verb)):
        if value:
            rows = rows.filter(**{name: value})
    if since:
        rows = rows.filter(at__gte=since)
    return rows.filter(at__lt=until) if until else rows


@dataclass(frozen=True)
class SealState:
    """How far the journal is sealed."""

    last_id: int | None
    last_hash: str
    sealed_at: datetime | None
    oldest_unsealed_at: datetime | None
    behind: bool

    @property
    def groups(self) -> list[str]:
        """The hash in groups of eight, to be copied by hand."""
        return [self.last_hash[start : start + 8] for start in range(0, len(self.last_hash), 8)]


def seal_state(at: datetime) -> SealState:
    """The last seal, and whether events have waited too long for theirs."""
    last = Seal.objects.defer("entries").order_by("-id").first()
    oldest = Event.objects.filter(seal__isnull=True).order_by("id").values_list("at", flat=True).first()
    return SealState(
        last.pk if last else None,
        last.hash if last else "",
        last.sealed_at if last else None,
        oldest,
        oldest is not None and oldest < at - GRACE,
    )


def verify(expect: Sequence[str] = ()) -> Report:
    """Check the whole journal in the database, some thousand events in memory at a time.

    Raises: ValueError when an expected hash is not one.
    """
    check = Check(expect)
    for name in guards.missing(connection):
        check.found(Kind.UNGUARDED, detail=name)
    until = last_seal()
    for seal, events in sealed(until):
        check.seal(seal, events)
    for event in unsealed():
        check.unsealed(event)
    no_seal = Event.objects.filter(seal__isnull=False).filter(
        ~Exists(Seal.objects.filter(pk=OuterRef("seal_id")))
    )
    for key in no_seal.order_by("id").values_list("id", flat=True).iterator():
        check.found(Kind.FOREIGN, event_id=key)
    return check.report()


def last_event() -> int:
    """The key of the latest event."""
    return int(Event.objects.aggregate(last=Max("id"))["last"] or 0)


def last_seal() -> int:
    """Where a pass ends that begins now."""
    return int(Seal.objects.aggregate(last=Max("id"))["last"] or 0)


def sealed(until: int) -> Iterator[tuple[SealCopy, list[EventCopy]]]:
    """Seals in order, each with every event that it lists or that claims it."""
    after = 0
    while seals := list(Seal.objects.filter(id__gt=after, id__lte=until).order_by("id")[:SEALS_READ]):
        after = seals[-1].pk
        batch: list[SealCopy] = []
        size = 0
        for seal in seals:
            copy = seal.copy()
            batch.append(copy)
            size += len(copy.entries)
            if size >= ENTRIES_READ:
                yield from _with_events(batch)
                batch, size = [], 0
        yield from _with_events(batch)


def _with_events(seals: list[SealCopy]) -> Iterator[tuple[SealCopy, list[EventCopy]]]:
    listed = [key for seal in seals for key, _ in seal.entries]
    rows = Event.objects.filter(Q(seal_id__in=[seal.id for seal in seals]) | Q(id__in=listed))
    claimed: dict[int | None, list[EventCopy]] = {}
    by_id: dict[int, EventCopy] = {}
    for row in rows.order_by("id").values_list(*_FIELDS) if seals else ():
        event = EventCopy(*row)
        claimed.setdefault(event.seal_id, []).append(event)
        by_id[event.id] = event
    for seal in seals:
        its = claimed.get(seal.id, [])
        elsewhere = [by_id[key] for key, _ in seal.entries if key in by_id and by_id[key].seal_id != seal.id]
        yield seal, its + elsewhere


def unsealed() -> Iterator[EventCopy]:
    """Events no seal covers yet, in order."""
    after = 0
    rows = Event.objects.filter(seal__isnull=True).order_by("id").values_list(*_FIELDS)
    while batch := [EventCopy(*row) for row in rows.filter(id__gt=after)[:ENTRIES_READ]]:
        after = batch[-1].id
        yield from batch
