"""Putting messages into the outbox, and reading them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yika.lib.bulk import insert
from yika.lib.decisions import NotAllowed
from yika.lib.text import mask_numbers
from yika.notices.models import Notice
from yika.people.models import User


@dataclass(frozen=True)
class Message:
    """What is said to some people, each told once.

    ``url`` is a path of this site. Subject and body name things, not people: they leave by e-mail.
    """

    people: Sequence[User]
    subject: str
    url: str = ""
    body: str = ""
    urgent: bool = False


def tell(
    people: Iterable[User], subject: str, *, at: datetime, url: str = "", body: str = "", urgent: bool = False
) -> None:
    """One notice for each active person, once each, in the running transaction."""
    tell_all([Message(list(people), subject, url, body, urgent)], at=at)


def tell_all(messages: Sequence[Message], *, at: datetime) -> None:
    """Many messages in one statement, for jobs that handle a batch."""
    assert all(not m.url or (m.url.startswith("/") and not m.url.startswith("//")) for m in messages)
    rows = [
        (
            *(person.pk, mask_numbers(message.subject)[:160], mask_numbers(message.body), message.url),
            *(message.urgent, at, at if person.email and settings.EMAIL_HOST else None, 0, ""),
        )
        for message in messages
        for person in {person.pk: person for person in message.people if person.is_active}.values()
    ]
    insert(
        Notice,
        ("to", "subject", "body", "url", "urgent", "at", "send_after", "attempts", "error"),
        rows,
    )


def mark_read(notice: Notice, *, by: User, at: datetime) -> None:
    """Note that a notice was opened; the first time counts."""
    if notice.to_id != by.pk:
        raise NotAllowed
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(user: User, *, by: User, at: datetime) -> int:
    """Note that everything up to now was read; how many."""
    if user.pk != by.pk:
        raise NotAllowed
    return Notice.objects.filter(to=user, read_at__isnull=True, at__lte=at).update(read_at=at)
