"""What the search finds, for whom, and what it never knows."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders, cast
from tests.returns import cases as returns
from yika.assets import actions as assets
from yika.faults.actions import intake
from yika.faults.actions.words import index_again
from yika.faults.models import Channel, Fault, FaultWords, Symptom
from yika.faults.policies import visible
from yika.faults.queries import finding
from yika.faults.queries.finding import found
from yika.journal.rules import COMMAND_LINE
from yika.lib.grams import phrase, sought, words
from yika.lib.text import mask_numbers
from yika.people import actions as people
from yika.people.models import PersonWords, User
from yika.people.rules import Role
from yika.search.queries import results

pytestmark = pytest.mark.django_db


def names(user: User, text: str) -> dict[str, list[str]]:
    return {group.kind: [hit.name for hit in group.hits] for group in results(user, text)}


def test_two_characters_find_every_kind() -> None:
    device = builders.device("XF-0042", at="桂子大学/一食堂/二楼/豆浆", of="top-up-machine")
    fault = builders.report(of=device, description="圈存没有反应").fault
    office = cast.office("圈存生")
    seen = names(office, "圈存")
    assert seen["faults"] == [f"{fault.number} XF-0042 圈存机"]
    assert seen["devices"] == ["XF-0042 圈存机"]
    assert seen["people"] == ["圈存生"]
    assert "places" not in seen
    assert any("圈存" in hit.about + hit.name for group in results(office, "圈存") for hit in group.hits)
    assert names(office, "食堂")["places"] == ["一食堂"]
    assert names(office, "食堂")["faults"] == [f"{fault.number} XF-0042 圈存机"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("食堂", "faults"),
        ("st", "faults"),
        ("ＳＴ", "places"),
        ("yst", "places"),
        ("食堂 豆浆", "faults"),
        ("一食堂/二楼", "faults"),
        ("豆浆 圈存", "devices"),
        ("0042", "devices"),
        ("xf0042", "devices"),
        ("xf-00", "faults"),
        ("qcj", "devices"),
        ("张三", "people"),
        ("zsf", "people"),
        ("张三丰", "faults"),
        ("zsf 食堂", "faults"),
        ("反应", "faults"),
        ("充值失败", "faults"),
        ("sn-778", "devices"),
        ("4.2.2", "clauses"),
        ("响应", "clauses"),
        ("response", "clauses"),
    ],
)
def test_what_people_type_finds_it(text: str, kind: str) -> None:
    builders.contract()
    place = builders.place("桂子大学/一食堂/二楼/豆浆")
    device = assets.create_device(
        number="XF-0042",
        kind=builders.kind("top-up-machine"),
        place=place,
        serial="SN-778-1",
        by=COMMAND_LINE,
        at=cast.AT,
    )
    fault = builders.report(of=device, description="没有反应", symptom=Symptom.CANNOT_TOP_UP).fault
    technician = cast.technician("张三丰")
    Fault.objects.filter(pk=fault.pk).update(technician=technician)
    assert kind in names(cast.office(), text)


def test_a_fault_is_found_by_its_number() -> None:
    fault = builders.fault()
    user = cast.dispatcher()
    for text in (fault.number, fault.number.lower(), str(fault.pk)):
        assert names(user, text)["faults"][0].startswith(fault.number)


def with_keys(*keys: int) -> None:
    """Faults with these keys."""
    pattern = builders.fault()
    Fault.objects.filter(pk=pattern.pk).update(device=None)
    for key in set(keys) - {pattern.pk}:
        pattern.pk, pattern.response, pattern.repair, pattern.device = key, None, None, None
        pattern._state.adding = True
        pattern.save(force_insert=True)


KEYS = (7, 71, 79, 807, 90007, 100007, 300042, 1000071, 1200007)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("g00007", [7, 79, 71]),
        ("G0000", [79, 71, 7]),
        ("G0008", [807]),
        ("G10000", [1000071, 100007]),
        ("G12000", [1200007]),
        ("00007", [7, 1200007, 100007, 79, 71]),
        ("0042", [300042]),
        ("071", [71, 1000071]),
        ("71", [71]),
        ("G000071", [71]),
        ("G9", []),
    ],
)
@pytest.mark.parametrize("few", [1000, 0])
def test_a_fault_is_found_by_a_part_of_its_number(
    text: str, keys: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_keys(*KEYS)
    monkeypatch.setattr(finding, "FEW", few)
    rows = visible(cast.office()).filter(pk__in=KEYS)
    assert [fault.pk for fault in found(rows, text, 20)] == keys
    assert set(rows.filter(finding.matching(text)).values_list("pk", flat=True)) == set(keys)


def test_a_clause_comes_first_by_its_number() -> None:
    with_keys(422)
    builders.device("XF-4220")
    for text in ("4.2.2", "4.2.2.1"):
        groups = results(cast.office(), text)
        assert groups[0].kind == "clauses"
        assert groups[0].hits[0].name.startswith("4.2.2.1 ")
        assert "faults" not in [group.kind for group in groups]


def test_changes_and_returns_are_found() -> None:
    office = cast.office()
    one = returns.sent(returns.opened())
    change, trip = one.change, one.trips.get()
    assert change is not None
    for text in (change.number, change.number[:6].lower(), one.device.number, change.title[:4]):
        assert any(name.startswith(change.number) for name in names(office, text)["changes"]), text
    for text in (one.number, one.number[:5].lower(), one.device.number, trip.waybill, trip.waybill[-5:]):
        assert names(office, text)["returns"] == [f"{one.number} {one.device.number}"], text
    for group in results(office, trip.waybill):
        assert group.kind == "returns"


def test_nobody_finds_changes_and_returns_they_may_not_see() -> None:
    one = returns.sent(returns.opened())
    assert one.change is not None
    for text in (one.change.number, one.number, one.device.number, one.trips.get().waybill):
        assert not {"changes", "returns"} & names(cast.stranger(), text).keys(), text


def test_words_must_all_fit() -> None:
    builders.fault(description="读卡慢")
    assert "faults" not in names(cast.office(), "读卡 快慢")


@pytest.mark.parametrize("text", ["", " ", "食", "-", "%", "'\"", "食 堂", "* OR 1"])
def test_too_little_finds_nothing(text: str) -> None:
    builders.device(at="大学/食堂")
    assert results(cast.office(), text) == []


@pytest.mark.parametrize(
    "text", ['"食堂', "食堂*", "食堂 AND", "a' OR '1'='1", "食堂)", "%%", "__", "NEAR(食堂 一)"]
)
def test_signs_of_a_query_language_mean_nothing(text: str) -> None:
    builders.fault()
    results(cast.office(), text)


def test_nobody_finds_what_they_may_not_see() -> None:
    """Another vendor's people find none of the faults, and nobody of them; the administrator no faults."""
    technician = cast.technician("欧阳锋")
    fault = builders.fault(description="屏幕碎裂", to=technician)
    for text in (fault.number, "屏幕", "欧阳", "豆浆", "oyf"):
        for user in (cast.stranger(), cast.administrator()):
            assert "faults" not in names(user, text), (text, user)
        assert "people" not in names(cast.stranger(), text)
    assert "faults" in names(cast.office(), "屏幕")
    assert "people" in names(cast.dispatcher(), "欧阳")


