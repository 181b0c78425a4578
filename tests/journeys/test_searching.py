"""From any page to anything, by keyboard or thumb."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.journeys.browsing import DESKTOP, PHONE, Size, Visit, shot
from tests.journeys.conftest import Campus
from yika.faults.models import Fault


@pytest.fixture
def fault(campus: Campus) -> Fault:
    return builders.fault(of=campus.machines[0], description="屏幕碎裂")


def test_the_keyboard_goes_from_any_page_to_what_was_found(
    visit: Visit, campus: Campus, fault: Fault
) -> None:
    page = visit(campus.dispatcher, "/due/")
    page.keyboard.press("Control+k")
    field = page.locator("#search input[type=search]")
    expect(field).to_be_focused()
    page.keyboard.type("屏幕")
    found = page.locator("#search .found a")
    expect(found.first).to_contain_text(fault.number)
    shot(page, "search-1-dialog")
    page.keyboard.press("ArrowDown")
    expect(found.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/faults/{fault.pk}/")


def test_a_slash_goes_to_the_pages_own_field_or_else_to_the_search(
    visit: Visit, campus: Campus, fault: Fault
) -> None:
    page = visit(campus.dispatcher, "/faults/")
    page.keyboard.press("/")
    expect(page.locator("main input[type=search]").first).to_be_focused()
    page = visit(campus.dispatcher, "/due/")
    page.keyboard.press("/")
    expect(page.locator("#search input[type=search]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=str)
def test_it_works_without_scripts(visit: Visit, campus: Campus, fault: Fault, size: Size) -> None:
    page = visit(campus.technician, "/due/", size, scripts=False)
    page.locator("a[data-search]").click()
    page.locator("main input[name=q]").fill("屏幕 碎裂")
    page.locator("main form[role=search] button").click()
    page.locator(".found a", has_text=fault.number).click()
    page.wait_for_url(f"**/faults/{fault.pk}/**")
