"""Lists of what is known: previewed, all or nothing; what was taken away changes nothing."""

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.matrix import NOON
from yika.assets.actions import create_device
from yika.assets.models import Attribute, Device, DeviceModel, Merchant, Place, RefusedAttempt
from yika.assets.rules import ValueType, parse
from yika.journal.models import Event
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
        answer = client.post(reverse(f"assets:bring_{name}"), {"file": SimpleUploadedFile(file_name, data)})
    return answer.status_code, answer.content.decode()


def bring(
    client: Client,
    name: str,
    text: str | bytes,
    file_name: str = "清单.csv",
    meanwhile: Callable[[], object] = lambda: None,
) -> int:
    """Preview, then bring in what was shown; ``meanwhile`` happens between the two."""
    _status, page = send(client, name, text, file_name)
    meanwhile()
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept, page
    with clock.frozen(NOON):
        answer = client.post(reverse(f"assets:bring_{name}"), {"kept": unescape(kept[1])})
    return answer.status_code


def campus() -> Device:
    """A terminal of which everything is known."""
    kind, _other = builders.kind(), builders.kind("switch")
    Attribute.objects.create(kind=kind, key="rate", name="波特率", type=ValueType.INTEGER, unit="bps")
    Attribute.objects.create(
        kind=kind, key="mode", name="方式", type=ValueType.CHOICE, choices=["直连", "级联"]
    )
    device = builders.device("XF-1")
    device.model = DeviceModel.objects.create(kind=kind, name="GK-300", maker="桂新", warranty_months=36)
    device.merchant = Merchant.objects.create(name="豆浆铺")
    device.installed_on, device.warranty_until = date(2025, 9, 1), date(2028, 8, 31)
    device.psam_number, device.key_version, device.upstream_ip = "PSAM0001", "V2", "10.1.1.1"
    device.usual_users, device.works_offline = 200, True
    device.attributes = {"rate": 9600, "mode": "直连"}
    device.save()
    Place.objects.filter(full_name="桂子大学/一食堂").update(kind="building", daily_users=900)
    return device


