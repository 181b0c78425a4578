"""The things that play in the tests, built straight into the database; people are in ``cast``."""

from itertools import count

from yika.assets.actions.kinds import KINDS
from yika.assets.models import Device, DeviceKind, Place
from yika.assets.rules import PAYMENT_TERMINAL, ancestry

CAMPUS = "桂子大学"
_device_numbers = count(1)


# Places and devices


def kind(code: str = PAYMENT_TERMINAL) -> DeviceKind:
    """A device kind by its code, as the product seeds it."""
    name, name_en, is_terminal, skill = next(row[1:] for row in KINDS if row[0] == code)
    known = {"name": name, "name_en": name_en, "is_terminal": is_terminal, "skill": skill.value}
    return DeviceKind.objects.get_or_create(code=code, defaults=known)[0]


def place(path: str = f"{CAMPUS}/一食堂/一楼/豆浆") -> Place:
    """A place by its path, with everything above it."""
    here: Place | None = None
    for full_name in ancestry(path):
        known = {"parent": here, "name": full_name.rpartition("/")[2]}
        here = Place.objects.get_or_create(full_name=full_name, defaults=known)[0]
    assert here
    return here


def device(
    number: str = "", *, at: Place | str | None = None, of: str = PAYMENT_TERMINAL, in_use: bool = True
) -> Device:
    """A device, numbered if no number is given, at a place or path."""
    where = at if isinstance(at, Place) else place(at) if at else place()
    return Device.objects.create(
        number=number or f"T-{next(_device_numbers):05d}", kind=kind(of), place=where, in_use=in_use
    )
