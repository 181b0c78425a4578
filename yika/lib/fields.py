"""Form fields that several apps use."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from yika.lib.clock import CAMPUS, campus


class MomentInput(forms.DateTimeInput):
    """Asks for whole minutes; for seconds too where the value has any."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%S")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The value as the browser takes it, with the step that it needs."""
        told = super().get_context(name, value, attrs)
        shown = str(told["widget"]["value"] or "")
        if shown.endswith(":00") and shown.count(":") == 2:
            told["widget"]["value"] = shown.removesuffix(":00")
        elif shown.count(":") == 2:
            told["widget"]["attrs"]["step"] = "1"
        return told


class MomentField(forms.DateTimeField):
    """A campus date and time; cleans to UTC. Empty means now."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        """Raises: ValidationError for what is no date and time."""
        found = super().to_python(value)
        if found is None:
            return None
        return found.replace(tzinfo=found.tzinfo or CAMPUS).astimezone(UTC)

    def prepare_value(self, value: Any) -> Any:
        """Campus time in the input."""
        return campus(value).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
