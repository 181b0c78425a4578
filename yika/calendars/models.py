"""Days that differ from their weekday: statutory holidays and make-up working days."""

from django.db import models


class SpecialDay(models.Model):
    """A day announced as a holiday or as a make-up working day 调休上班."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40)
