"""Finding faults by words: of their own, and of their place, device and technician."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from itertools import chain

from django.db.models import Q
from django.utils import translation

from yika.assets.queries import devices_called, places_called
from yika.faults.models import Fault, FaultRows, FaultWords, Symptom
from yika.lib.grams import named, phrase, sought, words
from yika.lib.numbers import digits_of, meant
from yika.lib.search import keyed
from yika.people.queries import called

FEW = 1000
LATELY = (5_000, 50_000)  # faults
MARK = "g"


def numbered(word: str) -> int | None:
    """The key a word can mean: g000123 and 123 are the same fault."""
    digits = digits_of(word, MARK)
    return int(digits) if digits else None


def matching(text: str) -> Q:
    """Faults with every word of a text in number, symptom, reports, place, device or technician's name.

    A way in which few faults have a word is answered by their keys, whatever the order of the list; one in
    which many have it by looking at row after row in that order, which meets the first page soon.
    """
    return _all(_each(text))


def found(rows: FaultRows, text: str, limit: int) -> list[Fault]:
    """The latest faults for a text among those given; the one with that number first, and before what only
    speaks of such a number those whose number it begins.
    """
    terms = _numbers(text)
    if len(sought(text)) == 1 and terms:
        term = terms[0]
        exact = list(rows.filter(pk=int(digits_of(term, MARK))))
        if term.startswith(MARK):
            begun = [
                fault for stretch in meant(term, MARK, _last()) for fault in _within(rows, stretch, limit)
            ]
            exact += sorted(set(begun) - set(exact), key=lambda fault: -fault.pk)
            if len(exact) >= limit:
                return exact[:limit]
    else:
        exact = []
    latest_of_all = _latest(rows, _each(text), limit)
    return [*exact, *(fault for fault in latest_of_all if fault not in exact)][:limit]


def _within(rows: FaultRows, stretch: range, limit: int) -> list[Fault]:
    """The latest of the rows whose key is in a stretch: among the latest keys, which mostly have enough."""
    rows, within = rows.order_by("-id"), keyed(stretch)
    keys = list(Fault.objects.filter(within).order_by("-pk").values_list("pk", flat=True)[:FEW])
    found = list(rows.filter(pk__in=keys)[:limit])
    return found if len(found) == limit or len(keys) < FEW else list(rows.filter(within)[:limit])


def _numbers(text: str) -> list[str]:
    """The words of a text that can be a number or a part of one; 4.2.2 and 10.0.0.1 are none."""
    typed = set(words(text.replace(".", " ")))
    return [term for term in sought(text) if term in typed and digits_of(term, MARK)]


def _last() -> int:
    # not Max, for which SQLite reads a whole index
    return Fault.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _latest(rows: FaultRows, words: list["_Had"], limit: int) -> list[Fault]:
    """The latest faults with all words. Where many have each, they are looked for among the latest of all
    first; if too few have all of them there, the database does best without an order.
    """
    rows, conditions = rows.order_by("-id"), _all(words)
    if not all(word.many for word in words):
        return list(rows.filter(conditions)[:limit])
    last = _last()
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
    numbers = _numbers(text)
    last = _last() if numbers else 0
    return [
        _had(term, meant(term, MARK, last) if term in numbers else [])
        for term in sought(text)
        if len(term) > 1 or term in numbers
    ]


def _had(term: str, stretches: list[range]) -> _Had:
    few: set[int] = set()
    many = Q()
    for stretch in stretches:
        if len(stretch) > FEW:
            many |= keyed(stretch)
        else:
            few |= set(stretch)
    if len(term) < 2:
        return _Had(frozenset(few), many)
    for way in _ways(term):
        keys = set(Fault.objects.filter(way).order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(keys) > FEW:
            many |= way
        else:
            few |= keys
    own = FaultWords.objects.filter(grams__has=term).order_by()
    keys = set(own.values_list("pk", flat=True)[: FEW + 1])
    if len(keys) > FEW:
        many |= Q(words__grams__contains=phrase(term))
    else:
        few |= keys
    return _Had(frozenset(few), many)


def _ways(term: str) -> Iterator[Q]:
    """What a fault can have a word by, besides its number and its own reports."""
    things = (("place", places_called(term)), ("device", devices_called(term)), ("technician", called(term)))
    for field, keys in things:
        some = list(keys[: FEW + 1])
        if len(some) > FEW:
            yield Q(**{f"{field}__in": keys})
        elif some:
            yield Q(**{f"{field}__in": some})
    symptoms = [code for code, said in _symptoms() if any(term in word for word in said)]
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
