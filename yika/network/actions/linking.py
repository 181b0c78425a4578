"""Linking devices and saying how many upstreams one needs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.assets.rules import has_invisible, tidy
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.network.actions.revision import renew_revision
from yika.network.models import MEDIUM_NAMES, ROLE_NAMES, Link, Need, Port
from yika.network.policies import can_manage
from yika.network.rules import MOST_NEEDED, PORT_LENGTH, LinkRole, Medium, port_taken
from yika.people.models import User


def connect(
    lower: Device,
    upper: Device,
    *,
    medium: Medium,
    role: LinkRole = LinkRole.NETWORK,
    lower_port: str = "",
    upper_port: str = "",
    by: User | SystemActor,
    at: datetime,
) -> Link:
    """Hang a device on another. Ports are named, not chosen: one that is not there yet is added.

    Raises: BadInput for a device linked to itself, linked so already, out of use, or a port that is taken.
    """
    require(can_manage(by))
    ports = checked_port(lower_port, "lower_port"), checked_port(upper_port, "upper_port")
    if lower.pk == upper.pk:
        raise BadInput(_("设备不能上联它自己"), field="upper")
    with transaction.atomic():
        lower, upper = lock_devices([lower, upper])
        link = make_link(
            lower, upper, medium=medium, role=role, lower_port=ports[0], upper_port=ports[1], at=at
        )
        record("network.connect", ("device", lower.pk), by=by, at=at, **told(link))
        renew_revision()
    return link


def make_link(
    lower: Device,
    upper: Device,
    *,
    medium: Medium,
    role: LinkRole,
    lower_port: str,
    upper_port: str,
    at: datetime,
) -> Link:
    """A link between two locked devices. Raises: BadInput as ``connect``."""
    for device, field in ((lower, "lower"), (upper, "upper")):
        if not device.in_use:
            raise BadInput(_("设备 %(number)s 不在用，不能连接") % {"number": device.number}, field=field)
    if Link.objects.at().filter(lower=lower, upper=upper, role=role.value).exists():
        said = _("%(lower)s 已有上联 %(upper)s 的%(role)s连接")
        named = {"lower": lower.number, "upper": upper.number, "role": ROLE_NAMES[role]}
        raise BadInput(said % named, field="upper")
    link = Link(lower=lower, upper=upper, medium=medium.value, role=role.value, from_at=at)
    link.lower_port = _port(lower, lower_port, medium, "lower_port")
    link.upper_port = _port(upper, upper_port, medium, "upper_port")
    link.save(force_insert=True)
    return link


def disconnect(link: Link, *, by: User | SystemActor, at: datetime) -> Link:
    """End a link; that it was there stays on record. Raises: WrongState when it has ended."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(link)
        insist([] if row.until_at is None else [_("这条连接已经断开")])
        end_link(row, at=at)
        record("network.disconnect", ("device", row.lower_id), by=by, at=at, **told(row))
        renew_revision()
    return row


def end_link(link: Link, *, at: datetime) -> None:
    """Write that a locked link is no longer there; one that began later than that never was."""
    link.until_at = max(at, link.from_at)
    link.save(update_fields=["until_at"])


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


def edit_port(port: Port, *, name: str, note: str, by: User | SystemActor, at: datetime) -> Port:
    """Name a port anew. Raises: BadInput for a bad name or one the device has already."""
    require(can_manage(by))
    name, note = checked_port(name, "name"), tidy(note)
    if not name:
        raise BadInput(_("请填写端口名称"), field="name")
    with transaction.atomic():
        device = lock(port.device)
        row = lock(port)
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


def lock_devices(devices: Iterable[Device]) -> list[Device]:
    """The devices locked in the order of their keys, so that no two writers wait for each other; as given."""
    wanted = [device.pk for device in devices]
    rows = Device.objects.filter(pk__in=wanted).select_for_update(no_key=True).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[key] for key in wanted]


def _port(device: Device, name: str, medium: Medium, field: str) -> Port | None:
    """The named port of a locked device, added if it is not there. Raises: BadInput when it is taken."""
    if not name:
        return None
    port, made = Port.objects.get_or_create(device=device, name=name, defaults={"medium": medium.value})
    if made:
        return port
    if port.medium != medium:
        said = _("端口 %(port)s 是%(medium)s端口") % {
            "port": name,
            "medium": MEDIUM_NAMES[Medium(port.medium)],
        }
        raise BadInput(said, field=field)
    others = (
        Link.objects.at().filter(lower_port=port).count() + Link.objects.at().filter(upper_port=port).count()
    )
    if port_taken(medium, others):
        raise BadInput(
            _("%(device)s 的端口 %(port)s 已有连接") % {"device": device.number, "port": name}, field=field
        )
    return port


def checked_port(name: str, field: str) -> str:
    """A port's name without blanks around it. Raises: BadInput when it is too long or cannot be seen."""
    name = tidy(name)
    if len(name) > PORT_LENGTH or has_invisible(name):
        raise BadInput(_("端口名称不能超过 %(length)d 个字") % {"length": PORT_LENGTH}, field=field)
    return name


def told(link: Link) -> dict[str, Any]:
    """A link as the journal tells it, on the record of the lower device."""
    return {
        "lower": link.lower.number,
        "upper": link.upper.number,
        "upper_key": link.upper_id,
        "role": link.role,
        "medium": link.medium,
        "lower_port": link.lower_port.name if link.lower_port else "—",
        "upper_port": link.upper_port.name if link.upper_port else "—",
    }


def _named(port: Port) -> str:
    return f"{port.name}（{port.note}）" if port.note else port.name
