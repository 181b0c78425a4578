"""The contract between the Office and the vendor, and the standard version it runs under."""

from django.db import models

from yika.people.models import Organisation
from yika.standards.models import StandardVersion


class Contract(models.Model):
    """One contract. Faults opened under it keep the standard version they were opened under."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    vendor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    standard = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="contracts")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="contracts_period"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Adoption(models.Model):
    """A contract took up a version of the standard. Never changed."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="adoptions")
    standard = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField()
    by_name = models.CharField(max_length=80)

    class Meta:
        ordering = ("-since_at", "-id")
