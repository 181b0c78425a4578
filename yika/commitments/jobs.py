"""The sweep that warns and escalates, and the auditor that proves it left nothing out."""

import json
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.commitments.models import Alert, Commitment, CommitmentRows
from yika.commitments.queries import ladders_of, told_by, unhandled
from yika.commitments.rules import Kind, next_alert, position_at, reached
from yika.commitments.words import KINDS
from yika.journal.actions import event, record_all
from yika.journal.models import Event
from yika.journal.rules import WORKER
from yika.lib.bulk import Row, insert, update
from yika.notices.actions import Message, tell_all
from yika.notices.words import Value

BATCH = 200
RETRY = timedelta(minutes=5)


class AuditFailed(Exception):
    """Something that was due was left unhandled."""


def handle_due(at: datetime) -> int:
    """Tell the rungs reached by now, for up to a batch of commitments; how many were handled.

    Claim, alerts, notices, events and the next alert time stand in one transaction: killed at any
    point, the batch is done or untouched. A row that fails is pushed forward with its error.
    """
    try:
        with transaction.atomic():
            rows = list(claimable(at)[:BATCH])
            _handle(rows, at)
            return len(rows)
    except Exception:
        return _one_by_one(at)


def claimable(at: datetime) -> CommitmentRows:
    """What is due to be told and held by nobody else, locked when read."""
    return (
        Commitment.objects.filter(next_alert_at__lte=at)
        .order_by("next_alert_at", "pk")
        .select_related("contract")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
    )


def _one_by_one(at: datetime) -> int:
    """The same batch row by row, so that one bad row does not hold up the others."""
    due = Commitment.objects.filter(next_alert_at__lte=at).order_by("next_alert_at", "pk")
    handled = 0
    for pk in due.values_list("pk", flat=True)[:BATCH]:
        try:
            with transaction.atomic():
                rows = list(claimable(at).filter(pk=pk))
                _handle(rows, at)
            handled += len(rows)
        except Exception as error:
            handled += Commitment.objects.filter(pk=pk, next_alert_at__lte=at).update(
                next_alert_at=at + RETRY, alert_error=f"{type(error).__name__}: {error}"[:300]
            )
    return handled


def _handle(rows: list[Commitment], at: datetime) -> None:
    alerts: list[Row] = []
    marks: list[Row] = []
    events: list[Event] = []
    messages: list[Message] = []
    people = told_by(rows)
    ladders = ladders_of({row.standard_id for row in rows})
    for row in rows:
        ladder = ladders[row.standard_id]
        position = position_at(ladder, row.started_at, row.excused_due_at, at)
        rungs = reached(ladder, position, row.alerts_sent)
        if rungs:
            roles = sorted({role for rung in rungs for role in rung.step.tell})
            alerts.append((row.pk, row.excused_due_at, position, at, json.dumps(roles)))
            words, values = _words(row, at)
            messages.append(
                Message(
                    people=[person for role in roles for person in people(row, role)],
                    words=words,
                    values=values,
                    url=f"/commitments/{row.pk}/",
                    urgent=row.excused_due_at <= at,
                )
            )
            events.append(
                event(
                    "commitments.alert",
                    ("commitment", row.pk),
                    by=WORKER,
                    at=at,
                    kind=row.kind,
                    position=position,
                    told=roles,
                    due_at=row.excused_due_at.isoformat(),
                )
            )
        sent = max(position, row.alerts_sent)
        marks.append((sent, next_alert(ladder, row.started_at, row.excused_due_at, sent), "", row.pk))
    insert(Alert, ("commitment", "due_at", "position", "at", "told"), alerts)
    record_all(events)
    tell_all(messages, at=at)
    update(Commitment, ("alerts_sent", "next_alert_at", "alert_error"), marks)


def _words(row: Commitment, at: datetime) -> tuple[Promise, dict[str, Value]]:
    """What the notice says, and what stands in its places."""
    left = timedelta(seconds=int((row.excused_due_at - at).total_seconds()))
    values: dict[str, Value] = {"kind": KINDS[Kind(row.kind)], "subject": row.subject}
    if left > timedelta():
        words = gettext_lazy("%(kind)s还剩 %(left)s（%(due)s 到期）：%(subject)s")
        return words, values | {"left": left, "due": row.excused_due_at}
    if not left:
        return gettext_lazy("%(kind)s时限现在到期：%(subject)s"), values
    return gettext_lazy("%(kind)s已超时 %(left)s：%(subject)s"), values | {"left": left}


def audit(at: datetime) -> None:
    """Prove from promises and recorded alerts, not from the sweep's own marks, that nothing due was left out.

    Raises: AuditFailed naming what was left, so that the status page shows it.
    """
    left = unhandled(at)
    if left:
        raise AuditFailed(
            _("至少 %(count)d 项时限的预警未发出，例如 %(keys)s")
            % {"count": len(left), "keys": "、".join(str(key) for key in left[:5])}
        )
