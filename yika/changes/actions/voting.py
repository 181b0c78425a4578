"""The Office's say: asking back, consent, refusal, and confirmation afterwards. Source: 4.1.4."""

from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.changes.actions.confirming import miss, settle
from yika.changes.actions.moving import insist_move, moved, tell_people
from yika.changes.models import Change, Vote
from yika.changes.policies import can_vote
from yika.changes.rules import AFTERWARDS, Mode, Verb, Word
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.lib.text import moment
from yika.people.models import User

_TOLD: dict[Word, Promise] = {
    Word.ASK_BACK: gettext_lazy("变更需要补充：%(number)s %(title)s"),
    Word.CONSENT: gettext_lazy("变更已同意：%(number)s %(title)s"),
    Word.REFUSE: gettext_lazy("变更未同意：%(number)s %(title)s"),
    Word.CONFIRM: gettext_lazy("紧急变更已确认：%(number)s %(title)s"),
    Word.DECLINE: gettext_lazy("紧急变更不予确认：%(number)s %(title)s"),
}
_MOVES = {Word.ASK_BACK: Verb.ASK_BACK, Word.CONSENT: Verb.CONSENT, Word.REFUSE: Verb.REFUSE}


def ask_back(change: Change, *, reason: str, by: User, at: datetime) -> Change:
    """Send a change back with a question; it may be asked for again."""
    return _say(change, Word.ASK_BACK, reason, by=by, at=at)


def consent(change: Change, *, reason: str = "", by: User, at: datetime) -> Change:
    """Consent to exactly the lines of a change. Raises: WrongState when somebody already decided."""
    return _say(change, Word.CONSENT, reason, by=by, at=at)


def refuse(change: Change, *, reason: str, by: User, at: datetime) -> Change:
    """Refuse a change, with the reason."""
    return _say(change, Word.REFUSE, reason, by=by, at=at)


def confirm(change: Change, *, reason: str = "", by: User, at: datetime) -> Change:
    """Confirm an emergency change after its execution: this ends the time it had to be confirmed in."""
    return _say(change, Word.CONFIRM, reason, by=by, at=at)


def decline(change: Change, *, reason: str, by: User, at: datetime) -> Change:
    """Decline to confirm an emergency change: its promise is missed, and it must be rolled back."""
    return _say(change, Word.DECLINE, reason, by=by, at=at)


def _say(change: Change, word: Word, reason: str, *, by: User, at: datetime) -> Change:
    require(can_vote(by, change))
    reason = reason.strip()[:500]
    if not reason and word not in (Word.CONSENT, Word.CONFIRM):
        raise BadInput(_("请写明理由"), field="reason")
    with transaction.atomic():
        row = lock(change)
        if word in AFTERWARDS:
            _insist_unconfirmed(row)
        else:
            to = insist_move(row, _MOVES[word])
            if word is Word.CONSENT:
                _insist_window(row, at)
            row.save(update_fields=moved(row, to, at=at))
        Vote.objects.create(change=row, word=word, reason=reason, by=by, at=at)
        record(
            {
                Word.ASK_BACK: "changes.ask_back",
                Word.CONSENT: "changes.consent",
                Word.REFUSE: "changes.refuse",
                Word.CONFIRM: "changes.confirm",
                Word.DECLINE: "changes.decline",
            }[word],
            ("change", row.pk),
            by=by,
            at=at,
            number=row.number,
            reason=reason,
        )
        if word is Word.CONFIRM:
            settle(row, by=by, at=at)
        elif word is Word.DECLINE:
            miss(row, reason, by=by, at=at)
        tell_people({row.asked_by, *filter(None, [row.executed_by])}, row, _TOLD[word], at=at)
    return row


def _insist_window(change: Change, at: datetime) -> None:
    """Raises: WrongState for a change that could not be carried out any more."""
    if change.until_at <= at:
        said = _("执行时间到 %(until)s 已过，同意后也不能执行，请要求补充")
        raise WrongState(said % {"until": moment(change.until_at)})


def _insist_unconfirmed(change: Change) -> None:
    """Raises: WrongState unless an executed emergency change still waits for the Office's word."""
    if change.mode != Mode.EMERGENCY or change.executed_at is None:
        raise WrongState(_("只有已执行的紧急变更需要事后确认"))
    said = change.votes.filter(word__in=AFTERWARDS).select_related("by").first()
    if said:
        raise WrongState(_("%(name)s 已经表态，不能更改") % {"name": said.by.name})
