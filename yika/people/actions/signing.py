"""Signing in and out, sessions, one's own password."""

import unicodedata
from datetime import datetime

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.address import network
from yika.lib.decisions import BadInput, NotAllowed
from yika.lib.locking import lock
from yika.people.actions.attempts import Pass, attempt_allowed, forget_attempt, forget_attempts
from yika.people.models import SignedIn, User
from yika.people.rules import IDLE, LONGEST, SESSIONS, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_NAME, Limit

BY_NAME = "sign_in_name"
BY_ADDRESS = "sign_in_address"
STRANGER = SystemActor("stranger", "未登录者")


class Locked(BadInput):
    """Too many failures; the next try is possible at ``free_at``."""

    def __init__(self, free_at: datetime, at: datetime) -> None:
        minutes = max(1, -(-int((free_at - at).total_seconds()) // 60))
        super().__init__(_("登录失败次数过多，请在 %(minutes)d 分钟后再试") % {"minutes": minutes})
        self.free_at = free_at


def name_key(username: str) -> str:
    """One spelling of a sign-in name, for counting."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def check_password(username: str, password: str, *, address: str, at: datetime) -> User:
    """Whose name and password these are.

    The answer to a wrong password, an unknown name and an inactive person is the same, and each counts.
    Raises: Locked after too many failures of this name or this address; BadInput when they do not fit.
    """
    tries: list[Pass] = []
    for kind, key, limit in (
        (BY_ADDRESS, network(address), SIGN_IN_BY_ADDRESS),
        (BY_NAME, name_key(username), SIGN_IN_BY_NAME),
    ):
        granted = attempt_allowed(kind, key, limit.tries, int(limit.window.total_seconds()), at)
        if granted.free_at is not None:
            for earlier in tries:
                forget_attempt(earlier)
            raise Locked(granted.free_at, at)
        tries.append(granted)
    found = authenticate(username=name_key(username), password=password)
    if isinstance(found, User):
        forget_attempt(tries[0])
        forget_attempts(BY_NAME, name_key(username))
        return found
    _record_failure(username, address, at)
    raise BadInput(
        _("登录名或密码不正确。连续失败 %(tries)d 次将锁定 %(minutes)d 分钟")
        % {
            "tries": SIGN_IN_BY_NAME.tries,
            "minutes": int(SIGN_IN_BY_NAME.window.total_seconds()) // 60,
        }
    )


def _record_failure(username: str, address: str, at: datetime) -> None:
    """Journal a failure and, if it was the last one free, the lock. A masked name: it may be a password."""
    masked = f"{username.strip()[:1]}***"
    whose = User.objects.filter(username=name_key(username)).values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        record("people.sign_in_failed", ("user", whose), by=STRANGER, at=at, name=masked, address=address)
        for kind, key, limit in (
            (BY_NAME, name_key(username), SIGN_IN_BY_NAME),
            (BY_ADDRESS, network(address), SIGN_IN_BY_ADDRESS),
        ):
            if _spent(kind, key, limit, at):
                record("people.lock", ("user", whose), by=STRANGER, at=at, name=masked, address=address)
                return


def _spent(kind: str, key: str, limit: Limit, at: datetime) -> bool:
    """Whether no try is left, without counting one."""
    probe = attempt_allowed(kind, key, limit.tries, int(limit.window.total_seconds()), at)
    forget_attempt(probe)
    return not probe


def begin_session(user: User, *, address: str, agent: str, at: datetime) -> SignedIn:
    """A new session of a person; of more than five the oldest ends."""
    with transaction.atomic():
        whose = lock(user)
        mine = SignedIn.objects.create(
            person=whose, started_at=at, seen_at=at, address=address, agent=_printable(agent)[:200]
        )
        SignedIn.objects.filter(person=whose, seen_at__lte=at - IDLE).delete()
        SignedIn.objects.filter(person=whose, started_at__lte=at - LONGEST).delete()
        running = SignedIn.objects.filter(person=whose).order_by("-started_at", "-id")
        too_many = list(running.values_list("pk", flat=True)[SESSIONS:])
        if too_many:
            SignedIn.objects.filter(pk__in=too_many).delete()
        record("people.sign_in", ("user", whose.pk), by=whose, at=at, address=address)
    return mine


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def seen(session: SignedIn, *, at: datetime) -> None:
    """Note a sign of life, at most once a minute."""
    if (at - session.seen_at).total_seconds() >= 60:
        SignedIn.objects.filter(pk=session.pk, seen_at__lt=at).update(seen_at=at)


def end_session(session: SignedIn, *, by: User, at: datetime, current: bool = False) -> None:
    """End one of one's own sessions: this one (signing out) or another.

    Raises: NotAllowed for somebody else's session.
    """
    if session.person_id != by.pk:
        raise NotAllowed(_("只能结束自己的会话"))
    with transaction.atomic():
        ended, _rows = SignedIn.objects.filter(pk=session.pk).delete()
        if ended:
            record(
                "people.sign_out" if current else "people.end_session",
                ("user", by.pk),
                by=by,
                at=at,
                address=session.address,
            )


def end_other_sessions(user: User, *, keep: int | None, by: User, at: datetime) -> int:
    """End all sessions of oneself but one; the number ended."""
    if user.pk != by.pk:
        raise NotAllowed(_("只能结束自己的会话"))
    with transaction.atomic():
        ended, _rows = SignedIn.objects.filter(person=user).exclude(pk=keep or 0).delete()
        if ended:
            record("people.end_sessions", ("user", user.pk), by=by, at=at, count=ended)
    return ended


def change_password(user: User, *, current: str, new: str, keep: int | None, by: User, at: datetime) -> User:
    """Give oneself a new password; all sessions but ``keep`` end. The saved person is returned.

    Raises: BadInput when the current one is wrong or the new one is refused by the rules.
    """
    if user.pk != by.pk:
        raise NotAllowed(_("只能修改自己的密码"))
    limit = SIGN_IN_BY_NAME
    granted = attempt_allowed("password", str(user.pk), limit.tries, int(limit.window.total_seconds()), at)
    if granted.free_at is not None:
        raise Locked(granted.free_at, at)
    if not user.check_password(current):
        raise BadInput(_("当前密码不正确"), field="current")
    forget_attempts("password", str(user.pk))
    if new == current:
        raise BadInput(_("新密码不能与当前密码相同"), field="new")
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise BadInput(*error.messages, field="new") from error
    with transaction.atomic():
        row = lock(user)
        row.set_password(new)
        row.must_change_password = False
        row.password_changed_at = at
        row.save(update_fields=["password", "must_change_password", "password_changed_at"])
        ended, _rows = SignedIn.objects.filter(person=row).exclude(pk=keep or 0).delete()
        record("people.change_password", ("user", row.pk), by=by, at=at, ended=ended)
    return row
