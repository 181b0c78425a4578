"""Who may see what is due, and whether the standard is kept."""

from tests import builders, cast
from tests.matrix import At, get
from yika.commitments.models import Commitment
from yika.people.models import User


def a_commitment(who: User | None) -> At:
    return At(pk=builders.commitment().pk)


def another_vendors(who: User | None) -> At:
    row = builders.commitment()
    Commitment.objects.filter(pk=row.pk).update(owed_by=cast.stranger().organisation)
    return At(pk=row.pk)


def as_csv(who: User | None) -> At:
    return At(form="csv")


def a_statement(who: User | None) -> At:
    builders.commitment()
    return At(form="xlsx")


MATRIX = {
    "commitments:due": get(everyone=200, administrator=403),
    "commitments:export_due": get(as_csv, everyone=200, administrator=403),
    "commitments:export_compliance": get(a_statement, everyone=200, administrator=403, technician=403),
    "commitments:export_list": get(as_csv, everyone=200, administrator=403, technician=403),
    "commitments:compliance": get(everyone=200, administrator=403, technician=403),
    "commitments:panel_clauses": get(everyone=200, administrator=403, technician=403),
    "commitments:list": get(everyone=200, administrator=403, technician=403),
    "commitments:page": (
        get(a_commitment, everyone=200, administrator=404),
        get(another_vendors, everyone=404, office=200, auditor=200),
    ),
}
