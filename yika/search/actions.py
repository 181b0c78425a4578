"""Bringing what things are found by in line with the things."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from yika.assets.actions.words import words_of_devices, words_of_places
from yika.assets.models import Device, DeviceWords, Place, PlaceWords
from yika.faults.actions.words import words_of_faults
from yika.faults.models import Fault, FaultWords
from yika.journal.actions import Actor, record
from yika.lib.search import Words, renew
from yika.people.actions.words import words_of_people
from yika.people.models import PersonWords, User

CHUNK = 1000


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is searched: its rows, what they are found by, and where that is kept."""

    name: str
    rows: QuerySet[Any]
    kept: type[Words]
    words_of: Callable[[Iterable[Any]], Iterator[tuple[int, str]]]

    def stretch(self, after: int, size: int = CHUNK) -> QuerySet[Any]:
        """Some rows in order of key, behind one key."""
        return self.rows.filter(pk__gt=after).order_by("pk")[:size]

    def wrong(self, rows: Iterable[Model]) -> list[tuple[int, str]]:
        """Of these rows, what they should be found by where something else, or nothing, is kept."""
        due = list(self.words_of(rows))
        kept = dict(
            self.kept._default_manager.filter(pk__in=[pk for pk, _words in due]).values_list("pk", "grams")
        )
        return [(pk, words) for pk, words in due if kept.get(pk, "") != words]


KINDS = (
    Kind("places", Place.objects.all(), PlaceWords, words_of_places),
    Kind("devices", Device.objects.select_related("kind"), DeviceWords, words_of_devices),
    Kind("people", User.objects.all(), PersonWords, words_of_people),
    Kind("faults", Fault.objects.all(), FaultWords, words_of_faults),
)


def rebuild(
    *, by: Actor, at: datetime, progress: Callable[[str, int], object] = lambda kind, done: None
) -> dict[str, int]:
    """Compare what everything is found by with the things themselves, and mend it; how many of each kind.

    A stretch at a time, each in its own transaction, so that work goes on meanwhile.
    """
    mended = {kind.name: _mend(kind, progress) for kind in KINDS}
    with transaction.atomic():
        record(
            "search.rebuild",
            ("search", "index"),
            by=by,
            at=at,
            places=mended["places"],
            devices=mended["devices"],
            people=mended["people"],
            faults=mended["faults"],
        )
    return mended


def _mend(kind: Kind, progress: Callable[[str, int], object]) -> int:
    mended, after, done = 0, 0, 0
    while True:
        with transaction.atomic():
            rows = list(kind.stretch(after).select_for_update(of=("self",), no_key=True))
            wrong = kind.wrong(rows)
            renew(kind.kept, wrong)
        if not rows:
            return mended
        after, mended, done = rows[-1].pk, mended + len(wrong), done + len(rows)
        progress(kind.name, done)
