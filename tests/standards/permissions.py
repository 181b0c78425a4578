"""Who may do what with the standard."""

from tests import builders, cast
from tests.matrix import At, get, post
from tests.standards.texts import changed
from yika.journal.rules import SYSTEM
from yika.people.models import User
from yika.standards.actions import load


def a_version(who: User | None) -> At:
    return At(pk=builders.contract().standard_id)


def in_force(who: User | None) -> At:
    builders.contract()
    return At()


def two_versions(who: User | None) -> At:
    new = load(changed(('"12h"', '"10h"')), by=SYSTEM, at=cast.AT)
    return At(pk=new.pk, with_pk=builders.contract().standard_id)


def a_text(who: User | None) -> At:
    return At(data={"source": changed(), "step": "load"})


MATRIX = {
    "standards:show": get(in_force, everyone=200),
    "standards:export_clauses": get(lambda who: At(form="csv"), everyone=200),
    "standards:versions": get(everyone=200),
    "standards:version": get(a_version, everyone=200),
    "standards:source": get(a_version, everyone=200),
    "standards:compare": get(two_versions, everyone=200),
    "standards:load": (get(everyone=403, office=200), post(a_text, everyone=403, office=302)),
}
