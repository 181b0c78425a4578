"""What every page is promised to be: readable by all, on any screen, in both looks, from this host alone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests.journeys.browsing import DESKTOP, NARROW, PHONE, Size, Visit, shot
from tests.journeys.conftest import Campus, Hand
from tests.journeys.pages import PUBLIC, SIGNED_IN, Story, tell
from tests.matrix import Row
from tests.test_permissions import PROMISED
from yika.contracts.models import Contract
from yika.people.models import User
from yika.people.rules import Role

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
        f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"][:3]
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


# Every address that the matrix of permissions promises to somebody as a page of its own.
EVERY = [
    (name, number, next(role for role in row.expected if row.expected[role] == 200))
    for name, rows in PROMISED.items()
    for number, row in enumerate(rows)
    if row.method == "GET" and 200 in row.expected.values()
]
PART = 12  # addresses looked at by one test
PARTS = [EVERY[start : start + PART] for start in range(0, len(EVERY), PART)]


def opened(page: Page, row: Row, name: str, who: User | None) -> bool:
    """Goes to a page of the matrix; False where the address answers with something else than a page."""
    to = row.build(who)
    path = reverse(name, kwargs=dict(to.kwargs), query=dict(to.query))
    answer = page.request.get(path)
    if (
        "text/html" not in answer.headers.get("content-type", "")
        or "<!doctype" not in answer.text()[:20].lower()
    ):
        return False
    page.goto(path)
    return True


@pytest.mark.parametrize(
    ("size", "dark", "english"),
    [(PHONE, True, True), (DESKTOP, False, False)],
    ids=["phone-dark-english", "desktop-light-chinese"],
)
@pytest.mark.parametrize("part", PARTS, ids=[f"from-{part[0][0]}" for part in PARTS])
def test_every_address_is_a_page_for_everybody(
    visit: Visit,
    campus: Campus,
    hand: Hand,
    part: list[tuple[str, int, str]],
    size: Size,
    dark: bool,
    english: bool,
) -> None:
    hand.forward(minutes=30)
    wrong: dict[str, list[str]] = {}
    pages: dict[str, Page] = {}
    for name, number, role in part:
        who = None if role == "anonymous" else getattr(campus, Role(role).name.lower())
        if role not in pages:
            pages[role] = visit(who, size=size, dark=dark, english=english)
        page = pages[role]
        Contract.objects.update(vendor=campus.manager.organisation)  # one row of the matrix gives it away
        if not opened(page, PROMISED[name][number], name, who):
            continue
        shot(page, f"every-{re.sub('[^a-z_]+', '-', name)}-{number}-{'en' if english else 'zh'}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = obstacles(page) + ([f"{over} px too wide"] if over > 0 else [])
        if found:
            wrong[f"{name} {number} {role}"] = found
    assert not wrong, wrong


def test_the_reporters_page_is_light(visit: Visit, story: Story) -> None:
    """Under 100 kB with everything on it, its one script among them."""
    page = visit(size=PHONE)
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(len(answer.body())))
    page.goto(story.path("faults:report_device:token"))
    page.wait_for_load_state("networkidle")
    assert sum(weights) < 100_000
    assert page.locator("script").count() == 1
