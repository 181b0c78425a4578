"""What the verbs of addresses promise."""

import pytest
from django.db.models import Model

from tests import builders, cast
from tests.addresses import plan
from yika.addresses import actions, consented, queries
from yika.addresses.models import Address, AddressChange, Subnet
from yika.addresses.rules import State
from yika.assets.rules import Life
from yika.journal.models import Event
from yika.journal.telling import sentence
from yika.lib.decisions import BadInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return [sentence(event) for event in Event.objects.order_by("id")]


def count(model: type[Model]) -> int:
    return model._default_manager.count()


def test_a_device_gets_an_address_and_the_update_table_a_line() -> None:
    plan.subnet()
    device, clerk = builders.device("XF-1"), cast.dispatcher("陈静")
    made = actions.take("10.12.1.5", state=State.IN_USE, device=device, reason="新窗口", by=clerk, at=cast.AT)
    assert made.subnet and made.subnet.cidr == "10.12.1.0/24"
    (line,) = AddressChange.objects.all()
    assert (line.was.state, line.now.state, line.now.device) == (State.FREE, State.IN_USE, "XF-1")
    assert (line.ip, line.by_name, line.reason, line.device) == ("10.12.1.5", "陈静", "新窗口", device)
    assert "启用地址 10.12.1.5，设备：XF-1，用途：—，原因：新窗口" in told()
    assert Event.objects.filter(noun="device", key=str(device.pk), verb="addresses.assign").exists()


def test_an_address_is_nobody_elses() -> None:
    plan.taken("10.12.1.5", device=builders.device("XF-1"))
    with pytest.raises(WrongState, match="已由设备 XF-1 使用"):
        plan.taken("10.12.1.5", device=builders.device("XF-2"))
    plan.taken("10.12.1.6", purpose="打印机")
    with pytest.raises(WrongState, match="打印机"):
        plan.taken("::ffff:10.12.1.6", state=State.RESERVED)
    assert count(AddressChange) == count(Address) == 2


def test_a_reserved_address_is_given_to_a_device() -> None:
    here = plan.subnet()
    first, second = actions.reserve_next(here, count=2, purpose="新窗口", by=cast.manager(), at=cast.AT)
    assert (first.ip, second.ip) == ("10.12.1.1", "10.12.1.2")
    given = plan.taken("10.12.1.1", device=builders.device("XF-1"))
    assert given.pk == first.pk and given.state == State.IN_USE
    assert AddressChange.objects.latest("id").was.purpose == "新窗口"


def test_reserving_passes_over_what_is_taken_and_what_a_narrower_network_holds() -> None:
    here = plan.subnet("10.12.0.0/16")
    plan.subnet("10.12.0.0/24")
    plan.taken("10.12.1.1")
    found = actions.reserve_next(here, count=2, purpose="备用", by=cast.office(), at=cast.AT)
    assert [one.ip for one in found] == ["10.12.1.0", "10.12.1.2"]


def test_a_full_network_says_how_many_are_left_and_reserves_none() -> None:
    here = plan.subnet("10.12.1.0/30")
    with pytest.raises(WrongState, match="只剩 2 个"):
        actions.reserve_next(here, count=3, purpose="备用", by=cast.office(), at=cast.AT)
    assert not count(Address) and not count(AddressChange)


def test_releasing_needs_a_reason_and_leaves_a_line() -> None:
    row = plan.taken("10.12.1.5", device=builders.device("XF-1"))
    with pytest.raises(BadInput, match="释放原因"):
        actions.release(row, reason=" ", by=cast.office(), at=cast.AT)
    actions.release(row, reason="窗口撤销", by=cast.office(), at=cast.AT)
    assert not count(Address)
    line = AddressChange.objects.latest("id")
    assert (line.was.device, line.now.state, line.reason) == ("XF-1", State.FREE, "窗口撤销")
    with pytest.raises(WrongState, match="已经释放"):
        actions.release(row, reason="窗口撤销", by=cast.office(), at=cast.AT)


def test_saying_the_same_purpose_again_is_no_update() -> None:
    row = plan.taken(state=State.RESERVED, purpose="新窗口")
    actions.describe(row, purpose="新窗口", by=cast.office(), at=cast.AT)
    assert count(AddressChange) == 1
    actions.describe(row, purpose="三楼新窗口", by=cast.office(), at=cast.AT)
    assert "修改地址 10.12.1.5 的用途：新窗口 → 三楼新窗口" in told()


