"""Who has which address. Every change is a line of the update table and an event."""

from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yika.addresses.models import Address, AddressChange, Subnet
from yika.addresses.policies import can_manage
from yika.addresses.queries import (
    address_words,
    addresses_of,
    free_in,
    gateway_problem,
    gateways,
    home_of,
)
from yika.addresses.rules import (
    FREE,
    IP,
    MOST_AT_ONCE,
    MOVES,
    NOTE_LENGTH,
    PURPOSE_LENGTH,
    Held,
    State,
    Unusable,
    Verb,
    in_order,
    is_special,
    key_of,
    parse_ip,
)
from yika.addresses.sentences import worded
from yika.assets.actions.places import first_come
from yika.assets.gate import Wanted, insist_free, insist_still_free
from yika.assets.models import Device
from yika.assets.rules import Door, has_invisible, tidy
from yika.journal.actions import event, record_all
from yika.journal.models import Event
from yika.lib.decisions import BadInput, WrongState, insist, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.policies import Doer

TAKING = {State.RESERVED: Verb.RESERVE, State.IN_USE: Verb.ASSIGN, State.DEPRECATED: Verb.DEPRECATE}


def take(
    text: str,
    *,
    state: State,
    device: Device | None = None,
    purpose: str = "",
    reason: str = "",
    door: Door = Door.ACTION,
    by: Doer,
    at: datetime,
) -> Address:
    """Reserve an address, give it to a device, or keep it from being given out.

    Raises: BadInput for what is no address a machine can have, WrongState when somebody has it,
    NeedsConsent for a device whose addresses are controlled.
    """
    require(can_manage(by))
    ip = read_ip(text)
    purpose, reason = _checked(purpose, PURPOSE_LENGTH, "purpose"), _checked(reason, NOTE_LENGTH, "reason")
    if device and state is not State.IN_USE:
        raise BadInput(_("只有在用的地址才有设备"), field="device")
    if not device and not purpose:
        raise BadInput(_("没有设备的地址，请写明用途"), field="purpose")
    insist_free(_wanted(device, more=ip), door=door, by=by, at=at)
    with first_come(_("地址刚刚被占用，请重新选择"), "ip"):
        device = lock(device) if device else None
        insist_still_free(_wanted(device, more=ip), at=at)
        return hold(ip, state=state, device=device, purpose=purpose, reason=reason, by=by, at=at)


def read_ip(text: str) -> IP:
    """An address out of a text. Raises: BadInput naming what is wrong with it."""
    try:
        return parse_ip(text)
    except Unusable as trouble:
        raise BadInput(worded(trouble), field="ip") from trouble


def hold(
    ip: IP,
    *,
    state: State,
    device: Device | None,
    purpose: str,
    reason: str,
    change: str = "",
    by: Doer,
    at: datetime,
) -> Address:
    """Write who has an address, inside the caller's transaction. Raises: as ``take``."""
    key = key_of(ip)
    subnet = home_of(key)
    if subnet and is_special(ip, subnet.network):
        said = _("%(ip)s 是 %(cidr)s 的网络地址或广播地址，设备不能使用")
        raise BadInput(said % {"ip": ip, "cidr": subnet.cidr}, field="ip")
    for cidr in gateways(gateway=str(ip)).values():
        if refused := gateway_problem(ip, cidr, device, purpose):
            raise BadInput(refused, field="ip")
    if device and not device.in_use:
        raise BadInput(_("设备 %(number)s 不在用") % {"number": device.number}, field="device")
    standing = Address.objects.filter(key=key).first()
    row = lock(standing) if standing else Address(key=key, subnet=subnet)
    before = row.held if standing else FREE
    if (before.state, TAKING[state]) not in MOVES:
        raise WrongState(taken_by(row))
    row.state, row.device, row.purpose = state.value, device, purpose
    row.save()
    _tell([(row, before)], verb=TAKING[state], reason=reason, change=change, by=by, at=at)
    return row


def _wanted(device: Device | None, *, more: IP | None = None, without: str = "") -> list[Wanted]:
    """That a device shall have an address more, or one less; its first one ever changes nothing."""
    if device is None or not AddressChange.objects.filter(device=device).exists():
        return []
    return [wanted_addresses(device, more=more, without=without)]


def wanted_addresses(device: Device, *, more: IP | None = None, without: str = "") -> Wanted:
    """What a device's addresses shall be."""
    before = addresses_of(device)
    after = in_order([*(ip for ip in before if ip != without), *([str(more)] if more else [])])
    with override(settings.LANGUAGE_CODE):
        return Wanted(device, "address", address_words(before), address_words(after), value=after)


