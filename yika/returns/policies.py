"""Who may see a return, who handles it, who writes a unit off."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yika.lib.decisions import Decision, Refused
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right, Side
from yika.returns.models import Return


def can_see(user: User) -> Decision:
    """Open the pages of returns."""
    return may(user, Right.SEE_RETURNS)


def visible(user: User) -> QuerySet[Return]:
    """The Office's readers see all, the vendor's people their contracts'."""
    if not can_see(user):
        return Return.objects.none()
    rows = Return.objects.all()
    return rows.filter(contract__vendor=user.organisation_id) if user.side is Side.VENDOR else rows


def can_open(user: User) -> Decision:
    """Begin a return: the vendor."""
    return may(user, Right.HANDLE_RETURNS)


def can_handle(user: User, one: Return) -> Decision:
    """Send, receive, test, put back, cancel: the vendor of its contract."""
    decision = may(user, Right.HANDLE_RETURNS)
    if decision and one.contract.vendor_id != user.organisation_id:
        return Refused(_("该返厂单不由本单位办理"))
    return decision


def can_write_off(user: User, one: Return) -> Decision:
    """Say that a unit will not come back: the Office of its contract."""
    decision = may(user, Right.WRITE_OFF_RETURNS)
    if decision and one.contract.office_id != user.organisation_id:
        return Refused(_("该返厂单不由本单位核销"))
    return decision
