"""The door through which consented upstreams of a device are written: for changes, nobody else.

The value is a list of {"to": key of the upper device, "role", "medium", "port": of that device, "own_port"}.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.assets.rules import Warrant
from yika.lib.rows import is_key
from yika.network.actions.upstreams import set_upstreams
from yika.network.queries import upstream_words, upstreams_of
from yika.network.rules import PORT_LENGTH, LinkRole, Medium, Upstream
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
