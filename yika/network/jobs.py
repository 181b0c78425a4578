"""A version of the diagrams every Friday, as the ledgers of the service are brought up to date."""

from datetime import datetime

from yika.journal.rules import WORKER
from yika.network.actions import keep_snapshot
from yika.network.models import Link
from yika.network.queries import friday_version


def keep_weekly(at: datetime) -> bool:
    """Keep the version due since Friday 18:00, once, if there is anything to draw; nothing is left to do."""
    if friday_version(at) is None and Link.objects.exists():
        keep_snapshot(by=WORKER, at=at)
    return False
