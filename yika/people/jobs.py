"""What the worker sweeps."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q

from yika.people.models import Attempt, SignedIn
from yika.people.rules import IDLE, LONGEST

KEPT = timedelta(days=2)


def sweep_attempts(at: datetime) -> int:
    """Remove tries that no limit counts any more; how many."""
    removed, _rows = Attempt.objects.filter(at__lt=at - KEPT).delete()
    return removed


def sweep_sessions(at: datetime) -> int:
    """Remove sessions that are over; how many."""
    over = Q(seen_at__lte=at - IDLE) | Q(started_at__lte=at - LONGEST)
    removed, _rows = SignedIn.objects.filter(over).delete()
    SessionStore.clear_expired()
    return removed
