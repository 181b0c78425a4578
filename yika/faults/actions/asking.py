"""What the vendor asks and the Office decides: 认定."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.commitments import actions as commitments
from yika.commitments.models import Commitment, Exemption
from yika.commitments.rules import Outcome
from yika.faults.actions.clocks import bring
from yika.faults.actions.telling import in_office_words, tell_office, tell_people
from yika.faults.models import Classification, Fault, Move, Ruling
from yika.faults.policies import can_ask, can_decide
from yika.faults.rules import OUT_OF_CLOCKS, RulingKind, State
from yika.faults.words import RULINGS
from yika.files.models import StoredFile
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.standards.queries import standard_of


def propose_special(
    fault: Fault, *, cause: str, claim: str, evidence: StoredFile | None = None, by: User, at: datetime
) -> Ruling:
    """Propose that the cause lies outside the contract; until granted the ordinary clock runs. Source: 2.5.

    Raises: NotAllowed, BadInput (unknown cause, no claim), WrongState (already asked, or ended).
    """
    if cause not in {known.key for known in standard_of(fault.standard).causes}:
        raise BadInput(_("请选择规范所列的特殊原因"), field="cause")
    return _ask(fault, RulingKind.SPECIAL, claim=claim, cause=cause, evidence=evidence, by=by, at=at)


def ask_factory_limit(
    fault: Fault, *, claim: str, evidence: StoredFile | None = None, by: User, at: datetime
) -> Ruling:
    """No spare exists: ask that the factory's ten days take the repair limit's place. Source: 4.2.3, (c)."""
    if not standard_of(fault.standard).readings.factory_may_replace_repair:
        raise WrongState(_("本规范不允许以返厂时限替代修复时限"))
    return _ask(fault, RulingKind.FACTORY, claim=claim, evidence=evidence, by=by, at=at)


def _ask(
    fault: Fault,
    kind: RulingKind,
    *,
    claim: str,
    by: User,
    at: datetime,
    cause: str = "",
    evidence: StoredFile | None = None,
) -> Ruling:
    require(can_ask(by, fault, kind))
    if not claim.strip():
        raise BadInput(_("请写明理由"), field="claim")
    with transaction.atomic():
        row = lock(fault)
        if State(row.state) in OUT_OF_CLOCKS:
            raise WrongState(_("这起故障已不计时限，无需认定"))
        if row.rulings.filter(kind=kind, decided_at__isnull=True, move__isnull=True).exists():
            raise WrongState(_("同一事项已在等待信息化办公室认定"))
        return ask_within(row, kind, claim=claim, by=by, at=at, cause=cause, evidence=evidence)


def ask_within(
    fault: Fault,
    kind: RulingKind,
    *,
    claim: str,
    by: User,
    at: datetime,
    classification: Classification | None = None,
    move: Move | None = None,
    cause: str = "",
    evidence: StoredFile | None = None,
) -> Ruling:
    """Put a question to the Office inside the caller's transaction."""
    ruling = Ruling.objects.create(
        fault=fault,
        kind=kind,
        classification=classification,
        move=move,
        cause=cause,
        claim=claim.strip()[:500],
        evidence=evidence,
        asked_by=by,
        asked_at=at,
    )
    record(
        "faults.ask",
        ("fault", fault.pk),
        by=by,
        at=at,
        kind=kind,
        claim=ruling.claim,
        cause=cause,
        ruling=ruling.pk,
    )
    tell_office(fault, gettext_lazy("待认定：%(kind)s，%(number)s"), at=at, kind=RULINGS[kind])
    return ruling


def supersede(fault: Fault, *, at: datetime, words: Promise, **which: Any) -> None:
    """Close open questions that something newer has overtaken, inside the caller's transaction."""
    for ruling in fault.rulings.filter(decided_at__isnull=True, **which):
        ruling.granted, ruling.decided_at, ruling.decision = False, at, in_office_words(words)
        ruling.save(update_fields=["granted", "decided_at", "decision"])


