"""The engine's verbs. Producers call ``keep`` inside their own transaction, after their own policy."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yika.commitments import rules
from yika.commitments.models import Commitment, Exemption, Term
from yika.commitments.policies import can_claim_exemption, can_decide_exemption, can_rule_outcome
from yika.commitments.rules import Outcome, Promise
from yika.contracts.models import Contract
from yika.files.models import StoredFile
from yika.journal.actions import Actor, record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Standard, due_at


def keep(
    commitment: Commitment | None,
    promise: Promise | None,
    *,
    contract: Contract,
    standard: Standard,
    standard_version_id: int,
    holder: User | None,
    subject: str,
    by: Actor,
    at: datetime,
) -> Commitment | None:
    """Bring one commitment in line with what its producer's facts now promise.

    Opens, settles, takes back, replaces the allowance, voids or reinstates: whatever is needed and
    nothing else. ``promise`` None means that nothing is owed (any more). Called with the producer's
    row locked; calling it again with the same promise changes nothing.
    """
    if commitment is None:
        return (
            None
            if promise is None
            else _open(
                promise,
                contract=contract,
                standard=standard,
                standard_version_id=standard_version_id,
                holder=holder,
                subject=subject,
                by=by,
                at=at,
            )
        )
    row = lock(commitment)
    if row.holder_id != (holder.pk if holder else None):
        row.holder = holder
        row.save(update_fields=["holder"])
    if promise is None:
        if row.voided_at is None:
            _void(row, by=by, at=at)
        return row
    if row.voided_at is not None:
        row.voided_at, row.void_reason = None, ""
        row.save(update_fields=["voided_at", "void_reason"])
        record("commitments.reinstate", ("commitment", row.pk), by=by, at=at, kind=row.kind)
        _set_alerts(row, standard)
    if (row.limit, row.started_at) != (promise.limit, promise.started_at):
        _replace(row, promise, standard, by=by, at=at)
    if row.settled_at != promise.settled_at:
        _settle(row, promise.settled_at, standard, by=by, at=at)
    return row


def _open(
    promise: Promise,
    *,
    contract: Contract,
    standard: Standard,
    standard_version_id: int,
    holder: User | None,
    subject: str,
    by: Actor,
    at: datetime,
) -> Commitment:
    due = due_at(promise.limit, promise.started_at, standard)
    row = Commitment(
        kind=promise.kind,
        clause=promise.limit.clause,
        contract=contract,
        standard_id=standard_version_id,
        owed_by_id=contract.vendor_id,
        holder=holder,
        subject=subject[:160],
        started_at=promise.started_at,
        allowance_s=promise.limit.seconds,
        allowance_days=promise.limit.days,
        clock=promise.limit.clock,
        due_at=due,
        excused_due_at=due,
        settled_at=promise.settled_at,
    )
    if promise.settled_at is None:
        row.next_alert_at = rules.next_alert(standard.ladder, row.started_at, due, 0)
    row.save(force_insert=True)
    _keep_term(row, promise.reason, at)
    record(
        "commitments.open",
        ("commitment", row.pk),
        by=by,
        at=at,
        kind=row.kind,
        clause=row.clause,
        started_at=row.started_at.isoformat(),
        due_at=due.isoformat(),
    )
    return row


def _keep_term(row: Commitment, reason: str, at: datetime) -> None:
    Term.objects.create(
        commitment=row,
        decided_at=at,
        clause=row.clause,
        allowance_s=row.allowance_s,
        allowance_days=row.allowance_days,
        started_at=row.started_at,
        due_at=row.due_at,
        reason=reason[:200],
    )


def _replace(row: Commitment, promise: Promise, standard: Standard, *, by: Actor, at: datetime) -> None:
    """Another limit or start: the due time is computed anew from the start, never from now."""
    before = {"clause": row.clause, "due_at": row.due_at.isoformat()}
    row.clause = promise.limit.clause
    row.allowance_s, row.allowance_days = promise.limit.seconds, promise.limit.days
    row.clock = promise.limit.clock
    row.started_at = promise.started_at
    _compute_due(row, standard)
    row.save(
        update_fields=[
            "clause",
            "allowance_s",
            "allowance_days",
            "clock",
            "started_at",
            "due_at",
            "excused_due_at",
            "alerts_sent",
            "next_alert_at",
        ]
    )
    _keep_term(row, promise.reason, at)
    record(
        "commitments.replace",
        ("commitment", row.pk),
        by=by,
        at=at,
        kind=row.kind,
        clause=row.clause,
        due_at=row.due_at.isoformat(),
        reason=promise.reason,
        before=before,
    )


def _compute_due(row: Commitment, standard: Standard) -> None:
    """Set both due times from the facts; a changed due time climbs the ladder anew."""
    excused = [(exemption.from_at, exemption.until_at) for exemption in row.exemptions.filter(granted=True)]
    previous = row.excused_due_at
    row.due_at = due_at(row.limit, row.started_at, standard)
    row.excused_due_at = due_at(row.limit, row.started_at, standard, excused)
    if row.excused_due_at != previous:
        row.alerts_sent = 0
    row.next_alert_at = (
        rules.next_alert(standard.ladder, row.started_at, row.excused_due_at, row.alerts_sent)
        if row.is_open
        else None
    )


def _set_alerts(row: Commitment, standard: Standard) -> None:
    _compute_due(row, standard)
    row.save(update_fields=["due_at", "excused_due_at", "alerts_sent", "next_alert_at"])


def _settle(
    row: Commitment, settled_at: datetime | None, standard: Standard, *, by: Actor, at: datetime
) -> None:
    """Settle, move the settling moment, or take an outcome back."""
    before = row.settled_at
    row.settled_at = settled_at
    row.next_alert_at = (
        None
        if settled_at
        else rules.next_alert(standard.ladder, row.started_at, row.excused_due_at, row.alerts_sent)
    )
    row.save(update_fields=["settled_at", "next_alert_at"])
    if settled_at is None:
        record(
            "commitments.take_back",
            ("commitment", row.pk),
            by=by,
            at=at,
            kind=row.kind,
            before=before.isoformat() if before else "",
        )
    else:
        record(
            "commitments.settle",
            ("commitment", row.pk),
            by=by,
            at=at,
            happened_at=settled_at,
            kind=row.kind,
            outcome=row.raw_outcome(max(at, settled_at)),
            due_at=row.due_at.isoformat(),
        )


def _void(row: Commitment, *, by: Actor, at: datetime) -> None:
    row.voided_at, row.next_alert_at = at, None
    row.void_reason = _("事实表明此项不再有约定时限")
    row.save(update_fields=["voided_at", "void_reason", "next_alert_at"])
    record("commitments.void", ("commitment", row.pk), by=by, at=at, kind=row.kind, clause=row.clause)


def claim_exemption(
    commitment: Commitment,
    *,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    evidence: StoredFile | None = None,
    by: User,
    at: datetime,
) -> Exemption:
    """The vendor asks that an interval be not counted.

    Raises: BadInput for an empty or future interval, one before the clock started, or no reason.
    """
    require(can_claim_exemption(by, commitment))
    if not reason.strip():
        raise BadInput(_("请写明豁免理由"), field="reason")
    if until_at <= from_at:
        raise BadInput(_("结束时间必须晚于开始时间"), field="until_at")
    if until_at <= commitment.started_at:
        raise BadInput(_("豁免时段在起算时间之前，不影响时限"), field="until_at")
    if from_at > at:
        raise BadInput(_("豁免时段尚未开始，不能预先申请"), field="from_at")
    with transaction.atomic():
        row = lock(commitment)
        if row.voided_at is not None:
            raise WrongState(_("此项承诺已作废，无需豁免"))
        exemption = Exemption.objects.create(
            commitment=row,
            from_at=from_at,
            until_at=until_at,
            reason=reason.strip()[:500],
            evidence=evidence,
            claimed_by=by,
            claimed_at=at,
        )
        record(
            "commitments.claim_exemption",
            ("commitment", row.pk),
            by=by,
            at=at,
            exemption=exemption.pk,
            from_at=from_at.isoformat(),
            until_at=until_at.isoformat(),
            reason=exemption.reason,
        )
    return exemption


def decide_exemption(
    exemption: Exemption, *, granted: bool, decision: str, by: User, at: datetime
) -> Exemption:
    """The Office grants or refuses; a decision once made stands. Both figures stay."""
    require(can_decide_exemption(by, exemption.commitment))
    if not decision.strip():
        raise BadInput(_("请写明认定理由"), field="decision")
    with transaction.atomic():
        commitment = lock(exemption.commitment)
        row = lock(exemption)
        if row.decided_at is not None:
            raise WrongState(_("该豁免申请已由 %(name)s 认定") % {"name": row.decided_by})
        row.granted, row.decision, row.decided_by, row.decided_at = granted, decision.strip()[:500], by, at
        row.save(update_fields=["granted", "decision", "decided_by", "decided_at"])
        if granted:
            _set_alerts(commitment, standard_of(commitment.standard))
        record(
            "commitments.grant_exemption" if granted else "commitments.refuse_exemption",
            ("commitment", commitment.pk),
            by=by,
            at=at,
            exemption=row.pk,
            decision=row.decision,
            due_at=commitment.excused_due_at.isoformat(),
        )
    return row


def rule_outcome(
    commitment: Commitment, *, outcome: Outcome, reason: str, by: User, at: datetime
) -> Commitment:
    """The Office overrides an outcome with a reason; the computed one stays beside it. Source: 1.3."""
    require(can_rule_outcome(by, commitment))
    if outcome is Outcome.OPEN:
        raise BadInput(_("只能认定为达标或超时"), field="outcome")
    if not reason.strip():
        raise BadInput(_("请写明认定理由"), field="reason")
    with transaction.atomic():
        row = lock(commitment)
        if row.voided_at is not None:
            raise WrongState(_("此项承诺已作废，不能认定结果"))
        row.ruled_outcome, row.ruled_reason, row.ruled_by, row.ruled_at = (
            outcome,
            reason.strip()[:500],
            by,
            at,
        )
        row.save(update_fields=["ruled_outcome", "ruled_reason", "ruled_by", "ruled_at"])
        record(
            "commitments.rule_outcome",
            ("commitment", row.pk),
            by=by,
            at=at,
            outcome=outcome,
            reason=row.ruled_reason,
            computed=row.raw_outcome(at),
        )
    return row
