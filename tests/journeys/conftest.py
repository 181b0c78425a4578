"""A campus to play on, a clock that the test turns, and browsers that are watched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import builders, cast
from tests.conftest import CHROMIUM
from tests.journeys.browsing import ARGUMENTS, BOTH, DESKTOP, Size, Visit, Watch, screen
from yika.assets.models import Device
from yika.contracts.models import Contract
from yika.lib import clock
from yika.people.models import Shift, User
from yika.people.rules import Skill

PATIENCE_MS = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "tests/journeys" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)


class Hand:
    """The hand on the campus clock: time stands until the test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """What ``clock.now`` says meanwhile."""
        return self.at

    def forward(self, **by: int) -> datetime:
        """Let time pass; gives the new present."""
        self.at += timedelta(**by)
        return self.at


@pytest.fixture(autouse=True)
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """One clock for the test and for the server, which answers in another thread."""
    turned = Hand(cast.AT)
    monkeypatch.setattr(clock, "now", turned.now)
    return turned


@dataclass(frozen=True)
class Campus:
    """Who works here, and the machines of the canteen."""

    contract: Contract
    office: User
    auditor: User
    administrator: User
    manager: User
    dispatcher: User
    technician: User
    other: User
    machines: tuple[Device, ...]


WINDOWS = ("豆浆", "面馆", "炒饭", "麻辣烫", "水果", "包子")


@pytest.fixture
def campus(transactional_db: None) -> Campus:
    """An Office, a vendor with somebody on duty, and six windows with a payment terminal each."""
    contract = builders.contract()
    on_duty = cast.technician("王强", Skill.TERMINAL)
    made = Campus(
        contract=contract,
        office=cast.office("周敏"),
        auditor=cast.auditor("郑洁"),
        administrator=cast.administrator("何平"),
        manager=cast.manager("陈立"),
        dispatcher=cast.dispatcher("李娜"),
        technician=on_duty,
        other=cast.technician("赵伟", Skill.NETWORK),
        machines=tuple(
            builders.device(f"XF-{number:04d}", at=f"{builders.CAMPUS}/一食堂/一楼/{window}")
            for number, window in enumerate(WINDOWS, 1)
        ),
    )
    Shift.objects.create(
        person=on_duty, starts_at=cast.AT - timedelta(hours=1), ends_at=cast.AT + timedelta(hours=9)
    )
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all; every visit has a profile of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    # Playwright's loop runs in this thread; the database is asked between its steps, never within one.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Opens a page for somebody, signed in or not; at the end nothing may have gone wrong on any."""
    watch, contexts = Watch(live_server.url), []

    def open_page(who: User | None = None, path: str = "", size: Size = DESKTOP, **kind: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **screen(size, **kind))
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if who is not None:
            client = Client()
            client.force_login(who)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        watch.over(page)
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture(params=BOTH, ids=lambda size: size.name)
def size(request: pytest.FixtureRequest) -> Size:
    """A phone, then a desk."""
    chosen: Size = request.param
    return chosen


@pytest.fixture
def url() -> Callable[..., str]:
    """The path of a page by its name."""
    return lambda name, *args: reverse(name, args=args)
