"""Places, device kinds and devices: what faults are about."""

import secrets
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yika.assets.rules import Door, Life, PlaceKind, Responsible, Spec, ValueType, warranty_end
from yika.files.models import StoredFile
from yika.lib.search import Words
from yika.people.models import User
from yika.people.rules import Skill

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LIFE_NAMES: "dict[Life, StrPromise]" = {
    Life.IN_STOCK: _("在库"),
    Life.IN_USE: _("在用"),
    Life.AT_FACTORY: _("返厂"),
    Life.SCRAPPED: _("报废"),
}
PLACE_KIND_NAMES: "dict[PlaceKind, StrPromise]" = {
    PlaceKind.CAMPUS: _("校区"),
    PlaceKind.BUILDING: _("楼栋"),
    PlaceKind.FLOOR: _("楼层"),
    PlaceKind.ROOM: _("房间"),
    PlaceKind.WINDOW: _("窗口"),
    PlaceKind.BOX: _("设备箱、机柜"),
    PlaceKind.OTHER: _("其他"),
}
RESPONSIBLE_NAMES: "dict[Responsible, StrPromise]" = {
    Responsible.VENDOR: _("运维供应商"),
    Responsible.UNIVERSITY: _("学校"),
    Responsible.BANK: _("银行"),
    Responsible.CARRIER: _("运营商"),
    Responsible.THIRD_PARTY: _("第三方"),
}


def _choices(codes: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(code.value, code.value) for code in codes]


def new_token() -> str:
    """An opaque, unguessable token for a QR label."""
    return secrets.token_urlsafe(9)


class Place(models.Model):
    """A node of the place tree. ``full_name`` is its path from the top, written by one action."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=300, unique=True, help_text="names from the top, joined by /")
    kind = models.CharField(max_length=10, choices=_choices(PlaceKind), default=PlaceKind.OTHER.value)
    daily_users = models.PositiveIntegerField(null=True, help_text="seats, or people on a usual day")
    token = models.CharField(max_length=20, unique=True, default=new_token)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="assets_place_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def kind_word(self) -> str:
        """校区, 楼栋, 楼层 …"""
        return str(PLACE_KIND_NAMES[PlaceKind(self.kind)])


class DeviceKind(models.Model):
    """消费机, 圈存机, 业务机, 门禁 …; says whether each counts as a terminal (clause 2)."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=40)
    is_terminal = models.BooleanField(help_text="counts as a terminal when a fault is classified")
    skill = models.CharField(max_length=20, choices=_choices(Skill))

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name


class Attribute(models.Model):
    """One thing known of every device of a kind; controlled ones are parameters. Source: 4.1.4."""

    kind = models.ForeignKey(DeviceKind, on_delete=models.CASCADE, related_name="attributes")
    key = models.SlugField(max_length=30)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=10, choices=_choices(ValueType))
    unit = models.CharField(max_length=20, blank=True)
    choices = models.JSONField(default=list, help_text="texts, of a choice")
    controlled = models.BooleanField(default=False, help_text="changes only with the Office's consent")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="assets_attribute_key"),
            models.UniqueConstraint(fields=["kind", "name"], name="assets_attribute_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if get_language() == "en" else "") or self.name

    @property
    def spec(self) -> Spec:
        """What it takes."""
        return Spec(self.key, ValueType(self.type), tuple(self.choices))


class DeviceModel(models.Model):
    """A make 型号 of a kind: what its devices have in common."""

    kind = models.ForeignKey(DeviceKind, on_delete=models.PROTECT, related_name="models")
    maker = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=60)
    works_offline = models.BooleanField(default=False, help_text="goes on working without the network")
    warranty_months = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="assets_model_name")]

    def __str__(self) -> str:
        return self.name


class Merchant(models.Model):
    """Who takes money with a device 商户."""

    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class DeviceRows(models.QuerySet["Device"]):
    """Devices as questions are asked of them."""

    def in_use(self) -> "DeviceRows":
        """Those that serve."""
        return self.filter(life=Life.IN_USE)


class Device(models.Model):
    """One device with its ID number 设备编号 and QR label."""

    number = models.CharField(max_length=40, unique=True)
    kind = models.ForeignKey(DeviceKind, on_delete=models.PROTECT, related_name="devices")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="devices")
    model = models.ForeignKey(DeviceModel, null=True, on_delete=models.PROTECT, related_name="devices")
    serial = models.CharField(max_length=60, blank=True)
    token = models.CharField(max_length=20, unique=True, default=new_token)
    life = models.CharField(max_length=10, choices=_choices(Life), default=Life.IN_USE.value)
    merchant = models.ForeignKey(Merchant, null=True, on_delete=models.PROTECT, related_name="devices")
    responsible = models.CharField(
        max_length=12, choices=_choices(Responsible), default=Responsible.VENDOR.value
    )
    installed_on = models.DateField(null=True)
    warranty_until = models.DateField(null=True, help_text="the last day; null: as the model says")
    psam_number = models.CharField(max_length=40, blank=True)
    key_version = models.CharField(max_length=20, blank=True, help_text="of the keys, never a key")
    upstream_ip = models.GenericIPAddressField(null=True, help_text="the server's, as set in the device")
    usual_users = models.PositiveIntegerField(null=True, help_text="people on a usual day")
    works_offline = models.BooleanField(null=True, help_text="null: as the model does")
    attributes = models.JSONField(default=dict, help_text="values of the kind's attributes by key")

    objects = DeviceRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "place"], condition=~Q(life="in_use"), name="assets_device_spare"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind.label}"

    @property
    def in_use(self) -> bool:
        """Whether it serves."""
        return self.life == Life.IN_USE

    @property
    def life_word(self) -> str:
        """在库, 在用, 返厂, 报废."""
        return str(LIFE_NAMES[Life(self.life)])

    @property
    def responsible_word(self) -> str:
        """Who answers for it, in words."""
        return str(RESPONSIBLE_NAMES[Responsible(self.responsible)])

    @property
    def model_name(self) -> str:
        """The make; empty where nobody said."""
        return self.model.name if self.model else ""

    @property
    def merchant_name(self) -> str:
        """Whose it is; empty where nobody said."""
        return self.merchant.name if self.merchant else ""

    @property
    def serves_offline(self) -> bool:
        """Whether it goes on working without the network: its own word, else its model's."""
        if self.works_offline is None:
            return bool(self.model and self.model.works_offline)
        return self.works_offline

    @property
    def warranty_ends(self) -> date | None:
        """The last day of the warranty: as written, else reckoned from installation by the model."""
        if self.warranty_until or not (self.installed_on and self.model and self.model.warranty_months):
            return self.warranty_until
        return warranty_end(self.installed_on, self.model.warranty_months)


class Attachment(models.Model):
    """附件: a file kept with a device, such as a manual or the photo of its acceptance."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=60)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["device", "id"], condition=Q(removed_at=None), name="assets_attachment_kept")
        ]

    def __str__(self) -> str:
        return self.title


class Stay(models.Model):
    """That a device was in use at a place 在位, from a moment until another (exclusive; null: still)."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="stays")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="stays")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=Q(until_at=None), name="assets_stay_open"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="assets_stay_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["until_at", "from_at"], name="assets_stay_moments")]

    def __str__(self) -> str:
        return f"{self.device_id} @ {self.place_id}"


class RefusedAttempt(models.Model):
    """That somebody wanted to write a controlled field without consent, and was refused. Source: 4.1.4."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="refused_attempts")
    field = models.CharField(max_length=100)
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
