"""What has served its time."""

from datetime import datetime

from yika.api.models import Delivery, IdempotencyKey
from yika.api.rules import KEPT_DELIVERIES, KEPT_KEYS

MOST = 1000


def forget(at: datetime) -> bool:
    """Remove old idempotency keys and deliveries that are over; true: there may be more."""
    keys = IdempotencyKey.objects.filter(at__lt=at - KEPT_KEYS).values("pk")[:MOST]
    over = Delivery.objects.filter(made_at__lt=at - KEPT_DELIVERIES, due_at__isnull=True).values("pk")[:MOST]
    removed, _rows = IdempotencyKey.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).delete()
    gone, _rows = Delivery.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()
    return MOST in (removed, gone)
