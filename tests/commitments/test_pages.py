"""What is due, whether the standard is kept, and the arithmetic of each commitment, as people see it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import builders, cast
from yika.commitments import actions
from yika.commitments.jobs import handle_due
from yika.commitments.models import Commitment
from yika.commitments.rules import Kind, Month, Outcome, Promise, Urgency, urgency
from yika.contracts.models import Contract
from yika.faults.models import Symptom
from yika.lib import clock
from yika.people.models import User
from yika.standards.rules import Limit

pytestmark = pytest.mark.django_db
AT = cast.AT  # Monday 2026-03-02 09:12 on campus
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
Browser = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(AT + 20 * MINUTE):
        yield


def seen(browser: Client, url: str) -> str:
    """The page's text, tags taken away."""
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def statements(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def campus(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-03-04T09:11:59", Urgency.OVERDUE),
        ("2026-03-04T09:12:00", Urgency.TODAY),
        ("2026-03-05T00:00:00", Urgency.TODAY),
        ("2026-03-05T00:00:01", Urgency.WEEK),
        ("2026-03-09T00:00:00", Urgency.WEEK),
        ("2026-03-09T00:00:01", Urgency.LATER),
    ],
)
def test_urgency_goes_by_the_campus_calendar(due: str, expected: Urgency) -> None:
    assert urgency(campus(due), campus("2026-03-04T09:12:00")) is expected


def test_months() -> None:
    month = Month.read("2026-03")
    assert (month.starts_at, month.ends_at) == (campus("2026-03-01T00:00:00"), campus("2026-04-01T00:00:00"))
    assert [str(month.shifted(by)) for by in (-3, -2, 0, 9, 10)] == [
        "2025-12", "2026-01", "2026-03", "2026-12", "2027-01",
    ]  # fmt: skip
    assert Month.of(campus("2026-03-31T23:59:59")) == month
    assert Month.of(campus("2026-04-01T00:00:00")) == month.shifted(1)
    for wrong in ("", "2026-13", "2026-3", "1999-01", "2026-03-01", "x", "２０２６-03"):
        with pytest.raises(ValueError):
            Month.read(wrong)


class TestDue:
    def test_overdue_first_then_today_then_the_week(self, client_as: Browser) -> None:
        wang = cast.technician("王强")
        builders.commitment(Limit("4.2.2.2", 86_400 * 3), subject="本周的", kind=Kind.REPAIR)
        builders.commitment(started_at=AT - 5 * HOUR, subject="超时的", holder=wang)
        builders.commitment(subject="今天的")
        builders.commitment(Limit("4.2.3", days=10), subject="以后的", kind=Kind.REPAIR)
        builders.commitment(settled_at=AT, subject="做完的")
        page = seen(client_as(cast.manager()), "/due/")
        assert page.index("超时的") < page.index("今天的") < page.index("本周的")
        assert "已超时 4 小时 20 分 · 05:12 到期" in page
        assert "还剩 40 分 · 10:12 到期" in page
        assert "以后的" not in page and "做完的" not in page
        assert "王强" in page and "尚未派单" in page
        assert "以后的" in seen(client_as(cast.office()), "/due/?scope=all")

    def test_filters(self, client_as: Browser) -> None:
        wang = cast.technician("王强")
        builders.commitment(subject="王的响应", holder=wang)
        builders.commitment(subject="无人的响应")
        builders.commitment(subject="王的修复", holder=wang, kind=Kind.REPAIR)
        browser = client_as(cast.dispatcher())
        mine = seen(browser, f"/due/?holder={wang.pk}&kind=response")
        assert "王的响应" in mine and "无人的响应" not in mine and "王的修复" not in mine
        assert "王的响应" not in seen(browser, "/due/?holder=none")
        assert "没有符合条件的事项" in seen(browser, "/due/?holder=none&kind=repair")
        for wrong in ("holder=999999", "kind=x", "after=x"):
            assert browser.get(f"/due/?{wrong}").status_code == 422

    def test_nothing_due_says_what_will_appear(self, client_as: Browser) -> None:
        assert "没有到期的事项" in seen(client_as(cast.office()), "/due/")

    def test_another_vendor_sees_nothing_of_it(self, client_as: Browser) -> None:
        builders.commitment(subject="本单位的")
        assert "本单位的" not in seen(client_as(cast.stranger()), "/due/")

    def test_a_warning_that_could_not_be_sent_shows(self, client_as: Browser) -> None:
        row = builders.commitment()
        Commitment.objects.filter(pk=row.pk).update(alert_error="IntegrityError: x")
        browser = client_as(cast.office())
        assert "预警未能发出" in seen(browser, "/due/")
        assert "IntegrityError: x" in seen(browser, f"/commitments/{row.pk}/")

    def test_costs_the_same_however_long(self, client_as: Browser) -> None:
        browser = client_as(cast.office())
        builders.commitment(holder=cast.technician())
        seen(browser, "/due/")
        few = statements(browser, "/due/")
        for _ in range(25):
            builders.commitment(holder=cast.technician())
        assert statements(browser, "/due/") == few

    def test_pages_by_key(self, client_as: Browser) -> None:
        for number in range(60):
            builders.commitment(subject=f"第{number:02d}件")
        browser = client_as(cast.office())
        first = browser.get("/due/")
        cursor = first.context["page"].next_cursor
        second = browser.get("/due/", {"after": cursor})
        pages = first.context["page"].rows + second.context["page"].rows
        assert len({row.pk for row in pages}) == 60 and second.context["page"].next_cursor == ""


