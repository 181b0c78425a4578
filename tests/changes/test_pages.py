"""Changes as people meet them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.changes.cases import a_change, a_draft
from tests.changes.permissions import words
from tests.matrix import NOON
from yika.changes.actions import planning
from yika.changes.actions.proposing import Proposed
from yika.changes.models import Change
from yika.changes.rules import Mode, State
from yika.lib import clock
from yika.people.models import User

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


def told(client: Client, url: str) -> str:
    with clock.frozen(NOON):
        answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_office_sees_field_by_field_what_will_change(client_as: Browser) -> None:
    change = a_change()
    shown = told(client_as(cast.office()), reverse("changes:page", args=[change.pk]))
    line = change.lines.get()
    assert line.before_words in shown and line.after_words in shown
    assert "同意与否" in shown and "执行变更" not in shown


def test_the_proposer_of_the_office_is_told_why_he_cannot_vote(client_as: Browser) -> None:
    office = cast.office()
    shown = told(client_as(office), reverse("changes:page", args=[a_change(by=office).pk]))
    assert "不能对自己提出的变更表态" in shown and "同意与否" not in shown


def test_a_swap_is_drafted_in_one_step(client_as: Browser) -> None:
    builders.contract()
    old = builders.device("XF-1")
    spare = builders.device("XF-9", at="桂子大学/库房", in_use=False)
    client = client_as(cast.technician())
    url = f"{reverse('changes:swap')}?device={old.pk}"
    assert "XF-9" in told(client, url)
    with clock.frozen(NOON):
        client.post(url, {**words(), "spare": spare.pk})
    change = Change.objects.get()
    assert change.title == "XF-1 更换为 XF-9"
    assert {line.field for line in change.lines.all()} == {"life", "place"}
    assert "XF-9" in told(client, f"{reverse('changes:panel_device')}?device={old.pk}")


def test_a_draft_is_not_yet_for_the_other_side(client_as: Browser) -> None:
    draft = a_draft()
    office = client_as(cast.office())
    assert office.get(reverse("changes:page", args=[draft.pk])).status_code == 404
    assert draft.number not in told(office, reverse("changes:list"))


def test_another_vendor_sees_nothing(client_as: Browser) -> None:
    change = a_change()
    stranger = client_as(cast.stranger())
    assert stranger.get(reverse("changes:page", args=[change.pk])).status_code == 404
    assert change.number not in told(stranger, reverse("changes:list"))


def test_lists_are_narrowed(client_as: Browser) -> None:
    client, asked, done = client_as(cast.office()), a_change(), a_change(State.VERIFIED)
    urgent = a_change(State.EXECUTED, mode=Mode.EMERGENCY)
    number = asked.lines.select_related("device").get().device.number
    for query, found in (
        ("", {asked, urgent}),
        ("?state=all", {asked, done, urgent}),
        ("?state=verified", {done}),
        ("?state=unconfirmed", {urgent}),
        ("?mode=emergency", {urgent}),
        (f"?q={number}", {asked}),
        (f"?q={asked.number}", {asked}),
        ("?kind=swap", set()),
    ):
        shown = told(client, reverse("changes:list") + query)
        there = {one for one in (asked, done, urgent) if f"/changes/{one.pk}/" in shown}
        assert there == found, query


def test_the_calendar_shows_windows_and_blackout_times(client_as: Browser) -> None:
    change = a_change()
    planning.add_blackout(
        name="开学第一周", from_at=NOON, until_at=change.until_at, by=cast.office(), at=NOON
    )
    client = client_as(cast.technician())
    shown = told(client, f"{reverse('changes:calendar')}?month=2026-03")
    assert change.number in shown and "开学第一周" in shown
    assert change.number not in told(client, f"{reverse('changes:calendar')}?month=2026-05")
    with clock.frozen(NOON):
        assert client.get(f"{reverse('changes:calendar')}?month=13").status_code == 404


def test_a_refusal_of_the_form_names_its_field(client_as: Browser) -> None:
    builders.contract()
    client = client_as(cast.technician())
    sent = {**words(), "until_at": "2026-03-01T10:00:00"}
    answer = client.post(reverse("changes:new"), sent)
    assert answer.status_code == 422
    assert "结束时间必须晚于开始时间" in answer.content.decode()
    assert client.post(reverse("changes:new"), {**sent, "reason": ""}).status_code == 422


@pytest.mark.parametrize("name", ["list", "calendar", "differences"])
def test_a_longer_list_asks_no_more_questions(client_as: Browser, name: str) -> None:
    client, counts = client_as(cast.office()), list[int]()
    told(client, reverse(f"changes:{name}"))
    for _round in range(2):
        for _one in range(3):
            a_change()
        with CaptureQueriesContext(connection) as asked:
            told(client, reverse(f"changes:{name}"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_page_with_more_lines_of_devices_asks_no_more_questions(client_as: Browser) -> None:
    client, counts, place = client_as(cast.technician()), list[int](), builders.place("桂子大学/二食堂").pk
    told(client, reverse("changes:page", args=[a_draft().pk]))
    for many in (2, 6):
        change = a_draft([Proposed(builders.device(), "place", place) for _ in range(many)])
        with CaptureQueriesContext(connection) as asked:
            told(client, reverse("changes:page", args=[change.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1]
