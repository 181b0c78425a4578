"""Linking devices and saying how many upstreams one needs."""

from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yika.assets.gate import Wanted, insist_free, insist_still_free
from yika.assets.models import Device
from yika.assets.rules import Door, tidy
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock, lock_all
from yika.network.actions.making import checked_port, end_link, make_link, told
from yika.network.actions.revision import renew_revision
from yika.network.actions.upstreams import wanted_upstreams
from yika.network.models import Link, Need, Port
from yika.network.policies import can_manage
from yika.network.queries import upstream
from yika.network.rules import MOST_NEEDED, LinkRole, Medium, Upstream
from yika.people.models import User


def connect(
    lower: Device,
    upper: Device,
    *,
    medium: Medium,
    role: LinkRole = LinkRole.NETWORK,
    lower_port: str = "",
    upper_port: str = "",
    door: Door = Door.ACTION,
    by: User | SystemActor,
    at: datetime,
) -> Link:
    """Hang a device on another. Ports are named, not chosen: one that is not there yet is added.

    Raises: BadInput for a device linked to itself, linked so already, out of use, or a port that is taken;
    NeedsConsent when the lower device's upstreams are controlled.
    """
    require(can_manage(by))
    ports = checked_port(lower_port, "lower_port"), checked_port(upper_port, "upper_port")
    if lower.pk == upper.pk:
        raise BadInput(_("设备不能上联它自己"), field="upper")
    new = Upstream(upper.pk, role, medium, ports[1], ports[0])
    insist_free(wanted_upstreams(lower, more=[new]), door=door, by=by, at=at)
    with transaction.atomic():
        lower, upper = lock_all([lower, upper])
        insist_still_free(wanted_upstreams(lower, more=[new]), at=at)
        link = make_link(
            lower, upper, medium=medium, role=role, lower_port=ports[0], upper_port=ports[1], at=at
        )
        record("network.connect", ("device", lower.pk), by=by, at=at, **told(link))
        renew_revision()
    return link


def disconnect(link: Link, *, door: Door = Door.ACTION, by: User | SystemActor, at: datetime) -> Link:
    """End a link; that it was there stays on record. Raises: WrongState when it has ended, NeedsConsent."""
    require(can_manage(by))
    insist_free(_without(Link.objects.named().get(pk=link.pk)), door=door, by=by, at=at)
    with transaction.atomic():
        lock_all([link.lower])
        row = lock(link)
        insist([] if row.until_at is None else [_("这条连接已经断开")])
        insist_still_free(_without(row), at=at)
        end_link(row, at=at)
        record("network.disconnect", ("device", row.lower_id), by=by, at=at, **told(row))
        renew_revision()
    return row


def _without(link: Link) -> list[Wanted]:
    return wanted_upstreams(link.lower, without=[upstream(link)]) if link.until_at is None else []


def set_need(device: Device, *, role: LinkRole, least: int, by: User | SystemActor, at: datetime) -> Device:
    """Say how many of a device's upstreams of a role must be up for it to work.

    Raises: BadInput for a number that is not between 1 and the number of these upstreams.
    """
    require(can_manage(by))
    with transaction.atomic():
        row = lock(device)
        there = Link.objects.at().filter(lower=row, role=role.value).count()
        if not 1 <= least <= min(max(there, 1), MOST_NEEDED):
            said = _("应在 1 到 %(most)d 之间，此设备现有 %(there)d 路上联")
            raise BadInput(said % {"most": max(there, 1), "there": there}, field="least")
        standing = Need.objects.filter(device=row, role=role.value, until_at=None).first()
        before = standing.least if standing else 1
        if before == least:
            return row
        if standing:
            standing.until_at = max(at, standing.from_at)
            standing.save(update_fields=["until_at"])
        if least > 1:
            Need.objects.create(device=row, role=role.value, least=least, from_at=at)
        record(
            "network.set_need",
            ("device", row.pk),
            by=by,
            at=at,
            number=row.number,
            role=str(role),
            before=before,
            after=least,
        )
        renew_revision()
    return row


def edit_port(
    port: Port, *, name: str, note: str, door: Door = Door.ACTION, by: User | SystemActor, at: datetime
) -> Port:
    """Name a port anew.

    Raises: BadInput for a bad name or one the device has already; NeedsConsent when it holds a link: through
    which port a device hangs is part of its upstreams.
    """
    require(can_manage(by))
    name, note = checked_port(name, "name"), tidy(note)
    if not name:
        raise BadInput(_("请填写端口名称"), field="name")
    insist_free(_renamed(port, name), door=door, by=by, at=at)
    with transaction.atomic():
        device = lock(port.device)
        row = lock(port)
        insist_still_free(_renamed(row, name), at=at)
        if Port.objects.filter(device=device, name=name).exclude(pk=row.pk).exists():
            raise BadInput(_("此设备已有端口 %(port)s") % {"port": name}, field="name")
        before = _named(row)
        row.name, row.note = name, note
        if _named(row) != before:
            row.save(update_fields=["name", "note"])
            record(
                "network.edit_port",
                ("device", device.pk),
                by=by,
                at=at,
                number=device.number,
                before=before,
                after=_named(row),
            )
    return row


def _renamed(port: Port, name: str) -> list[Wanted]:
    """What the upstreams of the devices linked through a port become when it is named anew."""
    if port.name == name:
        return []
    links = Link.objects.at().filter(Q(lower_port=port) | Q(upper_port=port)).named()
    found: list[Wanted] = []
    for lower, of in groupby(links.order_by("lower", "pk"), key=lambda link: link.lower):
        before = [(upstream(link), link) for link in of]
        after = [
            one._replace(
                port=name if link.upper_port_id == port.pk else one.port,
                own_port=name if link.lower_port_id == port.pk else one.own_port,
            )
            for one, link in before
        ]
        found += wanted_upstreams(lower, without=[one for one, _link in before], more=after)
    return found


def remove_port(port: Port, *, by: User | SystemActor, at: datetime) -> None:
    """Remove a port that never held a link. Raises: WrongState when it holds or held one."""
    require(can_manage(by))
    with transaction.atomic():
        device = lock(port.device)
        row = lock(port)
        insist([_("端口上有过连接，不能删除")] if row.links_up.exists() or row.links_down.exists() else [])
        record(
            "network.remove_port", ("device", device.pk), by=by, at=at, number=device.number, port=row.name
        )
        row.delete()


def _named(port: Port) -> str:
    return f"{port.name}（{port.note}）" if port.note else port.name
