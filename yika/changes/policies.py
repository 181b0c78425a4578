"""Who may see a change, who proposes and carries it out, who of the Office has the say."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yika.changes.models import Change, Difference
from yika.changes.rules import State
from yika.lib.decisions import Decision, Refused
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right, Side


def visible(user: User) -> QuerySet[Change]:
    """The Office's readers see all, the vendor's people their contracts'; drafts only one's own side."""
    if not may(user, Right.SEE_CHANGES):
        return Change.objects.none()
    drafts = ~Q(state=State.DRAFT) | Q(asked_by__organisation=user.organisation_id)
    rows = Change.objects.filter(drafts)
    return rows.filter(contract__vendor=user.organisation_id) if user.side is Side.VENDOR else rows


def visible_differences(user: User) -> QuerySet[Difference]:
    """Who sees changes sees what was found different."""
    return Difference.objects.all() if may(user, Right.SEE_CHANGES) else Difference.objects.none()


def can_propose(user: User) -> Decision:
    """Draft a change, and note what is found different."""
    return may(user, Right.PROPOSE_CHANGES)


def can_edit(user: User, change: Change) -> Decision:
    """Word a change, ask for it, take it back: its own side."""
    if change.asked_by.organisation_id != user.organisation_id:
        return Refused(_("只有申请单位可以修改或撤回"))
    return may(user, Right.PROPOSE_CHANGES)


def can_execute(user: User, change: Change) -> Decision:
    """Carry a change out, record its tests, roll it back: its own side, or the vendor of its contract."""
    if user.organisation_id not in (change.asked_by.organisation_id, change.contract.vendor_id):
        return Refused(_("该变更不由本单位执行"))
    return may(user, Right.PROPOSE_CHANGES)


def can_vote(user: User, change: Change) -> Decision:
    """Have the say on a change: the Office's supervisors, but nobody on their own."""
    decision = may(user, Right.CONSENT_TO_CHANGES)
    if decision and change.asked_by_id == user.pk:
        return Refused(_("不能对自己提出的变更表态，请由其他负责人办理"))
    return (
        decision
        if not decision or change.contract.office_id == user.organisation_id
        else Refused(_("该变更不由本单位同意"))
    )


def can_plan(user: User) -> Decision:
    """Approve patterns and set blackout times."""
    return may(user, Right.CONSENT_TO_CHANGES)


def can_see(user: User) -> Decision:
    """Open the pages of changes."""
    return may(user, Right.SEE_CHANGES)
