"""One canonical spelling of events and seals, so that both parties compute the same hashes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from yika.journal.rules.said import Entry

GENESIS = "0" * 64
"""What stands before the first seal."""

BATCH = 500
"""Events a seal holds at most; a seal with fewer says that nothing else was waiting."""

GRACE = timedelta(minutes=10)
"""Longer than any transaction runs between reading the clock and committing."""


def digest(
    *,
    at: datetime,
    happened_at: datetime,
    actor: str,
    actor_name: str,
    verb: str,
    noun: str,
    key: str,
    data: Any,
) -> str:
    """SHA-256 of everything an event says."""
    return _sha256([_utc(at), _utc(happened_at), actor, actor_name, verb, noun, key, data])


def seal_hash(previous_hash: str, sealed_at: datetime, entries: Sequence[Entry]) -> str:
    """SHA-256 of the seal before, the time of sealing and every event's id and digest."""
    return _sha256([previous_hash, _utc(sealed_at), [list(entry) for entry in entries]])


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Data as every database gives it back: texts, whole numbers, yes and no, nothing, lists, tables.

    Raises: TypeError naming the key for anything else. Fractions are refused because databases spell
    them differently; they go in as text, as moments and decimals do.
    """
    return {_text(name, name): _plain(value, name) for name, value in data.items()}


def _plain(value: Any, name: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return _text(value, name)
    if isinstance(value, Mapping):
        return {_text(key, f"{name}.{key}"): _plain(item, f"{name}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, name) for item in value]
    raise TypeError(f"journal data {name!r}: {type(value).__name__} is not plain JSON; give it as text")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"journal data {name!r}: keys are text")
    if "\x00" in value:
        raise TypeError(f"journal data {name!r}: no database keeps a zero character")
    return str.__str__(value)


def _utc(at: datetime) -> str:
    if at.tzinfo is None:
        raise TypeError("moments in the journal carry their time zone")
    return at.astimezone(UTC).isoformat()


def _sha256(said: list[Any]) -> str:
    spelled = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()
