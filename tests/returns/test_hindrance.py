"""A change that took a unit out is not rolled back while the unit is away."""

from datetime import timedelta

import pytest

from tests import cast
from tests.returns.cases import back, opened, sent, taken_out
from yika.assets.models import Device
from yika.assets.rules import Life
from yika.changes.actions import executing
from yika.lib.decisions import WrongState

pytestmark = pytest.mark.django_db


def test_a_unit_at_the_factory_is_not_rolled_back_into_service() -> None:
    one = taken_out(opened())
    assert one.change
    out = sent(opened())
    for stage in (out, back(out, at=cast.AT + timedelta(days=2))):
        assert stage.change
        with pytest.raises(WrongState, match="已寄出返厂"):
            executing.roll_back(stage.change, reason="不用修了", by=stage.opened_by, at=cast.AT)
        assert Device.objects.get(pk=stage.device_id).life == Life.AT_FACTORY
    executing.roll_back(one.change, reason="不用修了", by=one.opened_by, at=cast.AT)
    assert Device.objects.get(pk=one.device_id).in_use
