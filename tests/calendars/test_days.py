"""The days table: seeded with what is announced, kept by the Office."""

from collections.abc import Callable
from datetime import date, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import cast
from yika.calendars import actions, announced, queries
from yika.calendars.models import SpecialDay
from yika.calendars.rules import NATURAL, Calendar
from yika.journal.models import Event
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.models import User

pytestmark = pytest.mark.django_db
HOURS: dict[int, tuple[tuple[time, time], ...]] = {day: ((time(8), time(17)),) for day in range(5)}
SHIPPED = Calendar(HOURS, announced.all_holidays(), announced.all_working_days())


@pytest.fixture(autouse=True)
def no_days() -> None:
    SpecialDay.objects.all().delete()


def test_announced_years_are_known_and_others_are_said_to_be_unknown() -> None:
    last = announced.years()[-1]
    assert queries.year(last).announced
    assert not queries.year(last + 1).announced
    with pytest.raises(BadInput, match="未公布"):
        actions.seed([last + 1], by=SYSTEM, at=cast.AT)


def test_seeding_twice_adds_nothing_and_keeps_what_the_office_marked() -> None:
    own = actions.add(date(2026, 10, 1), is_working=True, name="迎新", by=cast.office(), at=cast.AT)
    added = actions.seed([2026], by=SYSTEM, at=cast.AT)
    assert added == SpecialDay.objects.count() - 1 > 30
    assert actions.seed([2026], by=SYSTEM, at=cast.AT) == 0
    own.refresh_from_db()
    assert own.is_working


def test_the_national_day_of_2026() -> None:
    actions.seed([2026], by=SYSTEM, at=cast.AT)
    days = {row.day: row for row in queries.days_of(2026)}
    assert not days[date(2026, 10, 1)].is_working
    assert days[date(2026, 10, 1)].name == "国庆节"
    assert days[date(2026, 10, 10)].is_working


def test_a_service_calendar_follows_the_table_and_natural_time_does_not_ask() -> None:
    actions.add(date(2026, 11, 25), is_working=False, name="校庆", by=cast.office(), at=cast.AT)
    assert queries.with_days(SHIPPED).spans_of(date(2026, 11, 25)) == []
    assert queries.with_days(NATURAL) is NATURAL
    open_always = Calendar(HOURS)
    assert queries.with_days(open_always) is open_always


def test_a_day_is_marked_once_and_unmarked_once() -> None:
    office = cast.office()
    row = actions.add(date(2026, 9, 2), is_working=False, name="校庆", by=office, at=cast.AT)
    with pytest.raises(BadInput, match="已在表中"):
        actions.add(date(2026, 9, 2), is_working=True, name="迎新", by=office, at=cast.AT)
    with pytest.raises(BadInput, match="名称"):
        actions.add(date(2026, 9, 3), is_working=True, name="  ", by=office, at=cast.AT)
    actions.remove(row, by=office, at=cast.AT)
    row.pk = row.pk or 1
    with pytest.raises(WrongState):
        actions.remove(row, by=office, at=cast.AT)


def test_every_change_is_in_the_journal_and_the_vendor_makes_none() -> None:
    row = actions.add(date(2026, 9, 2), is_working=True, name="迎新", by=cast.administrator(), at=cast.AT)
    actions.remove(row, by=cast.office(), at=cast.AT)
    actions.seed([2026], by=cast.office(), at=cast.AT)
    verbs = list(Event.objects.filter(noun="calendar", key="2026").values_list("verb", flat=True))
    assert verbs == ["calendars.add_working_day", "calendars.remove", "calendars.seed"]
    with pytest.raises(NotAllowed):
        actions.add(date(2026, 9, 4), is_working=True, name="x", by=cast.manager(), at=cast.AT)
    with pytest.raises(NotAllowed):
        actions.seed([2025], by=cast.technician(), at=cast.AT)


def test_the_page_tells_an_unannounced_year(client_as: Callable[[User | None], Client]) -> None:
    number = announced.years()[-1] + 1
    with clock.frozen(cast.AT):
        page = client_as(cast.office()).get("/calendar/", {"year": number}).content.decode()
    assert "未公布" in page


def test_a_form_with_a_marked_day_says_so(client_as: Callable[[User | None], Client]) -> None:
    actions.add(date(2026, 9, 2), is_working=False, name="校庆", by=cast.office(), at=cast.AT)
    told = {"day": "2026-09-02", "kind": "holiday", "name": "别的"}
    with clock.frozen(cast.AT):
        answer = client_as(cast.office()).post("/calendar/add/", told)
    assert answer.status_code == 422
    assert "已在表中" in answer.content.decode()
    assert 'value="别的"' in answer.content.decode()


def queries_of(browser: Client, url: str) -> int:
    """How many queries a page costs, its session being warm."""
    with clock.frozen(cast.AT):
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200
    return len(asked)


def test_the_page_costs_the_same_for_few_and_many_days(client_as: Callable[[User | None], Client]) -> None:
    browser = client_as(cast.office())
    actions.seed([2026], by=SYSTEM, at=cast.AT)
    many = queries_of(browser, "/calendar/?year=2026")
    SpecialDay.objects.exclude(day=date(2026, 10, 1)).delete()
    assert queries_of(browser, "/calendar/?year=2026") == many


def test_every_announced_name_can_be_read_in_english() -> None:
    names = {one.name for year in announced.years() for one in announced.days(year)}
    with translation.override("en"):
        assert all(SpecialDay(name=name).name_word.isascii() for name in names)
        assert SpecialDay(name="校庆放假").name_word == "校庆放假"
