"""A unit goes to the factory and comes back; a technician does it by phone, the Office looks on."""

from playwright.sync_api import Page, expect

from tests import builders
from tests.journeys.browsing import DESKTOP, PHONE, Visit
from tests.journeys.conftest import Campus, Hand
from tests.journeys.test_changes import clear
from tests.returns.cases import carried_out, opened, sent
from yika.assets.models import Device
from yika.assets.rules import Life
from yika.faults.rules import State as FaultState
from yika.lib import clock
from yika.returns.models import Return
from yika.returns.rules import State


def do(page: Page, words: str, *, tick: str = "", **fields: str) -> None:
    """Open what a button hides, fill it in and press it."""
    page.locator("summary", has_text=words).click()
    for label, value in fields.items():
        page.locator("details[open]").get_by_label(label).fill(value)
    if tick:
        page.locator("details[open]").get_by_label(tick, exact=True).check()
    page.locator("details[open]").get_by_role("button", name=words).click()


def test_a_unit_goes_out_and_comes_back_on_a_phone(visit: Visit, campus: Campus, hand: Hand) -> None:
    spare = builders.device("BJ-0001", at="桂子大学/库房", in_use=False)
    fault = builders.fault(FaultState.WORKING, at=clock.now(), of=campus.machines[0], to=campus.technician)
    hand.forward(minutes=10)
    page = visit(campus.technician, f"/my/{fault.pk}/", PHONE)
    page.get_by_role("link", name="开返厂单").click()
    page.get_by_label("返厂原因").fill("主板不通电")
    page.get_by_label("BJ-0001").check()
    clear(page, "returns-1-new")
    page.get_by_role("button", name="开单并申请").click()
    expect(page.locator("main")).to_contain_text("执行后才能寄出")
    clear(page, "returns-2-waiting")

    one = Return.objects.get()
    carried_out(one.change, by=campus.technician, at=clock.now())
    page.reload()
    page.locator("summary", has_text="登记寄出").click()
    page.get_by_label("厂家").fill("桂新电子")
    page.get_by_label("快递公司").fill("顺丰")
    page.get_by_label("快递单号").fill("SF100200")
    page.get_by_label("已取出").check()
    page.locator("details[open]").get_by_role("button", name="登记寄出").click()
    expect(page.get_by_role("alert")).to_contain_text("没有导出的，请写明原因")
    expect(page.get_by_label("快递单号")).to_have_value("SF100200")
    clear(page, "returns-3-refused")
    page.get_by_label("已导出流水条数").fill("1836")
    page.locator("details[open]").get_by_role("button", name="登记寄出").click()
    expect(page.locator(".page-head")).to_contain_text("已寄出")

    hand.forward(hours=10)
    office = visit(campus.office, "/returns/", DESKTOP)
    expect(office.locator("main")).to_contain_text("SF100200")
    clear(office, "returns-4-board")

    page.reload()
    do(page, "登记返回")
    do(page, "登记测试", tick="通过", 测试项目="刷卡", 预期结果="扣款成功", 实际结果="扣款成功")
    expect(page.locator("main")).to_contain_text("登记厂家诊断、保修和费用后才能入库")
    do(page, "登记厂家诊断", tick="保内，不收费", 厂家诊断="更换主板")
    clear(page, "returns-5-tested")
    page.get_by_role("button", name="测试合格入库").click()
    expect(page.locator(".page-head")).to_contain_text("已办结")
    page.get_by_role("link", name="申请装回").click()
    clear(page, "returns-6-put-back")
    page.get_by_role("button", name="提交申请").click()
    row = Return.objects.get()
    assert row.state == State.DONE and row.put_back
    carried_out(row.put_back, by=campus.technician, at=clock.now())
    page.reload()
    clear(page, "returns-7-back")
    assert Device.objects.get(pk=spare.pk).life == Life.IN_STOCK
    assert Device.objects.get(pk=row.device_id).life == Life.IN_USE


def test_the_office_writes_a_unit_off(visit: Visit, campus: Campus, hand: Hand) -> None:
    one = sent(opened(campus.machines[0], by=campus.technician, at=clock.now()), at=clock.now())
    hand.forward(minutes=30)
    office = visit(campus.office, f"/returns/{one.pk}/", DESKTOP)
    do(office, "核销", 理由="厂家停产，无法修复")
    expect(office.locator(".page-head")).to_contain_text("已核销")
    clear(office, "returns-8-written-off")
