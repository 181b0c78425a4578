"""What a reporter is promised, with nothing but a phone and a secret link."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.cast import AT
from tests.faults.cases import upload
from tests.faults.lives import check
from yika.assets.actions.devices import replace_device_label
from yika.assets.models import Device
from yika.faults.actions import asking, dispatching, finishing, working
from yika.faults.models import Complaint, Fault, Photo, Report
from yika.faults.rules import RulingKind, State
from yika.faults.views import public
from yika.faults.views.public import REPORTS_AN_HOUR, REPORTS_OF_A_LABEL, WORDS_AN_HOUR
from yika.journal.models import Event
from yika.lib import clock
from yika.people.models import Attempt, User

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAME, PHONE = "诸葛小明", "13911112222"


@pytest.fixture
def device() -> Device:
    builders.contract()
    return builders.device()


def send(device: Device, *, at: datetime = AT, browser: Client | None = None, **form: Any) -> Any:
    """A report from a phone that scanned the label."""
    form = {"submission": str(uuid.uuid4()), "symptom": "terminal_dead", **form}
    with clock.frozen(at):
        return (browser or Client()).post(reverse("faults:report_device", args=[device.token]), form)


def followed(answer: Any) -> Report:
    """The report whose progress page one was led to."""
    assert answer.status_code == 302, answer.content.decode()
    return Report.objects.get(secret=answer.headers["Location"].rstrip("/").rpartition("/")[2])


def seen(report: Report, *, at: datetime = AT + 30 * MINUTE) -> str:
    with clock.frozen(at):
        answer = Client().get(reverse("faults:progress", args=[report.secret]))
    assert answer.status_code == 200
    return answer.content.decode()


def say(report: Report, what: str, *, at: datetime = AT + 30 * MINUTE, **form: Any) -> Any:
    with clock.frozen(at):
        return Client().post(reverse(f"faults:{what}", args=[report.secret]), form)


# Reporting


def test_one_tap_on_the_symptom_is_enough(device: Device) -> None:
    report = followed(send(device))
    fault = report.fault
    assert (fault.device, fault.place, fault.severity, fault.state) == (
        device,
        device.place,
        "general",
        State.REPORTED,
    )
    assert (report.channel, report.reported_at, report.recorded_at) == ("qr", AT, AT)
    assert fault.response and fault.response.due_at == AT + HOUR
    assert fault.classifications.get().terminals == 1
    page = seen(report)
    assert "已收到，正在安排维护人员" in page and "不晚于" in page
    check(fault)


def test_nothing_chosen_is_told_and_nothing_typed_is_lost(device: Device) -> None:
    answer = send(device, symptom="", description="屏幕不亮", reporter_phone=PHONE, reporter_name=NAME)
    page = answer.content.decode()
    assert answer.status_code == 422 and "请选择现象" in page
    assert "屏幕不亮" in page and PHONE in page and NAME in page
    assert not Fault.objects.exists()


def test_a_replaced_label_leads_nowhere(device: Device) -> None:
    old = device.token
    replace_device_label(device, by=cast.dispatcher(), at=AT)
    for browser in (Client(), Client()):
        assert browser.get(reverse("faults:report_device", args=[old])).status_code == 404
    device.refresh_from_db()
    assert Client().get(reverse("faults:report_device", args=[device.token])).status_code == 200


def test_a_double_tap_finds_what_the_first_made(device: Device) -> None:
    submission = str(uuid.uuid4())
    first = send(device, submission=submission, photos=upload())
    again = send(device, submission=submission, photos=upload(), at=AT + MINUTE)
    assert first.headers["Location"] == again.headers["Location"]
    assert Fault.objects.count() == Report.objects.count() == Photo.objects.count() == 1


def test_a_form_filled_by_a_program_makes_nothing(device: Device) -> None:
    answer = send(device, website="http://spam.example")
    assert answer.status_code == 422 and not Fault.objects.exists()
    assert "spam.example" not in answer.content.decode()


def test_a_form_sent_again_and_again_is_refused_with_advice(device: Device, settings: Any) -> None:
    for _ in range(REPORTS_OF_A_LABEL):
        assert send(device).status_code == 302
    refused = send(device, description="写了很多")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "提交过于频繁，请在 3月2日 周一 10:12 后再试" in page and "写了很多" in page
    assert "报修电话" not in page, "no number is known"
    settings.TELEPHONE = "027-6786 0000"
    assert "或拨打报修电话 027-6786 0000" in send(device).content.decode()
    assert Fault.objects.count() == REPORTS_OF_A_LABEL
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert send(device, browser=elsewhere).status_code == 302, "another address is not held up"
    assert send(builders.device()).status_code == 302, "nor another device behind the same address"
    assert send(device, at=AT + HOUR).status_code == 302, "an hour later it is free again"


def test_a_campus_behind_one_address_may_report_an_outage_but_not_without_end(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert REPORTS_AN_HOUR >= 500
    monkeypatch.setattr(public, "REPORTS_AN_HOUR", 40)
    others = [device, *(builders.device() for _ in range(4))]
    for n in range(40):
        assert send(others[n % 5]).status_code == 302
    assert "提交过于频繁" in send(device).content.decode()
    assert Attempt.objects.count() == 80, "a refused report counts nowhere"


def test_after_an_error_one_is_told_to_choose_the_photos_again(device: Device) -> None:
    without = send(device, symptom="", description="写了很多").content.decode()
    assert "写了很多" in without and "照片没有保留" not in without
    answer = send(device, symptom="", description="写了很多", photos=[upload()])
    page = answer.content.decode()
    assert answer.status_code == 422 and "写了很多" in page
    assert "照片没有保留，请重新选择" in page
    assert "最多 3 张，每张不超过 8 MB" in page


def test_a_form_too_large_to_be_read_is_refused_in_words(device: Device) -> None:
    url = reverse("faults:report_device", args=[device.token])
    kind = "multipart/form-data; boundary=x"
    for language, said in (("zh-hans", "内容过大，没有提交"), ("en", "Too large")):
        answer = Client(headers={"accept-language": language}).generic(
            "POST", url, b"x", kind, CONTENT_LENGTH=str(settings.LARGEST_BODY + 1)
        )
        assert answer.status_code == 413
        assert said in answer.content.decode()
    assert not Fault.objects.exists()


def test_photos_are_kept_three_at_most_and_pictures_only(device: Device) -> None:
    report = followed(send(device, photos=[upload(), upload(), upload()]))
    assert report.photos.count() == 3
    assert send(device, photos=[upload()] * 4).status_code == 422
    page = SimpleUploadedFile("x.jpg", b"<html><script>alert(1)</script>", "image/jpeg")
    assert send(device, photos=page).status_code == 422
    assert Fault.objects.count() == 1


def test_a_damaged_card_is_referred_to_its_replacement_without_a_clock(device: Device) -> None:
    report = followed(send(device, symptom="card_damaged"))
    assert report.fault.state == State.REFERRED and report.fault.response is None
    page = seen(report)
    assert "换卡" in page and "不晚于" not in page
    assert "换卡" in Client().get(reverse("faults:report_device", args=[device.token])).content.decode()


def test_a_known_outage_is_shown_and_joined(device: Device) -> None:
    first = followed(send(device, reporter_name=NAME, reporter_phone=PHONE, description="请找诸葛"))
    with clock.frozen(AT + 5 * MINUTE):
        page = Client().get(reverse("faults:report_device", args=[device.token])).content.decode()
    assert "这里已有人报修" in page
    assert NAME not in page and PHONE not in page and "请找诸葛" not in page and first.secret not in page
    second = followed(send(device, symptom="", same_as=first.fault_id, at=AT + 5 * MINUTE))
    assert second.fault == first.fault and Fault.objects.count() == 1
    assert first.fault.reported_at == AT
    check(first.fault)


def test_an_outage_over_meanwhile_or_elsewhere_is_not_joined(device: Device) -> None:
    over = builders.fault(State.RESTORED, of=device)
    elsewhere = builders.fault(where=builders.place(f"{builders.CAMPUS}/别处"))
    for fault in (over, elsewhere):
        answer = send(device, symptom="", same_as=fault.pk, at=AT + 20 * MINUTE)
        assert answer.status_code == 422
        assert fault.reports.count() == 1


# Following


def test_who_is_coming_is_named_with_the_badge(device: Device) -> None:
    report = followed(send(device))
    tech = cast.technician("赵师傅")
    dispatching.dispatch(report.fault, to=tech, by=cast.dispatcher(), at=AT + MINUTE)
    page = seen(report)
    assert "赵师傅" in page and tech.badge_number in page
    assert tech.phone not in page and tech.username not in page


def test_one_reporter_learns_nothing_about_another(device: Device) -> None:
    mine = followed(send(device, description="我的描述"))
    other = followed(
        send(
            device,
            symptom="",
            same_as=mine.fault_id,
            reporter_name=NAME,
            reporter_phone=PHONE,
            description="别人的描述",
        )
    )
    page = seen(mine)
    assert "我的描述" in page
    assert not [word for word in (NAME, PHONE, "别人的描述", other.secret) if word in page]
    assert "诸" not in page and "2222" not in page, "not even masked"


def test_the_link_leads_on_through_merges(device: Device) -> None:
    report = followed(send(device))
    desk = cast.dispatcher()
    middle, last = builders.fault(at=AT + MINUTE), builders.fault(at=AT + 2 * MINUTE)
    dispatching.merge(report.fault, into=middle, by=desk, at=AT + 3 * MINUTE)
    dispatching.merge(middle, into=last, by=desk, at=AT + 4 * MINUTE)
    page = seen(report)
    assert last.number in page and "同一故障" in page


def test_a_report_called_off_says_why(device: Device) -> None:
    report = followed(send(device))
    dispatching.call_off(report.fault, by=cast.dispatcher(), at=AT + MINUTE, note="现场测试正常")
    page = seen(report)
    assert "已撤销" in page and "现场测试正常" in page and "不晚于" not in page


def test_the_page_is_kept_by_nobody_and_its_secret_leaves_with_no_link(device: Device) -> None:
    report = followed(send(device))
    answer = Client().get(reverse("faults:progress", args=[report.secret]))
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(report.secret) >= 20
    assert "http://" not in answer.content.decode().replace("http://www.w3.org", "")
    # "no-referrer" would make browsers send "Origin: null" with the forms of this page, which the
    # protection against forged requests refuses; "same-origin" gives away as little.
    assert answer.headers["Referrer-Policy"] == "same-origin"


# Rating, complaining, still broken


def test_only_a_repaired_fault_is_rated_and_only_once(device: Device) -> None:
    report = followed(send(device))
    assert say(report, "rate", rating="5").status_code == 422
    report = Report.objects.get(fault=builders.fault(State.RESTORED))
    for nonsense in ("0", "6", "", "x", "55", "五", "²"):
        assert say(report, "rate", rating=nonsense).status_code == 422, nonsense
    assert say(report, "rate", rating="4", comment="很快").status_code == 302
    again = say(report, "rate", rating="1")
    assert again.status_code == 422 and "已经评价过" in again.content.decode()
    report.refresh_from_db()
    assert (report.rating, report.comment) == (4, "很快")
    assert "您评价了 4 分" in seen(report)


def test_three_complaints_are_taken_and_each_reaches_the_office(device: Device, client_as: ClientAs) -> None:
    report = followed(send(device))
    for n in range(3):
        assert say(report, "complain", text=f"第 {n} 次没人来").status_code == 302
    refused = say(report, "complain", text="第四次")
    assert refused.status_code == 422 and "正在处理" in refused.content.decode()
    assert Complaint.objects.count() == 3
    office = client_as(cast.office())
    first = Complaint.objects.earliest("pk")
    answer = office.post(reverse("faults:complaint", args=[first.pk]), {"answer": "已约谈供应商"})
    assert answer.status_code == 302
    assert "已约谈供应商" in seen(report)
    twice = office.post(reverse("faults:complaint", args=[first.pk]), {"answer": "再答一次"})
    assert twice.status_code == 409


def test_too_many_words_from_one_address_are_refused(device: Device) -> None:
    report = followed(send(device))
    for _ in range(WORDS_AN_HOUR):
        say(report, "rate", rating="5")
    refused = say(report, "complain", text="没人来")
    assert refused.status_code == 422 and "过于频繁" in refused.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(("after", "same"), [(24 * HOUR, True), (24 * HOUR + timedelta(seconds=1), False)])
def test_still_broken_reopens_within_the_window_and_follows_after_it(after: timedelta, same: bool) -> None:
    fault = builders.fault(State.CLOSED)
    report = fault.reports.get()
    restored = fault.moves.get(verb="restore").recorded_at
    form = {"submission": str(uuid.uuid4()), "note": "又不亮了"}
    to = followed(say(report, "still_broken", at=restored + after, **form))
    fault.refresh_from_db()
    if same:
        assert to == report and fault.state == State.REPORTED
        assert say(report, "still_broken", at=restored + after, **form).status_code == 422, "at work on it"
    else:
        assert to.fault.follows == fault and fault.state == State.CLOSED
        assert to.fault.device == fault.device and to.reported_at == restored + after
        assert followed(say(report, "still_broken", at=restored + after, **form)) == to, "a double tap"
        check(to.fault)
    check(fault)


def test_a_reopened_fault_shows_its_way_anew() -> None:
    fault = builders.fault(State.CLOSED)
    report = fault.reports.get()
    assert 'aria-current="step">已修复' in seen(report)
    finishing.reopen(fault, by=cast.dispatcher(), at=AT + HOUR, note="又坏")
    page = seen(report, at=AT + HOUR)
    assert 'aria-current="step">已报修' in page and "已收到" in page


def test_what_was_told_is_read_on_the_page() -> None:
    report = builders.fault(State.FED_BACK).reports.get()
    assert "已修复" in seen(report)


def test_an_exempted_clock_promises_the_later_time() -> None:
    """Nobody is promised a time that the Office has moved."""
    fault = builders.fault(State.WORKING)
    assert fault.repair
    claim = asking.claim_exemption(
        fault,
        fault.repair,
        from_at=AT,
        until_at=AT + 2 * HOUR,
        reason="断电",
        by=cast.manager(),
        at=AT + HOUR,
    )
    asking.decide_exemption(fault, claim, granted=True, decision="属实", by=cast.office(), at=AT + HOUR)
    page = seen(fault.reports.get(), at=AT + HOUR)
    due = clock.campus(AT + 14 * HOUR)
    assert f"{due:%H:%M}" in page


def test_a_temporary_restoration_is_not_called_repaired() -> None:
    fault = builders.fault(State.WORKING)
    tech = fault.technician
    assert tech
    working.restore_temporarily(fault, by=tech, at=AT + 20 * MINUTE, note="换备机")
    assert fault.rulings.filter(kind=RulingKind.TEMPORARY).exists()
    assert say(fault.reports.get(), "rate", rating="5").status_code == 422


# What every page is


def test_what_a_reporter_does_is_told_as_the_reporters(device: Device) -> None:
    report = followed(send(device, reporter_name=NAME))
    assert set(Event.objects.filter(noun="fault").values_list("actor", flat=True)) == {"reporter"}
    assert report.taken_by is None


def test_forms_are_protected_against_forged_requests(device: Device) -> None:
    strict = Client(enforce_csrf_checks=True)
    url = reverse("faults:report_device", args=[device.token])
    form = {"submission": str(uuid.uuid4()), "symptom": "terminal_dead"}
    assert strict.post(url, form).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get(url).content.decode())
    assert token
    answer = strict.post(
        url, {**form, "csrfmiddlewaretoken": token[1]}, headers={"Origin": "http://testserver"}
    )
    assert answer.status_code == 302


def test_a_stale_label_or_link_leads_to_reporting(client_as: ClientAs) -> None:
    browsers = Client(), client_as(cast.technician())
    for browser in browsers:
        for name, said in (
            ("report_device", "标签可能已更换"),
            ("report_place", "标签"),
            ("progress", "链接可能不完整"),
        ):
            answer = browser.get(reverse(f"faults:{name}", args=["nosuch"]))
            page = answer.content.decode()
            assert answer.status_code == 404
            assert said in page and f'href="{reverse("faults:report")}"' in page
            assert "tabler" not in page, "as light as the other public pages"


def test_every_page_is_under_a_hundred_kilobytes_with_all_it_loads(device: Device) -> None:
    report = followed(send(device, description="说" * 500))
    urls = [
        reverse("faults:report", query={"q": "桂子"}),
        reverse("faults:report_device", args=[device.token]),
        reverse("faults:report_place", args=[device.place.token]),
        reverse("faults:progress", args=[report.secret]),
    ]
    for url in urls:
        page = Client().get(url).content
        loaded = {unescape(found) for found in re.findall(r'(?:href|src)="(/static/[^"?]+)', page.decode())}
        assert loaded, "a page has its style"
        size = len(page)
        for path in loaded:
            name = path.removeprefix("/static/")
            found = finders.find(name) or finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name))
            assert isinstance(found, str), path
            size += Path(found).stat().st_size
        assert size < 100_000, (url, size)
