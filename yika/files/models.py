"""Stored bytes. Who may read them is decided by their owner (a report, a claim), never here."""

from django.db import models


class StoredFile(models.Model):
    """Bytes on disk under their own hash; served only through their owner's policy."""

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(help_text="bytes")
    content_type = models.CharField(max_length=60)
    name = models.CharField(max_length=120, help_text="as the sender called it, cleaned")
    stored_at = models.DateTimeField()
