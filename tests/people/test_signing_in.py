"""Signing in: who gets in, who is locked out and for how long, how long a session lasts."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cast import AT, PASSWORD
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.people import actions
from yika.people.models import Attempt, SignedIn, User

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
WRONG = "Not-the-password-1"


def try_in(name: str, password: str = WRONG, *, address: str = "10.0.0.1", at: datetime = AT) -> str:
    """The answer to one try; empty when it got in."""
    try:
        actions.check_password(name, password, address=address, at=at)
    except BadInput as refusal:
        return str(refusal)
    return ""


def sign_in(client: Client, whose: User, password: str = PASSWORD) -> int:
    data = {"username": whose.username, "password": password}
    return client.post(reverse("people:sign_in"), data).status_code


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_the_right_password_gets_in_whatever_the_case_of_the_name() -> None:
    whose = cast.office()
    assert try_in(f" {whose.username.upper()} ", PASSWORD) == ""


def test_wrong_unknown_and_inactive_are_told_the_same() -> None:
    whose, left = cast.office(), cast.technician()
    User.objects.filter(pk=left.pk).update(is_active=False)
    answers = {try_in(whose.username), try_in("nobody-here"), try_in(left.username, PASSWORD)}
    assert len(answers) == 1
    assert "不正确" in answers.pop()


@pytest.mark.parametrize("known", [True, False])
def test_five_failures_lock_a_name_known_or_not(known: bool) -> None:
    name = cast.office().username if known else "nobody-here"
    for number in range(5):
        assert "不正确" in try_in(name, at=AT + number * MINUTE)
    assert try_in(name, PASSWORD, at=AT + 5 * MINUTE) == "登录失败次数过多，请在 10 分钟后再试"


def test_a_lock_ends_to_the_second_and_refused_tries_do_not_prolong_it() -> None:
    whose = cast.office()
    for _number in range(5):
        try_in(whose.username)
    last = AT + 15 * MINUTE - timedelta(seconds=1)
    for at in (AT + MINUTE, AT + 14 * MINUTE, last):
        assert "过多" in try_in(whose.username, PASSWORD, at=at)
    assert try_in(whose.username, PASSWORD, at=AT + 15 * MINUTE) == ""


def test_success_begins_the_count_anew() -> None:
    whose = cast.office()
    for _round in range(3):
        for _number in range(4):
            try_in(whose.username)
        assert try_in(whose.username, PASSWORD) == ""


def test_twenty_failures_lock_an_address_for_all_names() -> None:
    whose = cast.office()
    for number in range(20):
        assert "不正确" in try_in(f"name{number}", at=AT)
    assert "过多" in try_in(whose.username, PASSWORD)
    assert try_in(whose.username, PASSWORD, address="10.0.0.2") == ""


def test_an_ipv6_sender_cannot_leave_its_network() -> None:
    for number in range(20):
        try_in(f"name{number}", address=f"2001:db8:0:1::{number:x}")
    assert "过多" in try_in("another", address="2001:db8:0:1:ffff::9")
    assert "不正确" in try_in("another", address="2001:db8:0:2::1")


def test_failures_and_the_lock_stand_in_the_journal_with_a_masked_name() -> None:
    whose = cast.office()
    for _number in range(8):
        try_in(whose.username)
    assert verbs() == ["people.sign_in_failed"] * 5 + ["people.lock"]
    failed = Event.objects.filter(verb="people.sign_in_failed").first()
    assert failed is not None
    assert failed.data == {"name": f"{whose.username[0]}***", "address": "10.0.0.1"}
    assert failed.key == str(whose.pk)


def test_no_name_and_no_address_is_kept_in_the_tries() -> None:
    whose = cast.office()
    try_in(whose.username, address="10.9.8.7")
    kept = " ".join(Attempt.objects.values_list("key", flat=True))
    assert whose.username not in kept
    assert "10.9.8.7" not in kept


def test_the_page_says_how_long(client: Client) -> None:
    whose = cast.office()
    with clock.frozen(AT):
        for _number in range(5):
            assert sign_in(client, whose, WRONG) == 422
        data = {"username": whose.username, "password": PASSWORD}
        answer = client.post(reverse("people:sign_in"), data)
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "gets"),
    [
        ("/people/", "/people/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_goes_where_one_wanted_but_never_off_the_site(
    client: Client, wanted: str, gets: str
) -> None:
    data = {"username": cast.office().username, "password": PASSWORD, "next": wanted}
    with clock.frozen(AT):
        assert client.post(reverse("people:sign_in"), data).headers["Location"] == gets


def test_a_session_is_listed_with_its_address_and_browser(client: Client) -> None:
    whose = cast.office()
    with clock.frozen(AT):
        client.post(
            reverse("people:sign_in"),
            {"username": whose.username, "password": PASSWORD},
            headers={"User-Agent": "Firefox\x07 on a phone"},
        )
    running = SignedIn.objects.get()
    assert (running.person, running.address, running.agent) == (whose, "127.0.0.1", "Firefox on a phone")
    assert verbs() == ["people.sign_in"]


@pytest.mark.parametrize(
    ("pauses", "alive"),
    [
        ([timedelta(hours=11, minutes=59)], True),
        ([timedelta(hours=12)], False),
        ([timedelta(hours=11)] * 3, True),
        ([timedelta(hours=11)] * 30, True),
        ([timedelta(hours=11)] * 31, False),  # 14 days and 5 hours
    ],
)
def test_a_session_ends_when_idle_or_too_old(client: Client, pauses: list[timedelta], alive: bool) -> None:
    at = AT
    with clock.frozen(at):
        sign_in(client, cast.office())
    for pause in pauses:
        at += pause
        with clock.frozen(at):
            answer = client.get(reverse("people:account"))
    assert (answer.status_code == 200) is alive
    if not alive:
        assert answer.headers["Location"].startswith("/sign-in/?ended=1&next=")
        assert not SignedIn.objects.exists()


def test_of_six_sessions_the_oldest_ends() -> None:
    whose, browsers = cast.office(), [Client() for _number in range(6)]
    for number, browser in enumerate(browsers):
        with clock.frozen(AT + number * MINUTE):
            sign_in(browser, whose)
    with clock.frozen(AT + 10 * MINUTE):
        answers = [browser.get(reverse("people:account")).status_code for browser in browsers]
    assert answers == [302, 200, 200, 200, 200, 200]


def test_ended_sessions_are_out_at_once() -> None:
    whose, here, there = cast.office(), Client(), Client()
    with clock.frozen(AT):
        sign_in(here, whose)
        sign_in(there, whose)
        other = SignedIn.objects.order_by("id").last()
        assert other is not None
        here.post(reverse("people:end_session", args=[other.pk]))
        assert there.get(reverse("people:account")).status_code == 302
        assert here.get(reverse("people:account")).status_code == 200


def test_signing_out_ends_the_session(client: Client) -> None:
    with clock.frozen(AT):
        sign_in(client, cast.office())
        client.post(reverse("people:sign_out"))
        assert client.get(reverse("people:account")).status_code == 302
    assert not SignedIn.objects.exists()
    assert verbs() == ["people.sign_in", "people.sign_out"]


def test_a_session_that_ended_tells_htmx_to_load_the_page(client: Client) -> None:
    with clock.frozen(AT):
        sign_in(client, cast.office())
        SignedIn.objects.all().delete()
        answer = client.get(reverse("people:account"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/sign-in/")


def test_an_htmx_request_of_nobody_ends_on_the_sign_in_page(client: Client) -> None:
    answer = client.get(reverse("people:account"), headers={"HX-Request": "true"}, follow=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in/")


def test_the_sign_in_page_is_the_same_to_all_and_kept_nowhere(client: Client) -> None:
    answer = client.get(reverse("people:sign_in"))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'autocomplete="current-password"' in answer.content.decode()


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537 Edg/140", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/126 MicroMessenger/8.0", "微信 · Android"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_browsers_are_named_as_people_name_them(agent: str, told: str) -> None:
    assert SignedIn(agent=agent).browser == told
