"""Places, device kinds and devices: what faults are about."""

import secrets

from django.db import models
from django.utils.translation import get_language

from yika.assets.rules import Door
from yika.lib.search import Words
from yika.people.models import User
from yika.people.rules import Skill


def new_token() -> str:
    """An opaque, unguessable token for a QR label."""
    return secrets.token_urlsafe(9)


class Place(models.Model):
    """A node of the place tree. ``full_name`` is its path from the top, written by one action."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=300, unique=True, help_text="names from the top, joined by /")
    token = models.CharField(max_length=20, unique=True, default=new_token)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="assets_place_name"),
        ]

    def __str__(self) -> str:
        return self.full_name


class DeviceKind(models.Model):
    """消费机, 圈存机, 业务机, 门禁 …; says whether each counts as a terminal (clause 2)."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=40)
    is_terminal = models.BooleanField(help_text="counts as a terminal when a fault is classified")
    skill = models.CharField(max_length=20, choices=[(skill.value, skill.value) for skill in Skill])

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name


class Device(models.Model):
    """One device with its ID number 设备编号 and QR label."""

    number = models.CharField(max_length=40, unique=True)
    kind = models.ForeignKey(DeviceKind, on_delete=models.PROTECT, related_name="devices")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="devices")
    model = models.CharField(max_length=60, blank=True)
    serial = models.CharField(max_length=60, blank=True)
    token = models.CharField(max_length=20, unique=True, default=new_token)
    in_use = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.number} {self.kind.label}"


class RefusedAttempt(models.Model):
    """That somebody wanted to write a controlled field without consent, and was refused. Source: 4.1.4."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="refused_attempts")
    field = models.CharField(max_length=80)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    door = models.CharField(max_length=10, choices=[(door.value, door.value) for door in Door])
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="assets_refused_latest")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.field}"


class PlaceWords(Words):
    """What a place is found by: its name, and behind it those of the places above."""

    place = models.OneToOneField(Place, primary_key=True, on_delete=models.CASCADE, related_name="words")


class DeviceWords(Words):
    """What a device is found by: number, serial number, model and kind."""

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE, related_name="words")
