"""Configurations of devices, version by version."""

from django.db import models

from yika.assets.models import Device
from yika.configurations.rules import NOTE_LENGTH, TITLE_LENGTH
from yika.people.models import User


class ConfigurationRecord(models.Model):
    """One configuration of a device. ``latest`` is the number of its newest version, a result."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="configurations")
    title = models.CharField(max_length=TITLE_LENGTH)
    latest = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "title"], name="configurations_record_title")
        ]
        indexes = [models.Index(fields=["changed_at", "id"], name="configurations_changed")]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """The text of a configuration from a moment on; never changed."""

    record = models.ForeignKey(ConfigurationRecord, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "n"], name="configurations_version_n")]
