"""Writing VLANs."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yika.addresses.models import Vlan
from yika.addresses.policies import can_manage
from yika.addresses.rules import VLAN_NAME_LENGTH, VLANS
from yika.assets.actions.places import first_come
from yika.assets.rules import has_invisible, tidy
from yika.journal.actions import record
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.people.policies import Doer


def add_vlan(number: int, *, name: str, by: Doer, at: datetime) -> Vlan:
    """Name a VLAN. Raises: BadInput for a number that is none or taken, or a bad name."""
    require(can_manage(by))
    name = _checked(name)
    if number not in VLANS:
        raise BadInput(_("VLAN 编号应在 1 到 4094 之间"), field="number")
    with first_come(_("这个 VLAN 编号已登记"), "number"):
        if Vlan.objects.filter(number=number).exists():
            raise BadInput(_("VLAN %(number)d 已登记") % {"number": number}, field="number")
        vlan = Vlan.objects.create(number=number, name=name)
        record("addresses.add_vlan", ("vlan", number), by=by, at=at, number=number, name=name)
    return vlan


def rename_vlan(vlan: Vlan, *, name: str, by: Doer, at: datetime) -> Vlan:
    """Give a VLAN another name. Raises: BadInput for a bad one."""
    require(can_manage(by))
    name = _checked(name)
    with transaction.atomic():
        row = lock(vlan)
        before, row.name = row.name, name
        if before != name:
            row.save(update_fields=["name"])
            record(
                "addresses.rename_vlan",
                ("vlan", row.number),
                by=by,
                at=at,
                number=row.number,
                before=before,
                after=name,
            )
    return row


def remove_vlan(vlan: Vlan, *, by: Doer, at: datetime) -> None:
    """Forget a VLAN. Raises: WrongState while a subnet is in it."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(vlan)
        insist([_("还有网段属于这个 VLAN，不能删除")] if row.subnets.exists() else [])
        record("addresses.remove_vlan", ("vlan", row.number), by=by, at=at, number=row.number, name=row.name)
        row.delete()


def _checked(name: str) -> str:
    name = tidy(name)
    if not name or len(name) > VLAN_NAME_LENGTH or has_invisible(name):
        said = _("请填写名称，不超过 %(length)d 个字") % {"length": VLAN_NAME_LENGTH}
        raise BadInput(said, field="name")
    return name
