"""Writing the journal."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

from yika.journal.models import Event


class Actor(Protocol):
    """Who acts: a person signed in, or a named part of the system."""

    @property
    def actor_key(self) -> str: ...

    @property
    def actor_name(self) -> str: ...


def event(
    verb: str,
    about: tuple[str, object],
    *,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    **data: Any,
) -> Event:
    """One event, digested but not yet written: for jobs that write many at once with ``record_all``.

    ``verb`` is "<app>.<verb>", ``about`` the noun and key of the thing. Values in ``data`` are plain
    JSON; moments and decimals go in as text.
    """
    said = Event(
        at=at,
        happened_at=happened_at or at,
        actor=by.actor_key,
        actor_name=by.actor_name,
        verb=verb,
        noun=about[0],
        key=str(about[1]),
        data=data,
    )
    said.digest = digest(said)
    return said


def record(
    verb: str,
    about: tuple[str, object],
    *,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    **data: Any,
) -> Event:
    """Write one event into the running transaction; the arguments are those of ``event``."""
    said = event(verb, about, by=by, at=at, happened_at=happened_at, **data)
    record_all([said])
    return said


def record_all(events: Sequence[Event]) -> None:
    """Write events into the running transaction."""
    assert connection.in_atomic_block, "record() only inside the action's transaction"
    Event.objects.bulk_create(events)


def digest(event: Event) -> str:
    """SHA-256 of everything an event says, in one canonical spelling."""
    said = [
        event.at.isoformat(),
        event.happened_at.isoformat(),
        event.actor,
        event.actor_name,
        event.verb,
        event.noun,
        event.key,
        event.data,
    ]
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
