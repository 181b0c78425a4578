"""From the journal to deliveries.

Nobody below knows of webhooks. Seals are read in their order: each lists its events for good, and an event
whose transaction commits late falls into a later seal, so that a seal once read needs no second look. What
no seal covers yet is looked at too, so that a webhook is told within seconds; what is found twice stands
once, by the constraint of the table.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from yika.api.models import Delivery, Follow, Webhook
from yika.api.policies import told
from yika.journal.models import Event, Seal

SEALS = 20
FRESH = 500


def follow(at: datetime) -> int:
    """Make the deliveries of what happened since; how many seals were read and deliveries made."""
    hooks = list(Webhook.objects.filter(active_since__isnull=False).select_related("organisation"))
    return _sealed(hooks, at) + _fresh(hooks, at) if hooks else 0


def _sealed(hooks: list[Webhook], at: datetime) -> int:
    """Read the next seals, once each; those older than every webhook are passed over."""
    known = Follow.objects.values_list("seal", flat=True).first()
    if not Seal.objects.filter(pk__gt=known or 0).exists():
        return 0
    with transaction.atomic():
        Follow.objects.get_or_create(pk=1)
        mark = Follow.objects.select_for_update(no_key=True).get(pk=1)
        behind = Seal.objects.filter(pk__gt=mark.seal).order_by("pk").values_list("pk", flat=True)
        seals = list(behind.filter(sealed_at__gte=_since(hooks))[:SEALS]) or list(behind.reverse()[:1])
        if not seals:
            return 0
        events = Event.objects.filter(seal__in=seals, verb__in=_wanted(hooks), at__gte=_since(hooks))
        _deliver(hooks, events, at)
        mark.seal = seals[-1]
        mark.save(update_fields=["seal"])
    return len(seals)


def _fresh(hooks: list[Webhook], at: datetime) -> int:
    """Events that no seal covers yet and nobody has been told of."""
    events = (
        Event.objects.filter(seal__isnull=True, verb__in=_wanted(hooks), at__gte=_since(hooks))
        .exclude(Exists(Delivery.objects.filter(event=OuterRef("pk"))))
        .order_by("pk")[:FRESH]
    )
    with transaction.atomic():
        return _deliver(hooks, events, at)


def _wanted(hooks: Iterable[Webhook]) -> list[str]:
    return sorted({verb for hook in hooks for verb in hook.events})


def _since(hooks: Iterable[Webhook]) -> datetime:
    return min(hook.active_since for hook in hooks if hook.active_since)


def _deliver(hooks: list[Webhook], events: Iterable[Event], at: datetime) -> int:
    """A delivery for each webhook that wants an event and may be told of it."""
    found = list(events)
    if not found:
        return 0
    visible = {hook.organisation_id: told(hook.organisation, found) for hook in hooks}
    rows = [
        Delivery(webhook=hook, event=event, made_at=at, first_at=at, due_at=at)
        for event in sorted(found, key=lambda one: one.pk)
        for hook in hooks
        if event.verb in hook.events
        and hook.active_since is not None
        and event.at >= hook.active_since
        and event.pk in visible[hook.organisation_id]
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
