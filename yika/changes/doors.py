"""Which app keeps which controlled field: the one table of the doors a consented value goes through."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from yika.addresses import consented as addresses
from yika.assets import consented as assets
from yika.assets.models import Device
from yika.assets.rules import Warrant
from yika.changes.models import Line
from yika.changes.rules import Json, family
from yika.configurations import consented as configurations
from yika.lib.decisions import BadInput
from yika.network import consented as network
from yika.people.models import User


class Door(Protocol):
    """What an app that keeps controlled fields offers to changes, and to nobody else."""

    def current(self, device: Device, field: str) -> Json:
        """The value as it stands."""

    def problems(self, device: Device, field: str, value: Json) -> list[str]:
        """Why a value cannot be written, in words; empty when it can."""

    def write(
        self, device: Device, field: str, value: Json, *, warrant: Warrant, by: User, at: datetime
    ) -> None:
        """Write a consented value inside the caller's transaction."""

    def words(self, field: str, value: Json) -> str:
        """A value as people read it."""


DOORS: dict[str, Door] = {
    "place": assets,
    "life": assets,
    "upstream_ip": assets,
    "merchant": assets,
    "parameters": assets,
    "upstream": network,
    "address": addresses,
    "configuration": configurations,
}
# Families that no standard controls: nobody asks for them alone, a swap carries them over with the rest.
CARRIED = frozenset({"merchant"})
# What may stand in the way of a value that is right by itself: a taken address, a taken port.
OBSTACLES = (addresses.obstacles, network.obstacles)


def obstacles(values: Mapping[tuple[int, str], Json]) -> dict[tuple[int, str], list[str]]:
    """What the doors would refuse to write now, of all the values of one change; a few queries."""
    return {key: said for ask in OBSTACLES for key, said in ask(values).items() if said}


# Families of which a field names one: ``parameters.rate``. Of the others there is but one field.
NAMED = frozenset({"parameters", "configuration"})


def devices_of(lines: Iterable[Line]) -> list[Device]:
    """The devices that writing or taking back lines touches: their own and those that their values name."""
    lines = list(lines)
    named = network.numbers_of(
        value for line in lines if door(line.field) is network for value in (line.before, line.after)
    )
    return list(Device.objects.filter(pk__in={*named, *(line.device_id for line in lines)}))


def door(field: str) -> Door:
    """The door of a field. Raises: BadInput for a field that no app keeps."""
    found = DOORS.get(family(field))
    if found is None or (family(field) in NAMED) == (field == family(field)):
        raise BadInput(_("没有这个变更项目：%(field)s") % {"field": field}, field="field")
    return found