def test_addresses_belong_to_the_narrowest_network_whenever_it_comes_and_goes() -> None:
    row = plan.taken("10.12.1.5")
    assert row.subnet_id is None and queries.conflicts().outside == [row]
    wide = plan.subnet("10.12.0.0/16")
    narrow = plan.subnet("10.12.1.0/24")
    row.refresh_from_db()
    assert row.subnet == narrow
    actions.remove_subnet(narrow, by=cast.office(), at=cast.AT)
    row.refresh_from_db()
    assert row.subnet == wide
    actions.remove_subnet(wide, by=cast.office(), at=cast.AT)
    row.refresh_from_db()
    assert row.subnet_id is None


def test_a_gateways_address_goes_to_what_can_be_the_gateway() -> None:
    here = plan.subnet("10.12.1.0/29", gateway="10.12.1.1")
    plan.subnet("10.12.0.0/16", gateway="10.12.1.2")
    assert queries.used([here])[here.pk].free == 5
    assert [str(ip) for ip in queries.free_in(here, 9)] == [f"10.12.1.{last}" for last in (3, 4, 5, 6)]
    for refused in ({"device": builders.device("XF-1")}, {"state": State.RESERVED, "purpose": "新窗口"}):
        with pytest.raises(BadInput, match=r"是 10\.12\.1\.0/29 的网关"):
            plan.taken("10.12.1.1", **refused)
    plan.taken("10.12.1.1", device=builders.device("SW-1", of="switch"))
    plan.taken("10.12.1.2", purpose="校园网网关")
    assert queries.used([here])[here.pk].free == 4
    assert not queries.conflicts().gateways


def test_a_machine_whose_address_became_a_gateway_is_a_conflict() -> None:
    device = builders.device("XF-1")
    plan.taken("10.12.1.1", device=device)
    plan.subnet(gateway="10.12.1.1")
    assert [row.device for row in queries.conflicts().gateways] == [device]
    assert consented.problems(device, "address", ["10.12.1.1", "10.12.1.9"]) == []
    (said,) = consented.problems(builders.device("XF-2"), "address", ["10.12.1.1"])
    assert "网关" in said


def test_networks_over_each_other_and_machines_out_of_use_are_conflicts() -> None:
    plan.subnet("10.12.0.0/16")
    plan.subnet("10.12.1.0/24")
    device = builders.device("XF-1")
    row = plan.taken("10.12.1.5", device=device)
    assert queries.conflicts().count == 1
    device.life = Life.IN_STOCK
    device.save()
    found = queries.conflicts()
    assert [(pair.wider.cidr, pair.narrower.cidr) for pair in found.overlaps] == [
        ("10.12.0.0/16", "10.12.1.0/24")
    ]
    assert found.idle == [row]


def test_an_address_that_became_a_broadcast_address_is_a_conflict() -> None:
    row = plan.taken("10.12.1.255")
    plan.subnet("10.12.1.0/24")
    assert queries.conflicts().special == [row]
    with pytest.raises(BadInput, match="广播地址"):
        plan.taken("10.12.1.0")


@pytest.mark.parametrize(
    ("cidr", "gateway", "field"),
    [
        ("10.12.1.5/24", "", "cidr"),
        ("10.12.1.0/24", "10.12.2.1", "gateway"),
        ("10.12.1.0/24", "10.12.1.255", "gateway"),
        ("10.12.1.0/24", "网关", "gateway"),
    ],
)
def test_a_bad_network_is_refused_by_its_field(cidr: str, gateway: str, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        plan.subnet(cidr, gateway=gateway)
    assert refusal.value.field == field and not count(Subnet)


def test_a_network_and_a_vlan_are_registered_once() -> None:
    plan.subnet()
    with pytest.raises(BadInput, match="已登记"):
        plan.subnet("10.12.1.0/255.255.255.0")
    number = plan.vlan()
    with pytest.raises(BadInput, match="已登记"):
        plan.vlan()
    plan.subnet("2001:da8:1::/64", vlan=number, gateway="2001:da8:1::1")
    with pytest.raises(WrongState, match="还有网段"):
        actions.remove_vlan(number, by=cast.office(), at=cast.AT)


def test_a_technician_writes_nothing() -> None:
    here, who = plan.subnet(), cast.technician()
    with pytest.raises(NotAllowed):
        actions.reserve_next(here, count=1, purpose="备用", by=who, at=cast.AT)
    with pytest.raises(NotAllowed):
        actions.take("10.12.1.5", state=State.IN_USE, purpose="备用", by=who, at=cast.AT)
