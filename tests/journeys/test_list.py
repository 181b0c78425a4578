"""The list as a tool: rows marked by keys and ranges, and the list one begins with."""

import re

from playwright.sync_api import expect

from tests import builders
from tests.journeys.browsing import PHONE, Visit, shot
from tests.journeys.conftest import Campus
from tests.journeys.test_every_page import obstacles


def test_rows_are_marked_one_after_the_other_in_ranges_and_no_longer(visit: Visit, campus: Campus) -> None:
    for machine in campus.machines:
        builders.fault(of=machine)
    page = visit(campus.dispatcher, "/faults/")
    keys, boxes, marked = page.keyboard, page.locator("td.tick input"), page.locator("td.tick input:checked")
    keys.press("j")
    keys.press("Shift+J")
    keys.press("Shift+J")
    expect(marked).to_have_count(3)
    expect(page.get_by_role("status").filter(has_text="已标记 3 起")).to_be_visible()
    shot(page, "list-1-marked")
    assert obstacles(page) == []
    keys.press("Escape")
    expect(marked).to_have_count(0)
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(marked).to_have_count(4)
    keys.press("/")
    keys.type("xXJd?")
    expect(marked).to_have_count(4)
    expect(page.get_by_role("searchbox")).to_have_value("xXJd?")
    keys.press("Escape")
    boxes.nth(2).focus()
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/faults/\d+/$"))


def test_the_list_opens_with_what_one_chose(visit: Visit, campus: Campus) -> None:
    fault = builders.fault(of=campus.machines[0])
    page = visit(campus.dispatcher, "/faults/?state=reported&q=XF-0001", PHONE, dark=True)
    page.locator("summary", has_text="保存筛选").tap()
    page.get_by_label("名称").fill("一号机")
    page.get_by_role("button", name="保存", exact=True).tap()
    page.locator("summary", has_text="修改筛选").tap()
    page.get_by_label("打开“故障”时先看它").check()
    shot(page, "list-2-default")
    assert obstacles(page) == []
    with page.expect_navigation():  # leaving at once would call the saving off
        page.get_by_role("button", name="保存", exact=True).tap()
    page.goto("/faults/")
    expect(page.locator(".tabs a[aria-current]")).to_have_text("一号机")
    expect(page.locator("#faults .row-link")).to_have_text([fault.number])
    page.locator(".tabs a", has_text="未结束").tap()
    expect(page.locator(".tabs a[aria-current]")).to_have_text("未结束")
