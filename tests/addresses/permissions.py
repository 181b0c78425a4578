"""Who may do what with addresses: everybody looks, the Office, the desk and set-up write."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests import builders, cast
from tests.addresses import plan
from tests.matrix import At, Build, Row, get, post
from yika.addresses.actions.holding import hold, read_ip
from yika.addresses.models import Address
from yika.addresses.rules import State, key_of
from yika.journal.rules import SYSTEM
from yika.people.models import User


def form(build: Build | None = None) -> Row:
    return get(build, everyone=200, technician=403, auditor=403)


def written(build: Build | None = None) -> Row:
    return post(build, everyone=302, technician=403, auditor=403)


def standing() -> Address:
    """A device's address, as a consented change leaves it; the same one when asked again."""
    ip = read_ip("10.12.1.5")
    found = Address.objects.filter(key=key_of(ip)).first()
    if found:
        return found
    device = builders.device()
    with transaction.atomic():
        return hold(ip, state=State.IN_USE, device=device, purpose="", reason="", by=SYSTEM, at=cast.AT)


def an_export(who: User | None) -> At:
    standing()
    return At(form="xlsx")


def a_subnet(who: User | None) -> At:
    return At(pk=plan.subnet().pk)


def an_edit(who: User | None) -> At:
    return At(pk=plan.subnet().pk, data={"gateway": "10.12.1.1", "note": "食堂"})


def a_reservation(who: User | None) -> At:
    return At(pk=plan.subnet().pk, data={"count": 2, "purpose": "新窗口"})


def an_address(who: User | None) -> At:
    return At(pk=standing().pk)


def a_purpose(who: User | None) -> At:
    return At(pk=plan.taken(state=State.RESERVED).pk, data={"purpose": "新窗口"})


def a_release(who: User | None) -> At:
    return At(pk=plan.taken().pk, data={"reason": "窗口撤销"})


def a_vlan(who: User | None) -> At:
    return At(pk=plan.vlan().pk, data={"name": "门禁"})


def a_file(text: str) -> Build:
    """A file of a list, to be looked at."""
    return lambda who: At(data={"file": SimpleUploadedFile("清单.csv", text.encode())})


def looked(build: Build) -> Row:
    return post(build, everyone=200, technician=403, auditor=403)


MATRIX = {
    "addresses:bring_subnets": (form(), looked(a_file("网段\n10.77.0.0/24\n"))),
    "addresses:bring_addresses": (form(), looked(a_file("IP 地址,状态,用途\n10.77.0.5,预留,新窗口\n"))),
    "addresses:addresses": get(everyone=200),
    "addresses:export": get(an_export, everyone=200),
    "addresses:export_subnets": get(an_export, everyone=200),
    "addresses:export_changes": get(an_export, everyone=200),
    "addresses:address": get(an_address, everyone=200),
    "addresses:take": (
        form(),
        written(lambda who: At(data={"ip": "10.12.1.9", "state": "reserved", "purpose": "新窗口"})),
    ),
    "addresses:describe": written(a_purpose),
    "addresses:release": written(a_release),
    "addresses:changes": get(everyone=200),
    "addresses:conflicts": get(everyone=200),
    "addresses:panel_device": get(lambda who: At(query={"device": builders.device().pk}), everyone=200),
    "addresses:subnets": get(everyone=200),
    "addresses:subnet": get(a_subnet, everyone=200),
    "addresses:add_subnet": (form(), written(lambda who: At(data={"cidr": "10.12.9.0/24"}))),
    "addresses:edit_subnet": (form(a_subnet), written(an_edit)),
    "addresses:remove_subnet": written(a_subnet),
    "addresses:reserve": written(a_reservation),
    "addresses:vlans": get(everyone=200),
    "addresses:add_vlan": (form(), written(lambda who: At(data={"number": 7, "name": "门禁"}))),
    "addresses:rename_vlan": (form(a_vlan), written(a_vlan)),
    "addresses:remove_vlan": written(a_vlan),
}