def outcomes() -> None:
    """Three promises of March under 4.2.2.1: met, missed but excused, missed."""
    late = AT + 90 * MINUTE
    builders.commitment(settled_at=AT + MINUTE, started_at=AT, subject="按时的")
    excused = builders.commitment(settled_at=late, subject="豁免的")
    claim = actions.claim_exemption(
        excused, from_at=AT, until_at=AT + HOUR, reason="封闭", by=cast.manager(), at=AT + 2 * HOUR
    )
    actions.decide_exemption(claim, granted=True, decision="属实", by=cast.office(), at=AT + 3 * HOUR)
    builders.commitment(settled_at=late, subject="超时的")


class TestCompliance:
    @pytest.fixture(autouse=True)
    def _later(self) -> Iterator[None]:
        with clock.frozen(AT + timedelta(days=3)):
            yield

    def test_raw_and_exempted_side_by_side_each_leading_to_its_list(self, client_as: Browser) -> None:
        outcomes()
        browser = client_as(cast.office())
        line = next(line for line in browser.get("/compliance/").context["lines"] if line["row"].figure.total)
        figure = line["row"].figure
        assert (figure.total, figure.raw_met, figure.raw_missed, figure.met, figure.missed) == (3, 1, 2, 2, 1)
        page = seen(browser, "/compliance/")
        assert "33.3 %" in page and "66.6 %" in page
        lists = {
            "": {"按时的", "豁免的", "超时的"},
            "&outcome=met": {"按时的", "豁免的"},
            "&outcome=missed": {"超时的"},
            "&outcome=met&raw=on": {"按时的"},
            "&outcome=missed&raw=on": {"豁免的", "超时的"},
            "&outcome=open": set(),
            "&former=on": set(),
        }
        for asked, expected in lists.items():
            rows = browser.get(f"{line['query']}{asked}").context["page"].rows
            assert {row.subject for row in rows} == expected, asked

    def test_every_clause_with_a_limit_stands_there_with_its_text(self, client_as: Browser) -> None:
        builders.contract()
        page = seen(client_as(cast.auditor()), "/compliance/")
        for clause in ("4.2.2.1", "4.2.2.2", "4.2.2.3", "4.2.2.4", "4.2.2.5", "4.2.3"):
            assert clause in page
        assert "本月还没有开始计时的事项" in page and "修复时间：" in page

    def test_a_month_is_the_campus_month_of_the_report(self, client_as: Browser) -> None:
        for started in ("01-31T23:59:59", "02-01T00:00:00", "02-28T23:59:59", "03-01T00:00:00"):
            builders.commitment(started_at=campus(f"2026-{started}"))
        browser = client_as(cast.office())
        totals = {
            month: browser.get(f"/compliance/?month={month}").context["statement"].total.total
            for month in ("2025-12", "2026-01", "2026-02", "2026-03")
        }
        assert totals == {"2025-12": 0, "2026-01": 1, "2026-02": 2, "2026-03": 1}
        bars = browser.get("/compliance/?month=2026-02").context["statement"].bars
        assert [str(bar.month) for bar in bars] == [
            "2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02",
        ]  # fmt: skip
        assert [bar.percent for bar in bars] == [None] * 5 + [0, 0]
        assert "下个月" not in seen(browser, "/compliance/") and "下个月" in seen(
            browser, "/compliance/?month=2026-02"
        )

    def test_a_deadline_missed_under_an_earlier_class_is_counted_beside_it(self, client_as: Browser) -> None:
        row = builders.commitment(Limit("4.2.2.2", 1800))
        builders.kept(row, Promise(Kind.RESPONSE, Limit("4.2.2.1", 3600), AT), at=AT + 40 * MINUTE)
        builders.kept(
            row, Promise(Kind.RESPONSE, Limit("4.2.2.1", 3600), AT, AT + 45 * MINUTE), at=AT + 45 * MINUTE
        )
        browser = client_as(cast.manager())
        assert "曾超时 1" in seen(browser, "/compliance/")
        assert "“曾超时”指" in seen(browser, "/compliance/")
        assert "曾超时（按原等级）" in seen(browser, "/commitments/?former=on")
        assert "曾超时（按原等级）" in seen(browser, f"/commitments/{row.pk}/")

    def test_a_paper_that_can_be_signed(self, client_as: Browser) -> None:
        contract = builders.contract()
        page = seen(client_as(cast.office()), "/compliance/")
        title = f"《{contract.standard.title}》执行情况统计"
        for words in (title, contract.number, "2026年3月1日", "签字、日期"):
            assert words in page

    def test_contracts_are_counted_apart(self, client_as: Browser) -> None:
        first = builders.contract()
        second = Contract.objects.get(pk=first.pk)
        second.pk, second.number = None, "HT-2026-02"
        second.save()
        builders.commitment(under=first)
        browser = client_as(cast.office())
        found = [
            browser.get(f"/compliance/?contract={one.pk}").context["statement"].total.total
            for one in (first, second)
        ]
        assert found == [1, 0]
        assert browser.get("/compliance/?contract=999999").status_code == 422
        assert browser.get(f"/commitments/?contract={second.pk}").context["page"].rows == []

    def test_no_contract_and_no_sense(self, client_as: Browser) -> None:
        browser = client_as(cast.office())
        assert "该月份没有生效的合同" in seen(browser, "/compliance/")
        for wrong in ("2026-13", "x", "202603"):
            assert browser.get(f"/compliance/?month={wrong}").status_code == 422
            assert browser.get(f"/commitments/?month={wrong}").status_code == 422

    def test_costs_the_same_however_much_happened(self, client_as: Browser) -> None:
        browser = client_as(cast.office())
        outcomes()
        urls = ("/compliance/", "/commitments/")
        for url in urls:
            seen(browser, url)
        few = [statements(browser, url) for url in urls]
        for number in range(20):
            builders.commitment(
                Limit("4.2.2.2", 1800), started_at=AT - number * timedelta(days=9), holder=cast.technician()
            )
        assert [statements(browser, url) for url in urls] == few


