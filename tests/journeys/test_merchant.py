"""A merchant at a window: reports in half a minute without an account, and hears what becomes of it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import builders, cast
from tests.journeys.browsing import PHONE, Size, Visit, noisy_photo, photo, shot
from tests.journeys.conftest import Campus, Hand
from yika.faults.actions import dispatching, finishing, reporting, working
from yika.faults.models import Complaint, Fault, Feedback, Report
from yika.faults.rules import State


def report(page: Page, symptom: str = "机器不开机或死机") -> Report:
    """Press the last button of the report and land on its page."""
    page.locator(".choice label", has_text=symptom).click()
    page.get_by_role("button", name="提交报修").click()
    expect(page.locator("h1")).to_contain_text("G0")
    return Report.objects.get(secret=page.url.rstrip("/").rpartition("/")[2])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_scanned_label_becomes_a_report_with_a_photo_and_a_page_to_follow(
    visit: Visit, campus: Campus, size: Size, scripts: bool
) -> None:
    machine = campus.machines[0]
    page = visit(path=f"/r/d/{machine.token}/", size=size, scripts=scripts)
    expect(page.locator("h1")).to_contain_text("XF-0001")
    expect(page.locator("main")).to_contain_text("一楼/豆浆")
    page.get_by_label("补充说明").fill("早上开不了机")
    page.get_by_label("照片").set_input_files([photo()])
    page.get_by_label("手机号").fill("13812345678")
    shot(page, f"merchant-1-report-{scripts}")
    made = report(page)
    fault = made.fault
    assert (fault.device, fault.severity, made.photos.count()) == (machine, "general", 1)
    expect(page.locator("h1")).to_contain_text(fault.number)
    expect(page.locator("main")).to_contain_text("已收到，正在安排维护人员")
    expect(page.locator("main")).to_contain_text("10:12")  # an hour to respond
    expect(page.locator("main")).to_contain_text("21:12")  # twelve to repair
    expect(page.locator("main")).not_to_contain_text("13812345678")
    shot(page, f"merchant-2-reported-{scripts}")
    sent = page.request.get(page.get_by_role("link", name="第 1 张").get_attribute("href") or "")
    assert (sent.status, sent.headers["content-type"]) == (200, "image/jpeg")


def test_large_photos_are_made_smaller_before_they_are_sent(visit: Visit, campus: Campus) -> None:
    page = visit(path=f"/r/d/{campus.machines[0].token}/", size=PHONE)
    sent: list[int] = []
    page.on("request", lambda asked: sent.append(len(asked.post_data_buffer or b"")))
    noise = noisy_photo()
    assert len(noise["buffer"]) > 4_000_000
    field = page.get_by_label("照片")
    field.set_input_files([noise] * 3)
    page.locator(".choice label", has_text="机器不开机或死机").click()
    page.get_by_role("button", name="提交报修").click()  # at once, while they are being made smaller
    expect(page.locator("h1")).to_contain_text("G0")
    assert Report.objects.get().photos.count() == 3
    assert max(sent) < 6_000_000
    page.goto(f"/r/d/{campus.machines[0].token}/")
    field.set_input_files([noise])
    expect(page.get_by_text("已选 1 张，发送时约")).to_be_visible()
    shot(page, "merchant-1-photos")


def test_without_a_symptom_nothing_is_sent_and_what_was_typed_stays(visit: Visit, campus: Campus) -> None:
    page = visit(path=f"/r/d/{campus.machines[0].token}/", size=PHONE, scripts=False)
    page.locator("form").last.evaluate("form => form.noValidate = true")
    page.get_by_label("补充说明").fill("屏幕花了")
    page.get_by_role("button", name="提交报修").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择现象")
    expect(page.get_by_label("补充说明")).to_have_value("屏幕花了")
    assert not Fault.objects.exists()


def test_the_reporter_sees_who_comes_what_was_done_and_what_the_office_answers(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    page = visit(path=f"/r/d/{campus.machines[0].token}/", size=size)
    made = report(page)
    fault, to, main = made.fault, campus.technician, page.locator("main")
    now = page.locator(".steps .now")
    refresh = page.get_by_role("link", name="刷新进度")

    dispatching.dispatch(fault, to=to, by=campus.dispatcher, at=hand.forward(minutes=3))
    refresh.click()
    expect(now).to_contain_text("已派单")
    expect(main).to_contain_text("王强 负责处理")
    expect(main).to_contain_text(f"胸牌号 {to.badge_number}")
    shot(page, "merchant-3-dispatched")

    working.accept(fault, by=to, at=hand.forward(minutes=1))
    working.set_out(fault, by=to, at=hand.forward(minutes=1))
    refresh.click()
    expect(now).to_contain_text("正在赶来")

    working.arrive(fault, by=to, at=hand.forward(minutes=15), scanned=campus.machines[0])
    refresh.click()
    expect(now).to_contain_text("正在处理")
    expect(page.get_by_role("button", name="提交评价")).to_have_count(0)

    working.restore(fault, by=to, at=hand.forward(minutes=20), note="更换电源")
    finishing.give_feedback(
        fault, way=Feedback.Way.PHONE, told="已更换电源，请放心使用", by=to, at=hand.forward(minutes=2)
    )
    refresh.click()
    expect(now).to_contain_text("已修复")
    expect(main).to_contain_text("已更换电源，请放心使用")
    shot(page, "merchant-4-restored")

    page.locator(".rating").get_by_text("4", exact=True).click()
    page.get_by_label("补充意见").fill("来得快")
    page.get_by_role("button", name="提交评价").click()
    expect(main).to_contain_text("您评价了 4 分")

    page.locator("summary", has_text="投诉").click()
    page.get_by_label("投诉内容").fill("上门时没有戴胸牌")
    page.get_by_role("button", name="提交投诉").click()
    expect(main).to_contain_text("信息化办公室正在处理")
    reporting.answer(Complaint.objects.get(), text="已约谈运维方", by=campus.office, at=hand.forward(hours=1))
    refresh.click()
    expect(main).to_contain_text("已约谈运维方")
    shot(page, "merchant-5-answered")
    made.refresh_from_db()
    assert (made.rating, made.comment) == (4, "来得快")


def test_a_second_merchant_joins_the_known_outage(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    """Of the place, so that the machine of the same window may be meant."""
    first = builders.report(where=campus.machines[0].place).fault
    hand.forward(minutes=5)
    page = visit(path=f"/r/d/{campus.machines[0].token}/", size=size)
    expect(page.locator("main")).to_contain_text("这里已有人报修")
    expect(page.locator("main")).to_contain_text("前修复")
    shot(page, "merchant-6-known-outage")
    page.get_by_text("我遇到的就是这个").click()
    page.get_by_role("button", name="提交报修").click()
    expect(page.locator("h1")).to_contain_text(first.number)
    assert Fault.objects.count() == 1
    assert first.reports.count() == 2


def test_still_broken_reopens_and_the_clock_goes_on_from_the_first_report(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = builders.fault(State.FED_BACK, to=campus.technician, of=campus.machines[0])
    due = fault.repair and fault.repair.due_at
    hand.forward(hours=2)
    page = visit(path=f"/t/{fault.reports.get().secret}/", size=size)
    expect(page.locator(".lead")).to_have_text("已修复")
    page.locator("summary", has_text="还没有修好").click()
    page.get_by_label("现在是什么情况").fill("又死机了")
    page.get_by_role("button", name="告诉我们没有修好").click()
    expect(page.locator(".lead")).to_have_text("已收到，正在安排维护人员")
    shot(page, "merchant-7-reopened")
    fault.refresh_from_db()
    assert fault.repair
    assert (fault.state, fault.repair.settled_at, fault.repair.due_at) == ("reported", None, due)


def test_after_the_window_still_broken_becomes_a_new_fault_that_follows(
    visit: Visit, campus: Campus, hand: Hand
) -> None:
    fault = builders.fault(State.FED_BACK, to=campus.technician, of=campus.machines[0])
    hand.forward(days=3)
    page = visit(path=f"/t/{fault.reports.get().secret}/", size=PHONE)
    page.locator("summary", has_text="还没有修好").click()
    page.get_by_label("现在是什么情况").fill("又死机了")
    page.get_by_role("button", name="告诉我们没有修好").click()
    follower = Fault.objects.filter(follows=fault)
    expect(page.locator("h1")).not_to_contain_text(fault.number)
    expect(page.locator("h1")).to_contain_text(follower.get().number)
    assert follower.get().reported_at == cast.AT + timedelta(days=3)


def test_a_broken_card_is_sent_to_the_card_counter_without_a_clock(visit: Visit, campus: Campus) -> None:
    page = visit(path=f"/r/d/{campus.machines[0].token}/", size=PHONE)
    report(page, "卡片折断、开裂等物理损坏")
    expect(page.locator("main")).to_contain_text("卡片物理损坏属于换卡业务")
    expect(page.locator("main")).not_to_contain_text("不晚于")
    assert Fault.objects.get().response is None


def test_who_has_no_label_finds_the_window_by_name(visit: Visit, campus: Campus, size: Size) -> None:
    page = visit(path="/r/", size=size)
    page.get_by_label("地点名称").fill("一楼 面馆")
    page.get_by_role("button", name="查找").click()
    shot(page, "merchant-8-find")
    page.get_by_role("link", name="面馆").click()
    made = report(page, "刷卡不扣款或扣款出错")
    assert (made.fault.place, made.fault.device) == (campus.machines[1].place, None)
