"""What every page is promised to be: readable by all, on any screen, in both looks, from this host alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.browsing import DESKTOP, NARROW, PHONE, Size, Visit, shot
from tests.journeys.conftest import Campus, Hand
from tests.journeys.pages import PUBLIC, SIGNED_IN, Story, tell

GRAVE = ("serious", "critical")
# Both sizes, both looks: what a size changes no look does, and the other way round.
LOOKS = [(PHONE, True), (DESKTOP, False)]


@pytest.fixture
def story(campus: Campus, hand: Hand) -> Story:
    """Something on every page."""
    return tell(campus, hand)


def obstacles(page: Page) -> list[str]:
    """What keeps somebody from using the page, as axe sees it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]


def name(page: str) -> str:
    """A page's name as a file's."""
    return page.replace(":", "-")


@pytest.mark.parametrize(
    ("size", "dark"), LOOKS, ids=[f"{size.name}-{'dark' if dark else 'light'}" for size, dark in LOOKS]
)
@pytest.mark.parametrize("role", ["", *SIGNED_IN])
def test_nothing_keeps_anybody_out(visit: Visit, story: Story, role: str, size: Size, dark: bool) -> None:
    page = visit(getattr(story.campus, role) if role else None, size=size, dark=dark)
    wrong: dict[str, list[str]] = {}
    for one in SIGNED_IN[role] if role else PUBLIC:
        page.goto(story.path(one))
        shot(page, f"page-{name(one)}-{role}-{'dark' if dark else 'light'}")
        if found := obstacles(page):
            wrong[one] = found
    assert not wrong, wrong


@pytest.mark.parametrize("role", ["", *SIGNED_IN])
def test_no_page_scrolls_sideways_on_a_narrow_phone(visit: Visit, story: Story, role: str) -> None:
    page = visit(getattr(story.campus, role) if role else None, size=NARROW)
    wide: dict[str, int] = {}
    for one in SIGNED_IN[role] if role else PUBLIC:
        page.goto(story.path(one))
        for menu in page.locator("main details > summary:visible").all()[:12]:
            menu.click()
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide[one] = over
    assert not wide, wide


def test_the_reporters_page_is_light(visit: Visit, story: Story) -> None:
    """Under 100 kB with everything on it, and no script at all."""
    page = visit(size=PHONE)
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.goto(story.path("faults:report_device:token"))
    page.wait_for_load_state("networkidle")
    assert sum(weights) < 100_000
    assert page.locator("script").count() == 0
