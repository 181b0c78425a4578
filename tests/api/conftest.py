"""The clock of the API's tests stands, unless a test moves it."""

from collections.abc import Iterator

import pytest

from tests.matrix import NOON
from yika.api.rest import door
from yika.api.rules import Window
from yika.lib import clock


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Half an hour after ``cast.AT``, and no request counted yet."""
    monkeypatch.setattr(door, "window", Window())
    with clock.frozen(NOON):
        yield
