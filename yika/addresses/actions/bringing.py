"""Bringing in networks and addresses from files, all or nothing."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override

from yika.addresses.actions.holding import describe, hold
from yika.addresses.actions.subnets import add_subnet, edit_subnet
from yika.addresses.actions.vlans import add_vlan
from yika.addresses.bringing import WantedAddress, planned_addresses, planned_subnets
from yika.addresses.models import Address, AddressChange, Vlan
from yika.addresses.policies import can_manage
from yika.addresses.queries import address_words
from yika.addresses.rules import in_order
from yika.assets.gate import Wanted, insist_free, insist_still_free
from yika.assets.models import Device
from yika.assets.rules import Door
from yika.journal.bringing import as_shown
from yika.lib.decisions import require
from yika.lib.locking import lock
from yika.lib.office.bringing import Plan, Upload
from yika.people.policies import Doer


def import_subnets(upload: Upload, *, by: Doer, at: datetime) -> Plan[Any]:
    """Bring in networks as the preview showed, with VLANs not known yet; each has its own event.

    Raises: BadInput for a line that cannot be used, WrongState when the plan is no longer what was shown.
    """
    require(can_manage(by))
    with as_shown(upload, planned_subnets, "网段", by=by, at=at) as plan:
        vlans = {vlan.number: vlan for vlan in Vlan.objects.all()}
        for item in (*plan.new, *plan.changed):
            one = item.value
            if one.vlan is not None and one.vlan not in vlans:
                vlans[one.vlan] = add_vlan(one.vlan, name=one.vlan_name, by=by, at=at)
            said: dict[str, Any] = {
                "vlan": vlans[one.vlan] if one.vlan is not None else None,
                "place": one.place,
                "gateway": one.gateway,
                "note": one.note,
            }
            if one.known:
                edit_subnet(one.known, **said, by=by, at=at)
            else:
                add_subnet(one.cidr, **said, by=by, at=at)
    return plan


def import_addresses(upload: Upload, *, by: Doer, at: datetime) -> Plan[Any]:
    """Bring in addresses as the preview showed; each is a line of the update table.

    Raises: as ``import_subnets``; NeedsConsent for devices in use that had addresses before.
    """
    require(can_manage(by))
    insist_free(wanted_of(planned_addresses(upload.read)), door=Door.IMPORT, by=by, at=at)
    with as_shown(upload, planned_addresses, "IP 地址", by=by, at=at) as plan:
        devices = {one.device.pk: one.device for one in _taking(plan) if one.device}
        for _key, device in sorted(devices.items()):
            lock(device)
        insist_still_free(wanted_of(plan), at=at)
        taking = {id(one) for one in _taking(plan)}
        for item in (*plan.new, *plan.changed):
            one = item.value
            if id(one) in taking:
                hold(
                    one.ip,
                    state=one.state,
                    device=one.device,
                    purpose=one.purpose,
                    reason="",
                    by=by,
                    at=at,
                )
            elif one.known:
                describe(one.known, purpose=one.purpose, by=by, at=at)
    return plan


def _taking(plan: Plan[WantedAddress]) -> list[WantedAddress]:
    """Those that somebody gets; the others only say otherwise what an address is for."""
    return [item.value for item in (*plan.new, *plan.changed) if not item.value.stays]


def wanted_of(plan: Plan[WantedAddress]) -> list[Wanted]:
    """The addresses of devices as a file would have them, of those that had any before."""
    more: dict[int, list[str]] = {}
    devices: dict[int, Device] = {}
    for one in _taking(plan):
        if one.device:
            devices[one.device.pk] = one.device
            more.setdefault(one.device.pk, []).append(str(one.ip))
    if not devices:
        return []
    known = set(AddressChange.objects.exclude(device=None).values_list("device", flat=True)) & devices.keys()
    before: dict[int, list[str]] = {key: [] for key in known}
    for row in Address.objects.exclude(device=None).order_by("key"):
        if row.device_id in before:
            before[row.device_id].append(row.ip)
    found = []
    with override(settings.LANGUAGE_CODE):
        for key in sorted(known):
            after = in_order([*before[key], *more[key]])
            words = address_words(before[key]), address_words(after)
            found.append(Wanted(devices[key], "address", *words, value=after))
    return found
