"""What places and devices are found by, written by whoever changes it, in the same transaction."""

from collections.abc import Iterable, Iterator

from django.db.models import prefetch_related_objects

from yika.assets.models import Device, DeviceWords, Place, PlaceWords
from yika.lib.grams import document, named, words
from yika.lib.search import renew


def words_of_places(places: Iterable[Place]) -> Iterator[tuple[int, str]]:
    """Each place's key and what it is found by: its name, and that of every place above, with initials."""
    for place in places:
        above, _slash, name = place.full_name.rpartition("/")
        yield place.pk, document(named([name]), named([above]))


def words_of_devices(devices: Iterable[Device]) -> Iterator[tuple[int, str]]:
    """Each device's key and what it is found by. Where it stands is found by the place."""
    kinds: dict[int, list[str]] = {}
    rows = list(devices)
    prefetch_related_objects(rows, "kind", "model")
    for device in rows:
        kind = kinds.get(device.kind_id)
        if kind is None:
            kind = kinds[device.kind_id] = [*named([device.kind.name]), *words(device.kind.name_en)]
        own = (*words(device.number), *words(device.serial), *named([device.model_name]), *kind)
        yield device.pk, document(dict.fromkeys(own))


def index_places(places: Iterable[Place]) -> None:
    """Keep what new, renamed or moved places are found by."""
    renew(PlaceWords, words_of_places(places))


def index_devices(devices: Iterable[Device]) -> None:
    """Keep what new or changed devices are found by."""
    renew(DeviceWords, words_of_devices(devices))
