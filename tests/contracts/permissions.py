"""Who may do what with contracts."""

from tests import builders, cast
from tests.matrix import At, get, post
from tests.standards.texts import changed
from yika.journal.rules import SYSTEM
from yika.people.models import User
from yika.people.rules import Side
from yika.standards.actions import load


def a_contract(who: User | None) -> At:
    return At(pk=builders.contract().pk)


def another_version(who: User | None) -> At:
    version = load(changed(), by=SYSTEM, at=cast.AT)
    return At(pk=builders.contract().pk, version_pk=version.pk)


def a_new_contract(who: User | None) -> At:
    data = {
        "number": "HT-2",
        "name": "二期",
        "vendor": cast.organisation(Side.VENDOR).pk,
        "version": builders.contract().standard_id,
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }
    return At(data=data)


MATRIX = {
    "contracts:list": get(everyone=200),
    "contracts:detail": get(a_contract, everyone=200),
    "contracts:new": (get(everyone=403, office=200), post(a_new_contract, everyone=403, office=302)),
    "contracts:adopt": (
        get(another_version, everyone=403, office=200),
        post(another_version, everyone=403, office=302),
    ),
}
