"""Notices: told once, read in the inbox, sent by e-mail with patience and never doubled in silence."""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy
from pytest_django.fixtures import Settings

from tests import cast
from tests.cast import AT
from tests.telling import say
from yika.commitments.rules import Kind
from yika.commitments.words import KINDS
from yika.lib import clock
from yika.notices import jobs, queries
from yika.notices.actions import mark_all_read, mark_read, tell
from yika.notices.models import Notice
from yika.notices.rules import MOST_ATTEMPTS, pause_after
from yika.notices.words import Value
from yika.people.models import User
from yika.people.rules import Role

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
Browser = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def mail_server(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    settings.ORIGIN = "https://yika.example"


def reachable() -> User:
    return cast.person(Role.DISPATCHER, email="diao@example.edu")


def drain(at: datetime) -> int:
    """Send all that is due; how many were handled."""
    handled = 0
    while jobs.send_one(at):
        handled += 1
        assert handled < 50
    return handled


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def refuse(message: EmailMessage, fail_silently: bool = False) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_everybody_active_is_told_once() -> None:
    whose, left = cast.dispatcher(), cast.dispatcher()
    left.is_active = False
    say([whose, left, whose], "新故障", at=AT, url="/faults/1/")
    assert [notice.to for notice in Notice.objects.all()] == [whose]


def test_a_notice_leads_to_a_page_of_this_site_only() -> None:
    for url in ("https://evil.example", "//evil.example", "javascript:x"):
        with pytest.raises(AssertionError):
            say([cast.office()], "x", at=AT, url=url)


def test_numbers_of_persons_do_not_leave_in_a_notice() -> None:
    say([reachable()], "报修人 13812341234，身份证 42010619900101123X", at=AT)
    notice = Notice.objects.latest("id")
    assert notice.subject.startswith("报修人 138****1234")
    assert "19900101" not in f"{notice.subject}{notice.kept}"


def test_a_notice_is_read_in_the_readers_language_and_sent_in_that_of_the_record() -> None:
    with clock.frozen(AT), translation.override("en"):  # whoever acts
        values: dict[str, Value] = {
            "kind": KINDS[Kind.REPAIR],
            "left": 90 * MINUTE,
            "due": AT,
            "subject": "100 % 脱机",
        }
        words = gettext_lazy("%(kind)s还剩 %(left)s（%(due)s 到期）：%(subject)s")
        tell([reachable()], words, values, at=AT)
    notice = Notice.objects.latest("id")
    with clock.frozen(AT):
        assert notice.words == notice.subject == "修复还剩 1 小时 30 分（3月2日 周一 09:12 到期）：100 % 脱机"
    with clock.frozen(AT), translation.override("en"):
        assert notice.words == "Repair: 1 h 30 min left (due Mon 2 Mar 09:12): 100 % 脱机"


def test_the_inbox_shows_the_unread_first_and_pages(client_as: Browser) -> None:
    whose = cast.dispatcher()
    for number in range(45):
        say([whose], f"消息{number:02d}", at=AT + number * MINUTE)
    oldest = Notice.objects.earliest("id")
    Notice.objects.exclude(pk=oldest.pk).filter(pk__lte=oldest.pk + 40).update(read_at=AT)
    browser, shown = client_as(whose), []
    after = ""
    with clock.frozen(AT):
        for _page in range(2):
            answer = browser.get(reverse("notices:inbox"), {"after": after})
            shown += [notice.subject for notice in answer.context["page"].rows]
            after = answer.context["page"].next_cursor
    assert shown[:5] == ["消息44", "消息43", "消息42", "消息41", "消息00"]
    assert shown[5:] == [f"消息{number:02d}" for number in range(40, 0, -1)]
    assert after == ""
    assert queries.unread(whose) == 5


def test_opening_marks_read_once_and_goes_to_the_page(client_as: Browser) -> None:
    whose = cast.dispatcher()
    say([whose], "新故障", at=AT, url="/people/")
    notice = Notice.objects.latest("id")
    browser = client_as(whose)
    for minutes in (1, 2):
        with clock.frozen(AT + minutes * MINUTE):
            answer = browser.post(reverse("notices:open", args=[notice.pk]))
        assert answer.headers["Location"] == "/people/"
    notice.refresh_from_db()
    assert notice.read_at == AT + MINUTE


def test_marking_all_read_spares_what_comes_later() -> None:
    whose = cast.dispatcher()
    say([whose], "早", at=AT)
    say([whose], "晚", at=AT + MINUTE)
    later = Notice.objects.latest("id")
    assert mark_all_read(whose, by=whose, at=AT) == 1
    assert list(queries.inbox(whose).filter(read_at=None)) == [later]
    mark_read(later, by=whose, at=AT + MINUTE)
    assert queries.unread(whose) == 0


def test_the_inbox_costs_the_same_for_few_and_for_many(client_as: Browser) -> None:
    whose, counts = cast.dispatcher(), []
    browser = client_as(whose)
    with clock.frozen(AT):
        browser.get(reverse("notices:inbox"))
        for more in (1, 25):
            for _number in range(more):
                say([whose], "消息", at=AT)
            with CaptureQueriesContext(connection) as made:
                browser.get(reverse("notices:inbox"))
            counts.append(len(made))
    assert counts[0] == counts[1]


def test_a_notice_is_sent_once_with_a_link(mailoutbox: list[EmailMessage]) -> None:
    say([reachable()], "还剩 10 分钟", at=AT, url="/faults/7/")
    notice = Notice.objects.latest("id")
    assert drain(AT) == 1
    assert drain(AT + timedelta(days=9)) == 0
    notice.refresh_from_db()
    assert (notice.sent_at, notice.attempts, notice.error) == (AT, 1, "")
    sent = mailoutbox[0]
    assert sent.to == ["diao@example.edu"]
    assert "https://yika.example/faults/7/" in sent.body
    assert sent.extra_headers["Message-ID"] == f"<notice-{notice.pk}@yika.example>"


def test_without_an_address_or_a_server_nothing_waits(settings: Settings) -> None:
    say([cast.dispatcher()], "没有邮箱", at=AT)
    settings.EMAIL_HOST = ""
    say([reachable()], "没有服务器", at=AT)
    assert drain(AT) == 0


def test_what_can_no_longer_be_sent_is_put_aside_and_says_why(mailoutbox: list[EmailMessage]) -> None:
    whose = reachable()
    say([whose], "消息", at=AT)
    User.objects.filter(pk=whose.pk).update(is_active=False)
    assert drain(AT) == 1
    assert not mailoutbox
    assert Notice.objects.get().send_after is None
    assert "未发送" in Notice.objects.get().error


def test_a_failing_server_is_tried_six_times_with_growing_pauses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say([reachable()], "消息", at=AT)
    fail(monkeypatch, smtplib.SMTPRecipientsRefused({"diao@example.edu": (550, b"no")}))
    at, tried = AT, []
    while (due := Notice.objects.get().send_after) is not None:
        at = due
        assert drain(at - timedelta(seconds=1)) == 0
        assert drain(at) == 1
        tried.append(at - AT)
    pauses = [pause_after(number) for number in range(1, MOST_ATTEMPTS)]
    assert tried == [sum(pauses[:number], timedelta()) for number in range(MOST_ATTEMPTS)]
    notice = Notice.objects.get()
    assert (notice.attempts, notice.sent_at) == (6, None)
    assert "SMTPRecipientsRefused" in notice.error
    assert "diao@" not in notice.error


def test_a_worker_that_dies_in_between_leads_to_a_repeat_that_says_so(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    say([reachable()], "消息", at=AT)
    with monkeypatch.context() as dying:
        fail(dying, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            jobs.send_one(AT)
    assert drain(AT) == 0
    assert drain(AT + MINUTE) == 1
    notice = Notice.objects.get()
    assert (notice.attempts, notice.sent_at) == (2, AT + MINUTE)
    assert "可能重复" in notice.error
    assert len(mailoutbox) == 1


def test_one_that_fails_does_not_hold_up_the_next(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    say([reachable()], "坏", at=AT)
    say([cast.person(Role.MANAGER, email="m@example.edu")], "好", at=AT)
    real = EmailMessage.send

    def sometimes(message: EmailMessage, fail_silently: bool = False) -> int:
        if "坏" in message.subject:
            raise OSError("down")
        return real(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", sometimes)
    assert drain(AT) == 2
    assert [sent.subject for sent in mailoutbox] == ["[一卡运维] 好"]
