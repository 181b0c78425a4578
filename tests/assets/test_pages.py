"""Places, devices, labels and the import, as people meet them."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.cast import AT
from yika.assets import actions, queries
from yika.assets.cli import places as import_places
from yika.assets.forms import DevicesField, PlaceField
from yika.assets.models import Device, Place
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.lib.office.bringing import kept
from yika.people.models import User

pytestmark = pytest.mark.django_db
LIST = "师大/一食堂/一楼/豆浆1\n师大/一食堂/一楼/面馆\n师大/车队/01车\n"


@pytest.fixture
def desk(client_as: Callable[[User | None], Client]) -> Client:
    actions.seed_kinds(by=SYSTEM, at=AT)
    return client_as(cast.dispatcher())


def preview(client: Client, text: str, encoding: str = "utf-8", **options: str) -> Any:
    file = SimpleUploadedFile("清单.csv", text.encode(encoding))
    return client.post(reverse("assets:import_list"), {"file": file, **options})


def apply(client: Client, shown: Any) -> Any:
    kept = shown.context["apply_form"].initial["kept"]
    return client.post(reverse("assets:apply_import"), {"kept": kept})


def test_a_new_place_at_the_top_is_pointed_out_before_it_is_made(desk: Client) -> None:
    assert "将新增最上一级的地点" not in preview(desk, LIST).content.decode()
    builders.place("桂子大学")
    shown = preview(desk, "hello\n").content.decode()
    assert "将新增最上一级的地点：hello" in shown and "确认导入" in shown
    refused = preview(desk, "桂子大学/一食堂,XF-1,消费机\n")
    assert refused.status_code == 422
    assert "表头须有：地点、设备编号、类型、型号、序列号" in refused.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_list_is_previewed_then_imported(desk: Client, encoding: str) -> None:
    shown = preview(desk, LIST, encoding, terminals="on")
    assert not Place.objects.exists(), "a preview changes nothing"
    assert "师大/一食堂/一楼/豆浆1" in shown.content.decode()
    done = apply(desk, shown)
    assert done.status_code == 302
    assert Place.objects.count() == 7
    assert Device.objects.count() == 3
    again = preview(desk, LIST, encoding, terminals="on")
    assert "无需导入" in again.content.decode()


def test_bad_lines_are_all_shown_up_to_a_hundred(desk: Client) -> None:
    shown = preview(desk, "甲//乙\n" * 130)
    assert shown.status_code == 422
    assert len(shown.context["lines"]) == 100
    assert "另有 30 处问题未列出" in shown.content.decode()
    assert "apply_form" not in shown.context


def test_a_preview_overtaken_by_others_is_refused(desk: Client) -> None:
    shown = preview(desk, LIST)
    actions.create_place(None, name="师大", by=SYSTEM, at=AT)
    refused = apply(desk, shown)
    assert refused.status_code == 409
    assert "请重新预览" in refused.content.decode()
    assert Place.objects.count() == 1


def test_a_preview_lasts_an_hour_and_cannot_be_altered(desk: Client) -> None:
    with clock.frozen(AT):
        sent = preview(desk, LIST).context["apply_form"].initial["kept"]
    assert kept(sent, at=AT + timedelta(hours=1))["text"] == LIST
    with pytest.raises(BadInput):
        kept(sent, at=AT + timedelta(hours=1, seconds=1))
    with pytest.raises(BadInput):
        kept(f"x{sent}", at=AT)


def test_a_megabyte_of_list_survives_from_preview_to_import(desk: Client) -> None:
    text = "".join(
        f"师大/楼宇与场所名称很长的一栋教学楼{n // 50}/第{n % 50}号教室与公共服务窗口\n"
        for n in range(12_000)
    )
    assert len(text.encode()) > 1_000_000
    assert apply(desk, preview(desk, text)).status_code == 302
    assert Place.objects.count() == 12_241


def test_what_is_no_list_is_said_and_the_form_shown_again(desk: Client) -> None:
    file = SimpleUploadedFile("清单.xlsx", b"PK\x03\x04\x00\x00\x00")
    answer = desk.post(reverse("assets:import_list"), {"file": file})
    assert answer.status_code == 422
    assert "另存为 .xlsx" in answer.content.decode()


def test_the_export_is_what_the_import_reads(desk: Client) -> None:
    builders.device("=M-1", at="师大/甲")
    builders.device("M-2", at="师大/乙", of="top-up-machine")
    text = desk.get(reverse("assets:export_devices", args=["csv"])).getvalue().decode()
    assert text.startswith("\ufeff地点,设备编号,类型,型号,序列号")
    assert list(csv.reader(StringIO(text)))[2][1] == "'=M-1", "no spreadsheet runs it as a formula"
    assert preview(desk, text).context["plan"].is_empty
    book = desk.get(reverse("assets:export_devices", args=["xlsx"])).getvalue()
    answer = desk.post(reverse("assets:import_list"), {"file": SimpleUploadedFile("设备.xlsx", book)})
    assert answer.context["plan"].is_empty and answer.context["plan"].known_devices == 2


def test_the_list_of_devices_is_narrowed(desk: Client) -> None:
    builders.device("M-1", at="师大/一食堂/一楼")
    builders.device("M-2", at="师大/一食堂新/一楼", of="top-up-machine")
    builders.device("M-3", at="师大/一食堂/一楼", in_use=False)
    canteen = Place.objects.get(full_name="师大/一食堂")

    def numbers(**query: object) -> list[str]:
        page = desk.get(reverse("assets:devices", query=query)).context["page"]
        return [device.number for device in page.rows]

    assert numbers() == ["M-1", "M-2"]
    assert numbers(used="all") == ["M-1", "M-2", "M-3"]
    assert numbers(used="no") == ["M-3"]
    assert numbers(place=canteen.pk) == ["M-1"]
    assert numbers(kind="top-up-machine") == ["M-2"]
    assert numbers(q="食堂新") == ["M-2"]
    assert numbers(q="一楼 消费") == ["M-1"]
    assert desk.get(reverse("assets:devices", query={"place": 999_999})).status_code == 404


@pytest.mark.parametrize(
    "name", ["assets:devices", "assets:place", "assets:places", "assets:labels", "assets:export_devices"]
)
def test_pages_cost_the_same_for_few_and_many(desk: Client, name: str) -> None:
    root, _other = builders.place("师大"), builders.place("分校")
    args: dict[str, list[str | int]] = {"assets:place": [root.pk], "assets:export_devices": ["csv"]}
    url = reverse(name, args=args.get(name, []))
    desk.get(url)  # the session begins
    costs = []
    for count in (2, 40):
        for number in range(count):
            builders.device(at=f"师大/{count}楼/窗口{number}")
            builders.device(at=root)
        with CaptureQueriesContext(connection) as queries_made:
            answer: Any = desk.get(url)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert answer.status_code == 200
        costs.append(len(queries_made))
    assert costs[0] == costs[1] <= 24


def test_every_device_is_met_once_when_paging(desk: Client) -> None:
    made = {builders.device().number for _ in range(120)}
    met: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = desk.get(reverse("assets:devices", query=query)).context["page"]
        met += [device.number for device in page.rows]
        if not page.next_cursor:
            break
        query = {"after": page.next_cursor}
    assert len(met) == len(made) == 120
    assert set(met) == made


def test_two_chinese_characters_find_a_place(desk: Client) -> None:
    builders.place("师大/桂香园/一楼/豆浆1")
    builders.place("师大/沁园春/一楼/豆浆")
    assert [place.full_name for place in queries.search_places("豆浆")] == [
        "师大/沁园春/一楼/豆浆",
        "师大/桂香园/一楼/豆浆1",
    ]
    assert [place.name for place in queries.search_places("桂香 豆浆")] == ["豆浆1"]
    assert [place.name for place in queries.search_places("桂香")] == ["桂香园"]
    assert (
        "师大/桂香园/一楼/豆浆1" in desk.get(reverse("assets:places", query={"q": "豆浆"})).content.decode()
    )


def test_a_place_counts_what_is_below_it(desk: Client) -> None:
    builders.device(at="师大/一食堂/一楼/甲")
    builders.device(at="师大/一食堂/二楼/乙")
    builders.device(at="师大/一食堂/二楼/乙", in_use=False)
    builders.place("师大/图书馆")
    root = Place.objects.get(full_name="师大")
    page = desk.get(reverse("assets:place", args=[root.pk]))
    counts = {branch.place.name: (branch.below, branch.devices) for branch in page.context["branches"]}
    assert counts == {"一食堂": (4, 2), "图书馆": (0, 0)}
    assert page.context["branch"].devices == 2


def test_the_only_top_is_opened_at_once(desk: Client) -> None:
    root = builders.place("师大")
    assert desk.get(reverse("assets:places")).headers["Location"] == reverse("assets:place", args=[root.pk])
    builders.place("分校")
    assert desk.get(reverse("assets:places")).status_code == 200


def test_labels_carry_number_place_and_address(desk: Client) -> None:
    device, other = builders.device("M-1", at="师大/一食堂/一楼/豆浆"), builders.device("M-2")
    assert queries.report_url(device).endswith(f"/r/d/{device.token}/")
    assert queries.report_url(device.place).endswith(f"/r/p/{device.place.token}/")
    one = desk.get(reverse("assets:labels", query={"device": device.pk})).content.decode()
    assert "M-1" in one and "一食堂 / 一楼 / 豆浆" in one and "<svg" in one
    assert other.number not in one
    place = desk.get(reverse("assets:place_labels", args=[device.place.pk])).content.decode()
    assert "豆浆" in place


class Choosing(forms.Form):
    place = PlaceField(required=False)
    devices = DevicesField(required=False)


def choose(**sent: object) -> Choosing:
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, list(value) if isinstance(value, list) else [str(value)])
    return Choosing(data)


def test_a_place_is_chosen_by_key_or_by_what_it_is_called() -> None:
    one, two = builders.place("师大/甲/豆浆1"), builders.place("师大/乙/豆浆2")
    for sent in ({"place": str(one.pk)}, {"place_text": "豆浆1"}, {"place_text": "师大/甲/豆浆1"}):
        form = choose(**sent)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["place"] == one
    assert choose().is_valid()
    for sent in (
        {"place_text": "豆浆"},
        {"place_text": "没有"},
        {"place": str(one.pk), "place_text": "豆浆2"},
    ):
        form = choose(**sent)
        assert not form.is_valid()
    again = str(choose(place_text="豆浆")["place"])
    assert one.full_name in again and two.full_name in again, "what was meant can be ticked without scripts"


def test_devices_are_chosen_by_ticking_and_by_number() -> None:
    one, two = builders.device("M-1", at="师大/甲"), builders.device("M-2", at="师大/乙")
    builders.device("M-3", at="师大/甲", in_use=False)
    form = choose(devices=[str(one.pk)], devices_text="M-2")
    assert form.is_valid()
    assert form.cleaned_data["devices"] == [one, two]
    assert choose(devices_text="甲").is_valid()
    assert not choose(devices_text="师大").is_valid()
    assert not choose(devices_text="M-3").is_valid(), "out of use"


def test_the_picker_keeps_what_was_ticked(desk: Client) -> None:
    one, two = builders.device("M-1", at="师大/甲"), builders.device("M-2", at="师大/乙")
    url = reverse("assets:pick_device", query={"name": "devices", "devices": one.pk, "devices_text": "乙"})
    fragment = desk.get(url, headers={"HX-Request": "true"}).content.decode()
    assert f'value="{one.pk}" checked' in fragment
    assert f'value="{two.pk}">' in fragment
    assert "<html" not in fragment
    assert "<html" in desk.get(url).content.decode()


def test_the_form_keeps_what_was_typed_after_an_error(desk: Client) -> None:
    device = builders.device("M-1")
    sent = {"number": "M-1", "kind": device.kind.pk, "place": device.place.pk, "model": "新型号"}
    answer = desk.post(reverse("assets:create_device"), sent)
    assert answer.status_code == 422
    assert "已有编号为 M-1 的设备" in answer.content.decode()
    assert "新型号" in answer.content.decode()


def test_the_command_imports_once_and_names_bad_lines(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text(LIST, encoding="gb18030")
    bad.write_text("甲//乙\n", encoding="utf-8")
    run = CliRunner().invoke
    assert run(import_places, [str(good), "--terminals", "--dry-run"]).exit_code == 0
    assert not Place.objects.exists()
    done = run(import_places, [str(good), "--terminals", "--yes"])
    assert done.exit_code == 0, done.output
    assert Device.objects.count() == 3
    again = run(import_places, [str(good), "--terminals", "--yes"])
    assert again.exit_code == 0
    assert Device.objects.count() == 3
    failed = run(import_places, [str(bad), "--yes"])
    assert failed.exit_code == 1
    assert "第 1 行" in failed.output
