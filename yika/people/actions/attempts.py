"""Counting tries at what is limited: sign-ins, public reports."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from yika.people.models import Attempt
from yika.people.rules import Limit


@dataclass(frozen=True)
class Pass:
    """Whether a try may go on; true in a condition. ``free_at`` says when the next one may, if not."""

    attempt_id: int | None
    free_at: datetime | None

    def __bool__(self) -> bool:
        return self.free_at is None


def attempt_allowed(kind: str, key: str, limit: int, window_s: int, at: datetime) -> Pass:
    """Count one try and say whether it is within so many per sliding window. A refused try does not count.

    The try is written before the tries are counted, so that of many at once no more than the limit
    pass, without a lock. Call it before a transaction, not inside one that may be rolled back.
    """
    allowed = Limit(limit, timedelta(seconds=window_s))
    mine = Attempt.objects.create(kind=kind, key=_digest(kind, key), at=at)
    others = Attempt.objects.filter(kind=kind, key=mine.key, at__gt=at - allowed.window).exclude(pk=mine.pk)
    free_at = allowed.free_at(list(others.order_by("-at").values_list("at", flat=True)[:limit]), at)
    if free_at is not None:
        mine.delete()
        return Pass(None, free_at)
    return Pass(mine.pk, None)


def forget_attempt(granted: Pass) -> None:
    """Take one try back: it succeeded and does not count."""
    Attempt.objects.filter(pk=granted.attempt_id or 0).delete()


def forget_attempts(kind: str, key: str) -> None:
    """Begin to count from nought."""
    Attempt.objects.filter(kind=kind, key=_digest(kind, key)).delete()


def _digest(kind: str, key: str) -> str:
    return hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()
