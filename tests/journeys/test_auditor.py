"""An auditor reads everything and changes nothing."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.journeys.browsing import Size, Visit, shot
from tests.journeys.conftest import Campus, Hand
from yika.faults.actions import asking, reporting
from yika.faults.rules import State

# What a reader may press: looking closer, choosing language and look, leaving.
HARMLESS = ("/language/", "/theme/", "/sign-out/", "/reveal/", "/journal/copy/", "/notices/", "/account/")


@pytest.fixture
def story(campus: Campus, hand: Hand) -> str:
    """A fault with everything that somebody could act on; gives its page."""
    fault = builders.fault(
        State.FED_BACK, to=campus.technician, of=campus.machines[0], reporter_phone="13912345678"
    )
    hand.forward(minutes=30)
    asking.propose_special(fault, cause="bank", claim="银行维护", by=campus.dispatcher, at=hand.at)
    reporting.complain(fault.reports.get(), text="太慢", at=hand.at)
    builders.fault(of=campus.machines[1])
    return f"/faults/{fault.pk}/"


def test_everything_is_readable_and_no_page_offers_an_action(
    visit: Visit, campus: Campus, story: str, size: Size
) -> None:
    page = visit(campus.auditor, story, size)
    expect(page.locator("main")).to_contain_text("银行维护")
    expect(page.locator("main")).to_contain_text("更换读卡模块")
    expect(page.locator("main")).not_to_contain_text("13912345678")
    shot(page, "auditor-1-fault")
    links = page.locator(".nav-row a, .menu-all a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert {"/faults/", "/complaints/", "/compliance/", "/journal/"} <= set(links)
    for path in (
        story,
        *dict.fromkeys(links),
        "/complaints/1/",
        "/contracts/",
        f"/devices/{campus.machines[0].pk}/",
    ):
        answer = page.goto(path)
        assert answer
        assert answer.status in (200, 404) if path == "/complaints/1/" else answer.status == 200, path
        actions = page.locator("form[method=post]").evaluate_all("all => all.map(form => form.action)")
        assert [one for one in actions if not any(free in one for free in HARMLESS)] == [], path


def test_the_journal_tells_who_did_what_when(visit: Visit, campus: Campus, story: str, size: Size) -> None:
    page = visit(campus.auditor, "/journal/", size)
    main = page.locator("main")
    expect(main).to_contain_text("王强")
    expect(main).to_contain_text("银行维护")
    shot(page, "auditor-2-journal")
    page.locator("tbody tr", has_text="银行维护").get_by_role("link", name="故障").click()
    expect(page.locator("tbody tr", has_text="更换读卡模块")).to_have_count(1)
    expect(page.locator("tbody tr").last).to_contain_text("报修")


def test_personal_data_is_shown_for_a_reason_that_stays_on_record(
    visit: Visit, campus: Campus, story: str
) -> None:
    page = visit(campus.auditor, story)
    page.locator("summary", has_text="查看联系方式").click()
    page.get_by_label("查看原因").fill("核对投诉")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_role("link", name="13912345678")).to_be_visible()
    page.goto("/journal/")
    expect(page.locator("tbody tr", has_text="核对投诉")).to_contain_text("郑洁")
