"""Changes as people meet them."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.changes.cases import a_change, a_draft
from tests.changes.permissions import words
from tests.changes.ways import scene
from tests.matrix import NOON
from yika.assets.models import Device
from yika.changes.actions import executing, planning, proposing, voting
from yika.changes.actions.proposing import Proposed
from yika.changes.doors import door
from yika.changes.models import Blackout, Change
from yika.changes.rules import Mode, State
from yika.lib import clock
from yika.network.queries import upstreams_of
from yika.network.rules import LinkRole, Medium, Upstream
from yika.people.models import User

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


def told(client: Client, url: str) -> str:
    with clock.frozen(NOON):
        answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_office_sees_field_by_field_what_will_change(client_as: Browser) -> None:
    change = a_change()
    shown = told(client_as(cast.office()), reverse("changes:page", args=[change.pk]))
    line = change.lines.get()
    assert line.before_words in shown and line.after_words in shown
    assert "同意与否" in shown and "执行变更" not in shown


def test_a_change_reads_in_the_readers_language(client_as: Browser) -> None:
    """Written down in Chinese, told anew in English; places are named as they are."""
    device, upper = builders.device("XF-1"), builders.device("JH-1", of="switch")
    link = {"to": upper.pk, "role": "network", "medium": "copper", "port": "", "own_port": ""}
    change = a_draft([Proposed(device, "life", "at_factory"), Proposed(device, "upstream", [link])])
    url, office = reverse("changes:page", args=[change.pk]), client_as(cast.technician())
    shown = told(office, url)
    assert "没有上联" in shown and "JH-1（网络，网线）" in shown and "返厂" in shown
    office.cookies["django_language"] = "en"
    shown = told(office, url)
    assert "No upstream" in shown and "JH-1 (Network, copper)" in shown and "At the factory" in shown
    assert "<h2>Request</h2>" in shown


def test_a_change_in_english_costs_the_same_for_many_lines(client_as: Browser) -> None:
    upper = builders.device("JH-1", of="switch")
    link = {"to": upper.pk, "role": "network", "medium": "copper", "port": "", "own_port": ""}
    client = client_as(cast.technician())
    client.cookies["django_language"] = "en"
    costs = []
    for count in (1, 6):
        lines = [Proposed(builders.device(), "upstream", [link]) for _number in range(count)]
        url = reverse("changes:page", args=[a_draft(lines).pk])
        told(client, url)
        with CaptureQueriesContext(connection) as taken:
            told(client, url)
        costs.append(len(taken))
    assert costs[0] == costs[1]


def test_the_office_chooses_kinds_of_device_in_its_language(client_as: Browser) -> None:
    builders.device()
    office = client_as(cast.office())
    office.cookies["django_language"] = "en"
    shown = told(office, reverse("changes:plan"))
    assert "Payment terminal" in shown and "消费机" not in shown


def test_the_proposer_of_the_office_is_told_why_he_cannot_vote(client_as: Browser) -> None:
    office = cast.office()
    shown = told(client_as(office), reverse("changes:page", args=[a_change(by=office).pk]))
    assert "不能对自己提出的变更表态" in shown and "同意与否" not in shown


def test_a_swap_is_drafted_in_one_step(client_as: Browser) -> None:
    builders.contract()
    old = builders.device("XF-1")
    spare = builders.device("XF-9", at="桂子大学/库房", in_use=False)
    client = client_as(cast.technician())
    url = f"{reverse('changes:swap')}?device={old.pk}"
    assert "XF-9" in told(client, url)
    with clock.frozen(NOON):
        client.post(url, {**words(), "spare": spare.pk, "old_life": "in_stock"})
    change = Change.objects.get()
    assert change.title == "XF-1 更换为 XF-9"
    assert {line.field for line in change.lines.all()} == {"life", "place"}
    assert "XF-9" in told(client, f"{reverse('changes:panel_device')}?device={old.pk}")


def test_a_swap_is_drafted_by_the_typed_number_of_the_old_device(client_as: Browser) -> None:
    builders.contract()
    builders.device("XF-1")
    spare = builders.device("XF-9", at="桂子大学/库房", in_use=False)
    client = client_as(cast.technician())
    url = f"{reverse('changes:swap')}?device_text=XF-1"
    assert "XF-9" in told(client, url)
    with clock.frozen(NOON):
        client.post(url, {**words(), "spare": spare.pk, "old_life": "in_stock"})
    assert Change.objects.get().title == "XF-1 更换为 XF-9"


def test_what_no_change_could_write_is_not_offered_as_one(client_as: Browser) -> None:
    builders.contract()
    canteen = builders.device("XF-1").place
    other = builders.place("桂子大学/二食堂")
    client = client_as(cast.manager())
    with clock.frozen(NOON):
        answer = client.post(reverse("assets:move_place", args=[canteen.pk]), {"parent": other.pk})
    shown = answer.content.decode()
    assert answer.status_code == 409 and "须经信息化办公室同意" in shown and "起草变更" not in shown


def test_a_draft_is_not_yet_for_the_other_side(client_as: Browser) -> None:
    draft = a_draft()
    office = client_as(cast.office())
    assert office.get(reverse("changes:page", args=[draft.pk])).status_code == 404
    assert draft.number not in told(office, reverse("changes:list"))


def test_another_vendor_sees_nothing(client_as: Browser) -> None:
    change = a_change()
    stranger = client_as(cast.stranger())
    assert stranger.get(reverse("changes:page", args=[change.pk])).status_code == 404
    assert change.number not in told(stranger, reverse("changes:list"))


def test_lists_are_narrowed(client_as: Browser) -> None:
    client, asked, done = client_as(cast.office()), a_change(), a_change(State.VERIFIED)
    urgent = a_change(State.EXECUTED, mode=Mode.EMERGENCY)
    number = asked.lines.select_related("device").get().device.number
    for query, found in (
        ("", {asked, urgent}),
        ("?state=all", {asked, done, urgent}),
        ("?state=verified", {done}),
        ("?state=unconfirmed", {urgent}),
        ("?mode=emergency", {urgent}),
        (f"?q={number}", {asked}),
        (f"?q={asked.number}", {asked}),
        ("?kind=swap", set()),
    ):
        shown = told(client, reverse("changes:list") + query)
        there = {one for one in (asked, done, urgent) if f"/changes/{one.pk}/" in shown}
        assert there == found, query


def test_the_calendar_shows_windows_and_blackout_times(client_as: Browser) -> None:
    change = a_change()
    planning.add_blackout(
        name="开学第一周", from_at=NOON, until_at=change.until_at, by=cast.office(), at=NOON
    )
    client = client_as(cast.technician())
    shown = told(client, f"{reverse('changes:calendar')}?month=2026-03")
    assert change.number in shown and "开学第一周" in shown
    assert change.number not in told(client, f"{reverse('changes:calendar')}?month=2026-05")
    with clock.frozen(NOON):
        assert client.get(f"{reverse('changes:calendar')}?month=13").status_code == 404


def test_a_refusal_of_the_form_names_its_field(client_as: Browser) -> None:
    builders.contract()
    client = client_as(cast.technician())
    sent = {**words(), "until_at": "2026-03-01T10:00:00"}
    answer = client.post(reverse("changes:new"), sent)
    assert answer.status_code == 422
    assert "结束时间必须晚于开始时间" in answer.content.decode()
    assert client.post(reverse("changes:new"), {**sent, "reason": ""}).status_code == 422


@pytest.mark.parametrize("name", ["list", "calendar", "differences"])
def test_a_longer_list_asks_no_more_questions(client_as: Browser, name: str) -> None:
    client, counts = client_as(cast.office()), list[int]()
    told(client, reverse(f"changes:{name}"))
    for _round in range(2):
        for _one in range(3):
            a_change()
        with CaptureQueriesContext(connection) as asked:
            told(client, reverse(f"changes:{name}"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_page_with_more_lines_of_devices_asks_no_more_questions(client_as: Browser) -> None:
    client, counts, place = client_as(cast.technician()), list[int](), builders.place("桂子大学/二食堂").pk
    told(client, reverse("changes:page", args=[a_draft().pk]))
    for many in (2, 6):
        change = a_draft([Proposed(builders.device(), "place", place) for _ in range(many)])
        with CaptureQueriesContext(connection) as asked:
            told(client, reverse("changes:page", args=[change.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Every controlled field has a form ---------------------------------------------------------------------


def a_value(field: str, device: Device) -> tuple[dict[str, Any], Any]:
    """What the form of a field is sent, and the value that the door then holds."""
    if field == "place":
        elsewhere = builders.place("桂子大学/二食堂")
        return {"value": elsewhere.pk}, elsewhere.pk
    if field == "life":
        return {"value": "in_stock"}, "in_stock"
    if field == "upstream_ip":
        return {"value": "10.1.1.1"}, "10.1.1.1"
    if field == "address":
        return {"value": "10.12.1.9\n10.12.1.5\n"}, ["10.12.1.5", "10.12.1.9"]
    if field == "parameters":
        return {"attribute_rate": "9600"}, 9600
    if field == "configuration":
        return {"value": "mtu 9000\r\n"}, "mtu 9000\n"
    upper = Device.objects.get(number="SW-2")
    kept = upstreams_of(device)
    one = Upstream(upper.pk, LinkRole.NETWORK, Medium.COPPER, "GE0/1", "eth1")
    sent = {"upper": upper.pk, "role": "network", "medium": "copper"}
    sent |= {"kept": ["0"], "lower_port": "eth1", "upper_port": "GE0/1"}
    return sent, [each.plain() for each in sorted([*kept, one])]


FIELDS = {
    "place": "place",
    "life": "life",
    "upstream_ip": "upstream_ip",
    "upstream": "upstream",
    "address": "address",
    "parameters": "parameters.rate",
    "configuration": "configuration.运行配置",
}


def asking(device: Device, field: str) -> str:
    title = "&title=运行配置" if field == "configuration" else ""
    return f"?device={device.pk}&field={field}{title}"


@pytest.mark.parametrize("field", FIELDS)
def test_a_line_of_every_sort_is_asked_for_by_its_form_and_executed_to_the_letter(
    field: str, client_as: Browser
) -> None:
    tech = cast.technician()
    device = scene(cast.manager(), Client()).device
    change = a_draft([], by=tech)
    sent, value = a_value(field, device)
    client, url = client_as(tech), reverse("changes:add_line", args=[change.pk]) + asking(device, field)
    told(client, url)
    with clock.frozen(NOON):
        assert client.post(url, sent).status_code == 302
    (line,) = change.lines.all()
    assert (line.field, line.after) == (FIELDS[field], value)
    assert line.after_words in told(client, reverse("changes:page", args=[change.pk]))
    proposing.ask(change, by=tech, at=NOON)
    voting.consent(change, by=cast.office(), at=NOON)
    executing.execute(change, note="已改", by=tech, at=NOON)
    assert door(line.field).current(device, line.field) == value


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_found_different_of_every_sort_leads_to_a_change(field: str, client_as: Browser) -> None:
    device = scene(cast.manager(), Client()).device
    builders.contract()
    sent, value = a_value(field, device)
    url = reverse("changes:note") + asking(device, field)
    with clock.frozen(NOON):
        answer = client_as(cast.technician()).post(url, {**sent, "note": "现场核对", "propose": "1"})
    (line,) = Change.objects.get().lines.all()
    assert (line.field, line.after) == (FIELDS[field], value)
    assert answer.headers["Location"] == reverse("changes:page", args=[line.change_id])


def test_a_configuration_is_chosen_by_its_title_and_the_office_sees_the_lines_that_change(
    client_as: Browser,
) -> None:
    tech = cast.technician()
    device = scene(cast.manager(), Client()).device
    change = a_draft([], by=tech)
    client, url = client_as(tech), reverse("changes:add_line", args=[change.pk])
    asked = told(client, f"{url}?device={device.pk}&field=configuration")
    assert '<option value="运行配置">' in asked
    with clock.frozen(NOON):
        client.post(url + asking(device, "configuration"), {"value": "mtu 9000\n"})
    shown = told(client, reverse("changes:page", args=[change.pk]))
    assert "<del>− mtu 1500</del>" in shown and "<ins>+ mtu 9000</ins>" in shown


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        ("address", {"value": "10.12.1.5\n10.300.1.1"}, "10.300.1.1"),
        ("address", {"value": "192.0.2.1"}, "不在任何已登记的网段内"),
        ("parameters", {"attribute_rate": "快"}, "整数"),
        ("parameters", {"attribute_rate": ""}, "没有改动"),
        ("configuration", {"value": "password 123456\n"}, "第 1 行"),
        ("upstream", {"kept": ["0"], "role": "network", "medium": "copper"}, "本来就是这个值"),
    ],
)
def test_what_cannot_be_is_refused_in_its_form(
    field: str, sent: dict[str, Any], said: str, client_as: Browser
) -> None:
    tech = cast.technician()
    device = scene(cast.manager(), Client()).device
    change = a_draft([], by=tech)
    url = reverse("changes:add_line", args=[change.pk]) + asking(device, field)
    with clock.frozen(NOON):
        answer = client_as(tech).post(url, sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not change.lines.exists()


def hidden(page: str) -> str:
    """The proposal that a refusal offers."""
    found = re.search(r'name="proposal" value="([^"]*)"', page)
    assert found, page
    return html.unescape(found[1])


def test_a_refused_edit_becomes_the_draft_it_needs(client_as: Browser) -> None:
    by = cast.manager()
    client = client_as(by)
    here = scene(by, client)
    builders.contract()
    device, elsewhere = here.device, builders.place("桂子大学/二食堂")
    said = {"number": "XF-1", "kind": device.kind_id, "place": elsewhere.pk, "responsible": "vendor"}
    ways = [
        ("place", reverse("assets:edit_device", args=[device.pk]), said),
        ("life", reverse("assets:change_life", args=[device.pk]), {"life": "in_stock", "reason": "坏了"}),
        ("upstream", reverse("network:connect", args=[device.pk]), {
            "upper": here.other.pk, "role": "network", "medium": "copper",
        }),
        ("address", reverse("addresses:take"), {
            "ip": "10.12.1.9", "state": "in_use", "device": device.pk,
        }),
    ]  # fmt: skip
    with clock.frozen(NOON):
        for field, url, sent in ways:
            refused = client.post(url, sent)
            assert refused.status_code in (409, 422)
            offered = {"proposal": hidden(refused.content.decode())}
            form = client.post(reverse("changes:from_refused"), offered)
            assert "XF-1" in form.content.decode()
            whole = {**words(), **offered}
            answer = client.post(reverse("changes:from_refused"), whole)
            change = Change.objects.latest("pk")
            assert answer.headers["Location"] == reverse("changes:page", args=[change.pk])
            assert change.lines.get().field == field
    assert Device.objects.get(pk=device.pk).place_id == device.place_id


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "[[1]]", '[[999999, "place", 1]]', "{}", "7"])
def test_nothing_is_drafted_from_what_nobody_was_offered(text: str, client_as: Browser) -> None:
    with clock.frozen(NOON):
        answer = client_as(cast.technician()).post(
            reverse("changes:from_refused"), {**words(), "proposal": text}
        )
    assert answer.status_code == 422 and not Change.objects.exists()


def blackouts_brought(client: Client, text: str | bytes, name: str = "封网.csv") -> str:
    """The preview of a file, and what it shows once brought in."""
    data = text.encode() if isinstance(text, str) else text
    url = reverse("changes:bring_blackouts")
    with clock.frozen(NOON):
        page = client.post(url, {"file": SimpleUploadedFile(name, data)}).content.decode()
        kept = re.search(r'name="kept" value="([^"]+)"', page)
        if kept:
            client.post(url, {"kept": html.unescape(kept[1])})
    return page


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_blackout_times_come_in_and_what_was_taken_away_changes_nothing(
    client_as: Browser, form: str
) -> None:
    office = client_as(cast.office())
    head = "名称,开始时间,结束时间\n"
    blackouts_brought(office, f"{head}开学第一周,2026-09-01,2026-09-07\n考试,2027-01-04 08:00,2027-01-15\n")
    term, exams = Blackout.objects.order_by("from_at")
    assert clock.campus(term.until_at).date().isoformat() == "2026-09-08"
    assert clock.campus(exams.from_at).hour == 8
    with clock.frozen(NOON):
        answer: Any = office.get(reverse("changes:export_blackouts", args=[form]))
        data = b"".join(answer)
    assert "无需导入" in blackouts_brought(office, data, f"封网.{form}")
    blackouts_brought(office, f"{head}开学第一周,2026-09-01,2026-09-06\n")
    assert clock.campus(Blackout.objects.get(name="开学第一周").until_at).day == 7
    for wrong, said in (
        ("甲,昨天,2026-09-06", "时间须写作"),
        ("甲,2026-09-06,2026-09-01", "必须晚于"),
        (",2026-09-01,2026-09-06", "请填写"),
    ):
        assert said in blackouts_brought(office, head + wrong)
    assert Blackout.objects.count() == 2
