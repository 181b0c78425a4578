"""Subnets and addresses for the tests, by the product's own verbs."""

from tests import cast
from yika.addresses import actions
from yika.addresses.models import Address, Subnet, Vlan
from yika.addresses.rules import State
from yika.assets.models import Device
from yika.journal.rules import SYSTEM


def subnet(cidr: str = "10.12.1.0/24", *, vlan: Vlan | None = None, gateway: str = "") -> Subnet:
    """A network; the same one when asked again."""
    found = Subnet.objects.filter(cidr=cidr).first()
    if found:
        return found
    return actions.add_subnet(cidr, vlan=vlan, gateway=gateway, by=SYSTEM, at=cast.AT)


def vlan(number: int = 120) -> Vlan:
    return actions.add_vlan(number, name="消费终端", by=SYSTEM, at=cast.AT)


def taken(
    ip: str = "10.12.1.5",
    *,
    device: Device | None = None,
    state: State = State.IN_USE,
    purpose: str = "",
) -> Address:
    said = purpose or ("" if device else "备用")
    return actions.take(ip, state=state, device=device, purpose=said, by=SYSTEM, at=cast.AT)