def reserve_next(subnet: Subnet, *, count: int, purpose: str, by: Doer, at: datetime) -> list[Address]:
    """Reserve the lowest free addresses of a network.

    Raises: BadInput for an empty purpose or a number out of bounds, WrongState when there are too few.
    """
    require(can_manage(by))
    purpose = _checked(purpose, PURPOSE_LENGTH, "purpose")
    if not purpose:
        raise BadInput(_("请写明为谁预留"), field="purpose")
    if not 1 <= count <= MOST_AT_ONCE:
        raise BadInput(_("一次可预留 1 到 %(most)d 个地址") % {"most": MOST_AT_ONCE}, field="count")
    with first_come(_("地址刚刚被占用，请重新选择"), "count"):
        row = lock(subnet)
        free = free_in(row, count)
        said = _("%(cidr)s 中只剩 %(left)d 个空闲地址") % {"cidr": row.cidr, "left": len(free)}
        insist([said] if len(free) < count else [])
        made = [
            Address(key=key_of(ip), subnet=row, state=State.RESERVED.value, purpose=purpose) for ip in free
        ]
        made = Address.objects.bulk_create(made)
        _tell([(one, FREE) for one in made], verb=Verb.RESERVE, reason="", by=by, at=at)
    return made


def describe(address: Address, *, purpose: str, by: Doer, at: datetime) -> Address:
    """Say what an address is for. Raises: BadInput when that is empty and it has no device."""
    require(can_manage(by))
    purpose = _checked(purpose, PURPOSE_LENGTH, "purpose")
    with transaction.atomic():
        row = lock(address)
        if not row.device and not purpose:
            raise BadInput(_("没有设备的地址，请写明用途"), field="purpose")
        before = row.held
        if before.purpose != purpose:
            row.purpose = purpose
            row.save(update_fields=["purpose"])
            _tell([(row, before)], verb=Verb.DESCRIBE, reason="", by=by, at=at)
    return row


def release(address: Address, *, reason: str, door: Door = Door.ACTION, by: Doer, at: datetime) -> None:
    """Make an address free again.

    Raises: BadInput without a reason, WrongState when it is free already, NeedsConsent for a device whose
    addresses are controlled.
    """
    require(can_manage(by))
    reason = _checked(reason, NOTE_LENGTH, "reason")
    if not reason:
        raise BadInput(_("请填写释放原因"), field="reason")
    there = Address.objects.select_related("device").filter(pk=address.pk).first()
    insist_free(_wanted(there.device, without=there.ip) if there else [], door=door, by=by, at=at)
    with transaction.atomic():
        row = Address.objects.select_for_update(of=("self",), no_key=True).filter(pk=address.pk).first()
        if row is None:
            raise WrongState(_("地址 %(ip)s 已经释放") % {"ip": address.ip})
        insist_still_free(_wanted(row.device, without=row.ip), at=at)
        let_go(row, reason=reason, by=by, at=at)


def let_go(row: Address, *, reason: str, change: str = "", by: Doer, at: datetime) -> None:
    """Free a locked address, inside the caller's transaction."""
    _tell([(row, row.held)], verb=Verb.RELEASE, reason=reason, change=change, by=by, at=at)
    row.delete()


def _tell(
    rows: list[tuple[Address, Held]], *, verb: Verb, reason: str, by: Doer, at: datetime, change: str = ""
) -> None:
    """A line of the update table for each address, with what it was before, and an event for each."""
    lines, events = [], []
    for row, before in rows:
        after = FREE if verb is Verb.RELEASE else row.held
        lines.append(
            AddressChange(
                at=at,
                by=by if isinstance(by, User) else None,
                by_name=by.actor_name,
                key=row.key,
                device=row.device,
                before=asdict(before),
                after=asdict(after),
                reason=reason,
                change=change,
            )
        )
        why = " · ".join(part for part in (change, reason) if part)
        events.append(_event(row, before, after, verb=verb, reason=why, by=by, at=at))
    AddressChange.objects.bulk_create(lines)
    record_all(events)


def _event(
    row: Address, before: Held, after: Held, *, verb: Verb, reason: str, by: Doer, at: datetime
) -> Event:
    return event(
        f"addresses.{verb.value}",
        ("device", row.device_id) if row.device_id else ("address", row.ip),
        by=by,
        at=at,
        ip=row.ip,
        before=before.state.value,
        number=after.device or before.device or "—",
        was=before.purpose or "—",
        purpose=after.purpose or "—",
        reason=reason or "—",
    )


def taken_by(row: Address) -> str:
    """Who has an address already, in words."""
    if row.device:
        return _("%(ip)s 已由设备 %(number)s 使用") % {"ip": row.ip, "number": row.device.number}
    return _("%(ip)s 已有用途：%(purpose)s") % {"ip": row.ip, "purpose": row.purpose}


def _checked(text: str, length: int, field: str) -> str:
    text = tidy(text)
    if len(text) > length or has_invisible(text):
        raise BadInput(_("不能超过 %(length)d 个字") % {"length": length}, field=field)
    return text
