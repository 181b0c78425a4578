"""What every writer of links does inside its transaction."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.assets.rules import has_invisible, tidy
from yika.lib.decisions import BadInput
from yika.network.models import MEDIUM_NAMES, ROLE_NAMES, Link, Port
from yika.network.rules import PORT_LENGTH, LinkRole, Medium, port_taken


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


def end_link(link: Link, *, at: datetime) -> None:
    """Write that a locked link is no longer there; one that began later than that never was."""
    link.until_at = max(at, link.from_at)
    link.save(update_fields=["until_at"])


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
