"""The outbox: what must be said to whom. Written by actions in their transaction, sent by the worker."""

from django.conf import settings
from django.db import models

from yika.notices.words import told


class Notice(models.Model):
    """One message to one person. Shown in the application at once; by e-mail when they have an address."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField(max_length=160, help_text="in the language of the record, as e-mail says it")
    kept = models.JSONField(help_text="the same for every language, see yika.notices.words")
    url = models.CharField(max_length=200, blank=True, help_text="path of the page to act on")
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    send_after = models.DateTimeField(null=True, help_text="null: nothing (more) to send by e-mail")
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["send_after"], condition=models.Q(send_after__isnull=False), name="notices_due"
            ),
            models.Index(fields=["to", "-id"], name="notices_inbox"),
            models.Index(fields=["to"], condition=models.Q(read_at__isnull=True), name="notices_unread"),
        ]

    @property
    def words(self) -> str:
        """What it says in the reader's language."""
        return told(self.kept)
