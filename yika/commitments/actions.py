"""The engine's verbs. Producers call ``keep`` inside their own transaction, after their own policy."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yika.commitments import rules
from yika.commitments.models import Commitment, Exemption, Term
from yika.commitments.policies import can_claim_exemption, can_decide_exemption, can_rule_outcome
from yika.commitments.rules import Outcome, Promise
from yika.contracts.models import Contract
from yika.files.models import StoredFile
from yika.journal.actions import Actor, record
from yika.lib.bulk import Row, insert, write
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Standard, due_at

ALERTS = ("alerts_sent", "next_alert_at", "armed_at")
RULING = ("ruled_outcome", "ruled_reason", "ruled_by", "ruled_at")


def keep(
    kept: Sequence[tuple[Commitment | None, Promise | None]],
    *,
    contract: Contract,
    standard: Standard,
    standard_version_id: int,
    holder: User | None,
    subject: str,
    by: Actor,
    at: datetime,
) -> list[Commitment | None]:
    """Bring commitments of one subject in line with what its producer's facts now promise.

    Opens, settles, takes back, replaces the allowance, voids or reinstates: whatever is needed and
    nothing else. A promise of None means that nothing is owed (any more). Called with the producer's
    row locked; calling it again with the same promises changes nothing.
    """
    fresh = [promise for row, promise in kept if row is None and promise is not None]
    opened = iter(
        _open(
            fresh,
            contract=contract,
            standard=standard,
            standard_version_id=standard_version_id,
            holder=holder,
            subject=subject,
            by=by,
            at=at,
        )
        if fresh
        else ()
    )
    return [
        _bring(row, promise, standard, holder, subject, by=by, at=at)
        if row is not None
        else next(opened)
        if promise is not None
        else None
        for row, promise in kept
    ]


def _bring(
    commitment: Commitment,
    promise: Promise | None,
    standard: Standard,
    holder: User | None,
    subject: str,
    *,
    by: Actor,
    at: datetime,
) -> Commitment:
    row = lock(commitment)
    if (row.holder_id, row.subject) != (holder.pk if holder else None, subject[:160]):
        row.holder, row.subject = holder, subject[:160]
        row.save(update_fields=["holder", "subject"])
    if promise is None:
        if row.voided_at is None:
            _void(row, by=by, at=at)
        return row
    if row.voided_at is not None:
        row.voided_at = None
        _arm(row, standard, at)
        row.save(update_fields=["voided_at", *ALERTS])
        record("commitments.reinstate", ("commitment", row.pk), by=by, at=at, kind=row.kind)
    due = due_at(promise.limit, promise.started_at, standard)  # the calendar may have changed since
    if (row.limit, row.started_at, row.due_at) != (promise.limit, promise.started_at, due):
        _replace(row, promise, standard, by=by, at=at)
    if row.settled_at != promise.settled_at:
        _settle(row, promise.settled_at, standard, by=by, at=at)
    return row


def _open(
    promises: Sequence[Promise],
    *,
    contract: Contract,
    standard: Standard,
    standard_version_id: int,
    holder: User | None,
    subject: str,
    by: Actor,
    at: datetime,
) -> list[Commitment]:
    rows = []
    for promise in promises:
        due = due_at(promise.limit, promise.started_at, standard)
        rows.append(
            Commitment(
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
                next_alert_at=rules.next_alert(standard.ladder, promise.started_at, due, 0),
                armed_at=at,
            )
        )
    write(rows)
    insert(Term, TERM, [_term(row, promise.reason, at) for row, promise in zip(rows, promises, strict=True)])
    for row, promise in zip(rows, promises, strict=True):
        record(
            "commitments.open",
            ("commitment", row.pk),
            by=by,
            at=at,
            kind=row.kind,
            clause=row.clause,
            started_at=row.started_at.isoformat(),
            due_at=row.due_at.isoformat(),
        )
        if promise.settled_at is not None:
            _settle(row, promise.settled_at, standard, by=by, at=at)
    return rows


TERM = (
    *("commitment", "decided_at", "clause", "allowance_s", "allowance_days", "clock", "started_at", "due_at"),
    "reason",
)


def _term(row: Commitment, reason: str, at: datetime) -> Row:
    """The term now in force."""
    return (
        *(row.pk, at, row.clause, row.allowance_s, row.allowance_days, str(row.clock)),
        *(row.started_at, row.due_at, reason[:200]),
    )


def _replace(row: Commitment, promise: Promise, standard: Standard, *, by: Actor, at: datetime) -> None:
    """Another limit or start: the due time is computed anew from the start, never from now."""
    before = {"clause": row.clause, "due_at": row.due_at.isoformat()}
    row.clause = promise.limit.clause
    row.allowance_s, row.allowance_days = promise.limit.seconds, promise.limit.days
    row.clock = promise.limit.clock
    row.started_at = promise.started_at
    row.due_at = due_at(promise.limit, promise.started_at, standard)
    row.excused_due_at = _excused_due(row, standard)
    _arm(row, standard, at)
    row.save(
        update_fields=[
            "clause",
            "allowance_s",
            "allowance_days",
            "clock",
            "started_at",
            "due_at",
            "excused_due_at",
            *ALERTS,
        ]
    )
    Term.objects.filter(commitment=row, replaced_at__isnull=True).update(replaced_at=at)
    insert(Term, TERM, [_term(row, promise.reason, at)])
    record(
        "commitments.replace",
        ("commitment", row.pk),
        by=by,
        at=at,
        kind=row.kind,
        clause=row.clause,
        due_at=row.due_at.isoformat(),
        reason=promise.reason,
        before_clause=before["clause"],
        before_at=before["due_at"],
    )


def _excused_due(row: Commitment, standard: Standard) -> datetime:
    """The due time with every granted exemption."""
    excused = [(exemption.from_at, exemption.until_at) for exemption in row.exemptions.filter(granted=True)]
    return due_at(row.limit, row.started_at, standard, excused)


def _arm(row: Commitment, standard: Standard, at: datetime) -> None:
    """Set the ladder to the due time: it goes on behind the last rung told for this very due time.

    History brought in was never watched and stays so.
    """
    if row.armed_at is None:
        return
    told = row.alerts.filter(due_at=row.excused_due_at).aggregate(last=Max("position"))
    row.alerts_sent = told["last"] or 0
    row.armed_at = at
    row.next_alert_at = (
        rules.next_alert(standard.ladder, row.started_at, row.excused_due_at, row.alerts_sent)
        if row.is_open
        else None
    )


def _settle(
    row: Commitment, settled_at: datetime | None, standard: Standard, *, by: Actor, at: datetime
) -> None:
    """Settle, move the settling moment, or take an outcome back and with it a ruling about it."""
    before, ruled = row.settled_at, row.ruled_outcome
    row.settled_at = settled_at
    _arm(row, standard, at)
    if settled_at is not None:
        row.save(update_fields=["settled_at", *ALERTS])
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
        return
    row.ruled_outcome, row.ruled_reason, row.ruled_by, row.ruled_at = "", "", None, None
    row.save(update_fields=["settled_at", *RULING, *ALERTS])
    record(
        "commitments.take_back",
        ("commitment", row.pk),
        by=by,
        at=at,
        kind=row.kind,
        before_at=before.isoformat() if before else "",
        ruled=ruled,
    )


def _void(row: Commitment, *, by: Actor, at: datetime) -> None:
    row.voided_at, row.next_alert_at = at, None
    row.save(update_fields=["voided_at", "next_alert_at"])
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
            raise WrongState(_("该时限已作废，无需豁免"))
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
            standard = standard_of(commitment.standard)
            commitment.excused_due_at = max(_excused_due(commitment, standard), commitment.due_at)
            _arm(commitment, standard, at)
            commitment.save(update_fields=["excused_due_at", *ALERTS])
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
        raise BadInput(_("只能认定为按时或超时"), field="outcome")
    if not reason.strip():
        raise BadInput(_("请写明认定理由"), field="reason")
    with transaction.atomic():
        row = lock(commitment)
        if row.voided_at is not None:
            raise WrongState(_("该时限已作废，不能认定结果"))
        if row.excused_outcome(at) is Outcome.OPEN:
            raise WrongState(_("该时限尚未到期也未完成，还没有结果可以认定"))
        row.ruled_outcome, row.ruled_reason, row.ruled_by, row.ruled_at = (
            outcome,
            reason.strip()[:500],
            by,
            at,
        )
        row.save(update_fields=RULING)
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
