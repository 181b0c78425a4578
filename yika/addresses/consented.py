"""The door through which consented addresses of a device are written: for changes, nobody else.

The value is a list of addresses as people write them, in order.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yika.addresses.actions.holding import hold, let_go
from yika.addresses.models import Address
from yika.addresses.queries import address_words, addresses_of, gateway_problem, gateways, home_of
from yika.addresses.rules import State, Unusable, in_order, is_special, key_of, parse_ip
from yika.addresses.sentences import worded
from yika.assets.actions.places import first_come
from yika.assets.models import Device
from yika.assets.rules import Warrant
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
