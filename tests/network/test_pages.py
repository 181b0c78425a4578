"""Links as people meet them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.network.campus import hang, switch
from yika.network.models import Link, Port
from yika.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_as: Callable[[User | None], Client]) -> Client:
    return client_as(cast.dispatcher())


def told(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_link_is_made_on_the_page_and_seen_from_both_ends(desk: Client) -> None:
    lower, upper = builders.device("XF-1"), switch("SW-1")
    sent = {
        "upper": upper.pk,
        "role": "network",
        "medium": "fibre",
        "lower_port": "eth0",
        "upper_port": "GE1/0/1",
    }
    done = desk.post(reverse("network:connect", args=[lower.pk]), sent)
    assert done.headers["Location"] == reverse("network:device", args=[lower.pk])
    shown = told(desk, reverse("network:device", args=[lower.pk]))
    assert "SW-1" in shown and "eth0 → GE1/0/1" in shown and "光纤" in shown
    assert "XF-1" in told(desk, reverse("network:device", args=[upper.pk]))
    assert "SW-1" in told(desk, reverse("network:panel_device"), device=lower.pk)
    link = Link.objects.get()
    desk.post(reverse("network:disconnect", args=[link.pk]))
    assert "已断开的连接" in told(desk, reverse("network:device", args=[upper.pk]))


def test_a_refusal_stands_beside_its_field(desk: Client) -> None:
    lower, upper = builders.device("XF-1"), switch("SW-1")
    hang(builders.device(), upper, ports=("", "GE1/0/1"))
    url = reverse("network:connect", args=[lower.pk])
    sent = {"upper": upper.pk, "role": "network", "medium": "copper", "upper_port": "GE1/0/1"}
    refused = desk.post(url, sent)
    assert refused.status_code == 422
    assert "已有连接" in refused.context["form"].errors["upper_port"][0]
    assert "请选择设备" in desk.post(url, {**sent, "upper": ""}).context["form"].errors["upper"][0]
    assert not Link.objects.filter(lower=lower).exists()


def test_ports_stand_in_the_order_of_their_numbers(desk: Client) -> None:
    upper = switch("SW-1")
    for name in ("GE1/0/12", "GE1/0/2", "Console"):
        Port.objects.create(device=upper, name=name, medium="copper")
    shown = told(desk, reverse("network:device", args=[upper.pk]))
    assert shown.index("Console") < shown.index("GE1/0/2") < shown.index("GE1/0/12")


def test_links_are_found_by_device_place_role_and_medium(desk: Client) -> None:
    upper = switch("SW-1")
    hang(builders.device("XF-1", at="桂子大学/一食堂"), upper)
    hang(builders.device("XF-2", at="桂子大学/二食堂"), upper)
    url = reverse("network:links")
    assert "XF-2" in told(desk, url) and "XF-2" not in told(desk, url, q="XF-1")
    assert "XF-1" in told(desk, url, place=builders.place("桂子大学/一食堂").pk)
    assert "没有符合条件的连接" in told(desk, url, role="power")
    assert "没有符合条件的连接" in told(desk, url, medium="fibre")


@pytest.mark.parametrize("name", ["links", "device"])
def test_queries_do_not_grow_with_links(desk: Client, name: str) -> None:
    upper = switch("SW-1")
    url = reverse(f"network:{name}", args=[upper.pk] if name == "device" else [])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            told(desk, url)
        return len(queries)

    hang(builders.device(), upper, ports=("eth0", "p0"))
    asked()  # the first request signs in
    few = asked()
    for number in range(1, 12):
        hang(builders.device(), upper, ports=("eth0", f"p{number}"))
    assert asked() == few


def test_a_device_with_more_downstreams_than_a_page_shows_them_all(desk: Client) -> None:
    upper = switch("SW-1")
    for number in range(53):
        hang(builders.device(f"XF-{number:02d}"), upper)
    url = reverse("network:device", args=[upper.pk])
    answer = desk.get(url)
    assert answer.status_code == 200
    shown = answer.context["page"]
    rest = desk.get(url, {"after": shown.next_cursor}).context["page"]
    numbers = [link.lower.number for link in (*shown.rows, *rest.rows)]
    assert numbers == [f"XF-{number:02d}" for number in range(53)] and not rest.next_cursor


def test_a_device_and_a_place_show_what_hangs_on_what(desk: Client) -> None:
    lower, upper = builders.device("XF-1", at="桂子大学/一食堂"), switch("SW-1")
    hang(lower, upper)
    shown = told(desk, reverse("assets:device", args=[lower.pk]))
    for name in ("faults:panel_device", "network:panel_device", "network:panel_impact"):
        assert reverse(name, query={"device": lower.pk}) in shown
    place = lower.place_id
    assert reverse("network:panel_place", query={"place": place}) in told(
        desk, reverse("assets:place", args=[place])
    )
    assert "1 条连接" in told(desk, reverse("network:panel_place"), place=place)
