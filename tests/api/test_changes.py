"""A small program changes a device with consent, and sends one to the factory and back."""

import uuid
from typing import Any

import pytest

from tests import builders, cast
from tests.addresses import plan
from tests.api.program import Program, program
from tests.changes.cases import a_change
from tests.returns.cases import a_return
from yika.assets.models import Attribute, Device
from yika.assets.rules import Life, ValueType
from yika.changes.models import Change
from yika.changes.rules import State
from yika.people.models import User
from yika.returns.models import Return

pytestmark = pytest.mark.django_db
WINDOW = {"from_at": "2026-03-02T09:00:00+08:00", "until_at": "2026-03-03T09:00:00+08:00"}
HEAD = {
    **WINDOW,
    "kind": "data",
    "title": "移机",
    "reason": "窗口调整",
    "risk": "十分钟",
    "plan": "断电，移机",
    "back_out": "移回",
}
TEST = {"item": "刷卡", "expected": "成功", "result": "成功", "passed": True}


def both() -> tuple[Program, Program]:
    builders.contract()
    return program(cast.manager()), program(cast.office())


def test_a_change_lives_its_whole_life() -> None:
    vendor, office = both()
    device, place = builders.device("XF-1"), builders.place("桂子大学/二食堂")
    line = {"device": "XF-1", "field": "place", "value": place.pk}
    made = vendor.post("/changes", {**HEAD, "lines": [line], "ask": True})
    assert vendor.status == 201 and made["state"]["code"] == "asked"
    assert made["lines"][0]["after_words"] == "桂子大学/二食堂"
    here = f"/changes/{made['id']}"
    assert office.get("/changes")["items"][0]["number"] == made["number"]
    vendor.post(f"{here}/consent")
    assert vendor.status == 403
    assert office.post(f"{here}/ask-back", {"reason": "为何白天移"})["state"]["code"] == "asked_back"
    vendor.post(f"{here}/ask", {})
    assert vendor.status == 422
    asked = vendor.post(f"{here}/ask", {"note": "午休时移"})
    assert asked["votes"][0]["answer"] == "午休时移" and asked["votes"][0]["answered_by"]
    assert any("午休时移" in line["sentence"] for line in asked["timeline"])
    assert office.post(f"{here}/consent", {"reason": ""})["votes"][-1]["word"]["code"] == "consent"
    assert vendor.post(f"{here}/execute", {"note": "已移机"})["state"]["code"] == "executed"
    assert Device.objects.get(pk=device.pk).place_id == place.pk
    vendor.post(f"{here}/test", {**TEST})
    assert vendor.post(f"{here}/verify")["tests"][0]["passed"] is True
    assert office.get(here)["state"]["code"] == "verified"


def test_what_was_asked_back_is_mended_and_asked_again() -> None:
    vendor, office = both()
    builders.device("XF-1")
    builders.device("XF-2")
    wrong, right = (builders.place(f"桂子大学/{name}") for name in ("二食堂", "三食堂"))
    line = {"device": "XF-1", "field": "place", "value": wrong.pk}
    here = f"/changes/{vendor.post('/changes', {**HEAD, 'lines': [line], 'ask': True})['id']}"
    vendor.post(f"{here}/add-lines", {"lines": [line]})
    assert vendor.status == 409, "what the Office is looking at stays as it is"
    office.post(f"{here}/ask-back", {"reason": "应移至三食堂"})
    one = vendor.post(f"{here}/add-lines", {"lines": [line | {"value": right.pk}]})
    assert [value["after_words"] for value in one["lines"]] == ["桂子大学/三食堂"]
    two = vendor.post(f"{here}/add-lines", {"lines": [line | {"device": "XF-2"}]})
    assert len(two["lines"]) == 2
    left = vendor.post(f"{here}/remove-line", {"line": two["lines"][1]["id"]})
    assert [value["device"] for value in left["lines"]] == ["XF-1"]
    vendor.post(f"{here}/remove-line", {"line": two["lines"][1]["id"]})
    assert vendor.status == 422
    told = vendor.post(f"{here}/edit", {**HEAD, "reason": "三食堂开张", "devices": ["XF-2", "XF-2"]})
    assert (told["reason"], told["devices"]) == ("三食堂开张", ["XF-1", "XF-2"])
    office.post(f"{here}/edit", {**HEAD})
    assert office.status == 403
    vendor.post(f"{here}/ask", {"note": "已改为三食堂"})
    assert office.post(f"{here}/refuse", {"reason": "期末后再移"})["state"]["code"] == "refused"
    later = {"from_at": "2026-03-09T09:00:00+08:00", "until_at": "2026-03-09T12:00:00+08:00"}
    anew = vendor.post(f"{here}/draft-again", later)
    assert anew["state"]["code"] == "draft" and anew["from_at"].startswith("2026-03-09")
    assert anew["lines"][0]["after_words"] == "桂子大学/三食堂"


