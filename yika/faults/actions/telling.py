"""Who is told what about a fault. Stored words are the office's own, whoever acts in which language."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from yika.faults.models import Fault, Symptom
from yika.lib.ready import Ready
from yika.notices.actions import tell
from yika.notices.words import Value
from yika.people.models import User
from yika.people.rules import Role

_SYMPTOMS: dict[str, Promise] = dict(Symptom.choices)
NOTE_SHOWN = 80  # characters of a note in a notice's subject


def office_words() -> AbstractContextManager[None]:
    """Inside, translated words come out in the language the record is kept in."""
    return override(settings.LANGUAGE_CODE)


def in_office_words(words: Promise) -> str:
    """Lazy words as the record keeps them."""
    with office_words():
        return str(words)


def tell_desk(fault: Fault, words: Promise, *, at: datetime, urgent: bool = True, **values: Any) -> None:
    """The vendor's dispatchers and managers."""
    tell_people(_desk(fault.contract.vendor_id), fault, words, at=at, urgent=urgent, **values)


_desk = Ready(  # every report goes this way
    lambda vendor: (
        User.objects.active()
        .filter(organisation=vendor, role__in=(Role.DISPATCHER, Role.MANAGER))
        .only("email", "is_active")
    )
)


def tell_office(fault: Fault, words: Promise, *, at: datetime, **values: Any) -> None:
    """The Office's supervisors."""
    office = User.objects.active().filter(organisation=fault.contract.office_id, role=Role.OFFICE)
    tell_people(office, fault, words, at=at, **values)


def tell_people(
    people: Iterable[User],
    fault: Fault,
    words: Promise,
    *,
    at: datetime,
    url: str = "",
    urgent: bool = False,
    **values: Value,
) -> None:
    """Some people. ``words`` is lazy, with places for number, where, symptom and ``values``."""
    symptom = _SYMPTOMS.get(fault.symptom, fault.symptom)
    known = {"number": fault.number, "where": fault.spot, "symptom": symptom}
    if isinstance(note := values.get("note"), str):
        values["note"] = note.strip()[:NOTE_SHOWN]
    said = known | values
    tell(people, words, said, at=at, url=url or f"/faults/{fault.pk}/", urgent=urgent)
