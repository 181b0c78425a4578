"""What of a file needs a consent it has not, for its preview."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from yika.assets.gate import Wanted, held, proposal
from yika.assets.models import Device
from yika.lib.office.bringing import Plan, Withheld

T = TypeVar("T")


def withheld(
    plan: Plan[T], wanted: Sequence[Wanted], device_of: Callable[[T], Device | None], at: datetime
) -> Withheld | None:
    """The lines that the gate would refuse, and the change that would say them; None when it refuses none."""
    kept = held(wanted, at)
    if not kept:
        return None
    devices = {one.device.pk for one in kept}
    lines = set()
    for item in (*plan.new, *plan.changed):
        device = device_of(item.value)
        if device and device.pk in devices:
            lines.add(item.line)
    return Withheld(frozenset(lines), len(devices), proposal(kept))
