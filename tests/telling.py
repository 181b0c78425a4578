"""Notices that say what a test wants."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy

from yika.notices.actions import tell
from yika.people.models import User


def say(people: Iterable[User], text: str, *, at: datetime, url: str = "", urgent: bool = False) -> None:
    tell(people, gettext_lazy("%(text)s"), {"text": text}, at=at, url=url, urgent=urgent)
