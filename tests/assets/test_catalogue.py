"""The catalogue: what it promises about kinds, attributes, models, merchants and stock."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.cast import AT
from yika.assets import queries
from yika.assets.actions import catalogue, create_device, edit_device, import_list
from yika.assets.models import Attribute, Device, DeviceKind, DeviceModel, Merchant
from yika.assets.queries import world
from yika.assets.rules import Life, ValueType, fingerprint, parse, plan
from yika.journal.models import Event
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.models import User
from yika.people.rules import Skill

LINES = "设备编号,类型,地点\nXF-1,交换机,桂子大学/一食堂\n"
pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


def attribute(value_type: ValueType = ValueType.INTEGER, **more: object) -> Attribute:
    given: dict[str, object] = {"key": "rate", "name": "波特率", **more}
    return catalogue.add_attribute(
        builders.kind(),
        value_type=value_type,
        by=cast.manager(),
        at=AT,
        **given,  # type: ignore[arg-type]
    )


def test_a_further_kind_counts_as_it_is_said_and_only_the_office_says_otherwise_later() -> None:
    manager, office = cast.manager(), cast.office()
    made = catalogue.add_kind(
        code="Card-Printer", name="制卡机", name_en="Card printer", is_terminal=False,
        skill=Skill.TERMINAL, by=manager, at=AT,
    )  # fmt: skip
    said: dict[str, Any] = {"name": "制卡机", "name_en": "Card printer", "skill": Skill.TERMINAL}
    with pytest.raises(NotAllowed):
        catalogue.edit_kind(made, **said, is_terminal=True, by=manager, at=AT)
    assert made.code == "card-printer" and not DeviceKind.objects.get(pk=made.pk).is_terminal
    catalogue.edit_kind(made, **said, is_terminal=True, by=office, at=AT)
    assert DeviceKind.objects.get(pk=made.pk).is_terminal
    assert "计为终端 否 → 是" in Event.objects.get(verb="assets.edit_kind").data["changes"]


def test_whether_a_machine_in_use_counts_as_a_terminal_is_for_the_office() -> None:
    device = builders.device("XF-1", at="桂子大学/一食堂")
    spare = builders.device("XF-2", in_use=False)
    switch, manager = builders.device("SW-1", of="switch").kind, cast.manager()
    with pytest.raises(BadInput, match="XF-1 在用"):
        edit_device(device, kind=switch, by=manager, at=AT)
    shown = fingerprint(plan(parse(LINES), world()))
    with pytest.raises(NotAllowed, match="XF-1 在用"):
        import_list(LINES, terminals=False, shown=shown, file_name="清单.csv", sha256="0", by=manager, at=AT)
    assert Device.objects.get(pk=device.pk).kind != switch
    assert edit_device(spare, kind=switch, by=manager, at=AT).kind == switch
    assert edit_device(device, kind=switch, by=cast.office(), at=AT).kind == switch


def test_a_renamed_kind_is_found_by_its_new_name() -> None:
    device = builders.device()
    catalogue.edit_kind(
        device.kind, name="收费机", name_en="Till", is_terminal=True, skill=Skill.TERMINAL,
        by=cast.manager(), at=AT,
    )  # fmt: skip
    assert queries.search_devices("收费机") == [device]


@pytest.mark.parametrize(
    ("code", "name", "field"), [("1x", "制卡机", "code"), ("ok", " ", "name"), ("ok", "x" * 41, "name")]
)
def test_a_kind_needs_a_code_and_a_name(code: str, name: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        catalogue.add_kind(
            code=code, name=name, name_en="x", is_terminal=True, skill=Skill.DOOR, by=cast.manager(), at=AT
        )
    assert refused.value.field == field


def test_nothing_that_a_device_says_is_lost_when_an_attribute_changes() -> None:
    manager = cast.manager()
    mode = attribute(ValueType.CHOICE, choices=["直连", "级联"])
    device = builders.device()
    edit_device(device, attributes={"rate": "直连"}, by=manager, at=AT)
    with pytest.raises(BadInput, match="还有设备选用“直连”"):
        catalogue.edit_attribute(mode, name="方式", choices=["级联"], controlled=False, by=manager, at=AT)
    with pytest.raises(WrongState, match="还有 1 台设备"):
        catalogue.remove_attribute(mode, by=manager, at=AT)
    catalogue.edit_attribute(mode, name="方式", choices=["直连"], controlled=False, by=manager, at=AT)
    edit_device(device, attributes={"rate": None}, by=manager, at=AT)
    catalogue.remove_attribute(mode, by=manager, at=AT)
    assert not Attribute.objects.exists()


def test_what_needs_consent_needs_it_no_longer_only_when_the_office_says_so() -> None:
    manager = cast.manager()
    rate = attribute(controlled=True)
    for loosen in (
        lambda by: catalogue.edit_attribute(rate, name="波特率", controlled=False, by=by, at=AT),
        lambda by: catalogue.remove_attribute(rate, by=by, at=AT),
    ):
        with pytest.raises(NotAllowed):
            loosen(manager)
        assert Attribute.objects.get().controlled
    catalogue.edit_attribute(rate, name="波特率", controlled=False, by=cast.office(), at=AT)
    assert not Attribute.objects.get().controlled


def test_models_are_named_anew_and_go_only_when_no_device_is_one() -> None:
    manager = cast.manager()
    model = catalogue.add_model(builders.kind(), name="GK-300", warranty_months=36, by=manager, at=AT)
    with pytest.raises(BadInput, match="已有同名型号"):
        catalogue.add_model(builders.kind(), name="GK-300", by=manager, at=AT)
    device = create_device(
        number="XF-1", kind=builders.kind(), place=builders.place(), model="GK-300", by=manager, at=AT
    )
    catalogue.edit_model(model, name="GK-300A", maker="桂新", works_offline=True, by=manager, at=AT)
    row = Device.objects.select_related("model").get(pk=device.pk)
    assert row.model_name == "GK-300A" and row.serves_offline
    assert queries.search_devices("300A") == [device]
    with pytest.raises(WrongState, match="还有 1 台设备"):
        catalogue.remove_model(model, by=manager, at=AT)
    other = catalogue.add_model(builders.kind(), name="GK-1", by=manager, at=AT)
    catalogue.remove_model(other, by=manager, at=AT)
    assert DeviceModel.objects.count() == 1


def test_two_names_of_one_merchant_become_one() -> None:
    manager = cast.manager()
    one, other = (catalogue.add_merchant(name=name, by=manager, at=AT) for name in ("豆浆", "豆浆铺"))
    device = create_device(
        number="XF-1", kind=builders.kind(), place=builders.place(), merchant="豆浆", by=manager, at=AT
    )
    with pytest.raises(BadInput, match="同名商户"):
        catalogue.rename_merchant(one, name="豆浆铺", by=manager, at=AT)
    with pytest.raises(WrongState):
        catalogue.remove_merchant(one, by=manager, at=AT)
    with pytest.raises(BadInput):
        catalogue.merge_merchant(one, into=one, by=manager, at=AT)
    catalogue.merge_merchant(one, into=other, by=manager, at=AT)
    assert Device.objects.get(pk=device.pk).merchant == other
    assert list(Merchant.objects.all()) == [other]


def test_stock_is_counted_by_place_and_kind() -> None:
    builders.device()
    for number in ("BJ-1", "BJ-2"):
        builders.device(number, at="桂子大学/库房", in_use=False)
    (line,) = queries.stock(Device.objects.all())
    assert (line.path, line.count, line.serving) == ("桂子大学/库房", 2, 1)
    Device.objects.filter(number="BJ-1").update(life=Life.AT_FACTORY)
    assert [one.count for one in queries.stock(Device.objects.all())] == [1]


def test_a_refused_form_stands_open_with_what_was_written(client_as: Browser) -> None:
    kind = builders.kind()
    answer = client_as(cast.manager()).post(
        reverse("assets:add_attribute", args=[kind.pk]),
        {"name": "波特率", "key": "9", "value_type": "integer"},
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "波特率" in shown and "代号以小写字母开头" in shown


@pytest.mark.parametrize("name", ["kinds", "merchants", "spares"])
def test_a_longer_page_asks_no_more_questions(client_as: Browser, name: str) -> None:
    client, counts = client_as(cast.manager()), list[int]()
    client.get(reverse(f"assets:{name}"))
    for _round in range(2):
        for n in range(3):
            builders.device(at=f"桂子大学/库房{n}", in_use=False)
            catalogue.add_merchant(name=f"商户{len(counts)}{n}", by=cast.manager(), at=AT)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(f"assets:{name}"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
