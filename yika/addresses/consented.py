"""The door through which consented addresses of a device are written: for changes, nobody else.

The value is a list of addresses as people write them, in order.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yika.addresses.actions.holding import TAKING, hold, let_go, taken_by
from yika.addresses.models import Address
from yika.addresses.queries import address_words, addresses_of, gateway_problem, gateways, home_of
from yika.addresses.rules import MOVES, State, Unusable, in_order, is_special, key_of, parse_ip
from yika.addresses.sentences import worded
from yika.assets.actions.places import first_come
from yika.assets.models import Device
from yika.assets.rules import Life, Warrant
from yika.lib.locking import lock
from yika.people.models import User

FIELDS = ("address",)


def current(device: Device, field: str) -> Any:
    """The addresses as they stand."""
    return addresses_of(device)


def problems(device: Device, field: str, value: Any) -> list[str]:
    """Why addresses cannot be written, in words; empty when they can. A taken one shows when they are."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return [_("请逐个写明 IP 地址")]
    found, there = [], addresses_of(device)
    for text in value:
        try:
            ip = parse_ip(text)
        except Unusable as trouble:
            found.append(f"{text}：{worded(trouble)}")
            continue
        subnet, cidr = home_of(key_of(ip)), gateways(gateway=str(ip)).get(key_of(ip), "")
        if cidr and str(ip) not in there and (refused := gateway_problem(ip, cidr, device, "")):
            found.append(refused)
        elif subnet is None:
            found.append(_("%(ip)s 不在任何已登记的网段内") % {"ip": ip})
        elif is_special(ip, subnet.network):
            said = _("%(ip)s 是 %(cidr)s 的网络地址或广播地址，设备不能使用")
            found.append(said % {"ip": ip, "cidr": subnet.cidr})
    if not found and value != in_order(value):
        found.append(_("地址有重复或未按顺序填写"))
    return found


def obstacles(values: Mapping[tuple[int, str], Any]) -> dict[tuple[int, str], list[str]]:
    """What would refuse to be written now, of all the values of one change, by device and field.

    What one of them gives up another may take.
    """
    wanted = {key: value for (key, field), value in values.items() if field == "address"}
    texts = {key: _readable(value) for key, value in wanted.items()}
    devices = Device.objects.in_bulk(wanted)
    keys = {key for found in texts.values() for key in found}
    rows = {row.key: row for row in Address.objects.filter(key__in=keys).select_related("device")}
    found: dict[tuple[int, str], list[str]] = {}
    for pk, asked in texts.items():
        device, said = devices[pk], []
        new = [key for key in asked if key not in rows or rows[key].device_id != pk]
        if new and not device.in_use and values.get((pk, "life")) != Life.IN_USE:
            said.append(_("设备 %(number)s 不在用") % {"number": device.number})
        for key in new:
            row = rows.get(key)
            given_up = row and row.device_id in texts and key not in texts[row.device_id]
            if row and not given_up and (State(row.state), TAKING[State.IN_USE]) not in MOVES:
                said.append(taken_by(row))
        found[pk, "address"] = said
    return found


def _readable(value: Any) -> list[str]:
    """The keys of those that are addresses."""
    keys = []
    for text in value if isinstance(value, list) else []:
        try:
            keys.append(key_of(parse_ip(text)))
        except Unusable:
            continue
    return keys


def words(field: str, value: Any) -> str:
    """Addresses as people read them."""
    return address_words(value if isinstance(value, list) else [])


def write(device: Device, field: str, value: Any, *, warrant: Warrant, by: User, at: datetime) -> None:
    """Give the device exactly these addresses, inside the caller's transaction.

    Each is a line of the update table with the change's number. Raises: WrongState for one that is taken,
    BadInput for one that another takes at this moment.
    """
    row = lock(device)
    there = addresses_of(row)
    gone = [key_of(parse_ip(ip)) for ip in there if ip not in value]
    for address in Address.objects.filter(device=row, key__in=gone).order_by("key"):
        let_go(lock(address), reason="", change=warrant.number, by=by, at=at)
    with first_come(_("地址刚刚被占用，变更未执行"), "value"):
        for ip in value:
            if ip not in there:
                hold(
                    parse_ip(ip),
                    state=State.IN_USE,
                    device=row,
                    purpose="",
                    reason="",
                    change=warrant.number,
                    by=by,
                    at=at,
                )
