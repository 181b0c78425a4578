"""The Office with ten minutes before a meeting: what exactly will change if I say yes?"""

from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from tests import builders
from tests.journeys.browsing import DESKTOP, PHONE, Size, Visit, shot
from tests.journeys.conftest import Campus, Hand
from yika.faults.actions import asking, classifying, dispatching, reporting, working
from yika.faults.models import Fault
from yika.faults.rules import State


def answer(item: Locator, button: str, why: str) -> None:
    """Give the Office's word on one question, with the reason."""
    item.get_by_label("认定理由").fill(why)
    item.get_by_role("button", name=button, exact=True).click()


def question(page: Page, kind: str) -> Locator:
    """A question on the page, by its kind."""
    return page.locator("li[id^=ruling], li[id^=exemption]", has=page.locator("strong", has_text=kind))


def raised(campus: Campus, hand: Hand) -> Fault:
    """A raise without evidence, which waits for the Office."""
    fault = builders.fault(State.ACCEPTED, to=campus.technician, of=campus.machines[0])
    classifying.classify(
        fault, terminals=6, cardholders=0, reason="商户称一楼都不行", by=campus.dispatcher, at=hand.at
    )
    return fault


def test_the_question_says_what_a_yes_changes_and_the_clock_follows_it(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = raised(campus, hand)
    page = visit(campus.office, "/rulings/", size)
    expect(page.locator("h1")).to_have_text("认定")
    asked = question(page, "上调等级延长修复时限")
    expect(asked).to_contain_text("时限由 3月2日 周一 21:12 改为 3月3日 周二 09:12")
    shot(page, "office-1-decisions")
    answer(asked, "同意", "现场已核实")
    expect(page.locator("main")).to_contain_text("没有等待认定的事项")
    page.goto(f"/faults/{fault.pk}/")
    expect(page.locator(".clocks")).to_contain_text("09:12 到期")
    expect(page.locator("main")).to_contain_text("现场已核实")
    shot(page, "office-2-fault")


def test_the_office_rules_on_the_class_and_its_word_stands(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = raised(campus, hand)
    page = visit(campus.office, f"/faults/{fault.pk}/", size)
    page.locator("summary", has_text="认定分级").click()
    page.get_by_label("影响终端（台）").fill("2")
    page.get_by_label("分级依据").fill("监控显示只有两台脱机")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("影响终端 2 台")
    expect(page.locator("main")).to_contain_text("信息化办公室认定")
    expect(page.locator(".clocks")).to_contain_text("10:12 到期")
    desk = visit(campus.dispatcher, f"/faults/{fault.pk}/", size)
    desk.locator("summary", has_text="修改分级").click()
    desk.get_by_label("影响终端（台）").fill("9")
    desk.get_by_label("分级依据").fill("还是不同意")
    desk.get_by_role("button", name="提交", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("信息化办公室已认定分级")
    shot(desk, "office-3-told-the-desk")


def test_a_special_cause_once_refused_keeps_the_clock_and_granted_stops_the_repair(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    refused = builders.fault(of=campus.machines[0])
    granted = builders.fault(of=campus.machines[1])
    for fault, claim in ((refused, "怀疑是银行"), (granted, "银行公告 10 点前维护")):
        asking.propose_special(fault, cause="bank", claim=claim, by=campus.dispatcher, at=hand.at)
    page = visit(campus.office, "/rulings/", size)
    asked = question(page, "特殊故障")
    expect(asked).to_have_count(2)
    expect(asked.nth(1)).to_contain_text("不再设时限")
    shot(page, "office-4-special")
    answer(asked.filter(has_text="怀疑是银行"), "不同意", "银行确认无故障")
    expect(asked).to_have_count(1)
    answer(asked.filter(has_text="银行公告"), "同意", "公告属实")
    expect(page.locator("main")).to_contain_text("没有等待认定的事项")
    page.goto(f"/faults/{refused.pk}/")
    expect(page.locator(".clocks")).to_contain_text("21:12 到期")
    page.goto(f"/faults/{granted.pk}/")
    expect(page.locator(".page-head")).to_contain_text("特殊")
    expect(page.locator(".clocks")).to_contain_text("不设时限")
    shot(page, "office-5-granted")


def test_a_special_cause_is_proposed_by_the_vendor_who_cannot_grant_it(visit: Visit, campus: Campus) -> None:
    fault = builders.fault(of=campus.machines[0])
    page = visit(campus.manager, f"/faults/{fault.pk}/")
    page.locator("summary", has_text="申请认定特殊故障").click()
    page.get_by_label("特殊原因").select_option(label="主干光缆线路")
    page.locator("details.act[open]").get_by_label("理由").fill("光缆被挖断，附照片")
    page.get_by_role("button", name="提交申请").click()
    asked = question(page, "特殊故障")
    expect(asked).to_contain_text("待认定")
    expect(asked.get_by_role("button")).to_have_count(0)
    expect(page.locator(".clocks")).to_contain_text("还剩")


def test_an_exemption_is_claimed_decided_and_both_outcomes_stay_visible(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = builders.fault(of=campus.machines[0])
    hand.forward(minutes=70)
    desk = visit(campus.dispatcher, f"/faults/{fault.pk}/", size)
    desk.locator("summary", has_text="申请豁免").click()
    desk.get_by_label("对哪项时限").select_option(label="响应")
    desk.get_by_label("自", exact=False).first.fill("2026-03-02T09:20:00")
    desk.get_by_label("至", exact=False).first.fill("2026-03-02T09:50:00")
    desk.get_by_label("豁免理由").fill("食堂消毒，禁止入内")
    shot(desk, "office-6-claim")
    desk.get_by_role("button", name="提交申请").click()
    expect(question(desk, "响应豁免")).to_contain_text("待认定")

    page = visit(campus.office, "/rulings/", size)
    shot(page, "office-7-exemption")
    answer(question(page, "响应豁免"), "同意", "情况属实")
    expect(page.locator("main")).to_contain_text("没有等待认定的事项")
    page.goto(f"/faults/{fault.pk}/")
    page.locator(".clocks a").first.click()
    sums = page.locator("main")
    expect(sums).to_contain_text("2026-03-02 10:12:00 ＋ 豁免 30 分 ＝ 2026-03-02 10:42:00")
    expect(sums).to_contain_text("2026-03-02 09:12:00 ＋ 1 小时 ＝ 2026-03-02 10:12:00")
    expect(page.locator("dt", has_text="原始结果").locator("+ dd")).to_contain_text("超时")
    expect(page.locator("dt", has_text="计豁免结果").locator("+ dd")).to_contain_text("进行中")
    shot(page, "office-8-arithmetic")


def test_a_temporary_restoration_ends_the_clock_only_when_accepted(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = builders.fault(State.WORKING, to=campus.technician, of=campus.machines[0])
    working.restore_temporarily(fault, note="换上备用机", by=campus.technician, at=hand.forward(minutes=30))
    hand.forward(hours=1)
    page = visit(campus.office, "/rulings/", size)
    asked = question(page, "临时恢复")
    expect(asked).to_contain_text("完成时间计为 3月2日 周一 09:42")
    answer(asked, "同意", "备用机可正常使用")
    expect(page.locator("main")).to_contain_text("没有等待认定的事项")
    fault.refresh_from_db()
    assert fault.repair
    assert fault.repair.settled_at == hand.at - timedelta(hours=1)


def test_a_late_entry_counts_once_the_office_agrees(visit: Visit, campus: Campus, hand: Hand) -> None:
    fault = builders.fault(State.ON_THE_WAY, to=campus.technician, of=campus.machines[0])
    claimed = hand.forward(minutes=20)
    working.arrive(
        fault, note="手机没电", happened_at=claimed, by=campus.technician, at=hand.forward(minutes=50)
    )
    page = visit(campus.office, "/rulings/")
    asked = question(page, "补录时间")
    expect(asked).to_contain_text("申报时间 3月2日 周一 09:32")
    shot(page, "office-9-late-entry")
    answer(asked, "同意", "与门禁记录相符")
    expect(page.locator("main")).to_contain_text("没有等待认定的事项")
    page.goto(f"/faults/{fault.pk}/")
    expect(page.locator(".clocks")).to_contain_text("按时")


def test_who_asked_first_is_answered_once_and_the_second_is_told(
    visit: Visit, campus: Campus, hand: Hand
) -> None:
    fault = builders.fault(of=campus.machines[0])
    ruling = asking.propose_special(fault, cause="bank", claim="银行维护", by=campus.dispatcher, at=hand.at)
    page = visit(campus.office, "/rulings/")
    asking.decide(ruling, granted=True, decision="属实", by=campus.office, at=hand.at)
    answer(question(page, "特殊故障"), "不同意", "不属实")
    expect(page.get_by_role("alert")).to_contain_text("该事项已由 周敏 认定")
    ruling.refresh_from_db()
    assert ruling.granted


def test_a_complaint_lands_with_the_office_and_its_answer_with_the_reporter(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = builders.fault(State.FED_BACK, to=campus.technician, of=campus.machines[0])
    told = fault.reports.get()
    reporting.complain(told, text="态度不好", at=hand.forward(hours=1))
    page = visit(campus.office, "/notices/", size)
    page.get_by_role("button", name="收到投诉").click()
    expect(page.locator("main")).to_contain_text("态度不好")
    page.get_by_label("答复").fill("已责成运维方当面致歉")
    shot(page, "office-10-complaint")
    page.get_by_role("button", name="答复").click()
    expect(page.locator("main")).to_contain_text("周敏")
    reporter = visit(path=f"/t/{told.secret}/", size=PHONE)
    expect(reporter.locator("main")).to_contain_text("已责成运维方当面致歉")


def test_compliance_leads_from_a_figure_to_the_misses_to_the_arithmetic(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    builders.fault(State.FED_BACK, to=campus.technician, of=campus.machines[0])
    missed = builders.fault(at=hand.at - timedelta(minutes=90), of=campus.machines[1])
    hand.forward(minutes=10)
    page = visit(campus.office, "/compliance/", size)
    expect(page.locator("h1")).to_contain_text("2026年3月")
    line = page.locator("tbody tr", has_text="4.2.2.1").filter(has=page.locator("td", has_text="响应 一般"))
    expect(line).to_contain_text("50 %")
    shot(page, "office-11-compliance")
    line.locator("summary").click()
    expect(line.locator("blockquote")).to_be_visible()
    line.locator("a[href*='outcome=missed']").first.click()
    shot(page, "office-12-misses")
    page.get_by_role("link", name=missed.number).click()
    expect(page.locator("main")).to_contain_text("计算过程")
    page.get_by_role("link", name="查看故障").click()
    expect(page.locator("h1")).to_contain_text(missed.number)


def test_the_standard_shows_each_clause_with_its_original_text(
    visit: Visit, campus: Campus, size: Size
) -> None:
    page = visit(campus.office, "/standard/", size)
    clause = page.locator("article", has=page.locator("#c-4\\.2\\.2\\.1, [href='#c-4.2.2.1']"))
    expect(clause).to_contain_text("一般故障")
    expect(clause).to_contain_text("12")
    expect(page.locator("#levels tbody tr")).to_have_count(5)
    shot(page, "office-13-standard")


def test_what_was_called_off_wrongly_goes_on_as_if_never_stopped(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    fault = builders.fault(of=campus.machines[0])
    dispatching.call_off(fault, note="打电话没人接", by=campus.dispatcher, at=hand.forward(minutes=5))
    page = visit(campus.office, "/rulings/", size)
    page.get_by_role("link", name=fault.number).click()
    hand.forward(minutes=10)
    page.locator("summary", has_text="恢复办理").click()
    page.locator("details.act[open] textarea").fill("商户确认仍未修复")
    shot(page, "office-14-reinstate")
    page.get_by_role("button", name="恢复办理").click()
    expect(page.locator(".page-head")).to_contain_text("已报修")
    expect(page.locator(".clocks")).to_contain_text("10:12 到期")
    desk = visit(campus.dispatcher, "/notices/", DESKTOP)
    expect(desk.locator("main")).to_contain_text(f"信息化办公室恢复办理 {fault.number}")
