"""A technician with a phone in one hand: where do I go next, and what do I do there?"""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests import builders
from tests.journeys.browsing import DESKTOP, PHONE, Size, Visit, photo, shot
from tests.journeys.conftest import Campus, Hand
from yika.faults.models import Fault, Ruling
from yika.faults.rules import RulingKind, State


def do(page: Page, what: str, note: str = "") -> None:
    """Open a step, say what it asks for, press it."""
    step = page.locator("summary", has_text=what)
    step.wait_for(state="attached")
    if not step.is_visible():  # a lesser step, folded away
        page.locator("summary", has_text="其他操作").click()
    step.click()
    step = page.locator("details.act[open]")
    if note:
        step.locator("textarea").first.fill(note)
    step.get_by_role("button", name=what).click()


def state(page: Page, word: str) -> None:
    """The head says where the work stands."""
    expect(page.locator(".page-head")).to_contain_text(word)


def test_from_the_notice_to_the_log_by_thumb(visit: Visit, campus: Campus, hand: Hand, size: Size) -> None:
    machine = campus.machines[0]
    fault = builders.fault(
        State.DISPATCHED,
        to=campus.technician,
        of=machine,
        reporter_name="刘师傅",
        reporter_phone="13912345678",
    )
    hand.forward(minutes=2)
    page = visit(campus.technician, "/", size)
    expect(page.locator("h1")).to_have_text("我的工单")
    shot(page, "technician-1-my-work")
    page.get_by_role("link", name="消息").first.click()
    page.get_by_role("button", name=f"派单 {fault.number}").click()
    expect(page.locator("h1")).to_contain_text("豆浆")
    expect(page.locator("main")).to_contain_text("139****5678")
    expect(page.locator("main")).not_to_contain_text("13912345678")
    shot(page, "technician-2-sent")

    page.get_by_role("button", name="接单").click()
    state(page, "已接单")
    hand.forward(minutes=1)
    page.get_by_role("button", name="出发").click()
    state(page, "赶赴现场")
    page.get_by_role("button", name="显示电话").click()
    expect(page.get_by_role("link", name="13912345678")).to_be_visible()
    shot(page, "technician-3-on-the-way")

    hand.forward(minutes=10)
    page.goto(f"/r/d/{machine.token}/")  # what the label opens
    shot(page, "technician-4-scanned")
    page.get_by_role("button", name="我已到场").click()
    state(page, "处理中")
    fault.refresh_from_db()
    assert fault.moves.get(verb="arrive").scanned
    assert fault.response
    assert fault.response.settled_at == hand.at

    page.get_by_label("照片").set_input_files([photo()])
    page.get_by_role("button", name="上传照片").click()
    expect(page.get_by_role("img", name="现场照片")).to_have_count(1)
    shot(page, "technician-5-working")

    do(page, "等待配件", "电源模块，仓库调拨")
    state(page, "等待配件")
    expect(page.locator("main")).to_contain_text("修复")  # waiting never stops a clock
    expect(page.locator(".clocks")).to_contain_text("还剩")
    hand.forward(hours=2)
    do(page, "继续处理")
    state(page, "处理中")

    hand.forward(minutes=20)
    do(page, "修复", "更换电源模块")
    state(page, "已修复")
    expect(page.locator(".clocks")).to_contain_text("按时")

    page.locator("summary", has_text="反馈报修人").click()
    page.get_by_label("电话", exact=True).check()
    page.get_by_label("告知内容").fill("已修好，请试刷")
    page.get_by_role("button", name="反馈报修人").click()
    state(page, "已反馈")

    page.locator("summary", has_text="填写故障日志").click()
    page.get_by_label("故障原因").fill("电源模块老化")
    page.get_by_label("处理方法").fill("更换电源模块")
    page.get_by_label("更换配件").fill("电源模块 1 个")
    page.get_by_label("处理结果").fill("恢复正常")
    shot(page, "technician-6-log")
    page.get_by_role("button", name="填写故障日志").click()
    state(page, "已填日志")
    fault.refresh_from_db()
    assert fault.logs.get().entries["cause"] == "电源模块老化"


def test_neither_feedback_nor_log_can_be_skipped(visit: Visit, campus: Campus) -> None:
    """The step after the next is not offered, and a required field of the log stops it."""
    fault = builders.fault(State.FED_BACK, to=campus.technician, of=campus.machines[0])
    page = visit(campus.technician, f"/my/{fault.pk}/", PHONE)
    expect(page.get_by_text("办结")).to_have_count(0)
    page.locator("summary", has_text="填写故障日志").click()
    page.locator("details.act[open] form").evaluate("form => form.noValidate = true")
    page.get_by_label("故障原因").fill("电源")
    page.get_by_role("button", name="填写故障日志").click()
    expect(page.get_by_role("alert")).to_contain_text("处理方法")
    expect(page.get_by_label("故障原因")).to_have_value("电源")
    fault.refresh_from_db()
    assert fault.state == State.FED_BACK