def test_a_badge_is_found_only_by_those_who_see_the_card() -> None:
    office = cast.office("令狐冲")
    badge = office.badge_number
    assert names(cast.auditor(), badge)["people"] == ["令狐冲"]
    assert "people" not in names(cast.dispatcher(), badge)
    assert names(cast.dispatcher(), "令狐")["people"] == ["令狐冲"]


def test_reporters_are_not_in_the_index() -> None:
    builders.report(
        reporter_name="黄药师", reporter_phone="13912345678", description="请打 13987654321 联系桃花"
    )
    office = cast.office()
    for text in ("黄药", "黄药师", "药师", "13912345678", "2345678", "13987654321", "876543"):
        assert names(office, text) == {}, text
    assert "faults" in names(office, "桃花")
    kept = " ".join(FaultWords.objects.values_list("grams", flat=True))
    assert "黄药" not in kept
    assert "98" not in kept.split()


def test_phones_of_people_are_not_in_the_index() -> None:
    user = cast.technician("洪七公")
    assert "people" not in names(cast.office(), user.phone)
    assert phrase(user.phone[:5]) not in PersonWords.objects.get(person=user).grams


def test_a_further_report_is_found_too() -> None:
    fault = builders.fault(description="不开机")
    intake.join(
        fault,
        channel=Channel.PHONE,
        submission=uuid.uuid4(),
        by=cast.dispatcher(),
        at=cast.AT,
        description="冒烟了",
    )
    assert "faults" in names(cast.office(), "冒烟")
    assert "faults" in names(cast.office(), "不开机")


