"""Append-only events and the seals that make tampering visible."""

from django.db import models

from yika.journal.rules import EventCopy, SealCopy


class Seal(models.Model):
    """A batch of events, closed for good: its hash covers every event's digest and the seal before.

    Two workers sealing at once build on the same seal, and ``previous_hash`` lets only one of them in.
    """

    sealed_at = models.DateTimeField()
    entries = models.JSONField(help_text="[[event id, digest], …] in order of id")
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("id",)

    def copy(self) -> SealCopy:
        """What this seal says, whatever stands in it."""
        try:
            entries = tuple((int(key), str(value)) for key, value in self.entries)
        except (TypeError, ValueError):  # altered beyond reading: it will not hash to its hash
            entries = ()
        return SealCopy(self.pk, self.sealed_at, entries, self.previous_hash, self.hash)


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
            models.Index(fields=["at", "id"], name="journal_time"),
            models.Index(fields=["actor", "at", "id"], name="journal_actor"),
            models.Index(fields=["verb", "at", "id"], name="journal_verb"),
            models.Index(fields=["id"], condition=models.Q(seal__isnull=True), name="journal_unsealed"),
        ]

    @property
    def is_late(self) -> bool:
        """Entered later than it is said to have happened."""
        return self.happened_at < self.at

    def copy(self) -> EventCopy:
        """What this event says."""
        return EventCopy(
            self.pk,
            self.at,
            self.happened_at,
            self.actor,
            self.actor_name,
            self.verb,
            self.noun,
            self.key,
            self.data,
            self.digest,
            self.seal_id,
        )