TAKEN = {
    "details": "export_details",
    "models": "export_models",
    "merchants": "export_merchants",
    "attributes": "export_attributes",
    "places": "export_place_facts",
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("name", TAKEN)
def test_what_was_taken_away_changes_nothing(desk: Client, name: str, form: str, language: str) -> None:
    campus()
    with clock.frozen(NOON):
        answer = desk.get(
            reverse(f"assets:{TAKEN[name]}", args=[form]), headers={"Accept-Language": language}
        )
        data = b"".join(answer)
    status, page = send(desk, name, data, f"清单.{form}")
    assert status == 200 and "无需导入" in page, page


def test_details_of_devices_come_in_by_number(desk: Client) -> None:
    device = campus()
    other = builders.device("XF-2")
    text = (
        "设备编号,商户,责任方,安装日期,PSAM卡号,上级服务器IP,日常使用人数,脱机可用,属性\n"
        "XF-1,,学校,2026-01-02,,,,,方式=级联\n"
        "XF-2,新商户,,,P2,10.1.1.9,50,否,波特率=19200；方式=直连\n"
    )
    assert bring(desk, "details", text) == 302
    row, new = Device.objects.get(pk=device.pk), Device.objects.get(pk=other.pk)
    assert (row.responsible, row.installed_on, row.psam_number) == (
        "university",
        date(2026, 1, 2),
        "PSAM0001",
    )
    assert row.attributes == {"rate": 9600, "mode": "级联"}
    assert new.merchant and new.merchant.name == "新商户" and new.works_offline is False
    assert (new.upstream_ip, new.usual_users, new.attributes) == (
        "10.1.1.9",
        50,
        {"rate": 19200, "mode": "直连"},
    )
    assert Event.objects.filter(verb="assets.edit_device").count() == 2
    assert Event.objects.get(verb="journal.bring_in").data["changed"] == 2


def test_the_list_of_devices_says_where_each_is_in_its_life(desk: Client) -> None:
    device = campus()
    Device.objects.filter(pk=device.pk).update(life="at_factory")
    with clock.frozen(NOON):
        answer = desk.get(reverse("assets:export_devices", args=["csv"]), {"used": "all"})
        head, line, *_more = b"".join(answer).decode("utf-8-sig").splitlines()
    assert head.split(",")[-1] == "使用状态" and line.split(",")[-1] == "返厂", line


def test_a_number_in_full_width_letters_is_the_device_s(desk: Client) -> None:
    campus()
    assert bring(desk, "details", "设备编号,PSAM卡号\nＸＦ－１,P9\n") == 302
    assert Device.objects.get(number="XF-1").psam_number == "P9"
    text = "地点,设备编号,类型\n桂子大学/一食堂,ＸＦ－７７,消费机\n"
    (row,) = parse(text).rows
    assert row.number == "XF-77"
    place, kind = Place.objects.get(full_name="桂子大学/一食堂"), builders.kind()
    made = create_device(number="ＸＦ－７８", kind=kind, place=place, by=cast.manager(), at=NOON)
    assert made.number == "XF-78"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("XF-9,", "没有编号为 XF-9 的设备"),
        ("XF-1,,谁", "须为：运维供应商"),
        ("XF-1,,,昨天", "日期须写作"),
        ("XF-1,,,2024-02-31", "日历上没有这一天"),
        ("XF-1,,,,0123456789ABCDEF0123456789ABCDEF", "这像是密钥本身"),
        ("XF-1,,,,,10.1", "IP"),
        ("XF-1,,,,,,-3", "0 至"),
        ("XF-1,,,,,,,也许", "须为：是、否"),
        ("XF-1,,,,,,,,波特率", "名称=值"),
        ("XF-1,,,,,,,,颜色=红", "没有属性“颜色”"),
        ("XF-1,,,,,,,,波特率=快", "整数"),
        ("XF-1,甲\nXF-1,乙", "与第 2 行重复"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_comes_in(desk: Client, line: str, said: str) -> None:
    device = campus()
    head = "设备编号,商户,责任方,安装日期,PSAM卡号,上级服务器IP,日常使用人数,脱机可用,属性\n"
    status, page = send(desk, "details", f"{head}{line}\n")
    assert status == 422 and said in page, page
    assert "确认导入" not in page
    assert Device.objects.get(pk=device.pk).attributes == device.attributes


def test_parameters_of_devices_in_use_come_in_only_with_consent(desk: Client) -> None:
    device = campus()
    Attribute.objects.filter(key="rate").update(controlled=True)
    builders.contract()
    text = "设备编号,商户,属性\nXF-1,面馆,波特率=4800\n"
    status, page = send(desk, "details", text)
    assert status == 200 and "1 台在用设备的修改须经信息化办公室同意" in page and "须经同意</span>" in page
    assert "确认导入" not in page and 'name="kept"' not in page
    proposal = re.search(r'name="proposal" value="([^"]+)"', page)
    assert proposal and json.loads(unescape(proposal[1])) == [[device.pk, "parameters.rate", 4800]]
    assert reverse("changes:from_refused") in page
    assert not RefusedAttempt.objects.exists(), "looking is no attempt"


def test_what_needs_consent_since_it_was_looked_at_is_refused_and_kept(desk: Client) -> None:
    device = campus()
    Attribute.objects.filter(key="rate").update(controlled=True)
    text = "设备编号,商户,属性\nXF-1,面馆,波特率=4800\n"
    assert bring(desk, "details", text, meanwhile=builders.contract) == 409
    row = Device.objects.get(pk=device.pk)
    assert row.attributes["rate"] == 9600 and row.merchant_id == device.merchant_id
    assert Event.objects.filter(verb="assets.refuse").exists()
    assert bring(desk, "details", "设备编号,商户\nXF-1,面馆\n") == 302


def test_the_catalogue_comes_in(desk: Client) -> None:
    campus()
    assert (
        bring(desk, "models", "类型,型号,厂家,脱机可用\n消费机,GK-300,桂新电子,是\nswitch,S5720,华为,\n")
        == 302
    )
    assert DeviceModel.objects.get(name="GK-300").maker == "桂新电子"
    assert DeviceModel.objects.get(name="GK-300").warranty_months == 36
    assert bring(desk, "merchants", "商户名称\n豆浆铺\n面馆\n") == 302
    assert Merchant.objects.count() == 2
    text = "类型,代号,名称,值的类型,选项,参数\n消费机,mode,,,级联、并联,\n消费机,port,端口,文字,,是\n"
    assert bring(desk, "attributes", text) == 302
    assert Attribute.objects.get(key="mode").choices == ["直连", "级联", "并联"]
    assert Attribute.objects.get(key="port").controlled
    assert bring(desk, "places", "地点,类别,日常人数\n桂子大学/一食堂,,1200\n") == 302
    assert Place.objects.get(full_name="桂子大学/一食堂").daily_users == 1200


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("models", "类型,型号\n飞机,B1\n", "没有这种设备类型"),
        ("models", "类型,型号\n消费机,\n", "请填写"),
        ("merchants", "商户名称\n面馆\n面馆\n", "与第 2 行重复"),
        ("attributes", "类型,代号,名称,值的类型\n消费机,1a,名,文字\n", "代号以小写字母开头"),
        ("attributes", "类型,代号,值的类型\n消费机,rate,文字\n", "值的类型定后不能改"),
        ("attributes", "类型,代号,名称,值的类型\n消费机,other,波特率,文字\n", "已有同名的属性"),
        ("attributes", "类型,代号,名称,值的类型\n消费机,pick,选,选项\n", "请填写选项"),
        ("places", "地点,日常人数\n火星,1\n", "没有这个地点"),
        ("places", "地点,类别\n桂子大学,飞船\n", "须为：校区"),
    ],
)
def test_a_wrong_line_of_the_catalogue_is_named(desk: Client, name: str, text: str, said: str) -> None:
    campus()
    status, page = send(desk, name, text)
    assert status == 422 and said in page, page


def test_three_thousand_devices_come_in_and_go_out_whole(desk: Client) -> None:
    kind, place = builders.kind(), builders.place()
    Device.objects.bulk_create(
        Device(number=f"XF-{n:05d}", kind=kind, place=place, attributes={}) for n in range(3000)
    )
    lines = "".join(f"XF-{n:05d},商户{n % 90},{n % 500}\n" for n in range(3000))
    assert bring(desk, "details", f"设备编号,商户,日常使用人数\n{lines}") == 302
    assert Device.objects.filter(merchant__name="商户7").count() == 34
    with clock.frozen(NOON):
        answer: Any = desk.get(reverse("assets:export_details", args=["csv"]))
        assert b"".join(answer).count(b"\n") >= 3000
