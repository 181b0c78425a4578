"""Who may see and who may keep addresses: as places and devices."""

from django.db.models import QuerySet

from yika.addresses.models import Address, AddressChange, Subnet, Vlan
from yika.lib.decisions import Decision
from yika.people.models import User
from yika.people.policies import Doer, may
from yika.people.rules import Right


def visible_subnets(user: User) -> QuerySet[Subnet]:
    """The subnets a person may see."""
    return Subnet.objects.all() if may(user, Right.SEE_ASSETS) else Subnet.objects.none()


def visible_addresses(user: User) -> QuerySet[Address]:
    """The addresses a person may see."""
    return Address.objects.all() if may(user, Right.SEE_ASSETS) else Address.objects.none()


def visible_vlans(user: User) -> QuerySet[Vlan]:
    """The VLANs a person may see."""
    return Vlan.objects.all() if may(user, Right.SEE_ASSETS) else Vlan.objects.none()


def visible_changes(user: User) -> QuerySet[AddressChange]:
    """The lines of the update table a person may see."""
    return AddressChange.objects.all() if may(user, Right.SEE_ASSETS) else AddressChange.objects.none()


def can_manage(by: Doer) -> Decision:
    """Keep VLANs, subnets and addresses."""
    return may(by, Right.MANAGE_ASSETS)
