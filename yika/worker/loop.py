"""The loop: handle what is due, run what repeats, give signs of life, and never die of a job."""

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection

from yika.lib import clock
from yika.worker import actions
from yika.worker.models import Schedule
from yika.worker.rules import BEAT, Due, Job, Repeated, pause
from yika.worker.schedule import jobs as all_jobs

logger = logging.getLogger(__name__)

IDLE = 2.0  # seconds between looks when nothing is due
TURN = 50  # calls of one job before the others have their turn


class DatabaseGone(Exception):
    """The database does not answer."""


class Worker:
    """One worker: the jobs, and how each of them fared in this process."""

    def __init__(self, jobs: Sequence[Job], name: str | None = None) -> None:
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.jobs = jobs
        self.handled = 0
        self.started_at = clock.now()
        self._beat_at: datetime | None = None
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self._fine: dict[str, datetime] = {}

    def enrol(self) -> None:
        """Take up the work. Raises: DatabaseGone."""
        try:
            actions.enrol(self.jobs, at=clock.now())
        except (OperationalError, InterfaceError) as error:
            raise DatabaseGone from error

    def turn(self, stop: threading.Event) -> bool:
        """Give every job its turn; whether any of them did something. Raises: DatabaseGone."""
        self._beat()
        did = False
        ready = self._ready()
        for job in self.jobs:
            if stop.is_set():
                break
            if job.name in ready and time.monotonic() >= self._not_before.get(job.name, 0.0):
                did = self._give(job, stop) or did
        return did

    def leave(self) -> None:
        """Say good-bye, if the database listens."""
        try:
            actions.leave(self.name)
        except (OperationalError, InterfaceError):
            logger.warning("worker %s could not sign off", self.name)

    def _ready(self) -> set[str]:
        """Repeated jobs that are due, in one query, and all others."""
        ready = {job.name for job in self.jobs if isinstance(job, Due)}
        try:
            ready.update(Schedule.objects.filter(due_at__lte=clock.now()).values_list("job", flat=True))
        except (OperationalError, InterfaceError) as error:
            raise DatabaseGone from error
        return ready

    def _give(self, job: Job, stop: threading.Event) -> bool:
        did = False
        for _ in range(TURN):
            if stop.is_set() or not self._call(job):
                break
            did = True
            self._beat()
        return did

    def _call(self, job: Job) -> bool:
        """One step of one job; an error is shown, and holds this job off for a while."""
        at = clock.now()
        try:
            count = int(actions.run_once(job, at=at) if isinstance(job, Repeated) else job.handle(at))
        except Exception as error:
            if _gone(error):
                raise DatabaseGone from error
            self._failed(job, error, at)
            return False
        self._failures.pop(job.name, None)
        self._fine[job.name] = at
        self.handled += count
        return count > 0

    def _failed(self, job: Job, error: Exception, at: datetime) -> None:
        failures = self._failures[job.name] = self._failures.get(job.name, 0) + 1
        self._not_before[job.name] = time.monotonic() + pause(failures)
        logger.error("job %s failed (%d in a row)", job.name, failures, exc_info=error)
        try:
            actions.note_error(job, error, failures, at=at)
        except (OperationalError, InterfaceError) as second:
            raise DatabaseGone from second

    def _beat(self) -> None:
        at = clock.now()
        if self._beat_at is not None and self._beat_at <= at < self._beat_at + BEAT:
            return
        try:
            actions.beat(self.name, started_at=self.started_at, handled=self.handled, at=at)
            actions.clear_errors(self._fine)
        except (OperationalError, InterfaceError) as error:
            raise DatabaseGone from error
        self._beat_at = at


def run_worker(stop: threading.Event, *, name: str | None = None, jobs: Sequence[Job] | None = None) -> None:
    """Work until told to stop; the row in hand is finished first. The database may go and come back."""
    worker = Worker(all_jobs() if jobs is None else jobs, name)
    logger.info("worker %s started", worker.name)
    failures = 0
    enrolled = False
    while not stop.is_set():
        try:
            if not enrolled:
                worker.enrol()
                enrolled = True
            did = worker.turn(stop)
            failures = 0
            if not did:
                stop.wait(IDLE)
        except DatabaseGone as error:
            failures += 1
            logger.error("no database (%d in a row): %s", failures, error.__cause__)
            _close()
            stop.wait(pause(failures))
        except Exception:  # the loop's own fault: shown, and no reason to stop working
            failures += 1
            logger.exception("worker %s stumbled", worker.name)
            _close()
            stop.wait(pause(failures))
    worker.leave()
    _close()
    logger.info("worker %s stopped after %d rows", worker.name, worker.handled)


def _gone(error: Exception) -> bool:
    """Whether an error means that the connection is lost, not that the job is wrong."""
    return isinstance(error, OperationalError | InterfaceError) and not connection.is_usable()


def _close() -> None:
    if not connection.in_atomic_block:
        connection.close()
