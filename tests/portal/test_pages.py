"""The frame: language, look, navigation by role, status."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests import cast
from tests.telling import say
from yika.lib import clock
from yika.people.models import User
from yika.people.rules import Role
from yika.portal import nav
from yika.portal.views import JOBS
from yika.worker.models import Heartbeat
from yika.worker.schedule import jobs

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db


def test_language_is_chosen_kept_and_leads_back() -> None:
    client = Client()
    answer = client.post(reverse("portal:language"), {"language": "en", "next": "/keys/"})
    assert answer.headers["Location"] == "/keys/"
    page = client.get("/keys/").content.decode()
    assert 'lang="en"' in page
    assert "Keyboard shortcuts" in page
    client.post(reverse("portal:language"), {"language": "zh-hans", "next": "/keys/"})
    assert "快捷键" in client.get("/keys/").content.decode()


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
@pytest.mark.parametrize("name", ["portal:language", "portal:theme"])
def test_choices_never_lead_to_another_site(name: str, to: str) -> None:
    answer = Client().post(reverse(name), {"language": "en", "theme": "dark", "next": to})
    assert answer.headers["Location"] == reverse("portal:home")


def test_unknown_choices_are_refused() -> None:
    assert Client().post(reverse("portal:language"), {"language": "xx"}).status_code == 422
    assert Client().post(reverse("portal:theme"), {"theme": "pink"}).status_code == 422


def test_look_follows_the_system_until_one_is_chosen() -> None:
    client = Client()
    assert "data-bs-theme" not in client.get("/keys/").content.decode()
    client.post(reverse("portal:theme"), {"theme": "dark", "next": "/keys/"})
    assert 'data-bs-theme="dark"' in client.get("/keys/").content.decode()
    client.post(reverse("portal:theme"), {"theme": "", "next": "/keys/"})
    assert "data-bs-theme" not in client.get("/keys/").content.decode()


class Forms(HTMLParser):
    """Every form of a page and what would be sent without scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.buttons = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.forms.append({name: value or "" for name, value in attrs})
        if tag == "button":
            self.buttons += 1


def test_the_frame_works_without_scripts(client_as: ClientAs) -> None:
    """Menus are <details>, choices and leaving are forms with a button each."""
    page = client_as(cast.office()).get("/keys/").content.decode()
    forms = Forms()
    forms.feed(page)
    posts = {form["action"] for form in forms.forms if form.get("method") == "post"}
    assert {reverse("portal:language"), reverse("portal:theme"), reverse("people:sign_out")} <= posts
    assert forms.buttons >= len(posts)
    assert '<a class="skip" href="#main">' in page
    assert page.count("<main") == page.count("<h1>") == 1


@pytest.mark.parametrize("role", list(Role))
def test_home_leads_each_role_to_a_page_it_may_open(role: Role, client_as: ClientAs) -> None:
    client = client_as(cast.person(role))
    answer = client.get(reverse("portal:home"), follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_navigation_offers_nothing_that_is_refused(role: Role, client_as: ClientAs) -> None:
    client = client_as(cast.person(role))
    items = nav.items(role, "/")
    assert items
    for item in items:
        assert client.get(item.url).status_code == 200, f"{role} {item.url}"


def test_navigation_marks_where_one_is() -> None:
    here = [item.url for item in nav.items(Role.OFFICE, reverse("people:list") + "7/") if item.here]
    assert here == [reverse("people:list")]


def test_what_has_no_room_in_the_bar_stands_in_its_menu() -> None:
    with translation.override("en"):
        items = nav.items(Role.OFFICE, reverse("journal:list"))
        bar = nav.bar(items)
    assert [*bar.always, *bar.wide, *bar.rest] == items
    assert bar.always and bar.wide and bar.hidden == items[-1] and bar.hidden_narrow is None
    few = nav.bar(nav.items(Role.TECHNICIAN, "/"))
    assert not few.rest


def test_an_administrator_finds_the_lists_that_are_imported() -> None:
    """As docs/guide/import.md says: places, devices, links and addresses."""
    urls = {item.url for item in nav.items(Role.ADMINISTRATOR, "/")}
    lists = ("assets:places", "assets:devices", "network:backbone", "addresses:subnets")
    assert {reverse(name) for name in lists} <= urls


def test_the_icon_is_found_where_browsers_look_for_it() -> None:
    assert Client().get("/favicon.ico").headers["Location"].endswith(".svg")


def test_the_bell_counts_what_is_unread(client_as: ClientAs) -> None:
    person = cast.technician()
    client = client_as(person)
    assert 'class="count"' not in client.get("/keys/").content.decode()
    for _number in range(101):
        say([person], "新派单", at=cast.AT)
    assert (
        client.get("/keys/").content.decode().count('<span class="count">99+</span>') == 2
    )  # bell and tab bar


def test_a_technician_has_the_bar_at_the_thumb(client_as: ClientAs) -> None:
    assert 'class="tabbar"' in client_as(cast.technician()).get("/keys/").content.decode()
    assert 'class="tabbar"' not in client_as(cast.office()).get("/keys/").content.decode()


def test_status_says_that_no_worker_runs_and_when_one_does(client_as: ClientAs) -> None:
    client = client_as(cast.administrator())
    with clock.frozen(cast.AT):
        assert "后台任务没有运行" in client.get("/status/").content.decode()
        Heartbeat.objects.create(
            worker="web-1", started_at=cast.AT - timedelta(hours=1), beat_at=cast.AT, handled=12
        )
        page = client.get("/status/").content.decode()
    assert "后台任务没有运行" not in page
    assert "web-1" in page
    assert "运行中" in page


def test_status_costs_the_same_for_many_workers(client_as: ClientAs) -> None:
    client = client_as(cast.administrator())
    client.get("/status/")  # the first visit also notes that this session is in use
    costs = []
    for count in (1, 20):
        for number in range(count):
            Heartbeat.objects.get_or_create(
                worker=f"w{number}", defaults={"started_at": cast.AT, "beat_at": cast.AT}
            )
        with clock.frozen(cast.AT), CaptureQueriesContext(connection) as queries:
            client.get("/status/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_every_job_of_the_worker_has_a_name_people_can_read() -> None:
    assert {job.name for job in jobs()} == set(JOBS)
