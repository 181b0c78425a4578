"""Returns to the factory, each shipment of one, and what was tested when it came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yika.assets.models import Device, Place
from yika.changes.models import Change
from yika.commitments.models import Commitment
from yika.contracts.models import Contract
from yika.faults.models import Fault
from yika.returns.rules import ENDED, TEXT_LENGTH, WORD_LENGTH, Psam, State
from yika.standards.models import StandardVersion

USER = settings.AUTH_USER_MODEL


class Return(models.Model):
    """返厂单: one unit on its way to the factory and back. Source: 4.2.3.

    ``change`` is the consent to take the unit out, with the spare that takes its place; None for a unit that
    stood in the record as being at the factory already. ``put_back`` is the change that brings it back
    into service.
    """

    submission = models.UUIDField(unique=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="returns")
    standard = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="returns")
    fault = models.ForeignKey(Fault, null=True, on_delete=models.PROTECT, related_name="returns")
    spare = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="stood_in")
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="returns")
    put_back = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="put_back")
    commitment = models.OneToOneField(
        Commitment, null=True, on_delete=models.PROTECT, related_name="factory_return"
    )
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in State], default=State.PREPARING.value
    )
    reported_at = models.DateTimeField(help_text="the fault's report; without a fault when it was opened")
    removed_from = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=TEXT_LENGTH)
    records_exported = models.PositiveIntegerField(null=True, help_text="transaction records saved")
    not_exported = models.CharField(max_length=TEXT_LENGTH, blank=True, help_text="why none could be")
    psam = models.CharField(max_length=10, blank=True, choices=[(word.value, word.value) for word in Psam])
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, help_text="back and tested, or written off")
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=TEXT_LENGTH, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["reported_at", "id"], condition=Q(ended_at__isnull=True), name="returns_open_oldest"
            ),
            models.Index(fields=["contract", "id"], name="returns_of_contract"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(ended_at__isnull=True), name="returns_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False, state__in=sorted(ENDED))
                | Q(ended_at__isnull=True) & ~Q(state__in=sorted(ENDED)),
                name="returns_ended_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.PREPARING, State.CANCELLED])
                | ~Q(psam="") & (Q(records_exported__isnull=False) | ~Q(not_exported="")),
                name="returns_sent_with_proof",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """FC000123: what stands on the parcel."""
        return f"FC{self.pk:06d}"


class Trip(models.Model):
    """寄修: one shipment, what the factory found, and when it came back."""

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="trips")
    factory = models.CharField(max_length=WORD_LENGTH)
    courier = models.CharField(max_length=WORD_LENGTH)
    waybill = models.CharField(max_length=WORD_LENGTH)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    diagnosis = models.CharField(max_length=TEXT_LENGTH, blank=True)
    in_warranty = models.BooleanField(null=True)
    cost_fen = models.PositiveIntegerField(null=True, help_text="hundredths of a yuan")
    diagnosed_at = models.DateTimeField(null=True)
    diagnosed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    back_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["of"], condition=Q(back_at__isnull=True), name="returns_one_trip_under_way"
            ),
            models.CheckConstraint(
                condition=Q(back_at__isnull=True) | Q(back_at__gte=models.F("sent_at")),
                name="returns_trip_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.courier} {self.waybill}"

    @property
    def cost(self) -> str:
        """What the factory asked, in yuan; empty while nothing is known."""
        return "" if self.cost_fen is None else f"{self.cost_fen / 100:.2f}"


class Trial(models.Model):
    """测试记录: one thing tried on the unit that came back, what was expected and what came of it."""

    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="trials")
    item = models.CharField(max_length=200)
    expected = models.CharField(max_length=200)
    result = models.CharField(max_length=200)
    passed = models.BooleanField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.item

    @property
    def number(self) -> str:
        """FT000123: what the table of returns refers to."""
        return f"FT{self.pk:06d}"
