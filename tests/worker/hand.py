"""A worker in a process of its own, for tests that kill it: ``python -m tests.worker.hand NAME``."""

import signal
import sys
import threading
import time
from datetime import datetime, timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402

from yika.journal import jobs as journal  # noqa: E402
from yika.journal.actions import record  # noqa: E402
from yika.journal.rules import WORKER  # noqa: E402
from yika.lib.locking import claim  # noqa: E402
from yika.notices.models import Notice  # noqa: E402
from yika.worker.loop import run_worker  # noqa: E402
from yika.worker.rules import Due, Repeated  # noqa: E402

SLOWLY = 0.01  # seconds; long enough that a kill falls into the middle of a row


def deliver(at: datetime) -> bool:
    """Settle one notice and say so, with a wait in between."""
    with transaction.atomic():
        notice = claim(Notice.objects.filter(send_after__lte=at).order_by("pk"))
        if notice is None:
            return False
        notice.send_after = None
        notice.attempts += 1
        notice.save(update_fields=["send_after", "attempts"])
        time.sleep(SLOWLY)
        record("play.deliver", ("notice", notice.pk), by=WORKER, at=at)
        return True


def tick(at: datetime) -> None:
    """Say that it ran, slowly."""
    record("play.tick", ("tick", "1"), by=WORKER, at=at)
    time.sleep(SLOWLY)


if __name__ == "__main__":
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    second = timedelta(seconds=1)
    run_worker(
        stop,
        name=sys.argv[1],
        jobs=(
            Due("deliver", deliver),
            Repeated("tick", tick, second),
            Repeated("seal", journal.seal, second),
        ),
    )
