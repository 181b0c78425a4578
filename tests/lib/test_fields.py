"""A moment in a form."""

from datetime import datetime

import pytest
from django import forms

from yika.lib.clock import CAMPUS
from yika.lib.fields import MomentField


class Ask(forms.Form):
    at = MomentField()


def test_a_moment_is_asked_for_in_whole_minutes() -> None:
    shown = str(Ask()["at"])
    assert 'type="datetime-local"' in shown and "step" not in shown
    assert 'value="2026-03-02T09:12"' in str(
        Ask(initial={"at": datetime(2026, 3, 2, 9, 12, tzinfo=CAMPUS)})["at"]
    )


@pytest.mark.parametrize(
    "form",
    [
        Ask(initial={"at": datetime(2026, 3, 2, 9, 12, 5, tzinfo=CAMPUS)}),
        Ask({"at": "2026-03-02T09:12:05"}),
    ],
)
def test_seconds_that_are_there_stay(form: forms.Form) -> None:
    shown = str(form["at"])
    assert 'value="2026-03-02T09:12:05"' in shown and 'step="1"' in shown


@pytest.mark.parametrize("typed", ["2026-03-02T09:12", "2026-03-02T09:12:00"])
def test_both_are_understood(typed: str) -> None:
    form = Ask({"at": typed})
    assert form.is_valid()
    found = form.cleaned_data
    assert found["at"] == datetime(2026, 3, 2, 9, 12, tzinfo=CAMPUS)
