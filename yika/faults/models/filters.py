"""What people narrow the list of faults to, under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


class SavedFilter(models.Model):
    """常用筛选: what a person narrows the list of faults to, under a name; shared, all colleagues have it."""

    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="saved_filters")
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=1000, help_text="of the list's address")
    shared = models.BooleanField(default=False)
    default = models.BooleanField(default=False, help_text="what the owner's list opens with")
    position = models.PositiveSmallIntegerField(default=0, help_text="among the owner's, the least first")

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="faults_filter_name"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(default=True), name="faults_filter_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
