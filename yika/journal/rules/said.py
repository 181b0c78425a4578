"""Events and seals as plain values: what is checked is the same whether it comes from rows or a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Entry = tuple[int, str]
"""An event's id and digest, as a seal lists them."""


@dataclass(frozen=True, slots=True)
class EventCopy:
    """What an event says, its digest, and the seal it claims."""

    id: int
    at: datetime
    happened_at: datetime
    actor: str
    actor_name: str
    verb: str
    noun: str
    key: str
    data: Any
    digest: str
    seal_id: int | None


@dataclass(frozen=True, slots=True)
class SealCopy:
    """What a seal says."""

    id: int
    sealed_at: datetime
    entries: tuple[Entry, ...]
    previous_hash: str
    hash: str
