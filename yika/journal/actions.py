"""Writing the journal and sealing it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction

from yika.journal.models import Event, Seal
from yika.journal.rules import BATCH, GENESIS, digest, plain, seal_hash
from yika.lib.bulk import insert

_waiting: ContextVar[list[Event] | None] = ContextVar("waiting", default=None)


class Actor(Protocol):
    """Who acts: a person signed in, or a named part of the system."""

    @property
    def actor_key(self) -> str: ...

    @property
    def actor_name(self) -> str: ...


def record(
    verb: str,
    about: tuple[str, object],
    *,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    **data: Any,
) -> Event:
    """Write one event into the running transaction.

    ``verb`` is "<app>.<verb>", ``about`` the noun and key of the thing. Values in ``data`` are plain
    JSON without fractions; moments and decimals go in as text.
    """
    said = event(verb, about, by=by, at=at, happened_at=happened_at, **data)
    record_all([said])
    return said


@contextmanager
def together() -> Iterator[None]:
    """What is recorded inside goes in as one statement when the block ends; nothing if it fails.

    For an action that records several events. The block stands inside the action's transaction and holds
    no savepoint that may fail on its own.
    """
    assert _waiting.get() is None, "together() does not nest"
    waiting: list[Event] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    record_all(waiting)


def event(
    verb: str,
    about: tuple[str, object],
    *,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    **data: Any,
) -> Event:
    """An event with its digest, not yet written: for ``record_all``."""
    said = Event(
        at=at,
        happened_at=happened_at or at,
        actor=by.actor_key,
        actor_name=by.actor_name,
        verb=verb,
        noun=about[0],
        key=str(about[1]),
        data=plain(data),
    )
    said.digest = digest(
        at=said.at,
        happened_at=said.happened_at,
        actor=said.actor,
        actor_name=said.actor_name,
        verb=said.verb,
        noun=said.noun,
        key=said.key,
        data=said.data,
    )
    return said


def record_all(events: Sequence[Event]) -> None:
    """Write many events into the running transaction at once."""
    assert connection.in_atomic_block, "record() only inside the action's transaction"
    waiting = _waiting.get()
    if waiting is not None:
        waiting.extend(events)
        return
    insert(
        Event,
        ("at", "happened_at", "actor", "actor_name", "verb", "noun", "key", "data", "digest", "seal"),
        [
            (
                *(said.at, said.happened_at, said.actor, said.actor_name, said.verb, said.noun, said.key),
                *(json.dumps(said.data), said.digest, said.seal_id),
            )
            for said in events
        ],
    )


def seal(*, at: datetime) -> int:
    """Close one batch of unsealed events; how many it holds.

    Events are taken in order of id; one whose transaction commits late falls into a later batch.
    The last seal is read before the events, so that whoever lost a race fails on ``previous_hash``.
    """
    try:
        with transaction.atomic():
            last = Seal.objects.order_by("-id").values_list("hash", flat=True).first() or GENESIS
            entries = list(
                Event.objects.filter(seal__isnull=True).order_by("id").values_list("id", "digest")[:BATCH]
            )
            if not entries:
                return 0
            made = Seal.objects.create(
                sealed_at=at,
                entries=[list(entry) for entry in entries],
                previous_hash=last,
                hash=seal_hash(last, at, entries),
            )
            Event.objects.filter(id__in=[key for key, _ in entries], seal__isnull=True).update(seal=made)
            return len(entries)
    except IntegrityError:  # another worker has just sealed these
        if not Seal.objects.filter(previous_hash=last).exists():
            raise
        return 0


def take_copy(*, by: Actor, at: datetime) -> None:
    """Put on record that somebody took a copy of the journal out."""
    with transaction.atomic():
        record("journal.take_copy", ("journal", "copy"), by=by, at=at)


def take_list(what: str, *, form: str, rows: int, filters: Sequence[str], by: Actor, at: datetime) -> None:
    """Put on record that somebody took a list out as a file. Source: 5.2."""
    with transaction.atomic():
        about = ("list", what)
        record("journal.take_list", about, by=by, at=at, list=what, form=form, rows=rows, filters=[*filters])
