"""What the worker does for the API: follows the journal, sends deliveries, forgets what is old."""

from datetime import datetime, timedelta

from django.db.models import Count, Min

from yika.api.jobs.following import follow
from yika.api.jobs.forgetting import forget
from yika.api.jobs.sending import send_one
from yika.api.models import Delivery
from yika.worker.rules import Due, Job, Repeated, Waiting


def _waiting(at: datetime) -> Waiting:
    """How many deliveries are due; those of a receiver that is left alone are not."""
    due = Delivery.objects.filter(due_at__lte=at).exclude(webhook__rests_until__gt=at)
    counted = due.aggregate(number=Count("pk"), oldest=Min("due_at"))
    return Waiting(counted["number"], counted["oldest"])


JOBS: tuple[Job, ...] = (
    Due("api.follow", follow),
    Due("api.deliver", send_one, _waiting),
    Repeated("api.forget", forget, timedelta(hours=1)),
)
