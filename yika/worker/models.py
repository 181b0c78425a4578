"""Signs of life of the worker, when each repeated job runs next, and what went wrong last."""

from django.db import models


class Heartbeat(models.Model):
    """One worker process, as it last reported. It takes its row away when it is stopped properly."""

    worker = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    handled = models.PositiveBigIntegerField(default=0, help_text="rows handled since it started")


class Schedule(models.Model):
    """One job. A repeated one is claimed by whichever worker comes first once it is due."""

    job = models.CharField(max_length=60, unique=True)
    due_at = models.DateTimeField(null=True, help_text="null: runs whenever a row of its own is due")
    ran_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="worker_schedule_due")]
