"""The vendor's claims about a return's limit, and the Office's word on it. Source: 1.3, 4.2.3."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.commitments import actions as commitments
from yika.commitments.models import Commitment, Exemption
from yika.commitments.rules import Outcome
from yika.files.models import StoredFile
from yika.lib.decisions import WrongState
from yika.lib.locking import lock
from yika.people.models import User
from yika.returns.actions.moving import tell_office, tell_opener
from yika.returns.models import Return


def _limit(row: Return) -> Commitment:
    if row.commitment is None:
        raise WrongState(_("%(number)s 还没有时限") % {"number": row.number})
    return row.commitment


def claim_exemption(
    one: Return,
    *,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    evidence: StoredFile | None = None,
    by: User,
    at: datetime,
) -> Exemption:
    """Ask that an interval of the return's limit be not counted; the policy is the commitment's.

    Raises: NotAllowed, BadInput naming the field, WrongState without a limit.
    """
    with transaction.atomic():
        row = lock(one)
        made = commitments.claim_exemption(
            _limit(row), from_at=from_at, until_at=until_at, reason=reason, evidence=evidence, by=by, at=at
        )
        tell_office(row, gettext_lazy("待认定：豁免申请，%(number)s %(device)s"), at=at)
    return made


def decide_exemption(
    one: Return, exemption: Exemption, *, granted: bool, decision: str, by: User, at: datetime
) -> Exemption:
    """The Office grants or refuses it. Raises: NotAllowed, BadInput, WrongState once decided."""
    with transaction.atomic():
        row = lock(one)
        decided = commitments.decide_exemption(exemption, granted=granted, decision=decision, by=by, at=at)
        words = gettext_lazy("豁免已同意：%(number)s %(device)s")
        tell_opener(row, words if granted else gettext_lazy("豁免未同意：%(number)s %(device)s"), at=at)
    return decided


def rule_outcome(one: Return, *, outcome: Outcome, reason: str, by: User, at: datetime) -> Commitment:
    """The Office overrides the limit's outcome, with a reason. Raises: NotAllowed, BadInput, WrongState."""
    with transaction.atomic():
        return commitments.rule_outcome(_limit(lock(one)), outcome=outcome, reason=reason, by=by, at=at)
