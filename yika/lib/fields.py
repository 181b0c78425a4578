"""Form fields that several apps use."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from yika.lib.clock import CAMPUS, campus


class MomentField(forms.DateTimeField):
    """A campus date and time; cleans to UTC. Empty means now."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")

    def to_python(self, value: Any) -> datetime | None:
        """Raises: ValidationError for what is no date and time."""
        found = super().to_python(value)
        if found is None:
            return None
        return found.replace(tzinfo=found.tzinfo or CAMPUS).astimezone(UTC)

    def prepare_value(self, value: Any) -> Any:
        """Campus time in the input."""
        return campus(value).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
