"""Putting messages into the outbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yika.notices.models import Notice
from yika.people.models import User


@dataclass(frozen=True)
class Message:
    """What is said to some people, each told once. ``url`` is the path of the page to act on."""

    people: Sequence[User]
    subject: str
    url: str = ""
    body: str = ""
    urgent: bool = False


def tell(
    people: Iterable[User], subject: str, *, at: datetime, url: str = "", body: str = "", urgent: bool = False
) -> list[Notice]:
    """One notice for each active person, once each, in the running transaction."""
    return tell_all([Message(list(people), subject, url, body, urgent)], at=at)


def tell_all(messages: Iterable[Message], *, at: datetime) -> list[Notice]:
    """Many messages in one statement, for jobs that handle a batch."""
    return Notice.objects.bulk_create(
        Notice(
            to=person,
            subject=message.subject[:160],
            body=message.body,
            url=message.url,
            urgent=message.urgent,
            at=at,
            send_after=at if person.email else None,
        )
        for message in messages
        for person in {person.pk: person for person in message.people if person.is_active}.values()
    )
