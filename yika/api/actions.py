"""Tokens, webhooks and creations that happen once."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yika.api.models import ApiToken, Delivery, IdempotencyKey, Webhook, new_key, new_secret
from yika.api.policies import can_create_token, can_keep_for, can_keep_webhooks, can_revoke
from yika.api.queries import event_choices, running
from yika.api.rules import LONGEST_DAYS, SEEN_EVERY, TOKENS, Scope, digest_of, may_call
from yika.journal.actions import record
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.people.models import Organisation, User


def create_token(
    owner: User, *, name: str, scopes: Sequence[str], days: int, by: User, at: datetime
) -> tuple[ApiToken, str]:
    """A token for oneself, and its secret, which is not kept.

    Raises: NotAllowed for a scope that means nothing for the role; BadInput without name or scope, for too
    long a life or one too many.
    """
    require(can_create_token(by, scopes))
    name = name.strip()[:60]
    if not name:
        raise BadInput(_("请填写用途"), field="name")
    if not scopes:
        raise BadInput(_("请至少选择一个权限范围"), field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(_("有效期为 1 至 %(days)d 天") % {"days": LONGEST_DAYS}, field="days")
    secret = new_secret()
    with transaction.atomic():
        whose = lock(owner)
        if running(whose, at) >= TOKENS:
            raise BadInput(_("每人最多 %(count)d 个有效令牌，请先吊销不用的") % {"count": TOKENS})
        token = ApiToken.objects.create(
            owner=whose,
            name=name,
            scopes=[scope.value for scope in Scope if scope.value in scopes],
            prefix=ApiToken.shown(secret),
            digest=digest_of(secret),
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        record(
            "api.create_token",
            ("token", token.pk),
            by=by,
            at=at,
            name=name,
            prefix=token.prefix,
            scopes=token.scopes,
            expires_at=token.expires_at.isoformat(),
        )
    return token, secret


def revoke_token(token: ApiToken, *, by: User, at: datetime) -> ApiToken:
    """A token opens nothing any more, from the next request on. Raises: WrongState when it is revoked."""
    require(can_revoke(by, token))
    with transaction.atomic():
        row = lock(token)
        insist([_("令牌已经吊销")] if row.revoked_at else [])
        row.revoked_at, row.revoked_by = at, by
        row.save(update_fields=["revoked_at", "revoked_by"])
        record(
            "api.revoke_token",
            ("token", row.pk),
            by=by,
            at=at,
            name=row.name,
            prefix=row.prefix,
            owner=row.owner.name,
        )
    return row


def seen(token: ApiToken, *, at: datetime) -> None:
    """Note that a token was used, at most once a minute."""
    if token.used_at is None or at - token.used_at >= SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)


T = TypeVar("T")


@dataclass(frozen=True)
class Made(Generic[T]):
    """How to know again what a creation made: the thing of a submission, whose it is, and since when."""

    find: Callable[[uuid.UUID], T | None]
    maker: Callable[[T], int | None]
    at: Callable[[T], datetime]


def once(
    key: uuid.UUID, digest: str, make: Callable[[], T], made: Made[T], *, by: User, at: datetime
) -> tuple[T, bool]:
    """What a key stands for, and whether it was made just now.

    The key is written first, in the transaction that makes the thing: of two requests at once the second
    waits, and finds what the first one made.
    Raises: BadInput when the key stands for something else; whatever ``make`` raises, the key then unused.
    """
    taken = BadInput(_("该幂等键已用于另一请求"), field="Idempotency-Key")
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(key=key, owner=by, digest=digest, at=at)
            thing = make()
            if made.maker(thing) != by.pk:  # the key stands for a form that somebody else sent
                raise taken
    except IntegrityError:
        kept, found = IdempotencyKey.objects.filter(key=key).first(), made.find(key)
        if kept is None and found is None:
            raise
        if kept is None or found is None or kept.owner_id != by.pk or kept.digest != digest:
            raise taken from None
        return found, False
    return thing, made.at(thing) == at  # an earlier one: the key was forgotten meanwhile


def _checked(url: str, events: Sequence[str]) -> None:
    """Raises: BadInput for an address that is not allowed, or no event."""
    if not settings.WEBHOOK_HOSTS:
        raise BadInput(_("尚未允许任何推送主机，请系统管理员设置 YIKA_WEBHOOK_HOSTS"), field="url")
    if len(url) > 500 or not may_call(url, settings.WEBHOOK_HOSTS):
        raise BadInput(
            _("地址须以 http:// 或 https:// 开头，主机须在允许之列：%(hosts)s")
            % {"hosts": "、".join(settings.WEBHOOK_HOSTS)},
            field="url",
        )
    if not events or not set(events) <= {verb for verb, _words in event_choices()}:
        raise BadInput(_("请至少选择一种事件"), field="events")


def create_webhook(
    organisation: Organisation, *, name: str, url: str, events: Sequence[str], by: User, at: datetime
) -> tuple[Webhook, str]:
    """An address to be told of events from now on, and the secret that signs them."""
    require(can_keep_for(by, organisation))
    _checked(url, events)
    with transaction.atomic():
        row = Webhook.objects.create(
            name=name.strip()[:60] or url[:60],
            url=url,
            organisation=organisation,
            events=sorted(events),
            created_at=at,
            created_by=by,
            active_since=at,
        )
        record(
            "api.create_webhook",
            ("webhook", row.pk),
            by=by,
            at=at,
            name=row.name,
            url=row.url,
            events=row.events,
            organisation=organisation.name,
        )
    return row, row.secret


def edit_webhook(
    webhook: Webhook, *, name: str, url: str, events: Sequence[str], by: User, at: datetime
) -> Webhook:
    """Another address or other events, from now on."""
    require(can_keep_for(by, webhook.organisation))
    _checked(url, events)
    with transaction.atomic():
        row = lock(webhook)
        row.name, row.url, row.events = name.strip()[:60] or url[:60], url, sorted(events)
        row.failures, row.rests_until = 0, None
        row.save(update_fields=["name", "url", "events", "failures", "rests_until"])
        record(
            "api.edit_webhook",
            ("webhook", row.pk),
            by=by,
            at=at,
            name=row.name,
            url=row.url,
            events=row.events,
        )
    return row


def pause_webhook(webhook: Webhook, *, by: User, at: datetime) -> Webhook:
    """Told nothing until started again; what happens meanwhile is never told."""
    require(can_keep_for(by, webhook.organisation))
    with transaction.atomic():
        row = lock(webhook)
        insist([_("事件推送已暂停")] if row.active_since is None else [])
        row.active_since = None
        row.save(update_fields=["active_since"])
        row.deliveries.filter(state=Delivery.State.WAITING).update(state=Delivery.State.GIVEN_UP, due_at=None)
        record("api.pause_webhook", ("webhook", row.pk), by=by, at=at, name=row.name)
    return row


def start_webhook(webhook: Webhook, *, by: User, at: datetime) -> Webhook:
    """Told again, from now on."""
    require(can_keep_for(by, webhook.organisation))
    with transaction.atomic():
        row = lock(webhook)
        insist([] if row.active_since is None else [_("事件推送已启用")])
        row.active_since, row.failures, row.rests_until = at, 0, None
        row.save(update_fields=["active_since", "failures", "rests_until"])
        record("api.start_webhook", ("webhook", row.pk), by=by, at=at, name=row.name)
    return row


def renew_secret(webhook: Webhook, *, by: User, at: datetime) -> str:
    """Another signing secret; the old one signs nothing any more."""
    require(can_keep_for(by, webhook.organisation))
    with transaction.atomic():
        row = lock(webhook)
        row.secret = new_key()
        row.save(update_fields=["secret"])
        record("api.renew_secret", ("webhook", row.pk), by=by, at=at, name=row.name)
    return row.secret


def redeliver(delivery: Delivery, *, by: User, at: datetime) -> Delivery:
    """Send one event again, whatever became of it, and try for another day.

    Raises: WrongState while it waits anyway, or the webhook is paused.
    """
    require(can_keep_webhooks(by))
    require(can_keep_for(by, delivery.webhook.organisation))
    with transaction.atomic():
        row = lock(delivery)
        insist([_("正在等待推送")] if row.state == Delivery.State.WAITING else [])
        insist([_("事件推送已暂停，请先启用")] if row.webhook.active_since is None else [])
        row.state, row.first_at, row.due_at, row.tried = Delivery.State.WAITING, at, at, 0
        row.save(update_fields=["state", "first_at", "due_at", "tried"])
        Webhook.objects.filter(pk=row.webhook_id).update(rests_until=None)
        record(
            "api.redeliver",
            ("webhook", row.webhook_id),
            by=by,
            at=at,
            event=row.event.verb,
            delivery=str(row.key),
        )
    return row
