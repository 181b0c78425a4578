"""What people are found by, written by whoever changes it, in the same transaction."""

from collections.abc import Iterable, Iterator

from yika.lib.grams import document, named, words
from yika.lib.search import renew
from yika.people.models import PersonWords, User


def words_of_people(people: Iterable[User]) -> Iterator[tuple[int, str]]:
    """Each person's key and what they are found by: the name with its initials; the badge number."""
    for person in people:
        yield person.pk, document(named([person.name]), words(person.badge_number))


def index_people(people: Iterable[User]) -> None:
    """Keep what people with a new or changed card are found by."""
    renew(PersonWords, words_of_people(people))
