"""Putting messages into the outbox."""

from collections.abc import Iterable
from datetime import datetime

from yika.notices.models import Notice
from yika.people.models import User


def tell(
    people: Iterable[User], subject: str, *, at: datetime, url: str = "", body: str = "", urgent: bool = False
) -> list[Notice]:
    """One notice for each active person, once each, in the running transaction."""
    unique = {person.pk: person for person in people if person.is_active}
    return Notice.objects.bulk_create(
        Notice(
            to=person,
            subject=subject[:160],
            body=body,
            url=url,
            urgent=urgent,
            at=at,
            send_after=at if person.email else None,
        )
        for person in unique.values()
    )
