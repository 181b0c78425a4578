"""The door through which consented upstreams of a device are written: for changes, nobody else.

The value is a list of {"to": key of the upper device, "role", "medium", "port": of that device, "own_port"}.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.assets.rules import Life, Warrant
from yika.lib.rows import is_key
from yika.network.actions.upstreams import set_upstreams
from yika.network.models import MEDIUM_NAMES, Link, Port
from yika.network.queries import upstream, upstream_words, upstreams_of
from yika.network.rules import PORT_LENGTH, LinkRole, Medium, Upstream, port_taken
from yika.people.models import User

FIELDS = ("upstream",)


def current(device: Device, field: str) -> Any:
    """The upstreams as they stand, always in the same order."""
    return [one.plain() for one in upstreams_of(device)]


def problems(device: Device, field: str, value: Any) -> list[str]:
    """Why upstreams cannot be written, in words; empty when they can.

    A taken port, or an upper device that does not serve by then, shows when they are.
    """
    wanted = _read(value)
    if wanted is None or [one.plain() for one in wanted] != value:
        return [_("上联须逐条写明设备、用途和介质")]
    found: list[str] = []
    keys = [(one.to, one.role) for one in wanted]
    if len(set(keys)) < len(keys):
        found.append(_("同一上联设备的同一用途写了两次"))
    uppers = Device.objects.in_bulk([one.to for one in wanted])
    for one in wanted:
        upper = uppers.get(one.to)
        if upper is None:
            found.append(_("没有这台上联设备"))
        elif upper.pk == device.pk:
            found.append(_("设备不能上联它自己"))
        if len(one.port) > PORT_LENGTH or len(one.own_port) > PORT_LENGTH:
            found.append(_("端口名称不能超过 %(length)d 个字") % {"length": PORT_LENGTH})
    return found


def obstacles(values: Mapping[tuple[int, str], Any]) -> dict[tuple[int, str], list[str]]:
    """What would refuse to be written now, of all the values of one change, by device and field.

    Machines that it puts into service serve, and what it unplugs is free.
    """
    wanted = {key: _read(value) or [] for (key, field), value in values.items() if field in FIELDS}
    if not wanted:
        return {}
    devices = Device.objects.in_bulk({*wanted, *(one.to for uppers in wanted.values() for one in uppers)})
    open_links = Link.objects.at()
    near = open_links.filter(Q(lower__in=devices) | Q(upper__in=devices)).named()
    links = [(link, upstream(link)) for link in near]
    there = {pk: {one for link, one in links if link.lower_id == pk} for pk in wanted}
    staying = [(link.lower_id, one) for link, one in links if one in wanted.get(link.lower_id, [one])]
    new = [(pk, one) for pk, uppers in wanted.items() for one in uppers if one not in there[pk]]
    plugged = Counter(plug for lower, one in [*staying, *new] for plug in _plugs(lower, one))
    ports = {
        (port.device_id, port.name): Medium(port.medium) for port in Port.objects.filter(device__in=devices)
    }

    def stopped(device: Device) -> bool:
        return not device.in_use and values.get((device.pk, "life")) != Life.IN_USE

    found: dict[tuple[int, str], list[str]] = {(pk, "upstream"): [] for pk in wanted}
    for pk, one in new:
        said = found[pk, "upstream"]
        for device in (devices[pk], devices.get(one.to)):
            if device and stopped(device):
                said.append(_("设备 %(number)s 不在用，不能连接") % {"number": device.number})
        for plug in _plugs(pk, one):
            named = {"device": devices[plug[0]].number if plug[0] in devices else "", "port": plug[1]}
            if ports.get(plug, one.medium) != one.medium:
                words = {"port": plug[1], "medium": MEDIUM_NAMES[ports[plug]]}
                said.append(_("端口 %(port)s 是%(medium)s端口") % words)
            elif port_taken(one.medium, plugged[plug] - 1):
                said.append(_("%(device)s 的端口 %(port)s 已有连接") % named)
    return {key: list(dict.fromkeys(said)) for key, said in found.items()}


def _plugs(lower: int, one: Upstream) -> list[tuple[int, str]]:
    """The named ports that a link holds."""
    return [(key, name) for key, name in ((lower, one.own_port), (one.to, one.port)) if name]


def words(field: str, value: Any, numbers: Mapping[int, str] | None = None) -> str:
    """Upstreams as people read them; ``numbers`` as of ``numbers_of``, where they are at hand."""
    return upstream_words(_read(value) or [], numbers)


def numbers_of(values: Iterable[Any]) -> dict[int, str]:
    """The numbers of the upper devices that values name, by key."""
    keys = {one.to for value in values for one in _read(value) or []}
    return dict(Device.objects.filter(pk__in=keys).values_list("pk", "number")) if keys else {}


def write(device: Device, field: str, value: Any, *, warrant: Warrant, by: User, at: datetime) -> None:
    """Make exactly the consented upstreams inside the caller's transaction."""
    set_upstreams(device, _read(value) or [], by=by, at=at)


def _key(value: Any) -> int:
    if not is_key(value):
        raise ValueError(value)
    return int(value)


def _read(value: Any) -> list[Upstream] | None:
    """Upstreams out of plain values; None for anything else."""
    try:
        return sorted(
            Upstream(
                _key(one["to"]),
                LinkRole(one["role"]),
                Medium(one["medium"]),
                str(one.get("port", "")).strip(),
                str(one.get("own_port", "")).strip(),
            )
            for one in value
        )
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