def decide(ruling: Ruling, *, granted: bool, decision: str, by: User, at: datetime) -> Ruling:
    """The Office answers; an answer once given stands, and the clocks follow it at once.

    Raises: NotAllowed, BadInput (no reason), WrongState (decided already; the repair limit ran out before
    consent to the factory's limit).
    """
    require(can_decide(by, RulingKind(ruling.kind)))
    if not decision.strip():
        raise BadInput(_("请写明认定理由"), field="decision")
    with transaction.atomic():
        fault = lock(ruling.fault)
        row = lock(ruling)
        if row.decided_at is not None:
            raise WrongState(
                _("该事项已由 %(name)s 认定") % {"name": row.decided_by.name if row.decided_by else _("系统")}
            )
        if granted and row.kind == RulingKind.FACTORY and fault.repair and at > fault.repair.excused_due_at:
            raise WrongState(_("修复时限已过，不能再以返厂时限替代，只能不同意"))
        row.granted, row.decision, row.decided_by, row.decided_at = granted, decision.strip()[:500], by, at
        row.save(update_fields=["granted", "decision", "decided_by", "decided_at"])
        record(
            "faults.grant" if granted else "faults.refuse_ruling",
            ("fault", fault.pk),
            by=by,
            at=at,
            kind=row.kind,
            decision=row.decision,
            ruling=row.pk,
        )
        bring(fault, by=by, at=at)
        tell_people(
            [row.asked_by] if row.asked_by else [],
            fault,
            gettext_lazy("已同意：%(kind)s，%(number)s")
            if granted
            else gettext_lazy("未同意：%(kind)s，%(number)s"),
            at=at,
            kind=RULINGS[RulingKind(row.kind)],
        )
    ruling.refresh_from_db()
    return ruling


def rule_special(fault: Fault, *, special: bool, cause: str, decision: str, by: User, at: datetime) -> Ruling:
    """The Office rules on the cause unasked, or takes an earlier ruling back. Source: 1.3, 2.5."""
    require(can_decide(by, RulingKind.SPECIAL))
    if not decision.strip():
        raise BadInput(_("请写明认定理由"), field="decision")
    if special and cause not in {known.key for known in standard_of(fault.standard).causes}:
        raise BadInput(_("请选择规范所列的特殊原因"), field="cause")
    with transaction.atomic():
        row = lock(fault)
        if row.rulings.filter(kind=RulingKind.SPECIAL, decided_at__isnull=True).exists():
            raise WrongState(_("已有特殊故障申请等待认定，请直接认定该申请"))
        ruling = Ruling.objects.create(
            fault=row,
            kind=RulingKind.SPECIAL,
            cause=cause if special else "",
            claim=in_office_words(gettext_lazy("信息化办公室直接认定")),
            asked_by=by,
            asked_at=at,
            decided_by=by,
            decided_at=at,
            granted=special,
            decision=decision.strip()[:500],
        )
        record(
            "faults.grant" if special else "faults.refuse_ruling",
            ("fault", row.pk),
            by=by,
            at=at,
            kind=RulingKind.SPECIAL,
            decision=ruling.decision,
            ruling=ruling.pk,
        )
        bring(row, by=by, at=at)
    fault.refresh_from_db()
    return ruling


def claim_exemption(
    fault: Fault,
    commitment: Commitment,
    *,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    evidence: StoredFile | None = None,
    by: User,
    at: datetime,
) -> Exemption:
    """Ask that an interval of one of the fault's clocks be not counted."""
    with transaction.atomic():
        row = lock(fault)
        exemption = commitments.claim_exemption(
            commitment, from_at=from_at, until_at=until_at, reason=reason, evidence=evidence, by=by, at=at
        )
        tell_office(row, gettext_lazy("待认定：豁免申请，%(number)s"), at=at)
    return exemption


def decide_exemption(
    fault: Fault, exemption: Exemption, *, granted: bool, decision: str, by: User, at: datetime
) -> Exemption:
    """The Office decides an exemption of one of the fault's clocks; the fault's urgency follows."""
    with transaction.atomic():
        row = lock(fault)
        decided = commitments.decide_exemption(exemption, granted=granted, decision=decision, by=by, at=at)
        bring(row, by=by, at=at)
        tell_people(
            [decided.claimed_by],
            row,
            gettext_lazy("豁免已同意，%(number)s") if granted else gettext_lazy("豁免未同意，%(number)s"),
            at=at,
        )
    fault.refresh_from_db()
    return decided


def rule_outcome(
    fault: Fault, commitment: Commitment, *, outcome: Outcome, reason: str, by: User, at: datetime
) -> Commitment:
    """The Office overrides the outcome of one of the fault's clocks, with a reason. Source: 1.3."""
    with transaction.atomic():
        lock(fault)
        return commitments.rule_outcome(commitment, outcome=outcome, reason=reason, by=by, at=at)