@pytest.mark.parametrize(
    "line",
    [
        {"device": "XF-1", "field": "place", "value": 10**30},
        {"device": "XF-1", "field": "place", "value": True},
        {"device": "XF-1", "field": "life", "value": []},
        {"device": "XF-1", "field": "upstream", "value": [{"to": 1, "role": "network", "medium": "copper"}]},
        {"device": "XF-1", "field": "upstream_ip", "value": " 10.1.1.1"},
        {"device": "XF-1", "field": "address", "value": {"a": 1}},
        {"device": "XF-1", "field": "configuration.a", "value": "x\u0000\n"},
        {"device": "XF-1", "field": "configuration.a", "value": "x\ud800\n"},
        {"device": "XF-1", "field": "configuration.\u0000", "value": "x\n"},
        {"device": "XF-1", "field": "configuration", "value": "x\n"},
        {"device": "XF-1", "field": "parameters.none", "value": 1},
        {"device": "XF-1", "field": "parameters", "value": 1},
        {"device": "XF-1", "field": "life.rate", "value": 9600},
        {"device": "XF-1", "field": "upstream_ip.rate", "value": "9600"},
        {"device": "XF-1", "field": "place.", "value": 1},
        {"device": "XF-1", "field": "address.x", "value": ["10.12.1.5"]},
        {"device": "XF-1", "field": "upstream.x", "value": []},
        {"device": "XF-1", "field": "serial", "value": "1"},
        {"device": "XF-9", "field": "life", "value": "in_stock"},
    ],
)
def test_a_value_that_no_door_takes_is_refused_and_nothing_is_drafted(line: dict[str, Any]) -> None:
    vendor, _office = both()
    device = builders.device("XF-1")
    Attribute.objects.create(
        kind=device.kind, key="rate", name="波特率", type=ValueType.INTEGER, controlled=True
    )
    plan.subnet()
    vendor.post("/changes", {**HEAD, "lines": [line]})
    assert vendor.status == 422 and not Change.objects.exists()


def test_a_field_is_given_once() -> None:
    vendor, _office = both()
    builders.device("XF-1")
    places = [builders.place(f"桂子大学/{name}").pk for name in ("二食堂", "三食堂")]
    lines = [{"device": "XF-1", "field": "place", "value": place} for place in places]
    told = vendor.post("/changes", {**HEAD, "lines": lines})
    assert vendor.status == 422 and not Change.objects.exists()
    assert told["errors"] == [{"field": "lines", "message": "XF-1 的地点写了多次，只能写一次"}]


def test_what_is_wrong_is_said_in_the_readers_language() -> None:
    vendor, _office = both()
    told = vendor.post("/changes", {**HEAD, "kind": "none", "title": "", "reason": "长" * 2000})
    said = {one["field"]: one["message"] for one in told["errors"]}
    assert said["title"] == "至少 1 个字" and said["reason"].startswith("最多")
    assert said["kind"].startswith("应为以下之一")
    vendor.get("/changes", limit=1000)
    assert vendor.status == 422


