"""Links brought in from a file: previewed, compared by device, all or nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.network.campus import hang, switch
from yika.assets.models import Device
from yika.assets.rules import Life
from yika.journal.queries import timeline
from yika.network.models import Link, Port
from yika.network.rules import LinkRole
from yika.people.models import User

pytestmark = pytest.mark.django_db
HEAD = "设备编号,本机端口,上联设备编号,上联设备端口,介质,用途\n"


@pytest.fixture
def desk(client_as: Callable[[User | None], Client]) -> Client:
    return client_as(cast.dispatcher())


def preview(client: Client, text: str) -> Any:
    return client.post(
        reverse("network:import_links"), {"file": SimpleUploadedFile("连接.csv", (HEAD + text).encode())}
    )


def apply(client: Client, shown: Any) -> Any:
    kept = shown.context["apply_form"].initial["kept"]
    return client.post(reverse("network:import_links"), {"kept": kept})


def there() -> list[tuple[str, str]]:
    return sorted(Link.objects.at().values_list("lower__number", "upper__number"))


def test_a_file_speaks_for_the_devices_it_names(desk: Client) -> None:
    one, two = switch("SW-1"), switch("SW-2")
    first, second, other = (builders.device(f"XF-{number}") for number in (1, 2, 3))
    for lower in (first, second, other):
        hang(lower, one)
    shown = preview(desk, "XF-1,,SW-1,,,\nXF-2,eth0,SW-2,GE1/0/1,光纤,网络\nSW-1,,SW-2,,fibre,network\n")
    assert there() == [("XF-1", "SW-1"), ("XF-2", "SW-1"), ("XF-3", "SW-1")], "a preview changes nothing"
    assert apply(desk, shown).status_code == 302
    assert there() == [("SW-1", "SW-2"), ("XF-1", "SW-1"), ("XF-2", "SW-2"), ("XF-3", "SW-1")]
    link = Link.objects.at().get(lower=second)
    assert link.lower_port and link.upper_port
    assert (link.lower_port.name, link.upper_port.name, link.medium) == ("eth0", "GE1/0/1", "fibre")
    told = [line.sentence for line in timeline("device", second.pk)]
    assert told[0].startswith("连接：XF-2 上联 SW-2") and told[1].startswith("断开连接：XF-2 不再上联 SW-1")
    again = preview(desk, "XF-1,,SW-1,,,\nXF-2,eth0,SW-2,GE1/0/1,光纤,网络\n")
    assert again.context["plan"].is_empty
    emptied = preview(desk, "XF-1,,,,,\n")
    apply(desk, emptied)
    assert ("XF-1", "SW-1") not in there()
    assert two.links_down.count() == 2


def test_another_port_is_a_change_told_from_and_to(desk: Client) -> None:
    hang(builders.device("XF-1"), switch("SW-1"), ports=("eth0", "p1"))
    shown = preview(desk, "XF-1,eth0,SW-1,p2,,\n")
    (item,) = shown.context["plan"].changed
    assert item.changes == (("上联", "SW-1（网络，网线，eth0 → p1）", "SW-1（网络，网线，eth0 → p2）"),)
    apply(desk, shown)
    assert Link.objects.count() == 2 and Port.objects.count() == 3


def test_every_bad_line_is_named_and_nothing_is_done(desk: Client) -> None:
    switch("SW-1")
    taken = hang(builders.device("XF-1"), switch("SW-2"), ports=("", "p1"))
    builders.device("XF-2", in_use=False)
    builders.device("XF-3")
    shown = preview(
        desk,
        "XF-9,,SW-1,,,\nXF-2,,SW-1,,,\nXF-3,,SW-1,,铜缆,\nXF-3,,SW-1,,,借用\nXF-3,,XF-3,,,\n"
        "XF-3,,SW-2,p1,,\nXF-3,,SW-1,,,\nXF-3,,SW-1,,,\n,,SW-1,,,\n",
    )
    assert shown.status_code == 422 and "apply_form" not in shown.context
    assert [(one.line, one.column) for one in shown.context["plan"].problems] == [
        (2, "设备编号"),
        (3, "设备编号"),
        (4, "介质"),
        (5, "用途"),
        (6, "上联设备编号"),
        (7, "上联设备端口"),
        (9, "上联设备编号"),
        (10, "设备编号"),
    ]
    assert there() == [("XF-1", "SW-2")] and taken.until_at is None


def test_a_device_at_the_factory_keeps_its_links_and_gets_no_others(desk: Client) -> None:
    upper = switch("SW-1")
    away, here = builders.device("XF-1"), builders.device("XF-2")
    hang(away, upper, ports=("eth0", "p1"))
    hang(here, away, role=LinkRole.SERVICE)
    Device.objects.filter(pk=away.pk).update(life=Life.AT_FACTORY)
    answer: Any = desk.get(reverse("network:export", args=["csv"]))
    data = b"".join(answer.streaming_content)
    url = reverse("network:import_links")
    shown: Any = desk.post(url, {"file": SimpleUploadedFile("连接.csv", data)})
    assert shown.status_code == 200 and shown.context["plan"].is_empty
    changed = preview(desk, "XF-1,eth0,SW-1,p2,,\nXF-2,,XF-1,,,\nXF-2,,XF-1,,,服务\n")
    problems = changed.context["plan"].problems
    assert [(one.line, one.column) for one in problems] == [(2, "设备编号"), (3, "上联设备编号")]
    apply(desk, preview(desk, "XF-1,,,,,\n"))
    assert there() == [("XF-2", "XF-1")]


def test_ports_may_be_exchanged_in_one_file(desk: Client) -> None:
    upper = switch("SW-1")
    hang(builders.device("XF-1"), upper, ports=("", "p1"))
    hang(builders.device("XF-2"), upper, ports=("", "p2"))
    assert apply(desk, preview(desk, "XF-1,,SW-1,p2,,\nXF-2,,SW-1,p1,,\n")).status_code == 302
    found = Link.objects.at().values_list("lower__number", "upper_port__name")
    assert sorted(found) == [("XF-1", "p2"), ("XF-2", "p1")]


def test_a_preview_overtaken_by_others_is_refused(desk: Client) -> None:
    lower, upper = builders.device("XF-1"), switch("SW-1")
    shown = preview(desk, "XF-1,,SW-1,,,\n")
    hang(lower, switch("SW-2"))
    refused = apply(desk, shown)
    assert refused.status_code == 409
    assert there() == [("XF-1", "SW-2")] and not upper.links_down.exists()


def test_what_is_taken_away_is_read_again(desk: Client) -> None:
    upper = switch("SW-1")
    for number in range(3):
        hang(builders.device(f"XF-{number}"), upper, ports=("eth0", f"p{number}"))
    for form in ("csv", "xlsx"):
        answer: Any = desk.get(reverse("network:export", args=[form]))
        file = SimpleUploadedFile(f"连接.{form}", b"".join(answer.streaming_content))
        shown: Any = desk.post(reverse("network:import_links"), {"file": file})
        assert shown.status_code == 200, shown.context["plan"].problems
        assert shown.context["plan"].is_empty and len(shown.context["plan"].same) == 3


def test_the_cost_of_an_import_is_not_one_query_a_row(desk: Client) -> None:
    upper, device = switch("SW-1"), builders.device("XF-0")
    costs = []
    for count in (20, 400):
        named = [f"K-{count}-{number}" for number in range(count)]
        Device.objects.bulk_create(
            Device(number=name, kind=device.kind, place=device.place) for name in named
        )
        with CaptureQueriesContext(connection) as asked:
            shown = preview(desk, "".join(f"{name},eth0,SW-1,{name},,\n" for name in named))
            assert apply(desk, shown).status_code == 302
        costs.append(len(asked))
    assert upper.links_down.count() == 420
    assert costs[1] <= costs[0] + 6, "a few more where many rows go in by portions"


def test_other_upstreams_of_a_device_in_use_are_told_to_need_consent_before_anybody_presses(
    desk: Client,
) -> None:
    lower, _other = builders.device("XF-1"), builders.device("XF-2")
    hang(lower, switch("SW-1"))
    two = switch("SW-2")
    text = "XF-1,,SW-2,,,\nXF-2,,SW-2,,,\n"
    early = preview(desk, text)
    builders.contract()
    assert apply(desk, early).status_code == 409, "what was looked at before is refused all the same"
    shown = preview(desk, text)
    page = shown.content.decode()
    assert shown.status_code == 200 and "apply_form" not in shown.context and "确认导入" not in page
    told = shown.context["withheld"]
    assert (told.lines, told.devices) == ({2}, 1)
    assert json.loads(told.proposal)[0][:2] == [lower.pk, "upstream"]
    assert json.loads(told.proposal)[0][2][0]["to"] == two.pk
    assert "1 台在用设备的修改须经信息化办公室同意" in page and reverse("changes:from_refused") in page
