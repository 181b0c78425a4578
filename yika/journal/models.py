"""Append-only events and the seals that make tampering visible."""

from django.db import models


class Seal(models.Model):
    """A batch of events, closed for good: its hash covers every event's digest and the seal before."""

    sealed_at = models.DateTimeField()
    event_ids = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("id",)


class Event(models.Model):
    """One thing that happened. Never changed, never deleted; the database refuses both.

    ``about`` names the noun and key of what it happened to ("fault", "12"); ``actor`` is a stable
    key ("user:3", "reporter", "worker", "system") and ``actor_name`` the name as it was then.
    """

    at = models.DateTimeField()
    happened_at = models.DateTimeField(help_text="claimed time; equals at unless entered late")
    actor = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    noun = models.CharField(max_length=30)
    key = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, null=True, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["noun", "key", "id"], name="journal_about"),
            models.Index(fields=["id"], condition=models.Q(seal__isnull=True), name="journal_unsealed"),
        ]
