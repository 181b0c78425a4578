"""Writing subnets, and which subnet the addresses belong to."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yika.addresses.models import Address, Subnet, Vlan
from yika.addresses.policies import can_manage
from yika.addresses.queries import around
from yika.addresses.rules import NOTE_LENGTH, Network, Unusable, is_special, parse_ip, parse_network, span
from yika.addresses.sentences import worded
from yika.assets.actions.places import first_come
from yika.assets.models import Place
from yika.assets.rules import has_invisible, tidy
from yika.journal.actions import record
from yika.lib.decisions import BadInput, require
from yika.lib.locking import lock
from yika.people.policies import Doer

# The journal is kept in Chinese, whoever acts.
FIELD_NAMES = {"vlan": "VLAN", "place": "地点", "gateway": "网关", "note": "备注"}


def add_subnet(
    cidr: str,
    *,
    vlan: Vlan | None = None,
    place: Place | None = None,
    gateway: str = "",
    note: str = "",
    by: Doer,
    at: datetime,
) -> Subnet:
    """Add a network; addresses in it that were in a wider one, or in none, belong to it from now on.

    Raises: BadInput for what is no network or is there already, and for a gateway outside it.
    """
    require(can_manage(by))
    try:
        network = parse_network(cidr)
    except Unusable as trouble:
        raise BadInput(worded(trouble), field="cidr") from trouble
    first, last = span(network)
    subnet = Subnet(cidr=str(network), first=first, last=last, vlan=vlan, place=place)
    subnet.gateway, subnet.note = _gateway(gateway, network), _note(note)
    with first_come(_("这个网段已登记"), "cidr"):
        if Subnet.objects.filter(cidr=subnet.cidr).exists():
            raise BadInput(_("网段 %(cidr)s 已登记") % {"cidr": subnet.cidr}, field="cidr")
        subnet.save(force_insert=True)
        wider = Q(subnet=None) | Q(subnet__first__lte=first, subnet__last__gte=last)
        moved = Address.objects.filter(wider, key__gte=first, key__lte=last).values("pk")
        Address.objects.filter(pk__in=list(moved.values_list("pk", flat=True))).update(subnet=subnet)
        record(
            "addresses.add_subnet",
            ("subnet", subnet.pk),
            by=by,
            at=at,
            cidr=subnet.cidr,
            vlan=str(vlan or "—"),
            place=str(place or "—"),
            gateway=subnet.gateway or "—",
        )
    return subnet


def edit_subnet(
    subnet: Subnet,
    *,
    vlan: Vlan | None,
    place: Place | None,
    gateway: str,
    note: str,
    by: Doer,
    at: datetime,
) -> Subnet:
    """Say where a network is and what for. Raises: BadInput for a gateway outside it."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(subnet)
        before = _described(row)
        row.vlan, row.place = vlan, place
        row.gateway, row.note = _gateway(gateway, row.network), _note(note)
        after = _described(row)
        changed = [name for name in FIELD_NAMES if before[name] != after[name]]
        if changed:
            row.save(update_fields=changed)
            told = "；".join(f"{FIELD_NAMES[name]} {before[name]} → {after[name]}" for name in changed)
            record("addresses.edit_subnet", ("subnet", row.pk), by=by, at=at, cidr=row.cidr, changes=told)
    return row


def remove_subnet(subnet: Subnet, *, by: Doer, at: datetime) -> None:
    """Forget a network; its addresses belong to the next wider one, or to none."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(subnet)
        wider = around(row.first, row.last).exclude(pk=row.pk).first()
        kept = Address.objects.filter(subnet=row).update(subnet=wider)
        record("addresses.remove_subnet", ("subnet", row.pk), by=by, at=at, cidr=row.cidr, addresses=kept)
        row.delete()


def _described(subnet: Subnet) -> dict[str, str]:
    return {
        "vlan": str(subnet.vlan or "—"),
        "place": str(subnet.place or "—"),
        "gateway": subnet.gateway or "—",
        "note": subnet.note or "—",
    }


def _gateway(text: str, network: Network) -> str | None:
    if not text.strip():
        return None
    try:
        ip = parse_ip(text)
    except Unusable as trouble:
        raise BadInput(worded(trouble), field="gateway") from trouble
    if ip not in network or is_special(ip, network):
        said = _("网关应是 %(cidr)s 内设备可用的地址") % {"cidr": network}
        raise BadInput(said, field="gateway")
    return str(ip)


def _note(text: str) -> str:
    text = tidy(text)
    if len(text) > NOTE_LENGTH or has_invisible(text):
        raise BadInput(_("不能超过 %(length)d 个字") % {"length": NOTE_LENGTH}, field="note")
    return text