def test_the_list_is_by_urgency_and_only_ones_own(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    later = builders.fault(State.ACCEPTED, to=campus.technician, of=campus.machines[0])
    sooner = builders.fault(
        State.DISPATCHED, at=hand.at - timedelta(minutes=50), to=campus.technician, of=campus.machines[1]
    )
    builders.fault(State.DISPATCHED, to=campus.other, of=campus.machines[2])
    page = visit(campus.technician, "/my/", size)
    expect(page.locator(".cards .row-link")).to_have_text([sooner.spot, later.spot])


def test_without_a_label_the_arrival_is_stated_with_a_reason(
    visit: Visit, campus: Campus, hand: Hand
) -> None:
    fault = builders.fault(State.ON_THE_WAY, to=campus.technician, of=campus.machines[0])
    hand.forward(minutes=10)
    page = visit(campus.technician, f"/my/{fault.pk}/", PHONE)
    page.locator("summary", has_text="到场").click()
    page.get_by_role("button", name="到场").click()
    expect(page.get_by_label("未扫码到场的原因")).to_be_focused()  # the browser asks for it
    page.get_by_label("未扫码到场的原因").fill("标签被撕掉")
    page.get_by_role("button", name="到场").click()
    state(page, "处理中")
    page.get_by_role("link", name="全部记录").click()
    expect(page.locator("main")).to_contain_text("标签被撕掉")
    assert not fault.moves.get(verb="arrive").scanned


def test_a_label_elsewhere_proves_no_arrival(visit: Visit, campus: Campus) -> None:
    builders.fault(State.ON_THE_WAY, to=campus.technician, of=campus.machines[0])
    page = visit(campus.technician, f"/r/d/{campus.machines[1].token}/", PHONE)
    expect(page.locator("h1")).to_contain_text("XF-0002")
    expect(page.get_by_role("button", name="我已到场")).to_have_count(0)


def test_an_earlier_arrival_counts_only_when_the_office_has_said_so(
    visit: Visit, campus: Campus, hand: Hand
) -> None:
    fault = builders.fault(State.ON_THE_WAY, to=campus.technician, of=campus.machines[0])
    hand.forward(minutes=70)
    page = visit(campus.technician, f"/my/{fault.pk}/", PHONE)
    page.locator("summary", has_text="到场").click()
    page.get_by_label("未扫码到场的原因").fill("手机没电，后补")
    page.locator("details.act[open] summary", has_text="补录").click()
    page.locator("details.act[open]").get_by_label("实际时间").fill("2026-03-02T09:40:00")
    shot(page, "technician-7-late-entry")
    page.get_by_role("button", name="到场").click()
    state(page, "处理中")
    expect(page.locator(".clocks")).to_contain_text("超时")
    asked = Ruling.objects.get(kind=RulingKind.LATE_ENTRY)
    assert asked.decided_at is None
    fault.refresh_from_db()
    assert fault.response
    assert fault.response.settled_at == hand.at


def test_what_is_not_ones_own_can_be_read_but_not_moved(visit: Visit, campus: Campus, size: Size) -> None:
    fault = builders.fault(State.DISPATCHED, to=campus.other, of=campus.machines[0])
    page = visit(campus.technician, f"/my/{fault.pk}/", size)
    expect(page.locator("h1")).to_contain_text(fault.number)
    expect(page.locator("main")).to_contain_text("赵伟")
    for word in ("接单", "退单", "到场", "修复", "派单", "办结"):
        expect(page.get_by_role("button", name=word, exact=True)).to_have_count(0)
        expect(page.locator("summary", has_text=word)).to_have_count(0)


def test_who_cannot_go_hands_it_back_with_a_reason(visit: Visit, campus: Campus) -> None:
    fault = builders.fault(State.DISPATCHED, to=campus.technician, of=campus.machines[0])
    page = visit(campus.technician, f"/my/{fault.pk}/", PHONE)
    do(page, "退单", "正在处理另一起严重故障")
    expect(page.locator("h1")).to_contain_text(fault.number)
    state(page, "已报修")
    fault.refresh_from_db()
    assert (fault.state, fault.technician) == (State.REPORTED, None)
    desk = visit(campus.dispatcher, "/notices/", DESKTOP)
    expect(desk.locator("main")).to_contain_text("正在处理另一起严重故障")


def test_a_remote_start_counts_as_the_response(visit: Visit, campus: Campus, hand: Hand) -> None:
    fault = builders.fault(State.ACCEPTED, to=campus.technician, of=campus.machines[0])
    hand.forward(minutes=5)
    page = visit(campus.technician, f"/my/{fault.pk}/", PHONE)
    do(page, "远程处理", "远程重启服务")
    state(page, "处理中")
    fault.refresh_from_db()
    assert fault.response
    assert fault.response.settled_at == hand.at


def test_the_next_step_is_under_the_thumb(visit: Visit, campus: Campus) -> None:
    """The main button stands on the first screen of a phone, in its lower two thirds, and is large enough."""
    fault = builders.fault(State.DISPATCHED, to=campus.technician, of=campus.machines[0])
    page = visit(campus.technician, f"/my/{fault.pk}/", PHONE)
    box = page.get_by_role("button", name="接单").bounding_box()
    assert box
    assert box["height"] >= 48
    assert PHONE.height / 3 < box["y"] < PHONE.height - box["height"]


def test_two_faults_at_one_window_are_both_offered_at_the_label(visit: Visit, campus: Campus) -> None:
    machine = campus.machines[0]
    for symptom in ("terminal_dead", "cannot_pay"):
        builders.fault(State.ACCEPTED, to=campus.technician, of=machine, symptom=symptom)
    page = visit(campus.technician, f"/r/d/{machine.token}/", PHONE)
    expect(page.get_by_role("button", name="我已到场")).to_have_count(2)
    page.get_by_role("button", name="我已到场").first.click()
    state(page, "处理中")
    assert Fault.objects.filter(state=State.WORKING).count() == 1
