"""Who may see, claim and decide."""

from django.utils.translation import gettext as _

from yika.commitments.models import Commitment, CommitmentRows
from yika.lib.decisions import Decision, Refused
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right, Side


def visible(user: User) -> CommitmentRows:
    """The Office's readers see all; a vendor's people what their organisation owes."""
    if not may(user, Right.SEE_DUE):
        return Commitment.objects.none()
    rows = Commitment.objects.all()
    return rows.filter(owed_by=user.organisation_id) if user.side is Side.VENDOR else rows


def _not_own(user: User, commitment: Commitment) -> Refused | None:
    if user.side is Side.VENDOR and commitment.owed_by_id != user.organisation_id:
        return Refused(_("该时限不由本单位负责"))
    return None


def can_see_due(user: User) -> Decision:
    """The board of what is due, and single commitments."""
    return may(user, Right.SEE_DUE)


def can_see_compliance(user: User) -> Decision:
    """The figures by clause, and the lists behind them."""
    return may(user, Right.SEE_COMPLIANCE)


def can_claim_exemption(user: User, commitment: Commitment) -> Decision:
    """The vendor that owes it claims."""
    refused = _not_own(user, commitment)
    return may(user, Right.CLAIM_EXEMPTION) if refused is None else refused


def can_decide_exemption(user: User, commitment: Commitment) -> Decision:
    """The Office decides."""
    return may(user, Right.DECIDE_EXEMPTION)


def can_rule_outcome(user: User, commitment: Commitment) -> Decision:
    """The Office rules. Source: 1.3."""
    return may(user, Right.RULE_OUTCOME)
