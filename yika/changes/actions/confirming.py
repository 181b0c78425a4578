"""The time within which the Office must have confirmed an emergency change. Source: 4.1.4."""

from datetime import datetime

from django.utils.translation import gettext as _

from yika.changes.models import Change
from yika.changes.rules import CLAUSE
from yika.commitments.actions import keep, rule_outcome
from yika.commitments.models import Commitment
from yika.commitments.rules import Kind, Outcome, Promise
from yika.contracts.models import Contract
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Clock, Limit


def _promised(change: Change, contract: Contract, at: datetime | None) -> Promise:
    seconds = standard_of(contract.standard).readings.emergency_change_confirm_within_s
    assert change.executed_at
    return Promise(
        Kind.CONFIRMATION,
        Limit(CLAUSE, seconds, None, Clock.NATURAL),
        change.executed_at,
        at,
        _("紧急变更须在时限内取得信息化办公室确认"),
    )


def open_confirmation(change: Change, *, by: User, at: datetime) -> Commitment:
    """Begin the time at the execution, inside the caller's transaction."""
    return _kept(change, None, by=by, at=at)


def settle(change: Change, *, by: User, at: datetime) -> None:
    """The Office has spoken: the time ends, inside the caller's transaction."""
    _kept(change, at, by=by, at=at)


def miss(change: Change, reason: str, *, by: User, at: datetime) -> None:
    """The Office declined: no confirmation can come any more, so the promise ends and is ruled missed."""
    settled = _kept(change, at, by=by, at=at)
    rule_outcome(settled, outcome=Outcome.MISSED, reason=f"不予确认：{reason}", by=by, at=at)


def _kept(change: Change, settled_at: datetime | None, *, by: User, at: datetime) -> Commitment:
    contract = change.contract
    (row,) = keep(
        [(change.confirmation, _promised(change, contract, settled_at))],
        contract=contract,
        standard=standard_of(contract.standard),
        standard_version_id=contract.standard_id,
        holder=change.executed_by,
        subject=f"{change.number} {change.title}",
        by=by,
        at=at,
    )
    assert row
    return row
