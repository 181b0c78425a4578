"""Finding faults by words: of their own, and of their place, device and technician."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from itertools import chain

from django.db.models import Max, Q
from django.utils import translation

from yika.assets.queries import devices_called, places_called
from yika.faults.models import Fault, FaultRows, FaultWords, Symptom
from yika.lib.grams import named, phrase, sought
from yika.people.queries import called

FEW = 1000
LATELY = (5_000, 50_000)  # faults
_LONGEST_NUMBER = 15


def numbered(word: str) -> int | None:
    """The key a word can mean: g000123 and 123 are the same fault."""
    digits = word.removeprefix("g")
    return int(digits) if digits.isdecimal() and len(digits) < _LONGEST_NUMBER else None


def matching(text: str) -> Q:
    """Faults with every word of a text in number, symptom, reports, place, device or technician's name.

    A way in which few faults have a word is answered by their keys, whatever the order of the list; one in
    which many have it by looking at row after row in that order, which meets the first page soon.
    """
    return _all(_each(text))


def found(rows: FaultRows, text: str, limit: int) -> list[Fault]:
    """The latest faults for a text among those given; the one with that number first."""
    terms = sought(text)
    number = numbered(terms[0]) if len(terms) == 1 else None
    exact = [] if number is None else list(rows.filter(pk=number))
    latest = _latest(rows, _each(text), limit)
    return [*exact, *(fault for fault in latest if fault not in exact)][:limit]


def _latest(rows: FaultRows, words: list["_Had"], limit: int) -> list[Fault]:
    """The latest faults with all words. Where many have each, they are looked for among the latest of all
    first; if too few have all of them there, the database does best without an order.
    """
    rows, conditions = rows.order_by("-id"), _all(words)
    if not all(word.many for word in words):
        return list(rows.filter(conditions)[:limit])
    last = Fault.objects.aggregate(last=Max("pk"))["last"] or 0
    for lately in LATELY:
        latest = list(rows.filter(conditions, pk__gt=last - lately)[:limit])
        if len(latest) == limit or lately >= last:
            return latest
    keys = rows.filter(conditions).order_by().values_list("pk", flat=True)
    return list(rows.filter(pk__in=nlargest(limit, list(keys))))


@dataclass(frozen=True)
class _Had:
    """The faults with one word: keys where few have it in some way, a condition where many have it."""

    few: frozenset[int]
    many: Q

    @property
    def condition(self) -> Q:
        """Either way."""
        return self.many | Q(pk__in=sorted(self.few)) if self.few or not self.many else self.many


def _all(words: list[_Had]) -> Q:
    conditions = Q() if words else Q(pk__in=[])
    for word in words:
        conditions &= word.condition
    return conditions


def _each(text: str) -> list[_Had]:
    return [_had(term) for term in sought(text) if len(term) > 1 or numbered(term) is not None]


def _had(term: str) -> _Had:
    few: set[int] = set()
    many = Q()
    for way in _ways(term):
        keys = set(Fault.objects.filter(way).order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(keys) > FEW:
            many |= way
        else:
            few |= keys
    if len(term) > 1:
        own = FaultWords.objects.filter(grams__has=term).order_by()
        keys = set(own.values_list("pk", flat=True)[: FEW + 1])
        if len(keys) > FEW:
            many |= Q(words__grams__contains=phrase(term))
        else:
            few |= keys
    return _Had(frozenset(few), many)


def _ways(term: str) -> Iterator[Q]:
    """What a fault can have a word by, besides its own reports."""
    number = numbered(term)
    if number is not None:
        yield Q(pk=number)
    if len(term) < 2:
        return
    things = (("place", places_called(term)), ("device", devices_called(term)), ("technician", called(term)))
    for field, keys in things:
        some = list(keys[: FEW + 1])
        if len(some) > FEW:
            yield Q(**{f"{field}__in": keys})
        elif some:
            yield Q(**{f"{field}__in": some})
    symptoms = [code for code, words in _symptoms() if any(term in word for word in words)]
    if symptoms:
        yield Q(symptom__in=symptoms)


@cache
def _symptoms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What each symptom is called in both languages, with initials."""

    def labels(language: str) -> list[tuple[str, str]]:
        with translation.override(language):
            return [(choice.value, str(choice.label)) for choice in Symptom]

    both = chain(labels("zh-hans"), labels("en"))
    texts: dict[str, list[str]] = {}
    for code, label in both:
        texts.setdefault(code, []).append(label)
    return tuple((code, tuple(named(found))) for code, found in texts.items())