class TestOneCommitment:
    def test_the_arithmetic_stands_in_the_open(self, client_as: Browser) -> None:
        wang = cast.technician("王强")
        row = builders.commitment(holder=wang)
        handle_due(AT + 30 * MINUTE)
        office, manager = cast.office("周敏"), cast.manager("陈立")
        claim = actions.claim_exemption(
            row, from_at=AT, until_at=AT + 10 * MINUTE, reason="楼宇封闭", by=manager, at=AT + HOUR
        )
        actions.decide_exemption(claim, granted=True, decision="属实", by=office, at=AT + HOUR)
        done = Promise(Kind.RESPONSE, row.limit, AT, AT + 65 * MINUTE)
        builders.kept(row, done, at=AT + 65 * MINUTE, holder=wang)
        with clock.frozen(AT + 2 * HOUR):
            page = seen(client_as(cast.auditor()), f"/commitments/{row.pk}/")
        for words in (
            "4.2.2.1", "响应时间：1小时", "王强",
            "2026-03-02 09:12:00 ＋ 1 小时 ＝ 2026-03-02 10:12:00",
            "2026-03-02 10:12:00 ＋ 豁免 10 分 ＝ 2026-03-02 10:22:00",
            "原始结果 超时 2026-03-02 10:17:00 &gt; 2026-03-02 10:12:00",
            "计豁免结果 按时 2026-03-02 10:17:00 ≤ 2026-03-02 10:22:00",
            "楼宇封闭", "陈立", "同意", "属实", "周敏", "一般故障（2.1）",
            "响应开始计时：4.2.2.1", "响应预警已发给调度、维护人员", "响应完成：超时",
        ):  # fmt: skip
            assert words in page, words

    def test_a_ruling_stands_beside_the_computed_outcome(self, client_as: Browser) -> None:
        row = builders.commitment(settled_at=AT + 2 * HOUR)
        actions.rule_outcome(
            row, outcome=Outcome.MET, reason="系停电所致", by=cast.office("周敏"), at=AT + 3 * HOUR
        )
        page = seen(client_as(cast.manager()), f"/commitments/{row.pk}/")
        assert "认定 按时 系停电所致 周敏" in page

    def test_a_void_one_says_so(self, client_as: Browser) -> None:
        row = builders.commitment()
        builders.kept(row, None)
        assert "已不计时" in seen(client_as(cast.manager()), f"/commitments/{row.pk}/")

    def test_leads_to_its_fault(self, client_as: Browser) -> None:
        fault = builders.fault()
        assert fault.response
        browser = client_as(cast.office())
        page = browser.get(f"/commitments/{fault.response_id}/").content.decode()
        assert f"/faults/of-commitment/{fault.response_id}/" in page
        assert f"#c-{fault.response.clause}" in page

    def test_costs_the_same_with_a_long_history(self, client_as: Browser) -> None:
        row = builders.commitment()
        url, browser = f"/commitments/{row.pk}/", client_as(cast.office())
        seen(browser, url)
        few = statements(browser, url)
        manager, office = cast.manager(), cast.office()
        for hours in range(2, 12):
            handle_due(AT + hours * HOUR)
            claim = actions.claim_exemption(
                row, from_at=AT, until_at=AT + MINUTE, reason="x", by=manager, at=AT + hours * HOUR
            )
            actions.decide_exemption(claim, granted=False, decision="x", by=office, at=AT + hours * HOUR)
        assert statements(browser, url) == few


