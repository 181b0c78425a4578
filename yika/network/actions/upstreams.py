"""Bringing a device's upstreams in line with what is wanted, inside a caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from yika.assets.models import Device
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.network.actions.linking import end_link, lock_devices, make_link, told
from yika.network.actions.revision import renew_revision
from yika.network.models import Link
from yika.network.rules import LinkRole, Medium, Upstream
from yika.people.models import User


def upstreams_of(device: Device) -> list[Upstream]:
    """A device's upstreams as they stand, in an order that is always the same."""
    links = Link.objects.at().filter(lower=device).select_related("lower_port", "upper_port")
    return sorted(_upstream(link) for link in links)


def _upstream(link: Link) -> Upstream:
    return Upstream(
        link.upper_id,
        LinkRole(link.role),
        Medium(link.medium),
        link.upper_port.name if link.upper_port else "",
        link.lower_port.name if link.lower_port else "",
    )


def set_upstreams(
    device: Device, wanted: Sequence[Upstream], *, by: User | SystemActor, at: datetime
) -> None:
    """Make exactly these upstreams: those that are there stay, others end, missing ones are made.

    Raises: BadInput for an upper device that is not in use, or a port that is taken.
    """
    uppers = Device.objects.in_bulk([one.to for one in wanted])
    lower, *_rest = lock_devices([device, *uppers.values()])
    there = {_upstream(link): link for link in Link.objects.at().filter(lower=lower).named()}
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
