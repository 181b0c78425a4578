"""Addresses as people meet them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.addresses import plan
from yika.addresses.models import Address
from yika.addresses.rules import State
from yika.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_as: Callable[[User | None], Client]) -> Client:
    return client_as(cast.dispatcher())


def told(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_next_free_address_goes_to_a_device_and_shows_on_its_panel(desk: Client) -> None:
    here, device = plan.subnet(gateway="10.12.1.1"), builders.device("XF-1")
    plan.taken("10.12.1.1", purpose="网关")
    shown = told(desk, reverse("addresses:subnet", args=[here.pk]))
    assert "10.12.1.2" in shown
    sent = {"ip": "10.12.1.2", "state": "in_use", "device": device.pk}
    done = desk.post(reverse("addresses:take"), sent)
    row = Address.objects.get(device=device)
    assert done.headers["Location"] == reverse("addresses:address", args=[row.pk])
    assert "10.12.1.2" in told(desk, reverse("addresses:panel_device"), device=device.pk)
    assert "XF-1" in told(desk, reverse("addresses:changes"), q="10.12.1.2")
    assert "XF-1" not in told(desk, reverse("addresses:changes"), q="10.13")


def test_the_gateway_stands_in_the_list_and_is_not_offered(desk: Client) -> None:
    here = plan.subnet(gateway="10.12.1.1")
    answer = desk.get(reverse("addresses:subnet", args=[here.pk]))
    assert str(answer.context["free"][0]) == "10.12.1.2"
    assert '<td class="inline nowrap">10.12.1.1</td>' in answer.content.decode()
    sent = {"ip": "10.12.1.1", "state": "in_use", "device": builders.device("XF-1").pk}
    refused = desk.post(reverse("addresses:take"), sent)
    assert refused.status_code == 422 and "网关" in refused.context["form"].errors["ip"][0]
    desk.post(reverse("addresses:take"), {**sent, "device": builders.device("SW-1", of="switch").pk})
    assert Address.objects.get().ip == "10.12.1.1"
    assert '<td class="inline nowrap">10.12.1.1</td>' not in told(
        desk, reverse("addresses:subnet", args=[here.pk])
    )


def test_a_new_network_says_what_it_lies_in_and_what_lies_in_it(desk: Client) -> None:
    url = reverse("addresses:add_subnet")

    def said(cidr: str) -> str:
        return desk.post(url, {"cidr": cidr}, follow=True).content.decode()

    assert "已登记网段 10.12.0.0/16<" in said("10.12.0.0/16")
    assert "已登记网段 10.12.1.0/24，位于 10.12.0.0/16 之内<" in said("10.12.1.0/24")
    assert "位于 10.12.1.0/24 之内" in said("10.12.1.0/25")
    assert "已登记网段 10.0.0.0/8，包含 10.12.0.0/16 等 3 个网段<" in said("10.0.0.0/8")


def test_a_refusal_stands_beside_its_field(desk: Client) -> None:
    plan.subnet()
    plan.taken("10.12.1.5", device=builders.device("XF-1"))
    url = reverse("addresses:take")
    refused = desk.post(url, {"ip": "10.12.1.5", "state": "reserved", "purpose": "新窗口"})
    assert refused.status_code == 409
    assert "XF-1" in refused.context["form"].errors["ip"][0]
    refused = desk.post(url, {"ip": "10.12.1.005", "state": "reserved", "purpose": "新窗口"})
    assert refused.status_code == 422
    assert "10.12.1.5" in refused.context["form"].errors["ip"][0]
    assert "purpose" in desk.post(url, {"ip": "10.12.1.6", "state": "reserved"}).context["form"].errors


def test_a_reservation_that_does_not_fit_says_how_many_are_left(desk: Client) -> None:
    here = plan.subnet("10.12.1.0/30")
    refused = desk.post(reverse("addresses:reserve", args=[here.pk]), {"count": 3, "purpose": "新窗口"})
    assert refused.status_code == 409 and "只剩 2 个" in refused.content.decode()


def test_networks_and_addresses_are_found_by_a_part_of_an_address(desk: Client) -> None:
    number = plan.vlan()
    plan.subnet("10.12.1.0/24", vlan=number)
    plan.subnet("10.13.0.0/16")
    plan.taken("10.12.1.5", device=builders.device("XF-1"))
    plan.taken("10.13.0.5", state=State.RESERVED, purpose="打印机")
    subnets, addresses = reverse("addresses:subnets"), reverse("addresses:addresses")
    assert "10.13.0.0/16" not in told(desk, subnets, q="10.12.1.77")
    assert "10.13.0.0/16" not in told(desk, subnets, vlan=120)
    assert "没有符合条件的网段" in told(desk, subnets, q="192.168")
    assert "打印机" not in told(desk, addresses, q="10.12")
    assert "XF-1" not in told(desk, addresses, state="reserved")
    assert "打印机" in told(desk, addresses, q="打印")


def test_conflicts_are_named(desk: Client) -> None:
    url = reverse("addresses:conflicts")
    assert "没有冲突" in told(desk, url)
    plan.subnet("10.12.0.0/16")
    plan.taken("10.12.1.1", device=builders.device("XF-1"))
    plan.subnet("10.12.1.0/24", gateway="10.12.1.1")
    plan.taken("192.168.1.5")
    shown = told(desk, url)
    assert "重叠的网段" in shown and "192.168.1.5" in shown
    assert "占用网关地址的设备" in shown and "XF-1" in shown


@pytest.mark.parametrize("name", ["subnets", "subnet", "addresses", "changes", "conflicts", "vlans"])
def test_queries_do_not_grow(desk: Client, name: str) -> None:
    here = plan.subnet("10.12.0.0/16")
    url = reverse(f"addresses:{name}", args=[here.pk] if name == "subnet" else [])

    def more(number: int) -> None:
        plan.subnet(f"10.12.{number}.0/24", vlan=plan.vlan(number + 1))
        plan.taken(f"10.12.{number}.5", device=builders.device())
        plan.taken(f"10.12.200.{number + 1}", device=builders.device())
        plan.taken(f"192.168.1.{number + 1}", device=builders.device())

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            told(desk, url)
        return len(queries)

    more(1)
    asked()  # the first request signs in
    few = asked()
    for number in range(2, 8):
        more(number)
    assert asked() == few
