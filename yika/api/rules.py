"""Tokens, scopes, limits and signatures, by arithmetic alone."""

import hashlib
import hmac
import json
import re
from collections import deque
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from yika.people.rules import HOLDERS, Right, Role

PREFIX = "yika_"
SHOWN = 8  # letters of the secret by which its owner knows it again
TOKEN = re.compile(r"yika_[A-Za-z0-9_-]{43}", re.ASCII)
LONGEST_DAYS = 366
TOKENS = 20  # that one person may have at a time
SEEN_EVERY = timedelta(minutes=1)
KEPT_KEYS = timedelta(days=7)
KEPT_DELIVERIES = timedelta(days=30)


class Scope(StrEnum):
    """What a token may be used for, within what its owner may do."""

    READ = "read"  # everything its owner sees, personal data masked
    REPORT = "report"  # take reports
    WORK = "work"  # accept, arrive, wait, restore, feed back, log, classify, ask
    DESK = "desk"  # dispatch, merge, close, call off, reopen, claim exemptions
    DECIDE = "decide"  # what the Office rules
    PERSONAL = "personal"  # a reporter's name and phone in full, with a reason
    JOURNAL = "journal"  # events, and the copy of the journal


# A scope is offered to who holds any of its rights; READ to everybody.
RIGHTS: dict[Scope, frozenset[Right]] = {
    Scope.READ: frozenset(),
    Scope.REPORT: frozenset({Right.TAKE_REPORTS}),
    Scope.WORK: frozenset({Right.WORK}),
    Scope.DESK: frozenset({Right.DISPATCH, Right.CALL_OFF, Right.REOPEN}),
    Scope.DECIDE: frozenset({Right.RULE_CLASS}),
    Scope.PERSONAL: frozenset({Right.REVEAL_PERSONAL_DATA}),
    Scope.JOURNAL: frozenset({Right.READ_JOURNAL}),
}


def offered(role: Role) -> list[Scope]:
    """The scopes that mean anything for a role."""
    return [
        scope for scope, rights in RIGHTS.items() if not rights or any(role in HOLDERS[r] for r in rights)
    ]


def digest_of(secret: str) -> str:
    """What is kept of a token: it has 256 bits of its own, so one SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def body_digest(path: str, body: bytes) -> str:
    """What an idempotency key stands for: the path and the values of the body, however they are written."""
    try:
        plain = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
    except ValueError:
        plain = body.decode("utf-8", "replace")
    return hashlib.sha256(f"{path}\n{plain}".encode("utf-8", "surrogatepass")).hexdigest()


class Window:
    """A sliding window of one minute for each key, in the memory of one process."""

    SECONDS = 60.0

    def __init__(self) -> None:
        self._used: dict[int, deque[float]] = {}

    def wait(self, key: int, limit: int, now: float) -> float:
        """Count one use; 0 if it is within the limit, else the seconds until the next one may be.

        A refused use does not count. ``now`` is monotonic. Units: seconds.
        """
        if limit <= 0:
            return 0.0
        used = self._used.setdefault(key, deque())
        while used and used[0] <= now - self.SECONDS:
            used.popleft()
        if len(used) >= limit:
            return used[0] + self.SECONDS - now
        used.append(now)
        return 0.0


# Webhooks

GIVE_UP_AFTER = timedelta(days=1)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120, 180, 240, 360, 390))
"""Between the attempts of one delivery; the last falls within the day."""

MOST_ATTEMPTS = 30
LEASE = timedelta(minutes=2)
"""A delivery taken by a worker that dies is tried again after so long."""

FOLLOWED = ("faults.", "commitments.")
SECRET_EVENTS = frozenset({"faults.reveal"})


def followed(verbs: Collection[str]) -> list[str]:
    """The verbs of the journal that a webhook may ask for."""
    return sorted(verb for verb in verbs if verb.startswith(FOLLOWED) and verb not in SECRET_EVENTS)


def next_attempt(first_at: datetime, attempts: int, at: datetime) -> datetime | None:
    """When to try again after so many attempts; None when the day is over."""
    following = at + PAUSES[min(attempts, len(PAUSES)) - 1]
    return following if following - first_at <= GIVE_UP_AFTER else None


def rest_after(failures: int) -> timedelta:
    """How long a receiver that failed so often in a row is left alone: 1, 2, 4, … 30 minutes."""
    return timedelta(minutes=min(2 ** (min(failures, 6) - 1), 30))


def written(payload: dict[str, Any]) -> bytes:
    """A payload as it is signed and sent."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over "<timestamp>.<body>", in hexadecimal."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def may_call(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is http(s) and its host (with port, unless the usual one) is on the list.

    Names only, and nothing but the list decides: who keeps it answers for what the names lead to.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    if usual is None or not parts.hostname or parts.username is not None or parts.password is not None:
        return False
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return False
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    named = f"{host}:{port}" if port is not None and port != usual else host
    return named.lower() in {one.lower() for one in hosts}
