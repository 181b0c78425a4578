"""The bar at the top loses no page: what has no room there stands in its menu."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Size, Visit, shot
from tests.journeys.conftest import Campus
from tests.journeys.test_every_page import obstacles
from yika.people.rules import Role
from yika.portal import nav

WIDTHS = (1241, 1280, 1439, 1440, 1920)


def outside(page: Page) -> list[str]:
    """The entries of the bar that reach beyond it or into its neighbours."""
    found: list[str] = page.locator(".nav-row").evaluate(
        """row => [...row.children].filter(one => one.checkVisibility()
             && one.getBoundingClientRect().right > row.getBoundingClientRect().right + 0.5)
           .map(one => one.textContent)"""
    )
    return found


@pytest.mark.parametrize("english", [False, True], ids=["chinese", "english"])
@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_navigation_is_within_reach(
    visit: Visit, campus: Campus, role: Role, english: bool
) -> None:
    who = getattr(campus, role.name.lower())
    who.name = "欧阳诸葛司马上官慕容"
    who.save(update_fields=["name"])
    for width in WIDTHS:
        page = visit(who, "/keys/", Size("desk", width, 900), english=english, scripts=False)
        assert outside(page) == [], width
        more = page.locator(".nav-more > summary")
        if more.is_visible():
            more.focus()
            page.keyboard.press("Enter")
        shown = page.locator(".nav-row a:visible").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert shown == [item.url for item in nav.items(role, "/keys/")], width
        shot(page, f"nav-{role}-{'en' if english else 'zh'}")
        page.context.close()


def test_the_menu_says_where_one_is(visit: Visit, campus: Campus) -> None:
    page = visit(campus.office, "/journal/", Size("desk", 1280, 900), english=True)
    more = page.locator(".nav-more > summary")
    expect(more).to_contain_text("Journal")
    more.click()
    expect(page.locator(".nav-more [aria-current=page]:visible")).to_have_text("Journal")
    assert obstacles(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".nav-more .menu-body")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".nav-row")).to_be_hidden()