@pytest.mark.parametrize("url", ["/due/?scope=all", "/compliance/", "/commitments/"])
def test_pages_speak_english(client_as: Browser, url: str) -> None:
    builders.commitment(subject="G000001", holder=cast.technician("Wang"))
    browser = client_as(cast.office("Zhou"))
    response = browser.get(url, headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert re.search(r"Overdue|Rate|Time limits", response.content.decode())


def test_the_sheet_explains_no_mark_that_is_not_on_it(client_as: Browser) -> None:
    builders.fault()
    assert "曾超时" not in seen(client_as(cast.office()), "/compliance/")


def test_the_subject_of_a_fault_reads_in_the_language_of_the_reader(client_as: Browser) -> None:
    row = builders.fault(symptom=Symptom.CANNOT_PAY).repair
    assert row and row.subject.endswith("刷卡不扣款或扣款出错") and row.about == row.subject
    browser = client_as(cast.office())
    with CaptureQueriesContext(connection) as chinese:
        assert row.subject in browser.get("/due/").content.decode()
    for url in ("/due/", "/commitments/", f"/commitments/{row.pk}/"):
        with CaptureQueriesContext(connection) as english:
            text = browser.get(url, headers={"Accept-Language": "en"}).content.decode()
        assert "刷卡不扣款或扣款出错" not in text.partition("timeline")[0], url
        if url == "/due/":
            assert len(english) <= len(chinese)
    with translation.override("en"):
        assert str(Symptom.CANNOT_PAY.label) in row.about
