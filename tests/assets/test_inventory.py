"""What is known of a device: its life, where it stayed, its values, and the door of consented ones."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders, cast
from tests.cast import AT
from tests.matrix import NOON
from yika.assets import actions, consented
from yika.assets.gate import NeedsConsent, controlled
from yika.assets.models import Attribute, Device, DeviceModel, Merchant, RefusedAttempt, Stay
from yika.assets.rules import (
    Life,
    Misfit,
    PlaceKind,
    Spec,
    Unfit,
    Value,
    ValueType,
    Warrant,
    can_become,
    fitting_value,
    guess_kind,
    looks_like_a_key,
    read_value,
    shown,
    warranty_end,
)
from yika.journal.models import Event
from yika.journal.queries import timeline
from yika.journal.rules import SYSTEM
from yika.lib.decisions import BadInput, WrongState
from yika.network.queries.graphs import forget, graph

WARRANT = Warrant(1, "BG-2026-0001")


def rate(kind: str = "payment-terminal", **more: Any) -> Attribute:
    said = {"key": "rate", "name": "费率", "type": ValueType.DECIMAL, "unit": "%", "controlled": True, **more}
    return Attribute.objects.create(kind=builders.kind(kind), **said)


def stays(device: Device) -> list[tuple[str, bool]]:
    rows = Stay.objects.filter(device=device).select_related("place").order_by("pk")
    return [(stay.place.full_name, stay.until_at is None) for stay in rows]


# Pure rules


def test_the_moves_of_a_life() -> None:
    reached = {(one, other) for one in Life for other in Life if can_become(one, other)}
    assert (Life.IN_USE, Life.AT_FACTORY) in reached and (Life.AT_FACTORY, Life.IN_STOCK) in reached
    assert {other for one, other in reached if one is Life.SCRAPPED} == {Life.IN_STOCK}
    assert all(one is not other for one, other in reached)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("师大/饮食中心/桂香园餐厅", PlaceKind.BUILDING),
        ("师大/一食堂/二楼", PlaceKind.FLOOR),
        ("师大/东校区", PlaceKind.CAMPUS),
        ("师大/桂苑1栋/门厅", PlaceKind.ROOM),
        ("师大/图书馆/一楼/弱电间", PlaceKind.ROOM),
        ("师大/一食堂/二楼/设备箱", PlaceKind.BOX),
        ("师大/一食堂/二楼/豆浆", PlaceKind.OTHER),
    ],
)
def test_what_a_place_probably_is(path: str, kind: PlaceKind) -> None:
    assert guess_kind(path) is kind


@pytest.mark.parametrize(
    ("installed", "months", "last"),
    [
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
    ],
)
def test_when_a_warranty_ends(installed: date, months: int, last: date) -> None:
    assert warranty_end(installed, months) == last


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (ValueType.TEXT, " 甲 ", "甲"),
        (ValueType.INTEGER, "1,200", 1200),
        (ValueType.DECIMAL, "0.380", "0.38"),
        (ValueType.DATE, "2026年3月2日", "2026-03-02"),
        (ValueType.YES_NO, "是", True),
        (ValueType.YES_NO, "no", False),
        (ValueType.CHOICE, "红", "红"),
        (ValueType.INTEGER, "", None),
    ],
)
def test_values_are_read(type_: ValueType, text: str, value: Value) -> None:
    assert read_value(Spec("k", type_, ("红", "绿")), text) == value


@pytest.mark.parametrize(
    ("type_", "text", "misfit"),
    [
        (ValueType.INTEGER, "1.5", Misfit.NOT_WHOLE),
        (ValueType.INTEGER, "9" * 40, Misfit.TOO_LARGE),
        (ValueType.DECIMAL, "NaN", Misfit.NOT_A_NUMBER),
        (ValueType.DATE, "2026-02-30", Misfit.NO_SUCH_DAY),
        (ValueType.DATE, "昨天", Misfit.NOT_A_DATE),
        (ValueType.YES_NO, "也许", Misfit.NOT_YES_NO),
        (ValueType.CHOICE, "蓝", Misfit.NOT_A_CHOICE),
        (ValueType.TEXT, "甲" * 201, Misfit.TOO_LONG),
        (ValueType.TEXT, "甲\u200b乙", Misfit.INVISIBLE),
        (ValueType.TEXT, "0123456789ABCDEF" * 2, Misfit.LOOKS_LIKE_A_KEY),
    ],
)
def test_values_that_do_not_fit_are_refused(type_: ValueType, text: str, misfit: Misfit) -> None:
    with pytest.raises(Unfit) as flaw:
        read_value(Spec("k", type_, ("红",)), text)
    assert flaw.value.misfit is misfit


@given(st.sampled_from(ValueType), st.text(max_size=40))
def test_what_is_kept_reads_as_itself(type_: ValueType, text: str) -> None:
    spec = Spec("k", type_, ("红", "绿"))
    try:
        value = read_value(spec, text)
    except Unfit:
        return
    assert fitting_value(spec, value) == value
    assert read_value(spec, shown(value)) == value


@pytest.mark.parametrize("text", ["0123456789abcdef", "00 11 22 33 44 55 66 77", "AA:BB:CC:DD:EE:FF:00:11"])
def test_a_key_is_known_when_seen(text: str) -> None:
    assert looks_like_a_key(text)


@pytest.mark.parametrize("text", ["V2", "2026-01", "密钥第三版", "0123456789abcde"])
def test_a_version_is_no_key(text: str) -> None:
    assert not looks_like_a_key(text)


# Devices


@pytest.mark.django_db
def test_a_device_is_described_and_each_word_is_on_record() -> None:
    rate(controlled=False)
    place = builders.place()
    device = actions.create_device(
        number="XF-1",
        kind=builders.kind(),
        place=place,
        model="GK-300",
        merchant="豆浆铺",
        installed_on=date(2026, 1, 5),
        upstream_ip="10.12.0.5",
        attributes={"rate": "0.50"},
        by=SYSTEM,
        at=AT,
    )
    DeviceModel.objects.update(works_offline=True, warranty_months=12)
    device = Device.objects.select_related("model").get(pk=device.pk)
    assert (device.model_name, device.merchant_name, device.attributes) == (
        "GK-300",
        "豆浆铺",
        {"rate": "0.5"},
    )
    assert (device.serves_offline, device.warranty_ends) == (True, date(2027, 1, 5))
    actions.edit_device(
        device, merchant="", usual_users=120, works_offline=False, attributes={"rate": None}, by=SYSTEM, at=AT
    )
    device.refresh_from_db()
    assert (device.merchant, device.usual_users, device.serves_offline, device.attributes) == (
        None,
        120,
        False,
        {},
    )
    told = timeline("device", device.pk)[0].sentence
    for part in (
        "商户 豆浆铺 → （空）",
        "日常使用人数 （空） → 120",
        "脱机可用 （空） → 否",
        "费率 0.5 → （空）",
    ):
        assert part in told
    assert (Merchant.objects.count(), DeviceModel.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key_version", "0123456789ABCDEF"),
        ("key_version", "00 11 22 33 44 55 66 77"),
        ("psam_number", "0123456789ABCDEF0123456789ABCDEF"),
        ("upstream_ip", "10.12.0"),
        ("usual_users", -1),
        ("responsible", "nobody"),
        ("attributes", {"rate": "viel"}),
        ("attributes", {"colour": "red"}),
    ],
)
def test_what_a_device_cannot_be_is_refused(field: str, value: Any) -> None:
    rate()
    device = builders.device()
    with pytest.raises(BadInput) as refusal:
        actions.edit_device(device, by=SYSTEM, at=AT, **{field: value})
    assert refusal.value.field == (f"attribute_{next(iter(value))}" if field == "attributes" else field)


@pytest.mark.django_db
def test_another_kind_keeps_neither_model_nor_attributes_of_the_old() -> None:
    rate(controlled=False)
    device = actions.create_device(
        number="XF-1",
        kind=builders.kind(),
        place=builders.place(),
        model="GK-300",
        attributes={"rate": "1"},
        by=SYSTEM,
        at=AT,
    )
    actions.edit_device(device, kind=builders.kind("gateway"), by=SYSTEM, at=AT)
    device = Device.objects.select_related("model__kind").get(pk=device.pk)
    assert device.attributes == {}
    assert device.model and device.model.kind.code == "gateway"


@pytest.mark.django_db
def test_where_a_device_stayed() -> None:
    device = builders.device("XF-1", at="师大/甲")
    actions.edit_device(device, place=builders.place("师大/乙"), by=SYSTEM, at=AT)
    actions.change_life(device, Life.AT_FACTORY, reason="主板坏", by=SYSTEM, at=AT + timedelta(days=1))
    actions.change_life(device, Life.IN_USE, by=SYSTEM, at=AT + timedelta(days=3))
    assert stays(device) == [("师大/甲", False), ("师大/乙", False), ("师大/乙", True)]
    spare = actions.create_device(
        number="XF-2", kind=device.kind, place=device.place, life=Life.IN_STOCK, by=SYSTEM, at=AT
    )
    assert stays(spare) == []


@pytest.mark.django_db
def test_the_graph_of_a_moment_has_who_stood_where_then() -> None:
    building, other = builders.place("师大/甲楼"), builders.place("师大/乙楼")
    actions.describe_place(building, kind=PlaceKind.BUILDING, daily_users=300, by=SYSTEM, at=AT)
    merchant = Merchant.objects.create(name="豆浆铺")
    room = builders.place("师大/甲楼/一楼/101")
    device = builders.device("XF-1", at=room)
    Device.objects.update(merchant=merchant, usual_users=50, works_offline=True)
    forget()
    before, now = AT - timedelta(days=1), AT + timedelta(days=1)
    node = graph(now).nodes[device.pk]
    assert (node.users, node.crowd, node.merchant, node.offline) == (50, building.pk, merchant.pk, True)
    assert node.area == building.pk
    actions.edit_device(device, place=other, by=SYSTEM, at=AT)
    assert (graph(before).nodes[device.pk].crowd, graph(now).nodes[device.pk].crowd) == (building.pk, 0)
    actions.change_life(device, Life.SCRAPPED, reason="旧", by=SYSTEM, at=AT)
    assert device.pk in graph(before).nodes and device.pk not in graph(now).nodes


# Consent


@pytest.mark.django_db
def test_parameters_and_the_upstream_server_change_only_with_consent() -> None:
    builders.contract()
    rate()
    device, desk = builders.device("XF-1"), cast.manager()
    assert controlled(["upstream_ip", "parameters.rate"], device=device, at=NOON) == {
        "upstream_ip",
        "parameters.rate",
    }
    with pytest.raises(NeedsConsent):
        actions.edit_device(device, upstream_ip="10.0.0.1", by=desk, at=NOON)
    with pytest.raises(NeedsConsent):
        actions.edit_device(device, attributes={"rate": "2"}, by=desk, at=NOON)
    assert set(RefusedAttempt.objects.values_list("field", flat=True)) == {"upstream_ip", "parameters.rate"}
    actions.edit_device(device, merchant="豆浆铺", attributes={"rate": None}, by=desk, at=NOON)
    device.refresh_from_db()
    assert (device.merchant_name, device.upstream_ip) == ("豆浆铺", None)


@pytest.mark.django_db
@pytest.mark.parametrize("life", [Life.AT_FACTORY, Life.SCRAPPED, Life.IN_STOCK])
def test_every_way_out_of_service_needs_consent(life: Life) -> None:
    builders.contract()
    device = builders.device("XF-1")
    with pytest.raises(NeedsConsent):
        actions.change_life(device, life, reason="坏", by=cast.manager(), at=NOON)
    assert stays(device)[-1][1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("life", "at_factory", "返厂"),
        ("upstream_ip", "10.12.0.5", "10.12.0.5"),
        ("parameters.rate", "0.5", "0.5"),
    ],
)
def test_a_consented_value_is_written_to_the_letter(field: str, value: Any, words: str) -> None:
    rate()
    device = builders.device("XF-1")
    assert consented.problems(device, field, value) == []
    assert consented.words(field, value) == words
    consented.write(device, field, value, warrant=WARRANT, by=cast.manager(), at=NOON)
    assert consented.current(device, field) == value
    assert Event.objects.filter(key=str(device.pk), verb__startswith="assets.").count() == 1


@pytest.mark.django_db
def test_a_consented_move_ends_a_stay() -> None:
    device, place = builders.device("XF-1", at="师大/甲"), builders.place("师大/乙")
    consented.write(device, "place", place.pk, warrant=WARRANT, by=cast.manager(), at=NOON)
    assert stays(device) == [("师大/甲", False), ("师大/乙", True)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("life", "lost"),
        ("upstream_ip", "10.12"),
        ("upstream_ip", 5),
        ("parameters.rate", "viel"),
        ("parameters.other", "1"),
        ("colour", "red"),
    ],
)
def test_what_could_not_be_written_is_said_before(field: str, value: Any) -> None:
    rate()
    assert consented.problems(builders.device(), field, value)


@pytest.mark.django_db
def test_scrapped_does_not_serve_again() -> None:
    device = builders.device("XF-1")
    actions.change_life(device, Life.SCRAPPED, reason="旧", by=SYSTEM, at=AT)
    with pytest.raises(WrongState):
        actions.change_life(device, Life.IN_USE, by=SYSTEM, at=AT)
    assert consented.problems(device, "life", "in_use")
