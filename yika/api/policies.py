"""Whose tokens and webhooks somebody may keep, and what an organisation's webhook is told."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yika.api.models import ApiToken, Delivery, Webhook
from yika.api.rules import offered
from yika.commitments.models import Commitment
from yika.faults.models import Fault
from yika.journal.models import Event
from yika.lib.decisions import ALLOWED, Decision, Refused
from yika.people.models import Organisation, User
from yika.people.policies import may
from yika.people.rules import Right, Role, Side

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.MANAGER})


def visible_tokens(user: User) -> QuerySet[ApiToken]:
    """One's own; an administrator sees everybody's."""
    return ApiToken.objects.all() if may(user, Right.MANAGE_PEOPLE) else ApiToken.objects.filter(owner=user)


def can_create_token(by: User, scopes: Collection[str]) -> Decision:
    """Everybody for themselves, with the scopes that mean anything for their role."""
    if set(scopes) <= {scope.value for scope in offered(Role(by.role))}:
        return ALLOWED
    return Refused(_("您的角色没有所选权限范围对应的权限"))


def can_revoke(by: User, token: ApiToken) -> Decision:
    """One's own; an administrator anybody's."""
    if token.owner_id == by.pk or may(by, Right.MANAGE_PEOPLE):
        return ALLOWED
    return Refused(_("只能吊销自己的令牌"))


def can_act(token: ApiToken, at: datetime) -> bool:
    """Whether a token opens the door: it runs, and its owner may sign in."""
    owner = token.owner
    return token.runs(at) and owner.is_active and not owner.must_change_password


def can_keep_webhooks(by: User) -> Decision:
    """Administrators for every organisation, the vendor's manager for their own."""
    if by.is_active and by.role in KEEPERS:
        return ALLOWED
    return Refused(_("只有系统管理员和运维负责人可以设置事件推送"))


def can_keep_for(by: User, organisation: Organisation) -> Decision:
    """Whether somebody may let an organisation's events out."""
    decision = can_keep_webhooks(by)
    if decision and by.side is Side.VENDOR and organisation.pk != by.organisation_id:
        return Refused(_("只能为本单位设置事件推送"))
    return decision


def organisations(by: User) -> QuerySet[Organisation]:
    """Whose events somebody may let out."""
    rows = Organisation.objects.order_by("side", "name")
    if not can_keep_webhooks(by):
        return rows.none()
    return rows.filter(pk=by.organisation_id) if by.side is Side.VENDOR else rows


def visible_webhooks(by: User) -> QuerySet[Webhook]:
    """The webhooks somebody keeps."""
    return Webhook.objects.filter(organisation__in=organisations(by))


def visible_deliveries(by: User) -> QuerySet[Delivery]:
    """What the webhooks somebody keeps were told."""
    return Delivery.objects.filter(webhook__in=visible_webhooks(by))


def told(organisation: Organisation, events: Collection[Event]) -> set[int]:
    """Keys of the events that an organisation may be told of: the Office all, a vendor its own."""
    if organisation.side == Side.OFFICE:
        return {event.pk for event in events}

    def keys(noun: str) -> set[int]:
        return {int(event.key) for event in events if event.noun == noun and event.key.isdecimal()}

    own = {
        "fault": set(
            Fault.objects.filter(pk__in=keys("fault"), contract__vendor=organisation).values_list(
                "pk", flat=True
            )
        ),
        "commitment": set(
            Commitment.objects.filter(pk__in=keys("commitment"), owed_by=organisation).values_list(
                "pk", flat=True
            )
        ),
    }
    return {
        event.pk for event in events if event.key.isdecimal() and int(event.key) in own.get(event.noun, ())
    }
