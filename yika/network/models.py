"""Ports, links and needs: what hangs on what, and since when."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yika.assets.models import Device
from yika.network.rules import NOTE_LENGTH, PORT_LENGTH, SHARED, LinkRole, Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MEDIUM_NAMES: "dict[Medium, StrPromise]" = {
    Medium.COPPER: _("网线"),
    Medium.FIBRE: _("光纤"),
    Medium.RS485: _("RS-485 总线"),
    Medium.BANK_LINE: _("银行专线"),
    Medium.WIRELESS: _("无线"),
}
ROLE_NAMES: "dict[LinkRole, StrPromise]" = {
    LinkRole.NETWORK: _("网络"),
    LinkRole.SERVICE: _("服务"),
    LinkRole.POWER: _("供电"),
}
_MEDIA = [(medium.value, name) for medium, name in MEDIUM_NAMES.items()]
_ROLES = [(role.value, name) for role, name in ROLE_NAMES.items()]
_OPEN = Q(until_at=None)
_ALONE = ~Q(medium__in=sorted(SHARED))


class Port(models.Model):
    """A socket of a device. Of a bus or a line many links may share it, of anything else it holds one."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="ports")
    name = models.CharField(max_length=PORT_LENGTH)
    medium = models.CharField(max_length=12, choices=_MEDIA)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "name"], name="network_port_name")]

    def __str__(self) -> str:
        return self.name


class LinkRows(models.QuerySet["Link"]):
    """Links as questions are asked of them."""

    def at(self, moment: datetime | None = None) -> "LinkRows":
        """Those that were there at a moment; without one, those that are there."""
        if moment is None:
            return self.filter(_OPEN)
        return self.filter(_OPEN | Q(until_at__gt=moment), from_at__lte=moment)

    def named(self) -> "LinkRows":
        """With everything a line about a link tells."""
        return self.select_related(
            "lower__kind", "lower__place", "upper__kind", "upper__place", "lower_port", "upper_port"
        )


class Link(models.Model):
    """``lower`` hangs on ``upper`` from ``from_at`` on, until ``until_at`` (exclusive; null: still)."""

    lower = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="links_up")
    lower_port = models.ForeignKey(Port, null=True, on_delete=models.PROTECT, related_name="links_up")
    upper = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="links_down")
    upper_port = models.ForeignKey(Port, null=True, on_delete=models.PROTECT, related_name="links_down")
    medium = models.CharField(max_length=12, choices=_MEDIA)
    role = models.CharField(max_length=8, choices=_ROLES, default=LinkRole.NETWORK.value)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    objects = LinkRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(lower=F("upper")), name="network_link_to_another"),
            models.CheckConstraint(
                condition=_OPEN | Q(until_at__gte=F("from_at")), name="network_link_ends_after_its_start"
            ),
            models.UniqueConstraint(
                fields=["lower", "upper", "role"], condition=_OPEN, name="network_link_once"
            ),
            models.UniqueConstraint(
                fields=["lower_port"], condition=_OPEN & _ALONE, name="network_lower_port_holds_one"
            ),
            models.UniqueConstraint(
                fields=["upper_port"], condition=_OPEN & _ALONE, name="network_upper_port_holds_one"
            ),
        ]
        indexes = [models.Index(fields=["until_at", "from_at"], name="network_link_changes")]

    def __str__(self) -> str:
        return f"{self.lower_id} → {self.upper_id}"

    @property
    def medium_word(self) -> str:
        """网线, 光纤 …"""
        return str(MEDIUM_NAMES[Medium(self.medium)])

    @property
    def role_word(self) -> str:
        """网络, 服务, 供电."""
        return str(ROLE_NAMES[LinkRole(self.role)])


class NeedRows(models.QuerySet["Need"]):
    """Needs as questions are asked of them."""

    def at(self, moment: datetime | None = None) -> "NeedRows":
        """Those that held at a moment; without one, those that hold."""
        if moment is None:
            return self.filter(_OPEN)
        return self.filter(_OPEN | Q(until_at__gt=moment), from_at__lte=moment)


class Need(models.Model):
    """Of a device's upstreams in a role, ``least`` must be up; without a row one is enough."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="needs")
    role = models.CharField(max_length=8, choices=_ROLES)
    least = models.PositiveSmallIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    objects = NeedRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "role"], condition=_OPEN, name="network_need_once"),
            models.CheckConstraint(condition=Q(least__gte=1), name="network_need_of_one_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.role} ≥ {self.least}"


class Snapshot(models.Model):
    """A version of the diagrams kept on record: a moment, and what hung on what then as one fingerprint.

    The links keep their times, so the version is drawn again from them; the fingerprint proves it.
    """

    at = models.DateTimeField(unique=True)
    kept_by = models.CharField(max_length=80, help_text="the name as it was then")
    devices = models.PositiveIntegerField(help_text="devices in use with a link")
    links = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"V{self.pk}"


class Revision(models.Model):
    """One row: a token that changes with every write, so that a graph read once is kept until then."""

    token = models.UUIDField(default=uuid4)
