"""Everything can be read in English; only names, places and the clauses themselves stay as they are."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import PHONE, Visit, shot
from tests.journeys.conftest import Campus, Hand
from tests.journeys.pages import PUBLIC, SIGNED_IN, Story, tell
from yika.faults.models import Fault, Symptom
from yika.faults.rules import State

CHINESE = re.compile(r"[\u3400-\u9fff，。：；、「」（）？！]+")
# Marked as Chinese on the page, the reader's own words, or the other language's own name.
OWN_WORDS = "[lang^=zh], [translate=no], .quote, textarea"
# What the people of the story wrote, and the title under which the standard was issued.
WRITTEN = re.compile("标签脱落|更换读卡模块|校园一卡通基础运维外包服务质量规范")
# What is kept is kept in the Office's language: a commitment's subject and why its term changed.
KEPT = re.compile("|".join((*map(str, Symptom.labels), r"\w+故障（[\d.]+）")))
KEEPING = ("/notices/", "/journal/", "/due/", "/commitments/", "/rulings/", "/faults/")


@pytest.fixture
def story(campus: Campus, hand: Hand) -> Story:
    """A campus whose names are spelt in English, so that whatever is Chinese is the product's."""
    return tell(campus, hand, english=True)


def in_chinese(page: Page) -> list[str]:
    """The Chinese that a reader of English meets, with what is announced and hinted."""
    text = page.evaluate(
        """skip => {
            const found = [document.title];
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const parent = walk.currentNode.parentElement;
                if (!parent.closest(skip + ', script')) found.push(walk.currentNode.data);
            }
            for (const one of document.body.querySelectorAll('[aria-label],[placeholder],[title],[alt]')) {
                if (one.closest(skip)) continue;
                for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
                    found.push(one.getAttribute(name) || '');
            }
            return found;
        }""",
        OWN_WORDS,
    )
    if any(part in page.url for part in KEEPING):
        text = [KEPT.sub("", line) for line in text]
    return sorted({found for line in text for found in CHINESE.findall(WRITTEN.sub("", line))})


def test_one_tap_changes_the_language_and_it_stays(visit: Visit, campus: Campus) -> None:
    page = visit(campus.dispatcher, "/faults/")
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Faults")
    page.goto("/board/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_have_text("调度台")


@pytest.mark.parametrize("role", SIGNED_IN)
def test_pages_of_each_role_are_in_english(visit: Visit, story: Story, role: str) -> None:
    page = visit(getattr(story.campus, role), english=True)
    left: dict[str, list[str]] = {}
    for path in SIGNED_IN[role]:
        page.goto(story.path(path))
        expect(page.locator("html")).to_have_attribute("lang", "en")
        if found := in_chinese(page):
            left[path] = found
    shot(page, f"english-{role}")
    assert not left, left


def test_the_public_pages_are_in_english(visit: Visit, story: Story) -> None:
    page = visit(size=PHONE, english=True)
    left: dict[str, list[str]] = {}
    for path in PUBLIC:
        page.goto(story.path(path))
        if found := in_chinese(page):
            left[path] = found
    shot(page, "english-public")
    assert not left, left


def test_a_report_made_in_english_is_followed_in_english(visit: Visit, campus: Campus) -> None:
    page = visit(path=f"/r/d/{campus.machines[0].token}/", size=PHONE, english=True)
    page.locator(".choice label").first.click()
    page.get_by_role("button", name="Report", exact=False).last.click()
    expect(page.locator("h1")).to_contain_text("Reported")
    assert Fault.objects.get().state == State.REPORTED