def test_the_index_follows_what_happens_to_places_devices_and_people() -> None:
    admin, at = cast.administrator(), cast.AT
    canteen = assets.create_place(None, name="桂香园", by=admin, at=at)
    window = assets.create_place(canteen, name="豆浆", by=admin, at=at)
    device = assets.create_device(number="A-77", kind=builders.kind(), place=window, by=admin, at=at)
    assert names(admin, "gxy dj")["places"] == ["豆浆"]
    assets.rename_place(canteen, name="学子餐厅", by=admin, at=at)
    assert "places" not in names(admin, "桂香")
    assert names(admin, "餐厅 豆浆")["places"] == ["豆浆"]
    assert names(admin, "学子")["devices"] == ["A-77 消费机"]
    assets.edit_device(
        device,
        number="B-88",
        kind=builders.kind("gateway"),
        place=canteen,
        model="",
        serial="",
        by=cast.office(),
        at=at,
    )
    assert "devices" not in names(admin, "a77")
    assert names(admin, "wg b8")["devices"] == ["B-88 网关"]
    card = people.NewPerson("慕容复", Role.AUDITOR, admin.organisation, badge_number="K123")
    person, _password = people.create("mrf", card, by=admin, at=at)
    assert names(admin, "mrf")["people"] == ["慕容复"]
    people.edit(person, people.NewPerson("段誉", Role.AUDITOR, admin.organisation), by=admin, at=at)
    assert "people" not in names(admin, "慕容")
    assert "people" not in names(admin, "k123")
    assert names(admin, "段誉")["people"] == ["段誉"]


TEXT = st.text(
    st.one_of(
        st.sampled_from("食堂圈存机屏幕黑刷卡，。 /-Ａa1"),
        st.characters(codec="utf-8", exclude_characters="\0"),
    ),
    min_size=2,
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, data=st.data())
def test_any_part_of_what_was_said_finds_the_fault(text: str, data: st.DataObject) -> None:
    fault = _fault()
    Fault.objects.filter(pk=fault.pk).update(description=text)
    fault.description = text
    index_again(fault)
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : data.draw(st.integers(start + 2, len(text)))]
    if all(len(word) > 1 for word in sought(part)) and sought(part):
        hidden = set(sought(part)) - set(sought_of(text))
        if not hidden:
            assert fault in found(visible(_office()), part, 50)


def sought_of(text: str) -> list[str]:
    """The words of a part that survive the masking of phone numbers."""
    kept = words(mask_numbers(text))
    return [whole[a:b] for whole in kept for a in range(len(whole)) for b in range(a + 1, len(whole) + 1)]


def _fault() -> Fault:
    return Fault.objects.order_by("pk").first() or builders.fault()


def _office() -> User:
    return User.objects.filter(role=Role.OFFICE).first() or cast.office()


def test_the_many_are_found_as_the_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way the query goes, the same faults are found in the same order."""
    for number in range(8):
        builders.fault(
            of=builders.device(at=f"大学/{'一食堂' if number % 2 else '图书馆'}/{number}楼"),
            description="不开机" if number % 3 else "刷卡失败",
        )
    user = cast.office()
    texts = ["食堂", "不开", "食堂 不开", "图书 刷卡", "dx 不开机", "消费", "没有"]
    few = {text: [row.pk for row in found(visible(user), text, 5)] for text in texts}
    assert few["食堂"] and few["食堂 不开"] and not few["没有"]
    monkeypatch.setattr(finding, "FEW", 1)
    for lately in ((1, 2), (1, 20_000), (20_000,)):
        monkeypatch.setattr(finding, "LATELY", lately)
        assert {text: [row.pk for row in found(visible(user), text, 5)] for text in texts} == few


def test_the_number_of_queries_does_not_grow(client_as: Callable[[User | None], Client]) -> None:
    browser = client_as(cast.office())
    browser.get(reverse("search:page"), {"q": "豆浆 读卡"})  # what is read once in a process
    counts = []
    for _round in range(2):
        for _number in range(4):
            builders.fault(description="读卡不灵")
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("search:page"), {"q": "豆浆 读卡"})
        counts.append(len(queries))
    assert counts[0] == counts[1] < 30


def test_the_page_shows_what_was_found(client_as: Callable[[User | None], Client]) -> None:
    fault = builders.fault(description="<b>读卡")
    browser = client_as(cast.dispatcher())
    page = browser.get(reverse("search:page"), {"q": "读卡"})
    text = page.content.decode()
    assert reverse("faults:page", args=[fault.pk]) in text
    assert "<b>读卡" not in text and "&lt;b&gt;读卡" in text
    part = browser.get(reverse("search:page"), {"q": "读卡"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert fault.number in part.content.decode()


def test_more_than_fit_lead_to_the_list(client_as: Callable[[User | None], Client]) -> None:
    for _number in range(8):
        builders.fault(description="读卡不灵")
    user = cast.dispatcher()
    group = next(group for group in results(user, "读卡") if group.kind == "faults")
    assert len(group.hits) == 6
    page: Any = client_as(user).get(group.more)
    assert page.content.decode().count("row-link") == 8


def test_every_page_carries_the_search(client_as: Callable[[User | None], Client]) -> None:
    assert 'id="search"' in client_as(cast.technician()).get(reverse("faults:list")).content.decode()
    assert 'id="search"' not in client_as(None).get(reverse("people:sign_in")).content.decode()
