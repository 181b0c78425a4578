"""Configurations: no secrets, every version kept, what changed shown."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders, cast
from yika.configurations import actions
from yika.configurations.models import Version
from yika.configurations.rules import Fate, Sort, secrets, side_by_side
from yika.journal.rules import SYSTEM
from yika.lib.decisions import BadInput, NotAllowed
from yika.people.models import User


@pytest.mark.parametrize(
    ("line", "sort"),
    [
        ("password=abc123", Sort.PASSWORD),
        ("spring.datasource.password: Kaoyan2026", Sort.PASSWORD),
        ("local-user admin password cipher %^%#abc", Sort.PASSWORD),
        ("密码：12345", Sort.PASSWORD),
        ("ｐｗｄ＝１２３", Sort.PASSWORD),
        ("client_secret = 'x9y8'", Sort.TOKEN),
        ("API-KEY: abcdef", Sort.TOKEN),
        ("-----BEGIN RSA PRIVATE KEY-----", Sort.PRIVATE_KEY),
        ("jdbc:oracle://card:tiger@10.12.1.9/db", Sort.CREDENTIALS),
        ("snmp-server community public RO", Sort.COMMUNITY),
        ("<password>hunter2</password>", Sort.PASSWORD),
        ('<property name="dbPassword">hunter2</property>', Sort.PASSWORD),
        ("requirepass hunter22", Sort.PASSWORD),
        ("ipsec psk cipher Abc@123", Sort.PASSWORD),
        (" pre-shared-key simple Abc@123", Sort.PASSWORD),
        ("radius-server shared-key cipher Abc@123", Sort.PASSWORD),
        ("ANONYMOUS_KEY=0011223344556677", Sort.HEX_KEY),
        ('"desKey": "0011223344556677"', Sort.HEX_KEY),
        ("snmp-agent community read cipher public", Sort.COMMUNITY),
        ("master 00112233445566778899aabbccddeeff", Sort.HEX_KEY),
    ],
)
def test_a_secret_is_named_by_its_line(line: str, sort: Sort) -> None:
    assert [(one.line, one.sort) for one in secrets(f"mtu 1500\n{line}\n")] == [(2, sort)]


@pytest.mark.parametrize(
    "line",
    [
        "password=***",
        "<password>***</password>",
        "<password></password>",
        "ssh server cipher aes256_ctr",
        "key_version=2",
        "primary_key=10001",
        "keyboard 104",
        "password: ${DB_PASSWORD}",
        "jdbc:oracle://10.12.1.9:1521/db",
        "http://10.12.1.9:8080/card",
        "mac 00-11-22-33-44-55",
        "bypass on",
        "interface GE1/0/1",
        "ipv6 2001:0da8:0000:0000:0000:0000:0000:0001",
    ],
)
def test_what_is_no_secret_is_let_be(line: str) -> None:
    assert not secrets(line)


LINES = st.lists(st.sampled_from("abc"), max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(LINES, LINES)
def test_what_changed_is_all_that_changed(before: list[str], after: list[str]) -> None:
    rows = [row for group in side_by_side("\n".join(before), "\n".join(after)) for row in group]
    assert (not rows) == (before == after)
    gone = {row.left for row in rows if row.fate in (Fate.CHANGED, Fate.REMOVED)}
    come = {row.right for row in rows if row.fate in (Fate.CHANGED, Fate.ADDED)}
    kept = [line for n, line in enumerate(before, 1) if n not in gone]
    assert kept == [line for n, line in enumerate(after, 1) if n not in come]


@pytest.mark.django_db
def test_versions_are_kept_and_compared(client_as: Callable[[User | None], Client]) -> None:
    device, desk = builders.device("SW-1"), client_as(cast.dispatcher())
    sent = {"device": device.pk, "title": "运行配置", "text": "mtu 1500\r\nvlan 120"}
    desk.post(reverse("configurations:new"), sent)
    row = device.configurations.get()
    url = reverse("configurations:add_version", args=[row.pk])
    refused = desk.post(url, {"text": "mtu 9000\npassword=abc\n"})
    assert refused.status_code == 422
    assert "第 2 行似有密码" in refused.context["form"].errors["text"][0]
    assert "没有改动" in desk.post(url, {"text": "mtu 1500\nvlan 120\n"}).context["form"].errors["text"][0]
    desk.post(url, {"text": "mtu 9000\nvlan 120\n", "note": "巨帧"})
    assert list(Version.objects.order_by("n").values_list("n", flat=True)) == [1, 2]
    shown = desk.get(reverse("configurations:diff", args=[row.pk])).content.decode()
    assert "− mtu 1500" in shown and "+ mtu 9000" in shown
    assert desk.get(reverse("configurations:download", args=[row.pk, 1])).content == b"mtu 1500\nvlan 120\n"
    panel = desk.get(reverse("configurations:panel_device"), {"device": device.pk})
    assert "V2" in panel.content.decode()


@pytest.mark.django_db
def test_one_name_a_device_and_no_technician_writes() -> None:
    device = builders.device()
    actions.open_record(device, title="运行配置", text="mtu 1500", by=SYSTEM, at=cast.AT)
    with pytest.raises(BadInput, match="同名"):
        actions.open_record(device, title="运行配置", text="mtu 1", by=SYSTEM, at=cast.AT)
    with pytest.raises(NotAllowed):
        actions.open_record(device, title="别的", text="mtu 1", by=cast.technician(), at=cast.AT)