def test_one_key_makes_one_change_and_one_return() -> None:
    vendor, _office = both()
    builders.device("XF-1")
    key = str(uuid.uuid4())
    first = vendor.post("/changes", HEAD, Idempotency_Key=key)
    assert vendor.status == 201
    assert vendor.post("/changes", HEAD, Idempotency_Key=key)["id"] == first["id"] and vendor.status == 200
    vendor.post("/changes", {**HEAD, "title": "另一台"}, Idempotency_Key=key)
    assert vendor.status == 422 and Change.objects.count() == 1
    other = str(uuid.uuid4())
    unit = {**WINDOW, "risk": "无", "device": "XF-1", "reason": "不通电"}
    made = vendor.post("/returns", unit, Idempotency_Key=other)
    assert vendor.post("/returns", unit, Idempotency_Key=other)["id"] == made["id"] and vendor.status == 200
    assert Return.objects.count() == 1


def test_a_key_that_a_form_of_somebody_else_used_stands_for_nothing_here() -> None:
    vendor, _office = both()
    draft = a_change(State.DRAFT)
    vendor.post("/changes", HEAD, Idempotency_Key=str(draft.submission))
    assert vendor.status == 422


def test_a_unit_goes_to_the_factory_and_back() -> None:
    vendor, office = both()
    device = builders.device("XF-1")
    builders.device("XF-9", at="桂子大学/库房", in_use=False)
    unit = {**WINDOW, "risk": "无", "device": "XF-1", "reason": "不通电", "spare": "XF-9"}
    made = vendor.post("/returns", {**unit})
    assert vendor.status == 201 and made["limit"]["clause"] == "4.2.3"
    here, change = f"/returns/{made['id']}", f"/changes/{made['change']}"
    parcel = {"factory": "新中新", "courier": "顺丰", "waybill": "SF1"}
    vendor.post(f"{here}/send", {**parcel, "records": 9, "psam": "removed"})
    assert vendor.status == 409
    office.post(f"{change}/consent", {"reason": ""})
    vendor.post(f"{change}/execute", {"note": "已换"})
    vendor.post(f"{here}/send", {**parcel})
    assert vendor.status == 422
    assert vendor.post(f"{here}/send", {**parcel, "records": 9, "psam": "removed"})["state"]["code"] == "sent"
    vendor.post(f"{here}/diagnose", {"diagnosis": "主板", "in_warranty": False, "cost_fen": 1250})
    assert vendor.get(here)["trips"][0]["cost"] == "12.50"
    vendor.post(f"{here}/receive")
    vendor.post(f"{here}/test", {**TEST})
    assert vendor.post(f"{here}/finish")["limit"]["outcome"] == "met"
    back = vendor.post(f"{here}/put-back", {**WINDOW, "risk": "无"})["put_back"]
    office.post(f"/changes/{back}/consent", {"reason": ""})
    vendor.post(f"/changes/{back}/execute", {"note": "已装回"})
    assert Device.objects.get(pk=device.pk).life == Life.IN_USE
    assert office.get("/returns", state="ended")["items"][0]["number"] == made["number"]
    assert office.get("/commitments", state="all", kind="factory")["items"][0]["subject"].startswith("FC")


def test_only_the_office_writes_off() -> None:
    vendor, office = both()
    one = a_return()
    vendor.post(f"/returns/{one.pk}/write-off", {"reason": "丢失"})
    assert vendor.status == 403
    office.post(f"/returns/{one.pk}/write-off", {"reason": "丢失"})
    assert office.status == 409  # not sent yet
    assert vendor.post(f"/returns/{one.pk}/cancel", {"reason": "修好了"})["state"]["code"] == "cancelled"


def test_lists_page_and_cost_the_same_however_long(django_assert_max_num_queries: Any) -> None:
    person: User = cast.technician()
    for _n in range(5):
        a_return(by=person)
    office = program(cast.office())
    for path in ("/changes", "/returns"):
        first = office.get(path, limit=2)
        rest = office.get(path, limit=200, cursor=first["next"])
        assert len({one["id"] for one in first["items"] + rest["items"]}) == 5
        with django_assert_max_num_queries(9):
            office.get(path, limit=200)
