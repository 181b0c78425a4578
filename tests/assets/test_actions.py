"""Writing places, devices and imports."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from tests import builders, cast
from tests.cast import AT
from yika.assets import actions, queries, rules
from yika.assets.actions import imports
from yika.assets.gate import NeedsConsent
from yika.assets.models import Device, DeviceKind, Place
from yika.assets.rules import Life
from yika.journal.models import Event
from yika.journal.queries import timeline
from yika.journal.rules import REPORTER, SYSTEM
from yika.lib.decisions import BadInput, NotAllowed, WrongState

pytestmark = pytest.mark.django_db

LIST = "师大\n师大/一食堂/一楼/豆浆1\n师大/一食堂/一楼/面馆/水吧\n师大/车队/01车\n"


@pytest.fixture(autouse=True)
def kinds() -> None:
    actions.seed_kinds(by=SYSTEM, at=AT)


def bring_in(text: str, *, terminals: bool = False, shown: str = "") -> rules.Plan:
    planned = rules.plan(rules.parse(text), queries.world(), terminals=terminals)
    return actions.import_list(
        text,
        terminals=terminals,
        shown=shown or rules.fingerprint(planned),
        file_name="清单.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        by=SYSTEM,
        at=AT,
    )


def everything() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], int]:
    return (
        list(Place.objects.order_by("pk").values_list()),
        list(Device.objects.order_by("pk").values_list()),
        Event.objects.count(),
    )


def told(noun: str, key: int) -> list[str]:
    return [line.sentence for line in timeline(noun, key)]


def test_seeding_kinds_twice_changes_nothing() -> None:
    before = list(DeviceKind.objects.values_list())
    actions.seed_kinds(by=SYSTEM, at=AT + timedelta(days=1))
    assert list(DeviceKind.objects.values_list()) == before
    assert Event.objects.filter(verb="assets.seed_kinds").count() == 1
    assert DeviceKind.objects.get(name="车载机").is_terminal
    assert not DeviceKind.objects.get(name="交换机").is_terminal


def test_an_import_makes_the_tree_and_a_terminal_a_window() -> None:
    bring_in(LIST, terminals=True)
    assert Place.objects.count() == 8
    window = Place.objects.get(full_name="师大/一食堂/一楼/面馆/水吧")
    assert window.parent and window.parent.parent and window.parent.parent.name == "一楼"
    assert [device.number for device in Device.objects.order_by("number")] == [
        "XF-0001",
        "XF-0002",
        "XF-0003",
    ]
    event = Event.objects.get(verb="assets.import_list")
    assert (event.data["places"], event.data["devices"], event.data["changed"]) == (8, 3, 0)
    assert event.data["sha256"] == hashlib.sha256(LIST.encode()).hexdigest()


def test_importing_again_changes_nothing_and_says_nothing() -> None:
    bring_in(LIST, terminals=True)
    before = everything()
    assert bring_in(LIST, terminals=True).is_empty
    assert everything() == before


def test_a_world_changed_after_the_preview_refuses_the_import() -> None:
    shown = rules.fingerprint(rules.plan(rules.parse(LIST), queries.world()))
    actions.create_place(None, name="师大", by=SYSTEM, at=AT)
    before = everything()
    with pytest.raises(WrongState):
        bring_in(LIST, shown=shown)
    assert everything() == before


@pytest.mark.parametrize("step", ["_create_devices", "_change_devices", "record"])
def test_a_failure_anywhere_leaves_nothing(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in("地点,设备编号,类型\n师大/旧楼,M-1,消费机\n")
    before = everything()

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(imports, step, fail)
    with pytest.raises(RuntimeError):
        bring_in("地点,设备编号,类型\n师大/新楼,M-1,消费机\n师大/新楼,M-2,圈存机\n")
    assert everything() == before


def test_somebody_quicker_is_told_as_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def quicker(*args: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(imports, "_create_places", quicker)
    with pytest.raises(WrongState):
        bring_in(LIST)


def test_an_import_changes_known_devices_on_their_record() -> None:
    bring_in("地点,设备编号,类型,型号\n师大/旧楼,M-1,消费机,A\n师大/旧楼,M-2,消费机,A\n")
    bring_in("地点,设备编号,类型,型号\n师大/新楼,M-1,圈存机,\n师大/旧楼,M-2,消费机,A\n")
    moved = Device.objects.get(number="M-1")
    assert (moved.place.full_name, moved.kind.name, moved.model_name) == ("师大/新楼", "圈存机", "A")
    assert told("device", moved.pk) == ["修改设备 M-1：地点 师大/旧楼 → 师大/新楼；类型 消费机 → 圈存机"]
    assert not told("device", Device.objects.get(number="M-2").pk)


def test_a_list_with_an_error_is_refused_whole() -> None:
    with pytest.raises(BadInput):
        bring_in("师大\n师大//坏\n")
    assert not Place.objects.exists()


def many(count: int) -> str:
    return "".join(f"师大/{floor}楼/窗口{window}\n" for floor in range(count // 10) for window in range(10))


def test_the_cost_of_an_import_is_not_one_query_a_row(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (20, 400):
        Device.objects.all().delete()
        for depth in range(5, -1, -1):
            Place.objects.filter(full_name__regex=f"^[^/]*(/[^/]*){{{depth}}}$").delete()
        with django_assert_max_num_queries(36):
            bring_in(many(count), terminals=True)
        assert Device.objects.count() == count


def test_a_renamed_place_takes_everything_below_along() -> None:
    window = builders.place("师大/一食堂/一楼/豆浆")
    builders.place("师大/一食堂新/一楼")
    canteen = Place.objects.get(full_name="师大/一食堂")
    actions.rename_place(canteen, name=" 东一食堂　", by=SYSTEM, at=AT)
    window.refresh_from_db()
    assert window.full_name == "师大/东一食堂/一楼/豆浆"
    assert Place.objects.filter(full_name="师大/一食堂新/一楼").exists()
    assert told("place", canteen.pk) == ["地点更名：师大/一食堂 → 师大/东一食堂"]


def test_a_moved_place_takes_everything_below_along() -> None:
    window = builders.place("师大/后勤/一食堂/豆浆")
    south = builders.place("师大/南湖")
    canteen = Place.objects.get(full_name="师大/后勤/一食堂")
    actions.move_place(canteen, parent=south, by=SYSTEM, at=AT)
    window.refresh_from_db()
    assert window.full_name == "师大/南湖/一食堂/豆浆"
    actions.move_place(Place.objects.get(pk=canteen.pk), parent=None, by=SYSTEM, at=AT)
    window.refresh_from_db()
    assert window.full_name == "一食堂/豆浆"


def test_a_place_cannot_move_below_itself() -> None:
    builders.place("师大/一食堂/一楼")
    top, floor = Place.objects.get(full_name="师大"), Place.objects.get(full_name="师大/一食堂/一楼")
    for below in (top, floor):
        with pytest.raises(WrongState):
            actions.move_place(top, parent=below, by=SYSTEM, at=AT)


def test_a_taken_or_impossible_name_is_refused() -> None:
    place = builders.place("师大/甲")
    builders.place("师大/乙")
    for name in ("乙", "", "a/b", "长" * 61, "零\u200b宽"):
        with pytest.raises(BadInput):
            actions.rename_place(place, name=name, by=SYSTEM, at=AT)
        with pytest.raises(BadInput):
            actions.create_place(place.parent, name=name, by=SYSTEM, at=AT)
    deep = builders.place("/".join(["深" * 59] * 5))
    with pytest.raises(BadInput):
        actions.create_place(deep, name="长" * 60, by=SYSTEM, at=AT)
    with pytest.raises(BadInput):
        actions.move_place(Place.objects.get(full_name="深" * 59), parent=place, by=SYSTEM, at=AT)


def test_the_subtree_is_exact_in_letters_and_signs() -> None:
    here = builders.place("师大/A_座")
    for other in ("师大/a_座/一楼", "师大/AB座/一楼", "师大/A_座2/一楼", "师大/A_座/一楼"):
        builders.place(other)
    assert {place.full_name for place in queries.subtree(here)} == {"师大/A_座", "师大/A_座/一楼"}


def test_a_device_lives_and_each_step_is_on_record() -> None:
    place, other = builders.place("师大/甲"), builders.place("师大/乙")
    device = actions.create_device(number=" M-1 ", kind=builders.kind(), place=place, by=SYSTEM, at=AT)
    for _twice in range(2):
        actions.edit_device(
            device, number="M-1", kind=device.kind, place=other, model="", serial="", by=SYSTEM, at=AT
        )
    actions.change_life(device, Life.IN_STOCK, reason="撤柜", by=SYSTEM, at=AT)
    with pytest.raises(WrongState):
        actions.change_life(device, Life.IN_STOCK, reason="撤柜", by=SYSTEM, at=AT)
    actions.change_life(device, Life.IN_USE, by=SYSTEM, at=AT)
    with pytest.raises(WrongState):
        actions.change_life(device, Life.IN_USE, by=SYSTEM, at=AT)
    assert told("device", device.pk) == [
        "设备 M-1 在库 → 在用",
        "设备 M-1 在用 → 在库：撤柜",
        "修改设备 M-1：地点 师大/甲 → 师大/乙",
        "新增设备：M-1（消费机），师大/甲",
    ]


def test_a_number_is_given_once() -> None:
    device = builders.device("M-1")
    other = builders.device("M-2")
    with pytest.raises(BadInput):
        actions.create_device(number="M-1", kind=device.kind, place=device.place, by=SYSTEM, at=AT)
    with pytest.raises(BadInput):
        actions.edit_device(
            other, number="M-1", kind=other.kind, place=other.place, model="", serial="", by=SYSTEM, at=AT
        )


def test_a_replaced_label_stops_working() -> None:
    device, place = builders.device(), builders.place()
    old = {device.token, place.token}
    actions.replace_device_label(device, by=SYSTEM, at=AT)
    actions.replace_place_label(place, by=SYSTEM, at=AT)
    assert not Device.objects.filter(token__in=old).exists()
    assert not Place.objects.filter(token__in=old).exists()


def test_who_may_not_write_is_told() -> None:
    for by in (cast.technician(), cast.auditor()):
        with pytest.raises(NotAllowed):
            actions.create_place(None, name="师大", by=by, at=AT)
    with pytest.raises(NotAllowed):
        actions.create_place(None, name="师大", by=REPORTER, at=AT)


def test_two_entries_of_one_place_become_one_and_nothing_is_forgotten() -> None:
    one, other = builders.place("桂子大学/一食堂"), builders.place("桂子大学/第一食堂")
    below = builders.place("桂子大学/一食堂/一楼/豆浆")
    device = builders.device(at=below)
    fault = builders.fault(of=device)
    here = builders.fault(where=one)
    stay = device.stays.get()
    actions.merge_place(one, into=other, by=cast.office(), at=AT)
    assert not Place.objects.filter(pk=one.pk).exists()
    assert Place.objects.get(pk=below.pk).full_name == "桂子大学/第一食堂/一楼/豆浆"
    assert queries.search_places("第一食堂/一楼/豆浆") == [Place.objects.get(pk=below.pk)]
    for row, place in ((fault, below), (here, other), (stay, below), (device, below)):
        assert type(row).objects.get(pk=row.pk).place_id == place.pk
    assert Event.objects.get(verb="assets.merge_place").data["before"] == "桂子大学/一食堂"


def test_places_within_each_other_or_with_the_same_below_are_not_merged() -> None:
    office = cast.office()
    hall, floor = builders.place("桂子大学/一食堂"), builders.place("桂子大学/一食堂/一楼")
    other = builders.place("桂子大学/二食堂")
    builders.place("桂子大学/二食堂/一楼")
    for place, into in ((hall, floor), (floor, hall)):
        with pytest.raises(WrongState, match="上下级"):
            actions.merge_place(place, into=into, by=office, at=AT)
    with pytest.raises(WrongState, match="都有下级地点“一楼”"):
        actions.merge_place(hall, into=other, by=office, at=AT)
    with pytest.raises(BadInput):
        actions.merge_place(hall, into=hall, by=office, at=AT)
    assert Place.objects.filter(pk=hall.pk).exists()


def test_merging_what_machines_in_use_stand_in_needs_consent() -> None:
    builders.contract()
    one, other = builders.place("桂子大学/一食堂"), builders.place("桂子大学/第一食堂")
    builders.device(at=one)
    with pytest.raises(NeedsConsent):
        actions.merge_place(one, into=other, by=cast.manager(), at=AT)
    actions.merge_place(one, into=other, by=cast.office(), at=AT)
