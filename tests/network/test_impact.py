"""若其中断, as people ask it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from tests import builders, cast
from tests.cast import AT
from tests.network.campus import BEFORE, hang, switch
from yika.assets.models import Device
from yika.lib import clock
from yika.network import queries
from yika.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_as: Callable[[User | None], Client]) -> Client:
    return client_as(cast.dispatcher())


@pytest.fixture
def core() -> Device:
    """A core with an access switch, and behind it 60 payment terminals and a door."""
    core, access = switch("SW-1"), switch("SW-2")
    hang(access, core)
    for number in range(60):
        hang(builders.device(f"XF-{number:03d}"), access)
    hang(builders.device("MJ-1", of="door-controller"), access)
    builders.contract()
    return core


def asked(client: Client, status: int = 200, **query: Any) -> Any:
    with clock.frozen(AT):
        answer: Any = client.get(reverse("network:impact", query=query))
    assert answer.status_code == status
    return answer


def test_what_goes_down_by_kind_with_the_level(desk: Client, core: Device) -> None:
    shown = asked(desk, device=core.pk)
    assert shown.context["impact"].terminal_count == 61
    assert [(line.code, line.count) for line in shown.context["kinds"]] == [
        ("payment-terminal", 60),
        ("door-controller", 1),
        ("switch", 2),
    ]
    level = queries.level_of(shown.context["impact"], AT)
    assert level and level.name in shown.content.decode()


def test_the_places_of_an_estimate_are_told_by_their_path(desk: Client) -> None:
    upper = switch("SW-1")
    floors = [f"桂子大学/{name}/一楼" for name in ("一食堂", "二食堂")]
    for path in floors:
        place = builders.place(path)
        place.daily_users = 400
        place.save(update_fields=["daily_users"])
        hang(builders.device(at=place), upper)
    page = asked(desk, device=upper.pk).content.decode()
    assert all(f"<dt>{path}</dt>" in page for path in floors)


def test_the_list_pages_through_everything_once(desk: Client, core: Device) -> None:
    seen: list[str] = []
    after = ""
    while True:
        shown = asked(desk, device=core.pk, after=after).context["page"]
        seen += [device.number for device in shown.rows]
        after = shown.next_cursor
        if not after:
            break
    assert seen[:2] == ["SW-1", "SW-2"] and len(seen) == len(set(seen)) == 63
    only = asked(desk, device=core.pk, kind="door-controller").context["page"]
    assert [device.number for device in only.rows] == ["MJ-1"]
    with clock.frozen(AT):
        sent = {"device": core.pk, "after": "x"}
        assert desk.get(reverse("network:impact", query=sent)).status_code == 422


def test_a_past_moment_and_a_future_one(desk: Client, core: Device) -> None:
    before = asked(desk, device=core.pk, at=(BEFORE - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    assert before.context["impact"].terminal_count == 0
    future = asked(desk, 422, device=core.pk, at=(AT + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    assert "不能晚于现在" in future.content.decode()


def test_a_redundant_device_matters_only_together_with_its_twin(desk: Client) -> None:
    first, second, terminal = switch("SW-1"), switch("SW-2"), builders.device("XF-1")
    for upper in (first, second):
        hang(terminal, upper)
    assert asked(desk, device=first.pk).context["impact"].terminal_count == 0
    assert asked(desk, device=[first.pk, second.pk]).context["impact"].terminal_count == 1


def test_what_is_not_in_use_or_hangs_on_nothing_up_is_said(desk: Client) -> None:
    idle = builders.device("SW-9", of="switch", in_use=False)
    assert "SW-9 当时不在用" in asked(desk, device=idle.pk).content.decode()
    first, second = switch("SW-1"), switch("SW-2")
    hang(first, second)
    hang(second, first)
    assert "SW-1 的上联本来就不通" in asked(desk, device=first.pk).content.decode()


def test_the_file_holds_what_the_page_lists(desk: Client, core: Device) -> None:
    with clock.frozen(AT):
        answer: Any = desk.get(reverse("network:export_impact", args=["csv"]), {"device": core.pk})
        book: Any = desk.get(reverse("network:export_impact", args=["xlsx"]), {"device": core.pk})
        sheets = CalamineWorkbook.from_filelike(BytesIO(b"".join(book.streaming_content)))
        note = sheets.get_sheet_by_index(0).to_python(skip_empty_area=False)[1][0]
        assert f"筛选：设备：{core.number}" in str(note)
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        sent = {"device": core.pk, "at": "x"}
        bad = desk.get(reverse("network:export_impact", args=["csv"], query=sent))
    assert bad.status_code == 422
    assert lines[0] == "设备编号,类型,地点,计为终端" and len(lines) == 64


def test_the_panel_of_a_device(desk: Client, core: Device) -> None:
    with clock.frozen(AT):
        shown = desk.get(reverse("network:panel_impact"), {"device": core.pk})
    assert "61" in shown.content.decode()


def test_a_known_graph_costs_two_looks(
    core: Device, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queries.impact_of([core], AT)
    with django_assert_num_queries(2):
        queries.impact_of([core], AT)
