"""Tokens that programs use in a person's name, and webhooks that tell programs what happened."""

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.api.rules import PREFIX, SHOWN, Scope
from yika.journal.models import Event
from yika.people.models import Organisation

USER = settings.AUTH_USER_MODEL

SCOPE_NAMES: dict[Scope, Promise] = {
    Scope.READ: _("读取（个人信息脱敏）"),
    Scope.REPORT: _("登记报修"),
    Scope.WORK: _("处理故障"),
    Scope.DESK: _("调度（派单、合并、办结、重开、申请豁免）"),
    Scope.DECIDE: _("认定"),
    Scope.PERSONAL: _("查看完整的个人信息（须写明原因）"),
    Scope.JOURNAL: _("查阅、导出操作记录"),
}


def new_secret() -> str:
    """A secret of 256 bits that says whose it is."""
    return PREFIX + secrets.token_urlsafe(32)


def new_key() -> str:
    """A webhook's signing secret, 256 bits."""
    return secrets.token_urlsafe(32)


class ApiToken(models.Model):
    """接口令牌: lets a program act as its owner, within its scopes. Only a digest of it is kept."""

    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField()
    prefix = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="to the minute")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_whole",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="api_token_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def runs(self, at: datetime) -> bool:
        """Neither revoked nor over."""
        return self.revoked_at is None and at < self.expires_at

    def may(self, scope: Scope) -> bool:
        """Whether it was given a scope."""
        return scope.value in self.scopes

    @property
    def scope_names(self) -> list[Promise]:
        """The scopes in words."""
        return [SCOPE_NAMES[scope] for scope in Scope if self.may(scope)]

    @staticmethod
    def shown(secret: str) -> str:
        """The head of a secret, by which its owner knows it again."""
        return secret[: len(PREFIX) + SHOWN]


class IdempotencyKey(models.Model):
    """幂等键: that a creation was asked for, with what; the same key again finds what it made."""

    key = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="api_key_at")]


class Webhook(models.Model):
    """事件推送: an address that is told of chosen events, as far as one organisation may see them."""

    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="webhooks")
    events = models.JSONField(help_text="verbs of the journal")
    secret = models.CharField(max_length=64, default=new_key)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    active_since = models.DateTimeField(null=True, help_text="null: paused; earlier events are not told")
    failures = models.PositiveIntegerField(default=0, help_text="attempts failed in a row")
    rests_until = models.DateTimeField(null=True, help_text="left alone after a failure")

    def __str__(self) -> str:
        return self.name


class Follow(models.Model):
    """How far webhooks have followed the journal: the last seal read. One row."""

    seal = models.PositiveBigIntegerField(default=0)


class Delivery(models.Model):
    """推送记录: one event for one webhook, with every attempt."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("delivery", "等待推送")
        DELIVERED = "delivered", pgettext_lazy("delivery", "已送达")
        GIVEN_UP = "given_up", pgettext_lazy("delivery", "已放弃")

    key = models.UUIDField(unique=True, default=uuid.uuid4, help_text="the same at every attempt")
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    first_at = models.DateTimeField(help_text="since when it is tried; a day later it is given up")
    due_at = models.DateTimeField(null=True, help_text="the next attempt; null once it is over")
    tried = models.PositiveIntegerField(default=0)
    attempts = models.JSONField(default=list, help_text="[{at, status, error, ms}, …]")
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="api_delivery_due"),
            models.Index(fields=["webhook", "-id"], name="api_delivery_of"),
            models.Index(fields=["made_at"], name="api_delivery_made"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="api_delivery_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False)
                | ~Q(state="waiting") & Q(due_at__isnull=True),
                name="api_delivery_due_while_waiting",
            ),
        ]
