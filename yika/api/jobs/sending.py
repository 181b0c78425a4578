"""From a delivery to its receiver: signed, never redirected, tried for a day."""

import http.client
import ssl
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from yika.api.models import Delivery, Webhook
from yika.api.rules import LEASE, MOST_ATTEMPTS, may_call, next_attempt, rest_after, signature, written
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.locking import claim

TIMEOUT = 5.0  # seconds for each step of a call
LONGEST_CALL = 10.0  # seconds for the whole of it
MOST_READ = 1024  # bytes of an answer


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or 0 and why nothing did."""

    status: int
    error: str = ""

    @property
    def ok(self) -> bool:
        """Any 2xx."""
        return 200 <= self.status < 300


def send_one(at: datetime) -> bool:
    """Send one delivery that is due, if there is one; nothing leaves inside a transaction.

    The next attempt is set before the call, so that a worker that dies in it loses nothing; the receiver
    knows a repeat by the delivery's key.
    """
    delivery = _take(at)
    if delivery is None:
        return False
    began = time.monotonic()
    answer = _call(delivery, at)
    _note(delivery, answer, int((time.monotonic() - began) * 1000), at)
    return True


def _take(at: datetime) -> Delivery | None:
    """Claim the first delivery due, in order of its webhook's events, and lease it."""
    resting = Webhook.objects.filter(pk=OuterRef("webhook_id"), rests_until__gt=at)
    with transaction.atomic():
        due = Delivery.objects.filter(due_at__lte=at).exclude(Exists(resting)).order_by("due_at", "id")
        delivery = claim(due)
        if delivery is None:
            return None
        delivery.due_at = at + LEASE
        delivery.tried += 1
        delivery.save(update_fields=["due_at", "tried"])
    return Delivery.objects.select_related("webhook", "event").get(pk=delivery.pk)


def payload(delivery: Delivery) -> dict[str, Any]:
    """What a receiver is told: the event, and where to read on."""
    event = delivery.event
    return {
        "delivery": str(delivery.key),
        "event": event.verb,
        "event_id": event.pk,
        "at": clock.campus(event.at).isoformat(),
        "happened_at": clock.campus(event.happened_at).isoformat(),
        "by": {"key": event.actor, "name": event.actor_name},
        "about": {"noun": event.noun, "key": event.key, "url": _address(event)},
        "data": event.data,
    }


def _address(event: Event) -> str | None:
    paths = {"fault": "faults", "commitment": "commitments"}
    return f"{settings.ORIGIN}/api/v1/{paths[event.noun]}/{event.key}" if event.noun in paths else None


def _call(delivery: Delivery, at: datetime) -> Answer:
    """One POST. A redirect is an answer like any other: not 2xx."""
    url = delivery.webhook.url
    if not may_call(url, settings.WEBHOOK_HOSTS):
        return Answer(0, "主机不在允许之列 / the host is not allowed")
    body = written(payload(delivery))
    timestamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Yika-Webhook/1",
        "Yika-Delivery": str(delivery.key),
        "Yika-Event": delivery.event.verb,
        "Yika-Timestamp": str(timestamp),
        "Yika-Signature": f"sha256={signature(delivery.webhook.secret, timestamp, body)}",
    }
    try:
        return Answer(_post(url, body, headers))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(0, f"{type(error).__name__}: {error}"[:200])


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of an answer. Raises: OSError, HTTPException."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = (
        http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
    )
    began = time.monotonic()
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        if time.monotonic() - began < LONGEST_CALL:
            response.read1(MOST_READ)
        return response.status
    finally:
        connection.close()


def _note(delivery: Delivery, answer: Answer, took_ms: int, at: datetime) -> None:
    """Write down what came back, and when to try again."""
    attempt = {"at": at.isoformat(), "status": answer.status, "error": answer.error, "ms": took_ms}
    with transaction.atomic():
        hook = Webhook.objects.filter(pk=delivery.webhook_id)
        row = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
        row.attempts = [*row.attempts, attempt][-MOST_ATTEMPTS:]
        if row.state != Delivery.State.WAITING and not answer.ok:  # the webhook was paused meanwhile
            row.save(update_fields=["attempts"])
            return
        if answer.ok:
            row.state, row.due_at, row.delivered_at = Delivery.State.DELIVERED, None, at
            hook.filter(~Q(failures=0)).update(failures=0, rests_until=None)
        else:
            row.due_at = next_attempt(row.first_at, row.tried, at)
            if row.due_at is None:
                row.state = Delivery.State.GIVEN_UP
            failures = delivery.webhook.failures + 1
            pause: timedelta = rest_after(failures)
            hook.update(failures=F("failures") + 1, rests_until=at + pause)
        row.save(update_fields=["attempts", "state", "due_at", "delivered_at"])
