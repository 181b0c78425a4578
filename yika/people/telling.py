"""How this room tells people something: the room of notices stands above it and is named in the settings."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from yika.people.models import User


class _Tell(Protocol):
    def __call__(
        self, people: Iterable[User], words: Promise, values: Mapping[str, str], *, at: datetime, url: str
    ) -> object: ...


def tell(
    people: Iterable[User], words: Promise, values: Mapping[str, str], *, at: datetime, url: str
) -> None:
    """One notice for each active person, in the running transaction; ``words`` has places for ``values``."""
    cast("_Tell", import_string(settings.TELL))(people, words, values, at=at, url=url)
