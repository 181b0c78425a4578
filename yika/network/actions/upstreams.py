"""A device's upstreams as one controlled value: what somebody wants them to be, and making them so."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from yika.assets.gate import Wanted
from yika.assets.models import Device
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.locking import lock_all
from yika.lib.office.bringing import Plan
from yika.network.actions.making import end_link, make_link, told
from yika.network.actions.revision import renew_revision
from yika.network.bringing import WantedLink
from yika.network.models import Link
from yika.network.queries import upstream, upstream_words, upstreams_of
from yika.network.rules import Upstream
from yika.people.models import User

FEW = 500  # keys that go into a query; of more, all that there are is read


def wanted_upstreams(
    device: Device, *, without: Iterable[Upstream] = (), more: Iterable[Upstream] = ()
) -> list[Wanted]:
    """That somebody wants a device to hang on others than it does; nothing where none was ever recorded."""
    if device.pk not in _ever_linked([device.pk]):
        return []
    before = upstreams_of(device)
    gone = set(without)
    return [_wanted(device, before, sorted([*(one for one in before if one not in gone), *more]))]


def _ever_linked(lowers: Collection[int]) -> set[int]:
    """Those of which upstreams were ever on record: what says where a machine hangs the first time changes
    nothing, and needs no consent.
    """
    rows = Link.objects.values_list("lower", flat=True)
    return set(rows.filter(lower__in=lowers)) if len(lowers) < FEW else set(rows) & set(lowers)


def _wanted(
    device: Device,
    before: Sequence[Upstream],
    after: Sequence[Upstream],
    numbers: Mapping[int, str] | None = None,
) -> Wanted:
    """In the house's own words."""
    with override(settings.LANGUAGE_CODE):
        said = upstream_words(before, numbers), upstream_words(after, numbers)
    return Wanted(device, "upstream", *said, value=[one.plain() for one in after])


def moves_of(plan: Plan[WantedLink]) -> list[Wanted]:
    """What an import would make of the upstreams of the devices it touches; a constant number of queries."""
    does = [item.value for item in (*plan.new, *plan.changed)]
    lowers = {one.lower.pk: one.lower for one in does}
    known = _ever_linked(lowers)
    does = [one for one in does if one.lower.pk in known]
    lowers = {key: lower for key, lower in lowers.items() if key in known}
    if not lowers:
        return []
    before: dict[int, set[Upstream]] = {key: set() for key in lowers}
    for link in Link.objects.at().select_related("lower_port", "upper_port").iterator():
        if link.lower_id in before:
            before[link.lower_id].add(upstream(link))
    after = {key: set(there) for key, there in before.items()}
    for one in does:
        if one.ended:
            after[one.lower.pk].discard(upstream(one.ended))
    for one in does:
        if one.upper:
            after[one.lower.pk].add(
                Upstream(one.upper.pk, one.role, one.medium, one.upper_port, one.lower_port)
            )
    uppers = {one.to for there in (*before.values(), *after.values()) for one in there}
    numbers = {key: number for key, number in Device.objects.values_list("pk", "number") if key in uppers}
    return [_wanted(lowers[key], sorted(before[key]), sorted(after[key]), numbers) for key in lowers]


def set_upstreams(
    device: Device, wanted: Sequence[Upstream], *, by: User | SystemActor, at: datetime
) -> None:
    """Make exactly these upstreams: those that are there stay, others end, missing ones are made.

    Raises: BadInput for an upper device that is not in use, or a port that is taken.
    """
    uppers = Device.objects.in_bulk([one.to for one in wanted])
    lower, *_rest = lock_all([device, *uppers.values()])
    there = {upstream(link): link for link in Link.objects.at().filter(lower=lower).named()}
    for one, link in there.items():
        if one not in wanted:
            end_link(link, at=at)
            record("network.disconnect", ("device", lower.pk), by=by, at=at, **told(link))
    for one in wanted:
        if one not in there:
            link = make_link(
                lower,
                uppers[one.to],
                medium=one.medium,
                role=one.role,
                lower_port=one.own_port,
                upper_port=one.port,
                at=at,
            )
            record("network.connect", ("device", lower.pk), by=by, at=at, **told(link))
    renew_revision()
