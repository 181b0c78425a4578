"""What becomes of a unit that was taken out and does not leave. Source: 4.1.4, 4.2.3."""

import pytest

from tests import builders, cast
from tests.network.campus import hang, switch
from tests.returns.cases import PARCEL, PROOF, asked, carried_out, fresh, opened, taken_out
from yika.assets.models import Device
from yika.assets.rules import Life
from yika.changes.actions import executing, voting
from yika.changes.rules import Mode
from yika.changes.rules import State as ChangeState
from yika.lib.decisions import WrongState
from yika.network.queries import upstreams_of
from yika.returns.actions import ending, shipping
from yika.returns.rules import State

pytestmark = pytest.mark.django_db
AT = cast.AT
STORE = "桂子大学/库房"


def life(device: Device | None) -> str:
    assert device
    return Device.objects.get(pk=device.pk).life


def test_cancelling_withdraws_what_was_asked_and_voids_what_was_promised() -> None:
    one = opened()
    one = fresh(ending.cancel(one, reason="现场修好", by=one.opened_by, at=AT))
    assert one.change and one.change.state == ChangeState.WITHDRAWN
    assert one.commitment and one.commitment.voided_at
    assert life(one.device) == Life.IN_USE


def test_cancelling_after_the_unit_was_taken_out_puts_it_back_in_one_step() -> None:
    upper, device = switch("JH-1"), builders.device()
    hang(device, upper)
    out = taken_out(opened(device))
    out = fresh(ending.cancel(out, reason="现场修好", by=out.opened_by, at=AT))
    assert out.change and out.change.state == ChangeState.ROLLED_BACK
    assert out.state == State.CANCELLED and life(device) == Life.IN_USE
    assert [one.to for one in upstreams_of(device)] == [upper.pk]


def test_cancelling_while_a_spare_serves_leaves_the_unit_in_stock_to_be_asked_back() -> None:
    spare = builders.device("XF-9", at=STORE, in_use=False)
    out = taken_out(opened(spare=spare))
    place = out.removed_from
    out = fresh(ending.cancel(out, reason="现场修好", by=out.opened_by, at=AT))
    assert (life(out.device), life(spare)) == (Life.IN_STOCK, Life.IN_USE)
    assert out.device.place.full_name == STORE
    one = fresh(ending.put_back(out, asked(), by=out.opened_by, at=AT))
    carried_out(one.put_back, by=out.opened_by, at=AT)
    assert (life(out.device), life(spare)) == (Life.IN_USE, Life.IN_STOCK)
    assert Device.objects.get(pk=out.device_id).place == place


def test_a_unit_whose_change_was_verified_goes_into_stock_and_may_be_asked_back() -> None:
    out = taken_out(opened())
    by, change = out.opened_by, out.change
    assert change
    executing.add_trial(change, item="拆下", expected="成", result="成", passed=True, by=by, at=AT)
    executing.verify(change, by=by, at=AT)
    out = fresh(ending.cancel(fresh(out), reason="现场修好", by=by, at=AT))
    assert life(out.device) == Life.IN_STOCK and ending.can_put_back(out)


def test_a_unit_does_not_leave_when_its_emergency_change_was_declined() -> None:
    tech = cast.technician()
    one = opened(mode=Mode.EMERGENCY, by=tech)
    assert one.change
    executing.execute_first(one.change, note="已拆下", by=tech, at=AT)
    voting.decline(one.change, reason="并不紧急", by=cast.office(), at=AT)
    with pytest.raises(WrongState, match="须回退"):
        shipping.send(fresh(one), PARCEL, PROOF, by=tech, at=AT)
