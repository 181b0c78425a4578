"""The lines of a device swap 设备更换: the old one out, a spare in at the same place.

What hung on the old one hangs on the spare afterwards.
"""

from typing import Any

from yika.assets.models import Device
from yika.assets.rules import Life
from yika.changes.actions.proposing import Proposed
from yika.changes.doors import door
from yika.network.queries import downstreams_of


def swap(old: Device, spare: Device, *, old_life: Life = Life.IN_STOCK) -> list[Proposed]:
    """What a swap writes: lives, places, and what else the spare takes over with the old one's place.

    The old one goes where the spare lay, and becomes ``old_life``.
    """
    lines = [
        Proposed(old, "life", old_life.value),
        Proposed(old, "place", spare.place_id),
        Proposed(spare, "place", old.place_id),
        Proposed(spare, "life", Life.IN_USE.value),
        Proposed(spare, "merchant", old.merchant_id),
        Proposed(old, "merchant", None),
    ]
    for field, empty in (("upstream_ip", None), ("upstream", []), ("address", [])):
        value = door(field).current(old, field)
        if value and not door(field).problems(spare, field, value):
            lines += [Proposed(old, field, empty), Proposed(spare, field, value)]
    for lower in downstreams_of(old):
        value = door("upstream").current(lower, "upstream")
        lines.append(Proposed(lower, "upstream", _rehung(value, old, spare)))
    return [line for line in lines if door(line.field).current(line.device, line.field) != line.after]


def _rehung(upstreams: list[dict[str, Any]], old: Device, spare: Device) -> list[dict[str, Any]]:
    """The same upstreams with the spare in the old one's stead, in the door's own order."""
    moved = [{**one, "to": spare.pk} if one["to"] == old.pk else one for one in upstreams]
    return sorted(moved, key=lambda one: tuple(one.values()))
