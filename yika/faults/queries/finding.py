"""Finding faults by words: of their own, and of their place, device and technician."""

from collections.abc import Iterator
from functools import cache
from itertools import chain

from django.db.models import Q
from django.utils import translation

from yika.assets.queries import devices_called, places_called
from yika.faults.models import Fault, FaultRows, FaultWords, Symptom
from yika.lib.grams import named, phrase, sought
from yika.people.queries import called

FEW = 1000
_LONGEST_NUMBER = 15


def numbered(word: str) -> int | None:
    """The key a word can mean: g000123 and 123 are the same fault."""
    digits = word.removeprefix("g")
    return int(digits) if digits.isdecimal() and len(digits) < _LONGEST_NUMBER else None


def matching(text: str) -> Q:
    """Faults with every word of a text in number, symptom, reports, place, device or technician's name.

    A word that few faults have is answered by their keys, whatever the order of the list; one that many
    have by looking at row after row in that order, which meets the first page soon.
    """
    conditions, terms = Q(), [term for term in sought(text) if len(term) > 1 or numbered(term) is not None]
    if not terms:
        return Q(pk__in=[])
    for term in terms:
        word = _Word(term)
        few = word.few()
        conditions &= word.anywhere() if few is None else Q(pk__in=few)
    return conditions


def found(rows: FaultRows, text: str, limit: int) -> list[Fault]:
    """The latest faults for a text among those given; the one with that number first."""
    terms = sought(text)
    number = numbered(terms[0]) if len(terms) == 1 else None
    exact = [] if number is None else list(rows.filter(pk=number))
    latest = rows.filter(matching(text)).order_by("-id")[:limit]
    return [*exact, *(fault for fault in latest if fault not in exact)][:limit]


class _Word:
    """One word somebody looks for, and the keys of the few things that are called so."""

    def __init__(self, term: str) -> None:
        self.term = term
        self.about: list[Q] = []
        if len(term) > 1:
            things = (
                ("place", places_called(term)),
                ("device", devices_called(term)),
                ("technician", called(term)),
            )
            for field, keys in things:
                some = list(keys[: FEW + 1])
                if len(some) > FEW:
                    self.about.append(Q(**{f"{field}__in": keys}))
                elif some:
                    self.about.append(Q(**{f"{field}__in": some}))
            symptoms = [code for code, words in _symptoms() if any(term in word for word in words)]
            if symptoms:
                self.about.append(Q(symptom__in=symptoms))
        number = numbered(term)
        if number is not None:
            self.about.append(Q(pk=number))

    def few(self) -> list[int] | None:
        """The keys of all faults with the word; None when there are more than a few."""
        keys: set[int] = set()
        for some in self._keys():
            keys |= some
            if len(keys) > FEW:
                return None
        return sorted(keys)

    def _keys(self) -> Iterator[set[int]]:
        for about in self.about:
            yield set(Fault.objects.filter(about).order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(self.term) > 1:
            own = FaultWords.objects.filter(grams__has=self.term).order_by()
            yield set(own.values_list("pk", flat=True)[: FEW + 1])

    def anywhere(self) -> Q:
        """A condition to be judged row by row."""
        condition = Q(words__grams__contains=phrase(self.term))
        for about in self.about:
            condition |= about
        return condition


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
