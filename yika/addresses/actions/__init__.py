"""Every verb of VLANs, subnets and addresses; the only writers."""

from yika.addresses.actions.holding import describe, release, reserve_next, take, wanted_addresses
from yika.addresses.actions.subnets import add_subnet, edit_subnet, remove_subnet
from yika.addresses.actions.vlans import add_vlan, remove_vlan, rename_vlan

__all__ = [
    "add_subnet",
    "add_vlan",
    "describe",
    "edit_subnet",
    "release",
    "remove_subnet",
    "remove_vlan",
    "rename_vlan",
    "reserve_next",
    "take",
    "wanted_addresses",
]
