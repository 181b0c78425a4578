"""What goes down with what, as pages, lists and files tell it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Device, DeviceKind, Place
from yika.contracts.models import Contract
from yika.contracts.queries import running
from yika.lib.decisions import BadInput
from yika.lib.paging import Page
from yika.network import rules
from yika.network.models import Link
from yika.network.queries.graphs import graph
from yika.network.rules import Cause, Impact, Node, Share
from yika.standards.queries import standard_of
from yika.standards.rules import Impact as Counts
from yika.standards.rules import Level, classify

SHARES_SHOWN = 20
READ = 500  # devices of one query


def impact_of(devices: Collection[Device], at: datetime) -> Impact:
    """What goes down if these devices fail together at a moment."""
    return rules.impact(graph(at), [device.pk for device in devices])


def impact_of_carriers(devices: Collection[Device], at: datetime) -> Impact | None:
    """The same, if anything hung on one of them; None otherwise, after one short look."""
    carries = Link.objects.at(at).filter(upper__in=[device.pk for device in devices]).exists()
    return impact_of(devices, at) if carries else None


def causes(devices: Iterable[int], failures: Sequence[Collection[int]], at: datetime) -> dict[int, Cause]:
    """Why some devices are down, by key, the failures having come one after another."""
    return rules.causes(graph(at), devices, failures)


def affected_terminals(devices: Collection[Device], at: datetime) -> list[Device]:
    """The terminals that go down with these devices, themselves among them, by number."""
    found = impact_of(devices, at)
    nodes = found.fallen.graph.nodes
    keys = [key for key in found.fallen.everything() if nodes[key].terminal]
    return sorted(_read(keys), key=lambda device: device.number)


def roots_above(devices: Iterable[int], at: datetime) -> set[int]:
    """Every device that some hang on in any way, by key: one of them may be why they are down.

    One short query, so that a report need not ask first whether the graph is still what it was.
    """
    keys = list(devices)
    if not keys:
        return set()
    marks = ", ".join(["%s"] * len(keys))
    asked = _ABOVE % {"keys": marks}
    when = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(asked, [*keys, *[when] * 4])
        return {key for (key,) in cursor.fetchall()}


_LINKS = """
    SELECT link.upper_id FROM network_link AS link {of}
    AND link.from_at <= %%s AND (link.until_at IS NULL OR link.until_at > %%s)
"""
_ABOVE = f"""
    WITH RECURSIVE above(id) AS (
        {_LINKS.format(of="WHERE link.lower_id IN (%(keys)s)")}
        UNION {_LINKS.format(of="JOIN above ON link.lower_id = above.id WHERE TRUE")}
    ) SELECT id FROM above
"""  # noqa: S608 - nothing but marks goes in


def down_because(device: int, failed: Collection[int], at: datetime) -> bool:
    """Whether a device that would be up is down because these have failed, itself not among them."""
    return rules.down_because(graph(at), device, failed)


def level_of(impact: Impact, at: datetime) -> Level | None:
    """How grave a fault of this size is under the contract of a moment; None without one. Source: 2."""
    contract = running(Contract.objects.select_related("standard"), at).first()
    if contract is None or not impact.terminal_count + impact.other_count:
        return None
    return classify(Counts(impact.terminal_count, impact.counted_cardholders), standard_of(contract.standard))


@dataclass(frozen=True)
class KindLine:
    """Devices of one kind that go down; ``offline`` of them go on working without the network."""

    code: str
    name: str
    terminal: bool
    count: int
    offline: int


def by_kind(impact: Impact) -> list[KindLine]:
    """What goes down by kind, terminals first, the most first."""
    names = {kind.code: kind.label for kind in DeviceKind.objects.all()}
    found = [
        KindLine(code, names.get(code, code), terminal, count, impact.offline.get(code, 0) if terminal else 0)
        for counts, terminal in ((impact.terminals, True), (impact.others, False))
        for code, count in counts.items()
    ]
    return sorted(found, key=lambda line: (not line.terminal, -line.count, line.code))


def crowd_of(impact: Impact, most: int = SHARES_SHOWN) -> list[tuple[Place, Share]]:
    """The places of an estimate, the largest part first."""
    listed = nsmallest(most, impact.shares, key=lambda share: (-share.cardholders, share.place))
    places = Place.objects.in_bulk([share.place for share in listed])
    return [(places[share.place], share) for share in listed if share.place in places]


Order = tuple[bool, str, int]


def _order(node: Node) -> Order:
    """What carries others first, then terminals; by kind."""
    return node.terminal, node.kind, node.key


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + READ] for start in range(0, len(keys), READ))


def _read(keys: Sequence[int]) -> Iterator[Device]:
    for part in _parts(keys):
        yield from devices_of(part)


def devices_of(keys: Collection[int]) -> QuerySet[Device]:
    """Devices by key, with what a line tells."""
    return Device.objects.filter(pk__in=keys).select_related("kind", "place")


def affected_page(impact: Impact, kind: str = "", cursor: str = "", size: int = 50) -> Page[Device]:
    """One page of what goes down, of one kind or all. Raises: BadInput for a cursor of another list."""
    after = _cursor(cursor)
    nodes = impact.fallen.graph.nodes
    there = (nodes[key] for key in impact.fallen.everything())
    behind = (
        node for node in there if (not kind or node.kind == kind) and (after is None or _order(node) > after)
    )
    found = nsmallest(size + 1, behind, key=_order)
    rows = {device.pk: device for device in devices_of([node.key for node in found[:size]])}
    following = ""
    if len(found) > size:
        terminal, code, key = _order(found[size - 1])
        following = f"{terminal:d}.{key}.{code}"
    return Page([rows[node.key] for node in found[:size] if node.key in rows], following)


def _cursor(text: str) -> Order | None:
    if not text:
        return None
    terminal, _dot, rest = text.partition(".")
    key, _dot, code = rest.partition(".")
    if terminal not in ("0", "1") or not (key.isascii() and key.isdigit() and len(key) < 16):
        raise BadInput(_("页码无效，请从第一页开始"))
    return terminal == "1", code, int(key)


def affected_keys(impact: Impact, kind: str = "") -> list[int]:
    """What goes down, of one kind or all, in the order of the page."""
    nodes = impact.fallen.graph.nodes
    there = (nodes[key] for key in impact.fallen.everything() if not kind or nodes[key].kind == kind)
    return [node.key for node in sorted(there, key=_order)]


def affected(impact: Impact, kind: str = "") -> tuple[int, Iterator[Device]]:
    """How many go down, of a kind if one is given, and all of them in the order of the page."""
    keys = affected_keys(impact, kind)

    def rows() -> Iterator[Device]:
        for part in _parts(keys):
            read = {device.pk: device for device in devices_of(part)}
            yield from (read[key] for key in part if key in read)

    return len(keys), rows()
