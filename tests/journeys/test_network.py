"""What goes down if this goes down: from the drawing to the list, on a desk and on a phone."""

from playwright.sync_api import expect

from tests import builders
from tests.journeys.browsing import Size, Visit, shot
from tests.journeys.conftest import Campus
from tests.journeys.test_dispatcher import tick
from tests.network.campus import hang, switch


def test_two_switches_matter_only_together(visit: Visit, campus: Campus, size: Size) -> None:
    one, two = switch("SW-A"), switch("SW-B")
    lone = builders.device("SW-C", of="switch", at=f"{builders.CAMPUS}/一食堂/一楼/弱电间")
    for machine in campus.machines:
        hang(machine, lone)
    hang(lone, one)
    hang(lone, two)
    page = visit(campus.dispatcher, f"/network/impact/?device={one.pk}", size)
    main = page.locator("main")
    expect(main.locator(".stats")).to_contain_text("受影响终端")
    expect(main).not_to_contain_text("XF-0001")
    tick(page, "中断的设备", "SW-B", "SW-B")
    page.get_by_role("button", name="推算").click()
    expect(main).to_contain_text("XF-0001")
    expect(main.locator(".stats")).to_contain_text("较大")
    shot(page, "network-1-impact")
    page.goto(f"/devices/{lone.pk}/diagram/")
    page.get_by_role("link", name="模拟它中断").click()
    expect(main).to_contain_text("假设中断：SW-C")
    shot(page, "network-2-supposed")
    page.get_by_role("link", name="撤销中断").first.click()
    expect(main).not_to_contain_text("假设中断")
