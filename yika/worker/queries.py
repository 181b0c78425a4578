"""How the worker is: for the status page and for monitoring."""

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from yika.worker.models import Heartbeat, Schedule
from yika.worker.rules import OVERDUE, SILENT, Due, Repeated, Waiting
from yika.worker.schedule import jobs


@dataclass(frozen=True)
class WorkerState:
    """One worker process."""

    worker: str
    started_at: datetime
    beat_at: datetime
    handled: int
    alive: bool


@dataclass(frozen=True)
class JobState:
    """One job: a repeated one has ``every_s`` and ``due_at``, another its ``waiting`` rows if it tells."""

    job: str
    every_s: int | None
    due_at: datetime | None
    ran_at: datetime | None
    error: str
    failed_at: datetime | None
    waiting: Waiting | None
    behind: bool

    @property
    def ok(self) -> bool:
        """Neither failing nor behind."""
        return not (self.error or self.behind)


@dataclass(frozen=True)
class Status:
    """The worker as a whole."""

    at: datetime
    workers: tuple[WorkerState, ...]
    jobs: tuple[JobState, ...]

    @property
    def alive(self) -> bool:
        """At least one worker gives signs of life."""
        return any(worker.alive for worker in self.workers)

    @property
    def ok(self) -> bool:
        """A worker is alive, nothing fails, nothing is behind."""
        return self.alive and all(job.ok for job in self.jobs)


def status(at: datetime) -> Status:
    """Every worker and every job, in the order of the schedule."""
    workers = tuple(
        WorkerState(row.worker, row.started_at, row.beat_at, row.handled, row.beat_at > at - SILENT)
        for row in Heartbeat.objects.order_by("worker")
    )
    rows = {row.job: row for row in Schedule.objects.all()}
    states = tuple(_job(job, rows.get(job.name), at) for job in jobs())
    return Status(at, workers, states)


def _job(job: Due | Repeated, row: Schedule | None, at: datetime) -> JobState:
    waiting = job.waiting(at) if isinstance(job, Due) and job.waiting else None
    due_at = row.due_at if row else None
    oldest = waiting.oldest_at if waiting else due_at
    return JobState(
        job=job.name,
        every_s=int(job.every.total_seconds()) if isinstance(job, Repeated) else None,
        due_at=due_at,
        ran_at=row.ran_at if row else None,
        error=row.error if row else "",
        failed_at=row.failed_at if row else None,
        waiting=waiting,
        behind=oldest is not None and oldest < at - OVERDUE,
    )


@dataclass(frozen=True)
class Health:
    """A plain answer for monitoring: ok, or codes of what is wrong and nothing else."""

    ok: bool
    problems: tuple[str, ...]


def health(at: datetime) -> Health:
    """Whether database and worker are well: ``database``, ``worker``, ``error:<job>``, ``behind:<job>``."""
    try:
        now = status(at)
    except DatabaseError:
        return Health(False, ("database",))
    problems = [] if now.alive else ["worker"]
    problems += [f"error:{job.job}" for job in now.jobs if job.error]
    problems += [f"behind:{job.job}" for job in now.jobs if job.behind]
    return Health(not problems, tuple(problems))
