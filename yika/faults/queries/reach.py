"""What the network said a fault takes down, as pages and files tell it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yika.assets.models import Device, DeviceKind
from yika.faults.models import Classification, Fault, Reach
from yika.lib.decisions import BadInput
from yika.lib.paging import Page
from yika.network.queries import devices_of

READ = 500  # devices of one query


@dataclass(frozen=True)
class KindCount:
    """Devices down of one kind."""

    name: str
    count: int
    terminal: bool


@dataclass(frozen=True)
class Affected:
    """What went down with which failed devices; ``standing``: the level rests on it still."""

    reach: Reach
    failed: list[Device]
    kinds: list[KindCount]
    standing: bool


def affected(statements: list[Classification]) -> Affected | None:
    """What the network last said of a fault, from its statements; nothing is asked if it never was."""
    told = next((row for row in reversed(statements) if row.by_network), None)
    if told is None or told.by_network is None:
        return None
    kinds = {kind.code: kind for kind in DeviceKind.objects.filter(code__in=told.by_network.kinds)}
    counts = [
        KindCount(kinds[code].label, count, kinds[code].is_terminal)
        for code, count in told.by_network.kinds.items()
        if code in kinds
    ]
    counts.sort(key=lambda line: (not line.terminal, -line.count, line.name))
    return Affected(told.by_network, list(told.devices.all()), counts, told is statements[-1])


def last_reach(fault: Fault) -> Reach | None:
    """What the network last said of a fault, with the whole list."""
    return Reach.objects.filter(classification__fault=fault).order_by("-classification_id").first()


def page_of_affected(reach: Reach, cursor: str = "", size: int = 50) -> Page[Device]:
    """One page of what went down; the cursor is how many were shown before. Raises: BadInput."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise BadInput(_("页码无效，请从第一页开始"))
    start = int(cursor or 0)
    keys = reach.listed[start : start + size]
    found = {device.pk: device for device in devices_of(keys)}
    following = str(start + size) if start + size < len(reach.listed) else ""
    return Page([found[key] for key in keys if key in found], following)


def all_affected(reach: Reach) -> Iterator[Device]:
    """Everything that went down, in the order of the page."""
    for start in range(0, len(reach.listed), READ):
        keys = reach.listed[start : start + READ]
        found = {device.pk: device for device in devices_of(keys)}
        yield from (found[key] for key in keys if key in found)
