"""Nothing changes without the Office: a technician swaps a terminal by phone, the Office refuses a change."""

from playwright.sync_api import Page, expect

from tests import builders
from tests.changes.cases import a_change
from tests.journeys.browsing import DESKTOP, PHONE, Visit, shot
from tests.journeys.conftest import Campus, Hand
from tests.journeys.test_every_page import obstacles
from yika.assets.models import Device
from yika.changes.models import Change
from yika.changes.rules import State


def clear(page: Page, name: str) -> None:
    """Nothing in anybody's way, nothing beyond the edge; a picture if asked for."""
    shot(page, name)
    assert not obstacles(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_technician_swaps_a_terminal_with_consent_on_a_phone(
    visit: Visit, campus: Campus, hand: Hand
) -> None:
    old = campus.machines[0]
    spare = builders.device("BJ-0001", at="桂子大学/库房", in_use=False)
    page = visit(campus.technician, f"/changes/swap/?device={old.pk}", PHONE)
    page.get_by_label("BJ-0001").check()
    page.get_by_label("完好，入库作备机").check()
    page.get_by_label("原因").fill("读卡器损坏，换机修理")
    clear(page, "changes-1-swap")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("main")).to_contain_text(old.place.full_name)
    clear(page, "changes-2-draft")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".page-head")).to_contain_text("待同意")

    change = Change.objects.get()
    office = visit(campus.office, f"/changes/{change.pk}/", DESKTOP)
    expect(office.locator("main")).to_contain_text("BJ-0001")
    clear(office, "changes-3-office")
    office.get_by_role("button", name="同意", exact=True).click()
    expect(office.locator(".page-head")).to_contain_text("已同意")

    hand.forward(minutes=10)
    page.reload()
    page.locator("summary", has_text="执行变更").click()
    page.get_by_label("执行情况").fill("旧机拆下，备机装好")
    page.locator("details[open]").get_by_role("button", name="执行变更").click()
    expect(page.locator(".page-head")).to_contain_text("已执行")
    page.locator("summary", has_text="登记测试").click()
    page.get_by_label("测试项目").fill("刷卡")
    page.get_by_label("预期结果").fill("扣款成功")
    page.get_by_label("实际结果").fill("扣款成功")
    page.get_by_label("通过", exact=True).check()
    page.locator("details[open]").get_by_role("button", name="登记测试").click()
    page.get_by_role("button", name="验证通过").click()
    expect(page.locator(".page-head")).to_contain_text("已验证")
    clear(page, "changes-4-verified")
    assert Device.objects.get(pk=spare.pk).place_id == old.place_id
    assert not Device.objects.get(pk=old.pk).in_use


def test_the_office_refuses_and_nothing_is_written(visit: Visit, campus: Campus, hand: Hand) -> None:
    hand.forward(minutes=30)
    change = a_change(State.ASKED, by=campus.technician)
    device = change.lines.select_related("device").get().device
    office = visit(campus.office, "/changes/", DESKTOP)
    clear(office, "changes-5-list")
    office.get_by_role("link", name=change.number).click()
    office.get_by_role("button", name="不同意").click()
    expect(office.get_by_role("alert")).to_contain_text("请写明理由")
    office.goto(f"/changes/{change.pk}/")
    office.get_by_label("意见（不同意或要求补充时必填）").fill("开学第一周不移机")
    office.get_by_role("button", name="不同意").click()
    expect(office.locator(".page-head")).to_contain_text("未同意")
    page = visit(campus.technician, "/notices/", PHONE)
    page.get_by_role("button", name=f"变更未同意：{change.number}").click()
    expect(page.locator("main")).to_contain_text("开学第一周不移机")
    expect(page.locator("summary", has_text="执行变更")).to_have_count(0)
    clear(page, "changes-6-refused")
    assert Device.objects.get(pk=device.pk).place_id == device.place_id


def test_the_other_pages_keep_nobody_out(visit: Visit, campus: Campus, hand: Hand) -> None:
    found = f"differences/new/?device={campus.machines[0].pk}&field=place"
    for user, size in ((campus.technician, PHONE), (campus.office, DESKTOP)):
        page = visit(user, "/changes/calendar/", size)
        for name in (
            "calendar/",
            "plan/",
            "differences/",
            "new/",
            "refused/",
            found,
        ):
            page.goto(f"/changes/{name}")
            for menu in page.locator("main details > summary:visible").all():
                menu.click()
            clear(page, "changes-7-" + name.strip("/").partition("/")[0])
