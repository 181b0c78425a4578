"""Networks and addresses from files: previewed, all or nothing; what was taken away changes nothing."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.addresses import plan as plans
from tests.matrix import NOON
from yika.addresses.models import Address, AddressChange, Subnet, Vlan
from yika.addresses.rules import State
from yika.assets.models import Device
from yika.lib import clock
from yika.people.models import User

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


@pytest.fixture
def desk(client_as: Browser) -> Client:
    return client_as(cast.manager())


def send(client: Client, name: str, text: str | bytes, file_name: str = "清单.csv") -> tuple[int, str]:
    data = text.encode() if isinstance(text, str) else text
    with clock.frozen(NOON):
        url = reverse(f"addresses:bring_{name}")
        answer = client.post(url, {"file": SimpleUploadedFile(file_name, data)})
    return answer.status_code, answer.content.decode()


def bring(client: Client, name: str, text: str, meanwhile: Callable[[], object] = lambda: None) -> int:
    """Preview, then bring in what was shown; ``meanwhile`` happens between the two."""
    _status, page = send(client, name, text)
    meanwhile()
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept, page
    with clock.frozen(NOON):
        answer = client.post(reverse(f"addresses:bring_{name}"), {"kept": unescape(kept[1])})
    return answer.status_code


def room() -> None:
    """A network with a machine, a reserved address and one out of use."""
    plans.subnet(vlan=plans.vlan(), gateway="10.12.1.1")
    plans.taken("10.12.1.5", device=builders.device("XF-1"))
    plans.taken("10.12.1.6", state=State.RESERVED)
    plans.taken("10.12.1.7", state=State.DEPRECATED)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(("name", "taken"), [("subnets", "export_subnets"), ("addresses", "export")])
def test_what_was_taken_away_changes_nothing(
    desk: Client, name: str, taken: str, form: str, language: str
) -> None:
    room()
    url = reverse(f"addresses:{taken}", args=[form])
    with clock.frozen(NOON):
        answer: Any = desk.get(url, headers={"Accept-Language": language})
        data = b"".join(answer)
    status, page = send(desk, name, data, f"清单.{form}")
    assert status == 200 and "无需导入" in page, page


def test_networks_come_in_with_their_vlans_places_and_gateways(desk: Client) -> None:
    room()
    builders.place("桂子大学/信息楼")
    text = (
        "网段,VLAN 编号,VLAN 名称,地点,网关,备注\n"
        "10.12.1.0/24,,,桂子大学/信息楼,,机房\n"
        "10.13.0.0/16,130,门禁,,10.13.0.1,\n"
        "2001:db8::/64,130,,,,\n"
    )
    assert bring(desk, "subnets", text) == 302
    row = Subnet.objects.get(cidr="10.12.1.0/24")
    assert row.place and (row.place.full_name, row.note, row.gateway) == (
        "桂子大学/信息楼",
        "机房",
        "10.12.1.1",
    )
    assert Vlan.objects.get(number=130).subnets.count() == 2


def test_a_preview_says_how_networks_lie_in_one_another(desk: Client) -> None:
    room()
    text = (
        "网段,VLAN 编号,VLAN 名称,地点,网关,备注\n10.12.0.0/16,,,,,\n10.12.1.0/25,,,,,\n10.12.2.0/24,,,,,\n"
    )
    _status, page = send(desk, "subnets", text)
    assert "包含 10.12.1.0/24 等 3 个网段" in page
    assert "位于 10.12.1.0/24 之内" in page and "位于 10.12.0.0/16 之内" in page


def test_a_preview_warns_of_an_address_in_no_network_and_lets_it_in(desk: Client) -> None:
    room()
    text = "IP 地址,状态,设备编号,用途\n172.16.0.9,预留,,新窗口\n10.12.1.20,预留,,新窗口\n"
    _status, page = send(desk, "addresses", text)
    assert page.count("不在任何已登记的网段内") == 1 and "172.16.0.9 不在任何已登记的网段内" in page
    assert bring(desk, "addresses", text) == 302
    assert "请留意" not in send(desk, "addresses", text)[1], "it is known by now"


def test_addresses_come_in_each_a_line_of_the_update_table(desk: Client) -> None:
    room()
    new = builders.device("XF-2")
    before = AddressChange.objects.count()
    text = (
        "IP 地址,状态,设备编号,用途\n"
        "10.12.1.9,,XF-2,\n"
        "10.12.1.6,在用,XF-2,\n"
        "10.12.1.7,停用,,旧网关\n"
        "10.12.1.20,预留,,新窗口\n"
    )
    assert bring(desk, "addresses", text) == 302
    assert [row.ip for row in Address.objects.filter(device=new).order_by("key")] == [
        "10.12.1.6",
        "10.12.1.9",
    ]
    assert AddressChange.objects.count() == before + 4


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("subnets", "10.12.1.300/24,,,,,", "不是"),
        ("subnets", "10.14.0.0/16,9999,,,,", "VLAN 编号应在"),
        ("subnets", "10.14.0.0/16,140,,,,", "新的 VLAN 请写明名称"),
        ("subnets", "10.14.0.0/16,120,别名,,,", "更名请在 VLAN 页面"),
        ("subnets", "10.14.0.0/16,,,火星,,", "没有这个地点"),
        ("subnets", "10.14.0.0/16,,,,10.15.0.1,", "网关应是"),
        ("subnets", "10.14.0.0/16,,,,,\n10.14.0.0/16,,,,,", "与第 2 行重复"),
        ("addresses", "10.12.1.5,,XF-2,", "请先释放或提出变更"),
        ("addresses", "10.12.1.0,预留,,备用", "网络地址"),
        ("addresses", "10.12.1.1,,XF-2,", "10.12.1.1 是 10.12.1.0/24 的网关"),
        ("addresses", "10.12.1.9,,XF-9,", "没有在用的设备 XF-9"),
        ("addresses", "10.12.1.9,预留,,", "请写明用途"),
        ("addresses", "10.12.1.9,预留,XF-2,", "只有在用的地址才有设备"),
        ("addresses", "10.12.1.9,坏了,,备用", "须为：预留、在用、停用"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_comes_in(desk: Client, name: str, line: str, said: str) -> None:
    room()
    builders.device("XF-2")
    head = {
        "subnets": "网段,VLAN 编号,VLAN 名称,地点,网关,备注\n",
        "addresses": "IP 地址,状态,设备编号,用途\n",
    }
    counts = Subnet.objects.count(), Address.objects.count()
    status, page = send(desk, name, f"{head[name]}{line}\n")
    assert status == 422 and said in page and "确认导入" not in page, page
    assert (Subnet.objects.count(), Address.objects.count()) == counts


def test_a_machine_in_use_that_has_addresses_gets_another_only_with_consent(desk: Client) -> None:
    room()
    builders.device("XF-2")
    text = "IP 地址,设备编号\n10.12.1.9,XF-1\n10.12.1.10,XF-2\n"
    assert bring(desk, "addresses", text, meanwhile=builders.contract) == 409
    status, page = send(desk, "addresses", text)
    assert status == 200 and "1 台在用设备的修改须经信息化办公室同意" in page and "确认导入" not in page
    (asked,) = json.loads(unescape(re.findall(r'name="proposal" value="([^"]+)"', page)[0]))
    assert asked == [Device.objects.get(number="XF-1").pk, "address", ["10.12.1.5", "10.12.1.9"]]
    assert re.search(r"10\.12\.1\.9 <span[^>]*>须经同意", page)
    assert not re.search(r"10\.12\.1\.10 <span", page), "a first address needs no consent"
    assert not Address.objects.filter(device__number="XF-2").exists()
    assert bring(desk, "addresses", "IP 地址,设备编号\n10.12.1.10,XF-2\n") == 302


def test_the_update_table_names_mask_gateway_and_vlan_of_the_narrowest_network(desk: Client) -> None:
    plans.subnet("10.12.0.0/16")
    plans.subnet("10.12.1.0/24", vlan=plans.vlan(), gateway="10.12.1.1")
    with clock.frozen(NOON):
        bring(desk, "addresses", "IP 地址,状态,用途\n10.12.1.9,预留,备用\n")
        answer = desk.get(reverse("addresses:export_changes", args=["csv"]))
        told = b"".join(answer).decode("utf-8-sig")
    head, line = (row.split(",") for row in told.splitlines()[:2])
    assert head[2:5] == ["掩码", "网关", "VLAN"]
    assert line[1:4] == ["10.12.1.9", "255.255.255.0", "10.12.1.1"] and line[4]
