"""Tokens, webhooks and what they were told."""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from yika.api.models import ApiToken, Delivery, Webhook
from yika.api.policies import visible_deliveries, visible_tokens, visible_webhooks
from yika.api.rules import digest_of, followed
from yika.journal.telling import label, vocabulary
from yika.lib.ready import Ready
from yika.people.models import User

_by_digest = Ready(
    lambda digest: ApiToken.objects.select_related("owner__organisation").filter(digest=digest)
)


def by_secret(secret: str) -> ApiToken | None:
    """The token behind a secret, with its owner; one query."""
    return _by_digest.first(digest_of(secret))


def tokens(user: User, *, everybody: bool) -> QuerySet[ApiToken]:
    """The tokens of a person, or of everybody as far as they may be seen."""
    rows = visible_tokens(user).select_related("owner", "revoked_by")
    return rows if everybody else rows.filter(owner=user)


def running(user: User, at: datetime) -> int:
    """How many tokens of a person run."""
    return ApiToken.objects.filter(owner=user, revoked_at__isnull=True, expires_at__gt=at).count()


def webhooks(user: User) -> QuerySet[Webhook]:
    """The webhooks somebody keeps, each with ``waiting``, ``given_up`` and ``delivered_at``."""
    state = Delivery.State
    return (
        visible_webhooks(user)
        .select_related("organisation")
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=state.WAITING)),
            given_up=Count("deliveries", filter=Q(deliveries__state=state.GIVEN_UP)),
            delivered_at=Max("deliveries__delivered_at"),
        )
        .order_by("name", "id")
    )


def deliveries(user: User, webhook: Webhook) -> QuerySet[Delivery]:
    """What a webhook was told."""
    return visible_deliveries(user).filter(webhook=webhook).select_related("event")


def event_choices() -> list[tuple[str, str]]:
    """The verbs a webhook may ask for, with their words."""
    return [(verb, f"{label(verb)} · {verb}") for verb in followed(vocabulary().sentences)]
