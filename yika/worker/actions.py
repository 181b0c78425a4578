"""The worker's own rows: heartbeats, claims of repeated jobs, errors."""

import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from yika.lib.locking import claim
from yika.worker.models import Heartbeat, Schedule
from yika.worker.rules import FORGOTTEN, Job, Repeated, next_due, pause

ERROR_LENGTH = 4000


def enrol(jobs: Iterable[Job], *, at: datetime) -> None:
    """Give every job its row; a repeated one is due at once. Rows of jobs that are no more go."""
    jobs = list(jobs)
    rows = [Schedule(job=job.name, due_at=at if isinstance(job, Repeated) else None) for job in jobs]
    with transaction.atomic():
        Schedule.objects.bulk_create(rows, ignore_conflicts=True)
        Schedule.objects.exclude(job__in=[job.name for job in jobs]).delete()


def beat(worker: str, *, started_at: datetime, handled: int, at: datetime) -> None:
    """A sign of life; workers long dead are forgotten."""
    with transaction.atomic():
        Heartbeat.objects.update_or_create(
            worker=worker, defaults={"started_at": started_at, "beat_at": at, "handled": handled}
        )
        Heartbeat.objects.filter(beat_at__lt=at - FORGOTTEN).delete()


def leave(worker: str) -> None:
    """A worker stopped properly."""
    with transaction.atomic():
        Heartbeat.objects.filter(worker=worker).delete()


def run_once(job: Repeated, *, at: datetime) -> bool:
    """Run a repeated job if it is due and nobody else is at it; whether it ran.

    The claim, the job's step and the record of it are one transaction: killed at any point, the step
    is done and recorded or neither. Raises: whatever the job raises, with nothing recorded.
    """
    with transaction.atomic():
        row = claim(Schedule.objects.filter(job=job.name, due_at__lte=at))
        if row is None or row.due_at is None:
            return False
        more = job.run(at) is True
        row.due_at = row.due_at if more else next_due(row.due_at, job.every, at)
        row.ran_at, row.error, row.failed_at = at, "", None
        row.save(update_fields=["due_at", "ran_at", "error", "failed_at"])
    return True


def note_error(job: Job, error: Exception, failures: int, *, at: datetime) -> None:
    """Keep what went wrong for the status page; a repeated job is put off."""
    text = "".join(traceback.format_exception(error))[-ERROR_LENGTH:]
    rows = Schedule.objects.filter(job=job.name)
    with transaction.atomic():
        if isinstance(job, Repeated):
            rows.update(error=text, failed_at=at, due_at=at + timedelta(seconds=pause(failures)))
        else:
            rows.update(error=text, failed_at=at)


def clear_errors(fine: dict[str, datetime]) -> None:
    """Take back the errors of jobs that have run without one since."""
    for row in Schedule.objects.filter(due_at__isnull=True, failed_at__isnull=False):
        since = fine.get(row.job)
        if since is not None and row.failed_at is not None and since > row.failed_at:
            with transaction.atomic():
                Schedule.objects.filter(pk=row.pk, failed_at=row.failed_at).update(error="", failed_at=None)
