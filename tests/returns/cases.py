"""Returns carried to where a test needs them."""

from datetime import datetime, timedelta
from uuid import uuid4

from tests import builders, cast
from tests.matrix import NOON
from yika.assets.models import Device
from yika.changes.actions import executing, voting
from yika.changes.models import Change
from yika.changes.rules import Mode
from yika.faults.models import Fault
from yika.people.models import User
from yika.returns.actions import ending, opening, shipping
from yika.returns.actions.opening import Asked
from yika.returns.actions.shipping import Parcel, Proof
from yika.returns.models import Return
from yika.returns.rules import Psam, State

PARCEL = Parcel("新中新电子", "顺丰", "SF1234567890")
PROOF = Proof(1280, "", Psam.REMOVED)


def asked(at: datetime = cast.AT, mode: Mode = Mode.NORMAL) -> Asked:
    """Consent for the next week: most tests are about something else than the window."""
    return Asked(mode, "该窗口暂停刷卡", at, at + timedelta(days=7))


def opened(
    device: Device | None = None,
    *,
    fault: Fault | None = None,
    spare: Device | None = None,
    instead_of_repair: bool = False,
    mode: Mode = Mode.NORMAL,
    by: User | None = None,
    at: datetime = cast.AT,
) -> Return:
    builders.contract()
    return opening.open_return(
        device or (fault.device if fault and fault.device else builders.device()),
        asked(at, mode),
        submission=uuid4(),
        reason="主板不通电",
        fault=fault,
        spare=spare,
        instead_of_repair=instead_of_repair,
        by=by or cast.technician(),
        at=at,
    )


def carried_out(change: Change | None, *, by: User, at: datetime) -> None:
    """The Office consents and the vendor does it."""
    assert change
    voting.consent(change, by=cast.office(), at=at)
    executing.execute(change, note="已办理", by=by, at=at)


def taken_out(one: Return, *, by: User | None = None, at: datetime = cast.AT) -> Return:
    """With the change carried out, so that the unit may be sent."""
    carried_out(one.change, by=by or one.opened_by, at=at)
    return fresh(one)


def sent(one: Return, *, by: User | None = None, at: datetime = cast.AT) -> Return:
    return fresh(shipping.send(taken_out(one, by=by, at=at), PARCEL, PROOF, by=by or one.opened_by, at=at))


def tried(one: Return, passed: bool = True, *, by: User | None = None, at: datetime) -> Return:
    shipping.add_trial(
        one,
        item="刷卡",
        expected="成功",
        result="成功" if passed else "读卡失败",
        passed=passed,
        by=by or one.opened_by,
        at=at,
    )
    return fresh(one)


def back(one: Return, *, by: User | None = None, at: datetime) -> Return:
    return fresh(shipping.receive(one, by=by or one.opened_by, at=at))


def diagnosed(one: Return, *, by: User | None = None, at: datetime) -> Return:
    shipping.diagnose(
        one, diagnosis="电源模块损坏", in_warranty=True, cost_fen=None, by=by or one.opened_by, at=at
    )
    return fresh(one)


def done(one: Return, *, by: User | None = None, at: datetime) -> Return:
    """Received, diagnosed, tested and put into stock at a moment."""
    tried(diagnosed(back(one, by=by, at=at), by=by, at=at), by=by, at=at)
    return fresh(shipping.finish(fresh(one), by=by or one.opened_by, at=at))


def a_return(state: State = State.PREPARING, *, by: User | None = None) -> Return:
    """A return carried to a state by its vendor, before ``tests.matrix.NOON``."""
    one, at = opened(by=by), NOON - timedelta(minutes=5)
    if state is State.PREPARING:
        return one
    if state is State.CANCELLED:
        return fresh(ending.cancel(one, reason="现场修好", by=one.opened_by, at=at))
    one = sent(one, at=at)
    if state is State.BACK:
        return back(one, at=at)
    if state is State.DONE:
        return done(one, at=at)
    if state is State.WRITTEN_OFF:
        return fresh(ending.write_off(one, reason="厂家停产", by=cast.office(), at=at))
    return one


def fresh(one: Return) -> Return:
    return Return.objects.get(pk=one.pk)
