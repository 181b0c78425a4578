"""Every job the worker does. A new job is one line here, or in ``JOBS`` of an upper app's ``jobs``."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db.models import Count, Min, Model
from django.utils.module_loading import module_has_submodule

from yika.commitments import jobs as commitments
from yika.commitments.models import Commitment
from yika.journal import jobs as journal
from yika.lib.statistics import refresh_statistics
from yika.network import jobs as network
from yika.notices import jobs as notices
from yika.notices.models import Notice
from yika.people import jobs as people
from yika.worker.rules import Due, Job, Repeated, Waiting

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def waiting(model: type[Model], field: str) -> Callable[[datetime], Waiting]:
    """How many rows of a table are due by an indexed moment that is null once nothing is left to do."""

    def count(at: datetime) -> Waiting:
        due = model._default_manager.filter(**{f"{field}__lte": at})
        numbers = due.aggregate(number=Count("pk"), oldest=Min(field))
        return Waiting(numbers["number"], numbers["oldest"])

    return count


JOBS: tuple[Job, ...] = (
    Due("commitments.alerts", commitments.handle_due, waiting(Commitment, "next_alert_at")),
    Due("notices.mail", notices.send_one, waiting(Notice, "send_after")),
    Repeated("journal.seal", journal.seal, MINUTE),
    Repeated("commitments.audit", commitments.audit, 5 * MINUTE),
    Repeated("network.versions", network.keep_weekly, HOUR),
    Repeated("people.attempts", people.sweep_attempts, HOUR),
    Repeated("people.sessions", people.sweep_sessions, HOUR),
    Repeated("worker.statistics", lambda at: refresh_statistics(), HOUR),
)


@cache
def jobs() -> tuple[Job, ...]:
    """The jobs above, and those of apps above the worker, which it finds by name and never imports."""
    found = list(JOBS)
    for config in apps.get_app_configs():
        if config.name.startswith("yika.") and module_has_submodule(config.module, "jobs"):
            found += getattr(import_module(f"{config.name}.jobs"), "JOBS", ())
    return tuple(found)
