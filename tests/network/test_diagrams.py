"""Diagrams as pages: what stands in them, where boxes lead, what a supposed failure shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.cast import AT
from tests.network.campus import BEFORE, hang, switch
from yika.assets.models import Device, Place
from yika.lib import clock
from yika.network.rules import layout
from yika.network.views.svg import fitting
from yika.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_as: Callable[[User | None], Client]) -> Client:
    return client_as(cast.dispatcher())


@pytest.fixture
def canteen() -> Place:
    """A core in the machine room; a canteen with a switch, behind it six terminals and a door."""
    core, access = switch("SW-HX"), builders.device("SW-1", of="switch", at="桂子大学/一食堂")
    hang(access, core)
    for number in range(6):
        hang(builders.device(f"XF-{number}", at="桂子大学/一食堂/一楼"), access)
    hang(builders.device("MJ-1", of="door-controller", at="桂子大学/一食堂"), access)
    builders.device("XF-9", at="桂子大学/一食堂")
    return builders.place("桂子大学/一食堂")


def told(client: Client, url: str) -> str:
    with clock.frozen(AT):
        answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_building_stacks_its_terminals_and_opens_them(desk: Client, canteen: Place) -> None:
    url = reverse("network:building", args=[canteen.pk])
    shown = told(desk, url)
    assert "消费机 × 6" in shown and "SW-1" in shown and "MJ-1" in shown and "XF-3" not in shown
    assert "SW-HX" in shown, "what the building hangs on"
    assert "另有 1 台设备没有登记网络连接" in shown
    first = Device.objects.get(number="XF-0")
    opened = told(desk, f"{url}?open=s{first.pk}")
    assert "XF-3" in opened and "全部收起" in opened


def test_the_backbone_leads_to_the_building(desk: Client, canteen: Place) -> None:
    shown = told(desk, reverse("network:backbone"))
    assert "SW-HX" in shown and "一食堂" in shown and "XF-0" not in shown
    assert reverse("network:building", args=[canteen.pk]) in shown


def test_a_supposed_failure_is_told_by_sign_and_goes_along(desk: Client, canteen: Place) -> None:
    core = Device.objects.get(number="SW-HX")
    shown = told(desk, f"{reverse('network:around', args=[core.pk])}?down={core.pk}")
    assert "✕ SW-HX" in shown and "! SW-1" in shown and "假设中断" in shown
    access = Device.objects.get(number="SW-1")
    assert f"{reverse('network:around', args=[access.pk])}?down={core.pk}" in shown
    assert f'{reverse("network:backbone")}?down={core.pk}">主干' in shown


def test_what_is_too_high_for_a_sheet_is_folded(
    desk: Client, canteen: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = Device.objects.get(number="SW-HX")
    for number in range(4):
        hang(builders.device(f"SW-X{number}", of="switch"), core)
        hang(builders.device(f"YK-{number}"), Device.objects.get(number=f"SW-X{number}"))
    url = reverse("network:around", args=[core.pk])
    assert "h18V" not in told(desk, url)
    monkeypatch.setattr(layout, "TALL", 100)
    shown = told(desk, url)
    assert "h18V" in shown and all(f"SW-X{number}" in shown for number in range(4))


def test_a_past_moment_shows_what_hung_then(desk: Client, canteen: Place) -> None:
    before = (BEFORE - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    shown = told(desk, f"{reverse('network:building', args=[canteen.pk])}?at={before}")
    assert "没有可画的连接" in shown and "时没有登记网络连接。" in shown
    assert "自动生成" not in shown


def test_what_people_wrote_cannot_break_out(desk: Client) -> None:
    upper = builders.device("<b>&", of="switch")
    hang(builders.device("T-1"), upper)
    shown = told(desk, reverse("network:around", args=[upper.pk]))
    assert "<b>&" not in shown and "&lt;b&gt;&amp;" in shown


def test_nonsense_in_the_address_is_taken_as_not_given(desk: Client, canteen: Place) -> None:
    url = reverse("network:building", args=[canteen.pk])
    told(desk, f"{url}?role=x&at=x&down=x&down=999999&open=x&sheet=x")


def test_queries_do_not_grow_with_devices(desk: Client, canteen: Place) -> None:
    url = reverse("network:building", args=[canteen.pk])

    def asked() -> int:
        told(desk, url)  # the graph is known
        with CaptureQueriesContext(connection) as queries:
            told(desk, url)
        return len(queries)

    few = asked()
    for number in range(20):
        hang(builders.device(f"SW-X{number}", of="switch", at=canteen), Device.objects.get(number="SW-HX"))
        hang(builders.device(f"YK-{number}", at=canteen), Device.objects.get(number=f"SW-X{number}"))
    assert asked() == few


def test_texts_are_cut_to_their_box() -> None:
    assert fitting("短", 100, 13) == "短"
    assert fitting("一二三四五六七八九十", 65, 13) == "一二三四…"
