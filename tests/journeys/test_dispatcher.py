"""A dispatcher with a telephone at the ear: what must I send whom, now? Everything one key away."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests import builders, cast
from tests.journeys.browsing import DESKTOP, PHONE, Size, Visit, shot
from tests.journeys.conftest import Campus, Hand
from yika.faults.actions import classifying, dispatching
from yika.faults.models import Fault
from yika.faults.rules import State


def tick(page: Page, label: str, typed: str, wanted: str) -> None:
    """Choose a thing with the picker, as it lists matches while one types."""
    page.get_by_label(re.compile(rf"^{label}\*?$")).press_sequentially(typed)
    page.locator(".picks label", has_text=wanted).click()
    expect(page.locator(".picks label", has_text=wanted).locator("input")).to_be_checked()


def test_the_day_begins_with_a_password_and_ends_on_the_board(
    visit: Visit, campus: Campus, size: Size
) -> None:
    page = visit(path="/", size=size)
    expect(page.locator("h1")).to_have_text("登录")
    page.get_by_label("登录名").fill(campus.dispatcher.username)
    page.get_by_label("密码").fill("not-this-one")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("登录名")).to_have_value(campus.dispatcher.username)
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("调度台")
    expect(page.locator("main")).to_contain_text("现在没有未结束的故障")
    shot(page, "dispatcher-1-empty-board")


def test_the_board_shows_what_burns_first_and_sends_the_suggested_technician(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    calm = builders.fault(of=campus.machines[0])
    overdue = builders.fault(at=hand.at - timedelta(hours=3), of=campus.machines[1])
    grave = builders.fault(of=campus.machines[2])
    classifying.classify(
        grave, terminals=10, cardholders=0, devices=(), reason="交换机断电", by=campus.manager, at=hand.at
    )
    page = visit(campus.dispatcher, "/board/", size)
    numbers = page.locator("#burning .row-link")
    expect(numbers).to_have_text([overdue.number, grave.number, calm.number])
    expect(page.locator("#burning tbody tr").first).to_contain_text("已超时")
    expect(page.locator("#chosen")).to_contain_text(overdue.number)
    shot(page, "dispatcher-2-board")
    numbers.nth(2).click()
    expect(page.locator("#chosen h2")).to_contain_text(calm.number)
    page.locator("#chosen summary", has_text="派单").click()
    suggested = page.locator("#chosen label", has_text="王强")
    expect(suggested).to_contain_text("当班")
    expect(suggested).to_contain_text("技能相符")
    expect(suggested.locator("input")).to_be_checked()
    shot(page, "dispatcher-3-send")
    page.locator("#chosen").get_by_role("button", name="派单").click()
    expect(page.locator("#burning tbody tr").nth(2)).to_contain_text("王强")
    calm.refresh_from_db()
    assert (calm.state, calm.technician) == (State.DISPATCHED, campus.technician)


def test_a_call_is_registered_with_the_devices_and_the_earlier_time_it_claims(
    visit: Visit, campus: Campus, size: Size
) -> None:
    page = visit(campus.dispatcher, "/board/", size)
    page.get_by_role("link", name="登记报修").last.click()
    page.get_by_label("来源").select_option(label="电话")
    page.get_by_label("现象").select_option(label="机器脱机、连不上网")
    tick(page, "故障设备", "豆浆", "XF-0001")
    page.get_by_label("故障设备", exact=True).fill("")
    tick(page, "故障设备", "面馆", "XF-0002")
    page.get_by_label("描述").fill("两台都连不上")
    page.get_by_label("报修人").fill("刘师傅")
    page.get_by_label("联系电话").fill("13912345678")
    page.get_by_label("实际报修时间").fill("2026-03-02T08:50:00")
    shot(page, "dispatcher-4-new")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("h1")).to_contain_text("G0")
    main = page.locator("main")
    expect(main).to_contain_text("影响终端 2 台")
    expect(main).to_contain_text("补录于 3月2日 周一 09:12")
    expect(main).to_contain_text("139****5678")
    expect(main).to_contain_text("09:50 到期")
    shot(page, "dispatcher-5-fault")
    fault = Fault.objects.get()
    assert fault.reported_at == cast.AT - timedelta(minutes=22)
    assert set(fault.classifications.get().devices.all()) == set(campus.machines[:2])


def test_what_was_typed_stays_when_something_is_wrong(visit: Visit, campus: Campus) -> None:
    page = visit(campus.dispatcher, "/faults/new/")
    tick(page, "故障设备", "XF-0003", "XF-0003")
    page.get_by_label("描述").fill("门口那台")
    page.get_by_label("实际报修时间").fill("2026-03-02T09:30:00")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("报修时间不能晚于现在")
    expect(page.get_by_label("描述")).to_have_value("门口那台")
    expect(page.locator(".picks input[name=devices]:checked")).to_have_count(1)


def test_a_graver_class_with_named_devices_lengthens_the_repair_without_asking(
    visit: Visit, campus: Campus, size: Size
) -> None:
    fault = builders.fault(of=campus.machines[0])
    page = visit(campus.dispatcher, f"/faults/{fault.pk}/", size)
    page.locator("summary", has_text="修改分级").click()
    page.get_by_label("影响终端（台）").fill("6")
    page.get_by_label("影响持卡人（人）").fill("20")
    for number in range(2, 7):
        page.get_by_label("列明受影响设备").fill("")
        tick(page, "列明受影响设备", f"XF-000{number}", f"XF-000{number}")
    page.get_by_label("分级依据").fill("一楼全部脱机")
    shot(page, "dispatcher-6-classify")
    page.get_by_role("button", name="提交", exact=True).click()
    main = page.locator("main")
    expect(main).to_contain_text("影响终端 6 台、持卡人 20 人")
    expect(main).to_contain_text("09:42 到期")  # half an hour to respond
    expect(main).to_contain_text("3月3日 周二 09:12 到期")  # twenty-four to repair
    fault.refresh_from_db()
    assert fault.severity == "larger"
    assert not fault.rulings.exists()


def test_without_evidence_the_longer_repair_waits_for_the_office_and_says_so(
    visit: Visit, campus: Campus
) -> None:
    fault = builders.fault(of=campus.machines[0])
    page = visit(campus.dispatcher, f"/faults/{fault.pk}/")
    page.locator("summary", has_text="修改分级").click()
    page.get_by_label("影响终端（台）").fill("6")
    page.get_by_label("分级依据").fill("听说一楼都不行")
    page.get_by_role("button", name="提交", exact=True).click()
    main = page.locator("main")
    expect(main).to_contain_text("上调等级会延长修复时限，尚待信息化办公室同意")
    expect(main).to_contain_text("09:42 到期")
    expect(main).to_contain_text("21:12 到期")


def test_a_duplicate_is_merged_and_its_earlier_report_starts_the_clocks(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    early = builders.fault(at=hand.at - timedelta(minutes=10), of=campus.machines[0])
    late = builders.fault(where=campus.machines[0].place)
    page = visit(campus.dispatcher, f"/faults/{early.pk}/", size)
    page.locator("summary", has_text="并入其他故障").click()
    page.locator("label", has_text=late.number).click()
    shot(page, "dispatcher-7-merge")
    page.get_by_role("button", name="并入其他故障").click()
    expect(page.locator("h1")).to_contain_text(late.number)
    expect(page.locator("main")).to_contain_text("报修人 2 位")
    expect(page.locator("main")).to_contain_text("10:02 到期")
    shot(page, "dispatcher-8-merged")
    early.refresh_from_db()
    assert early.merged_into == late


def test_who_was_slower_is_told_what_happened_meanwhile(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = builders.fault(of=campus.machines[0])
    page = visit(campus.dispatcher, f"/faults/{fault.pk}/", size)
    dispatching.dispatch(fault, to=campus.other, by=campus.manager, at=hand.at)
    page.locator("summary", has_text="派单").click()
    with page.expect_response(lambda answer: "/send/" in answer.url) as answered:
        page.get_by_role("button", name="派单").click()
    assert answered.value.status == 409
    told = page.get_by_role("alert")
    expect(told).to_contain_text("已由 陈立 于")
    expect(told).to_contain_text("已派单")
    expect(page.locator("main .facts").first).to_contain_text("赵伟")
    expect(page.locator("summary", has_text="改派")).to_be_visible()
    expect(page.locator("form", has_text="派给").first).to_be_hidden()
    expect(told).to_be_focused()
    shot(page, "dispatcher-9-conflict")
    dispatching.call_off(fault, by=campus.manager, at=hand.at, note="误报")
    page.locator("summary", has_text="改派").click()
    page.get_by_label("改派原因").fill("写了很多")
    page.locator("form", has_text="派给").get_by_role("button", name="改派").click()
    expect(page.get_by_role("alert")).to_contain_text("已撤销")
    expect(page.get_by_label("改派原因")).to_have_value("写了很多")
    page.get_by_role("link", name="查看现在的情况").click()
    expect(page.locator(".page-head")).to_contain_text("已撤销")
    fault.refresh_from_db()
    assert fault.technician == campus.other


def test_everything_is_one_key_away(visit: Visit, campus: Campus, hand: Hand) -> None:
    first = builders.fault(at=hand.at - timedelta(minutes=30), of=campus.machines[0])
    second = builders.fault(of=campus.machines[1])
    page = visit(campus.dispatcher, "/board/")
    keys = page.keyboard
    keys.press("?")
    help_dialog = page.get_by_role("dialog")
    expect(help_dialog).to_contain_text("列表中下一行、上一行")
    keys.press("Escape")
    expect(help_dialog).to_be_hidden()
    keys.press("j")
    expect(page.locator(".row-link", has_text=first.number)).to_be_focused()
    keys.press("j")
    expect(page.locator(".row-link", has_text=second.number)).to_be_focused()
    keys.press("k")
    keys.press("j")
    keys.press("Enter")
    expect(page.locator("#chosen h2")).to_contain_text(second.number)
    keys.press("d")
    expect(page.locator("#chosen label", has_text="王强").locator("input")).to_be_focused()
    keys.press("Control+Enter")
    expect(page.locator("#burning tbody tr", has_text=second.number)).to_contain_text("王强")
    keys.press("c")
    expect(page.locator("h1")).to_have_text("登记报修")
    page.goto("/faults/")
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type("面馆")
    keys.press("Enter")
    expect(page.locator("#faults .row-link")).to_have_text([second.number])


def test_a_verb_is_meant_for_the_row_one_stands_on(visit: Visit, campus: Campus, hand: Hand) -> None:
    urgent, next_one, last = (
        builders.fault(at=hand.at - timedelta(minutes=30 - 10 * n), of=campus.machines[n]) for n in range(3)
    )
    page = visit(campus.dispatcher, "/board/")
    keys = page.keyboard
    expect(page.locator("#chosen h2")).to_contain_text(urgent.number)
    for key in "jjd":
        keys.press(key)
    expect(page.locator("#chosen h2")).to_contain_text(next_one.number)
    expect(page.locator("#burning tr[aria-current]")).to_contain_text(next_one.number)
    expect(page.locator("#chosen label", has_text="王强").locator("input")).to_be_focused()
    assert page.url.endswith(f"?fault={next_one.pk}"), "the address says which one is beside the list"
    keys.press("Escape")
    keys.press("j")
    expect(page.locator(".row-link", has_text=last.number)).to_be_focused()
    keys.press("k")
    keys.press("d")
    keys.press("Control+Enter")
    expect(page.locator("#burning tbody tr", has_text=next_one.number)).to_contain_text("王强")
    urgent.refresh_from_db()
    assert urgent.state == State.REPORTED
    page.goto("/faults/")
    keys.press("j")
    page.get_by_role("link", name=last.number).focus()
    keys.press("d")
    expect(page.locator("main")).to_contain_text("将办理 1 起")
    expect(page.locator("main")).to_contain_text(last.number)


def test_several_are_marked_and_sent_at_once_from_a_list_kept_under_a_name(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    same = [builders.fault(of=machine) for machine in campus.machines[:3]]
    sent = builders.fault(of=campus.machines[3])
    dispatching.dispatch(sent, to=campus.other, by=campus.manager, at=hand.at)
    page = visit(campus.dispatcher, "/faults/?q=XF-000", size)
    page.locator("summary", has_text="保存筛选").click()
    page.get_by_label("名称").fill("一楼的机器")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".tabs a[aria-current]")).to_have_text("一楼的机器")
    shot(page, "dispatcher-10-kept")
    keys = page.keyboard
    expect(page.get_by_role("button", name="派单")).to_be_hidden()
    for _ in range(2):
        keys.press("j")
        keys.press("x")
    expect(page.locator("td.tick input:checked")).to_have_count(2)
    keys.press("X")
    expect(page.locator("td.tick input:checked")).to_have_count(4)
    shot(page, "dispatcher-11-marked")
    keys.press("d")
    expect(page.locator("main")).to_contain_text("将办理 3 起")
    expect(page.locator("main")).to_contain_text("现在是“已派单”，不能派单")
    shot(page, "dispatcher-12-several")
    page.locator("label", has_text="王强").click()
    page.get_by_role("button", name="派单").click()
    expect(page.locator("#messages")).to_contain_text("派单：已办理 3 起")
    expect(page.locator(".tabs a[aria-current]")).to_have_text("一楼的机器")
    for fault in same:
        fault.refresh_from_db()
        assert (fault.state, fault.technician) == (State.DISPATCHED, campus.technician)


def test_a_list_printed_on_a4_can_be_read(visit: Visit, campus: Campus, hand: Hand) -> None:
    """No column is squeezed to a character a line, nothing to tick stands on paper."""
    builders.fault(of=campus.machines[0])
    page = visit(campus.dispatcher, "/faults/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 980})  # what A4 leaves between its margins
    for path, squeezed in (("/faults/", "td.clip, td.fit"), ("/commitments/?month=2026-03", "td")):
        page.goto(path)
        expect(page.locator("table.list td.clip").first).to_be_visible()
        expect(page.locator(".tick input:visible")).to_have_count(0)
        widths = "cells => cells.filter(c => c.checkVisibility()).map(c => c.getBoundingClientRect().width)"
        assert min(page.locator(f"table.list {squeezed}").evaluate_all(widths)) >= 30
        assert min(page.locator("table.list td.clip").evaluate_all(widths)) >= 90
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


def test_the_board_is_live_and_keeps_its_place(visit: Visit, campus: Campus, hand: Hand) -> None:
    """A new fault slides in without a reload; the chosen one stays chosen."""
    chosen = builders.fault(of=campus.machines[0])
    page = visit(campus.dispatcher, "/board/")
    page.clock.install()
    page.reload()
    expect(page.locator("#chosen h2")).to_contain_text(chosen.number)
    came = builders.fault(at=hand.at, of=campus.machines[1])
    page.clock.fast_forward(21_000)
    expect(page.locator("#burning")).to_contain_text(came.number)
    expect(page.locator("#chosen h2")).to_contain_text(chosen.number)


def test_without_scripts_the_desk_still_registers_and_sends(visit: Visit, campus: Campus) -> None:
    page = visit(campus.dispatcher, "/faults/new/", PHONE, scripts=False)
    page.get_by_label("故障设备", exact=True).fill("XF-0001")
    page.get_by_label("现象").select_option(label="机器不开机或死机")
    page.get_by_role("button", name="登记", exact=True).click()
    page.locator("summary", has_text="派单").click()
    page.get_by_role("button", name="派单").click()
    expect(page.locator(".page-head")).to_contain_text("已派单")
    assert Fault.objects.get().technician == campus.technician


def test_a_session_left_alone_ends_and_leads_back_to_where_it_was(
    visit: Visit, campus: Campus, hand: Hand
) -> None:
    page = visit(campus.dispatcher, "/faults/", DESKTOP)
    hand.forward(hours=13)
    page.reload()
    expect(page.locator("main")).to_contain_text("会话已结束，请重新登录")
    page.get_by_label("登录名").fill(campus.dispatcher.username)
    page.get_by_label("密码").fill(cast.PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("故障")
