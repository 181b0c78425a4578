"""Putting messages into the outbox, and reading them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise

from yika.lib.bulk import Row, insert
from yika.lib.decisions import NotAllowed
from yika.notices.models import Notice
from yika.notices.words import Value, in_office_words, kept
from yika.people.models import User


@dataclass(frozen=True)
class Message:
    """What is said to some people, each told once.

    ``words`` are lazy, with places for ``values``. They name things, not people: they leave by e-mail.
    ``url`` is a path of this site.
    """

    people: Sequence[User]
    words: Promise
    values: Mapping[str, Value]
    url: str = ""
    urgent: bool = False


def tell(
    people: Iterable[User],
    words: Promise,
    values: Mapping[str, Value],
    *,
    at: datetime,
    url: str = "",
    urgent: bool = False,
) -> None:
    """One notice for each active person, once each, in the running transaction."""
    tell_all([Message(list(people), words, values, url, urgent)], at=at)


def tell_all(messages: Sequence[Message], *, at: datetime) -> None:
    """Many messages in one statement, for jobs that handle a batch."""
    assert all(not m.url or (m.url.startswith("/") and not m.url.startswith("//")) for m in messages)
    rows: list[Row] = []
    for message in messages:
        people = {person.pk: person for person in message.people if person.is_active}
        if not people:
            continue
        said = kept(message.words, message.values)
        told = (in_office_words(said)[:160], json.dumps(said, ensure_ascii=False))
        for key, person in people.items():
            mail_at = at if person.email and settings.EMAIL_HOST else None
            rows.append((key, *told, message.url, message.urgent, at, mail_at, 0, ""))
    insert(
        Notice,
        ("to", "subject", "kept", "url", "urgent", "at", "send_after", "attempts", "error"),
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
