"""What both sides are promised of a unit sent to the factory. Source: 4.1.4, 4.2.3."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests import builders, cast
from tests.returns.cases import (
    PARCEL,
    PROOF,
    a_return,
    asked,
    back,
    carried_out,
    diagnosed,
    done,
    fresh,
    opened,
    sent,
    taken_out,
    tried,
)
from tests.standards.texts import changed
from yika.assets.actions import devices
from yika.assets.models import Device
from yika.assets.rules import Life
from yika.changes.actions import voting
from yika.changes.models import Change
from yika.changes.rules import Mode
from yika.changes.rules import State as ChangeState
from yika.commitments.models import Commitment
from yika.commitments.queries import compliance
from yika.commitments.rules import Kind, Month, Outcome
from yika.faults.actions import asking, working
from yika.faults.models import Fault
from yika.faults.rules import State as FaultState
from yika.journal.models import Event
from yika.lib.clock import CAMPUS
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.notices.models import Notice
from yika.people.models import User
from yika.returns import queries
from yika.returns.actions import ending, exempting, opening, shipping
from yika.returns.actions.shipping import Parcel, Proof
from yika.returns.models import Return
from yika.returns.rules import Psam, State

pytestmark = pytest.mark.django_db
AT = cast.AT
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STORE = "桂子大学/库房"


def life(device: Device | None) -> str:
    assert device
    return Device.objects.get(pk=device.pk).life


def outcome(one: Return, at: datetime) -> Outcome:
    row = fresh(one).commitment
    assert row
    return row.final_outcome(at)


def a_working_fault(device: Device, *, at: datetime = AT) -> tuple[Fault, User]:
    fault = builders.fault(FaultState.WORKING, at=at, of=device)
    assert fault.technician
    return fault, fault.technician


def verbs() -> list[str]:
    return list(
        Event.objects.filter(verb__startswith="returns.").order_by("pk").values_list("verb", flat=True)
    )


# With a spare: two promises, the service's and the unit's


def test_with_a_spare_the_service_keeps_its_limit_and_the_unit_has_ten_days() -> None:
    device, spare = builders.device(), builders.device(at=STORE, in_use=False)
    fault, tech = a_working_fault(device)
    at = AT + HOUR
    one = opened(fault=fault, spare=spare, by=tech, at=at)
    assert one.change and one.change.state == ChangeState.ASKED
    assert life(device) == Life.IN_USE
    one = sent(one, at=at + HOUR)
    assert (life(device), life(spare)) == (Life.AT_FACTORY, Life.IN_USE)
    assert Device.objects.get(pk=spare.pk).place_id == fault.place_id

    working.restore(fault, note="换上备机", by=tech, at=at + 2 * HOUR)
    fault.refresh_from_db()
    assert fault.repair and fault.repair.kind == Kind.REPAIR and fault.repair.clause != "4.2.3"
    assert fault.repair.final_outcome(at + DAY) is Outcome.MET
    assert one.commitment and one.commitment.clause == "4.2.3"
    assert one.commitment.started_at == fault.reported_at
    assert one.commitment.due_at == datetime(2026, 3, 13, tzinfo=CAMPUS)
    assert outcome(one, at + DAY) is Outcome.OPEN

    one = done(one, at=AT + 8 * DAY)
    assert life(device) == Life.IN_STOCK and one.state == State.DONE
    assert outcome(one, AT + 20 * DAY) is Outcome.MET


def test_the_unit_is_put_back_and_the_spare_goes_into_stock_again() -> None:
    device, spare = builders.device(), builders.device(at=STORE, in_use=False)
    one = done(sent(opened(device, spare=spare)), at=AT + DAY)
    one = fresh(ending.put_back(one, asked(AT + DAY), by=one.opened_by, at=AT + DAY))
    with pytest.raises(WrongState):
        ending.put_back(one, asked(AT + DAY), by=one.opened_by, at=AT + DAY)
    carried_out(one.put_back, by=one.opened_by, at=AT + DAY + HOUR)
    assert (life(device), life(spare)) == (Life.IN_USE, Life.IN_STOCK)
    assert Device.objects.get(pk=device.pk).place_id == one.removed_from_id


def test_a_unit_without_a_spare_is_put_back_where_it_was() -> None:
    device = builders.device()
    one = done(sent(opened(device)), at=AT + DAY)
    devices.edit_device(device, place=builders.place(STORE), by=cast.manager(), at=AT + DAY)
    one = fresh(ending.put_back(one, asked(AT + DAY), by=one.opened_by, at=AT + DAY))
    carried_out(one.put_back, by=one.opened_by, at=AT + DAY + HOUR)
    row = Device.objects.get(pk=device.pk)
    assert (row.life, row.place_id) == (Life.IN_USE, one.removed_from_id)


# Without a spare: the factory's limit may take the repair limit's place


def test_without_a_spare_and_with_consent_in_time_the_factorys_limit_takes_the_repair_limits_place() -> None:
    device = builders.device()
    fault, tech = a_working_fault(device)
    one = opened(fault=fault, instead_of_repair=True, by=tech, at=AT + HOUR)
    fault.refresh_from_db()
    assert fault.state == FaultState.AT_FACTORY
    ruling = fault.rulings.get()
    asking.decide(ruling, granted=True, decision="确无备机", by=cast.office(), at=AT + 2 * HOUR)
    fault.refresh_from_db()
    assert fault.repair and one.commitment
    assert fault.repair.clause == one.commitment.clause == "4.2.3"
    assert fault.repair.due_at == one.commitment.due_at

    one = done(sent(one, by=tech, at=AT + 3 * HOUR), by=tech, at=AT + 9 * DAY)
    working.resume(fault, note="设备已返回", by=tech, at=AT + 9 * DAY)
    working.restore(fault, note="装回", by=tech, at=AT + 9 * DAY + HOUR)
    fault.refresh_from_db()
    assert fault.repair and fault.repair.final_outcome(AT + 20 * DAY) is Outcome.MET
    assert outcome(one, AT + 20 * DAY) is Outcome.MET


def test_consent_after_the_repair_limit_comes_too_late_but_the_unit_has_its_ten_days_all_the_same() -> None:
    fault, tech = a_working_fault(builders.device())
    one = opened(fault=fault, instead_of_repair=True, by=tech, at=AT + HOUR)
    ruling, late = fault.rulings.get(), AT + 13 * HOUR
    with pytest.raises(WrongState, match="修复时限已过"):
        asking.decide(ruling, granted=True, decision="同意", by=cast.office(), at=late)
    fault.refresh_from_db()
    assert fault.repair and fault.repair.clause != "4.2.3"
    assert fault.repair.final_outcome(late) is Outcome.MISSED
    assert outcome(one, late) is Outcome.OPEN
    assert outcome(done(sent(one, by=tech, at=late), by=tech, at=AT + 9 * DAY), AT + 20 * DAY) is Outcome.MET


def test_nobody_asks_for_the_factorys_limit_while_a_spare_stands_in_stock() -> None:
    device = builders.device()
    builders.device(at=STORE, in_use=False)
    fault, tech = a_working_fault(device)
    with pytest.raises(BadInput, match="有同类备机") as refused:
        opened(fault=fault, instead_of_repair=True, by=tech, at=AT + HOUR)
    assert refused.value.field == "instead_of_repair"
    fault.refresh_from_db()
    assert fault.state == FaultState.WORKING
    assert not Return.objects.exists() and not Change.objects.exists()


# Month's end, holidays, the other reading


@pytest.mark.parametrize(
    ("reported", "last_day"),
    [
        (datetime(2026, 2, 25, 10, 0, tzinfo=CAMPUS), date(2026, 3, 7)),
        (datetime(2026, 9, 28, 10, 0, tzinfo=CAMPUS), date(2026, 10, 8)),
    ],
    ids=["across a month's end", "across the National Day holiday"],
)
def test_the_tenth_day_ends_at_midnight_whatever_lies_between(reported: datetime, last_day: date) -> None:
    midnight = datetime.combine(last_day + DAY, datetime.min.time(), tzinfo=CAMPUS)
    ends = {"in time": midnight, "late": midnight + timedelta(seconds=1)}
    found = {}
    for name, tested_at in ends.items():
        fault, tech = a_working_fault(builders.device(), at=reported)
        one = sent(opened(fault=fault, by=tech, at=reported + HOUR), by=tech, at=reported + HOUR)
        assert one.commitment and one.commitment.due_at == midnight
        found[name] = outcome(done(one, by=tech, at=tested_at), midnight + DAY)
    assert found == {"in time": Outcome.MET, "late": Outcome.MISSED}
    month = Month.of(reported)
    figures = compliance(
        Commitment.objects.all(), from_at=month.starts_at, until_at=month.ends_at, as_of=midnight + DAY
    )
    counted = figures[month]["4.2.3", Kind.FACTORY.value]
    assert (counted.met, counted.missed) == (1, 1)


def test_by_the_other_reading_the_ten_days_start_when_the_unit_is_shipped() -> None:
    builders.contract(standard=changed(('factory_starts_at = "report"', 'factory_starts_at = "shipping"')))
    one = opened()
    assert one.commitment is None
    one = sent(one, at=AT + 3 * DAY)
    assert one.commitment and one.commitment.started_at == AT + 3 * DAY


# Sending: consent first, then proof


def test_nothing_leaves_before_the_change_was_carried_out() -> None:
    one = opened()
    with pytest.raises(WrongState, match="尚未执行"):
        shipping.send(one, PARCEL, PROOF, by=one.opened_by, at=AT)
    assert one.change
    voting.consent(one.change, by=cast.office(), at=AT)
    with pytest.raises(WrongState, match="尚未执行"):
        shipping.send(fresh(one), PARCEL, PROOF, by=one.opened_by, at=AT)
    assert fresh(one).state == State.PREPARING and not one.trips.exists()


@pytest.mark.parametrize(
    ("parcel", "proof", "field"),
    [
        (Parcel("", "顺丰", "SF1"), PROOF, "factory"),
        (Parcel("新中新", " ", "SF1"), PROOF, "courier"),
        (Parcel("新中新", "顺丰", "x" * 81), PROOF, "waybill"),
        (Parcel("新中新", "顺丰", "SF1", AT - HOUR), PROOF, "sent_at"),
        (Parcel("新中新", "顺丰", "SF1", AT + DAY), PROOF, "sent_at"),
        (PARCEL, None, "records"),
        (PARCEL, Proof(None, " ", Psam.REMOVED), "records"),
        (PARCEL, Proof(-1, "", Psam.REMOVED), "records"),
    ],
)
def test_a_parcel_without_proof_or_out_of_order_does_not_leave(
    parcel: Parcel, proof: Proof | None, field: str
) -> None:
    one = taken_out(opened())
    with pytest.raises(BadInput) as refused:
        shipping.send(one, parcel, proof, by=one.opened_by, at=AT + HOUR)
    assert refused.value.field == field
    assert fresh(one).state == State.PREPARING and not one.trips.exists()


def test_a_dead_unit_leaves_with_the_reason_why_nothing_was_exported() -> None:
    one = taken_out(opened())
    proof = Proof(None, "主板烧毁，无法读取", Psam.ABSENT)
    one = shipping.send(one, PARCEL, proof, by=one.opened_by, at=AT)
    assert (one.records_exported, one.not_exported) == (None, "主板烧毁，无法读取")
    assert "主板烧毁" in Event.objects.get(verb="returns.send").data["export"]


def test_the_same_submission_makes_one_return_and_a_device_has_one_at_a_time() -> None:
    one = opened()
    again = opening.open_return(
        one.device, asked(), submission=one.submission, reason="主板不通电", by=one.opened_by, at=AT
    )
    assert again == one
    with pytest.raises(WrongState, match=one.number):
        opened(one.device)


def test_only_its_own_open_fault_and_a_spare_in_stock_of_its_kind_will_do() -> None:
    device, other = builders.device(), builders.device()
    fault, tech = a_working_fault(other)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("fault", {"fault": fault}),
        ("spare", {"spare": other}),
        ("spare", {"spare": builders.device(of="switch", in_use=False)}),
        ("instead_of_repair", {"instead_of_repair": True}),
    ]
    for field, given in wrong:
        with pytest.raises(BadInput) as refused:
            opened(device, by=tech, **given)
        assert refused.value.field == field


def test_a_scrapped_unit_goes_nowhere() -> None:
    device = builders.device(in_use=False)
    Device.objects.filter(pk=device.pk).update(life=Life.SCRAPPED)
    with pytest.raises(WrongState, match="已报废"):
        opened(Device.objects.get(pk=device.pk))


# Refused consent


def test_what_the_office_refuses_is_asked_for_again_or_cancelled() -> None:
    one = opened()
    with pytest.raises(WrongState):
        opening.ask_again(one, asked(), by=one.opened_by, at=AT)
    assert one.change
    voting.refuse(one.change, reason="先换备机", by=cast.office(), at=AT)
    spare = builders.device(at=STORE, in_use=False)
    again = fresh(opening.ask_again(fresh(one), asked(), spare=spare, by=one.opened_by, at=AT))
    assert again.change and again.change != one.change and again.spare == spare
    assert fresh(sent(again)).state == State.SENT


def test_an_emergency_change_is_carried_out_from_its_own_page() -> None:
    one = opened(mode=Mode.EMERGENCY)
    assert one.change and one.change.state == ChangeState.DRAFT


# Back and tested


def test_a_failed_test_sends_it_again_and_the_former_waybill_stays() -> None:
    one = sent(opened())
    one = shipping.diagnose(
        one, diagnosis="电源模块损坏", in_warranty=False, cost_fen=12_000, by=one.opened_by, at=AT
    )
    one = tried(back(one, at=AT + 3 * DAY), passed=False, at=AT + 3 * DAY)
    with pytest.raises(WrongState, match="测试未通过：刷卡"):
        shipping.finish(one, by=one.opened_by, at=AT + 3 * DAY)
    again = Parcel("新中新电子", "中通", "ZT99")
    one = fresh(shipping.send(one, again, by=one.opened_by, at=AT + 4 * DAY))
    assert [trip.waybill for trip in one.trips.all()] == ["SF1234567890", "ZT99"]
    assert one.records_exported == 1280 and outcome(one, AT + 4 * DAY) is Outcome.OPEN
    one = back(one, at=AT + 6 * DAY)
    with pytest.raises(WrongState, match="还没有测试记录"):
        shipping.finish(one, by=one.opened_by, at=AT + 6 * DAY)
    tried(one, at=AT + 6 * DAY)
    with pytest.raises(WrongState, match="请先登记厂家诊断"):
        shipping.finish(fresh(one), by=one.opened_by, at=AT + 6 * DAY)
    diagnosed(one, at=AT + 6 * DAY)
    one = fresh(shipping.finish(fresh(one), by=one.opened_by, at=AT + 30 * DAY))
    assert one.settled_at == AT + 6 * DAY and outcome(one, AT + 31 * DAY) is Outcome.MET
    assert verbs() == [
        "returns.open",
        "returns.send",
        "returns.diagnose",
        "returns.receive",
        "returns.test",
        "returns.send",
        "returns.receive",
        "returns.test",
        "returns.diagnose",
        "returns.finish",
    ]


@pytest.mark.parametrize(
    ("in_warranty", "cost", "field"), [(True, 100, "cost"), (False, None, "cost"), (False, 10**9, "cost")]
)
def test_a_repair_under_warranty_costs_nothing_and_another_something(
    in_warranty: bool, cost: int | None, field: str
) -> None:
    one = a_return(State.SENT)
    with pytest.raises(BadInput) as refused:
        shipping.diagnose(
            one, diagnosis="主板", in_warranty=in_warranty, cost_fen=cost, by=one.opened_by, at=AT + HOUR
        )
    assert refused.value.field == field


def test_it_does_not_come_back_before_it_left() -> None:
    one = a_return(State.SENT)
    for wrong in (AT, AT + DAY):
        with pytest.raises(BadInput):
            shipping.receive(one, back_at=wrong, by=one.opened_by, at=AT + HOUR)


def test_what_the_office_writes_off_is_scrapped_and_settled_then() -> None:
    one = a_return(State.WRITTEN_OFF)
    assert life(one.device) == Life.SCRAPPED and outcome(one, AT + 30 * DAY) is Outcome.MET
    late = sent(opened(at=AT), at=AT)
    ending.write_off(late, reason="厂家停产", by=cast.office(), at=AT + 12 * DAY)
    assert outcome(late, AT + 30 * DAY) is Outcome.MISSED
    assert Notice.objects.filter(to=late.opened_by, subject__contains=late.number).exists()


def test_the_vendor_writes_nothing_off_and_a_stranger_handles_nothing() -> None:
    one = a_return(State.SENT)
    with pytest.raises(NotAllowed):
        ending.write_off(one, reason="丢失", by=cast.manager(), at=AT + HOUR)
    with pytest.raises(NotAllowed):
        shipping.receive(one, by=cast.stranger(), at=AT + HOUR)
    with pytest.raises(NotAllowed):
        shipping.receive(one, by=cast.office(), at=AT + HOUR)


# Never forgotten


def test_a_unit_at_the_factory_that_nobody_follows_is_named_until_it_has_a_return() -> None:
    builders.contract()
    device = builders.device(in_use=False)
    office, tech = cast.office(), cast.technician()
    assert not queries.unfollowed(office).exists()
    devices.change_life(device, Life.AT_FACTORY, reason="送修", by=cast.manager(), at=AT)
    assert list(queries.unfollowed(office)) == [device]
    one = opened(Device.objects.get(pk=device.pk), by=tech)
    assert one.change is None and not queries.unfollowed(office).exists()
    one = fresh(shipping.send(one, PARCEL, PROOF, by=tech, at=AT))
    assert done(one, at=AT + DAY).state == State.DONE and life(device) == Life.IN_STOCK


# What the vendor claims and the Office says about the limit


def test_a_granted_exemption_shows_beside_the_raw_figure() -> None:
    one, until = sent(opened()), datetime(2026, 3, 14, tzinfo=CAMPUS)
    claim = exempting.claim_exemption(
        one, from_at=AT, until_at=AT + DAY, reason="快递因洪水停运", by=cast.manager(), at=AT + DAY
    )
    with pytest.raises(NotAllowed):
        exempting.decide_exemption(one, claim, granted=True, decision="同意", by=cast.manager(), at=AT + DAY)
    exempting.decide_exemption(one, claim, granted=True, decision="属实", by=cast.office(), at=AT + 2 * DAY)
    row = done(one, at=until - HOUR).commitment
    assert row and row.excused_due_at >= until
    assert row.raw_outcome(AT + 30 * DAY) is Outcome.MISSED
    assert row.final_outcome(AT + 30 * DAY) is Outcome.MET
    assert Notice.objects.filter(to=one.opened_by, subject__contains="豁免已同意").exists()


def test_the_office_has_the_last_word_on_the_outcome() -> None:
    one = done(sent(opened()), at=AT + DAY)
    with pytest.raises(NotAllowed):
        exempting.rule_outcome(one, outcome=Outcome.MISSED, reason="未实测", by=cast.manager(), at=AT + DAY)
    exempting.rule_outcome(one, outcome=Outcome.MISSED, reason="未实测", by=cast.office(), at=AT + DAY)
    assert outcome(one, AT + 2 * DAY) is Outcome.MISSED


def test_without_a_limit_there_is_nothing_to_claim() -> None:
    builders.contract(standard=changed(('factory_starts_at = "report"', 'factory_starts_at = "shipping"')))
    with pytest.raises(WrongState, match="还没有时限"):
        exempting.claim_exemption(
            opened(), from_at=AT, until_at=AT + HOUR, reason="停运", by=cast.manager(), at=AT + HOUR
        )
