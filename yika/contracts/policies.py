"""Who may read contracts, and who changes them."""

from django.db.models import QuerySet

from yika.contracts.models import Contract
from yika.lib.decisions import Decision
from yika.people.models import User
from yika.people.policies import Doer, may
from yika.people.rules import Right, Side


def visible(viewer: User) -> QuerySet[Contract]:
    """The Office sees every contract, vendor staff those of their own organisation."""
    rows = Contract.objects.all()
    return rows if viewer.side is Side.OFFICE else rows.filter(vendor=viewer.organisation_id)


def can_create(by: Doer) -> Decision:
    """Enter a contract."""
    return may(by, Right.MANAGE_CONTRACT)


def can_adopt(by: Doer) -> Decision:
    """Put a contract under another version of the standard."""
    return may(by, Right.ADOPT_STANDARD)
