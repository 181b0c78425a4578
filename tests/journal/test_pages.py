"""The journal as people read it: sentences, timelines, the page, the copy."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy, override
from pytest_django import DjangoAssertNumQueries

from tests import cast
from yika.journal import queries, telling
from yika.journal.actions import record, seal
from yika.journal.models import Event
from yika.journal.policies import READERS
from yika.journal.rules import WORKER, copying
from yika.lib import clock
from yika.people.models import User
from yika.people.rules import HOLDERS, Right

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verbs of a play of our own, so that the tests do not hang on another app's wording."""
    known = telling.Vocabulary(
        sentences={
            "play.move": gettext_lazy("移到 {place}，还剩 {left_s}，{due_at} 到期，{ready}"),
            "play.rank": gettext_lazy("定为 {level}：{names}，{day_on}"),
            "play.slip": gettext_lazy("写坏了 {"),
        },
        nouns={"thing": gettext_lazy("物件")},
        words={"play": {"level": {"major": gettext_lazy("大")}}},
    )
    monkeypatch.setattr(telling, "vocabulary", lambda: known)


def happen(verb: str = "play.move", key: object = 1, **data: Any) -> Event:
    with transaction.atomic():
        return record(verb, ("thing", key), by=WORKER, at=cast.AT, **data)


def test_a_sentence_reads_data_as_people_do() -> None:
    event = happen(place="一食堂", left_s=3900, due_at=cast.AT.isoformat(), ready=True)
    assert queries.sentence(event) == "移到 一食堂，还剩 1 小时 05 分，3月2日 周一 09:12 到期，是"
    event = happen("play.rank", level="major", names=["甲", "乙"], day_on="2026-03-02")
    assert queries.sentence(event) == "定为 大：甲、乙，2026年3月2日 周一"


def test_a_sentence_never_fails() -> None:
    assert queries.sentence(happen("play.unheard_of")) == "play.unheard_of"
    assert queries.sentence(happen("play.slip")) == "写坏了 {"
    assert queries.sentence(happen(place=None, due_at="soon", left_s="x")) == "移到 —，还剩 x，soon 到期，—"


def test_a_menu_names_verbs_shortly() -> None:
    assert telling.label("play.move") == "移到 …"
    assert telling.label("play.rank") == "定为 …"
    assert telling.label("play.slip") == "play.slip"
    assert telling.label("play.unheard_of") == "play.unheard_of"


def test_every_apps_words_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert str(telling.vocabulary().sentences["journal.take_copy"]) == "下载操作记录副本"


def test_parts_of_the_system_are_named_in_the_readers_language() -> None:
    event = happen()
    assert telling.actor_name(event) == "后台任务"
    with override("en"):
        assert telling.actor_name(event) != ""


def test_a_timeline_is_of_its_thing_and_the_latest_comes_first() -> None:
    happen(key=1, place="甲")
    happen(key=2, place="乙")
    happen(key=1, place="丙")
    assert [line.sentence[3:4] for line in queries.timeline("thing", 1)] == ["丙", "甲"]
    both = queries.timeline_of([("thing", 2), ("thing", 1), ("other", 1)])
    assert [line.sentence[3:4] for line in both] == ["丙", "乙", "甲"]
    assert queries.timeline_of([]) == []


def test_a_timeline_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for key in range(5):
        happen(key=key)
    with django_assert_num_queries(1):
        assert len(queries.timeline_of([("thing", key) for key in range(5)])) == 5


def test_a_late_entry_shows_both_times() -> None:
    with transaction.atomic():
        record("play.move", ("thing", 1), by=WORKER, at=cast.AT, happened_at=cast.AT - timedelta(hours=1))
    html = render_to_string("journal/_timeline.html", {"timeline": queries.timeline("thing", 1)})
    assert "补录：称发生于 3月2日 周一 08:12，3月2日 周一 09:12 登记" in html


# The page


@pytest.fixture
def reader(client_as: SignIn) -> Iterator[Client]:
    with clock.frozen(cast.AT + timedelta(minutes=1)):
        yield client_as(cast.auditor("审计员"))


def test_readers_are_those_who_hold_the_right() -> None:
    assert {role.value for role in HOLDERS[Right.READ_JOURNAL]} == READERS


def test_the_page_shows_what_happened_and_the_last_seal(reader: Client) -> None:
    happen(place="一食堂")
    seal(at=cast.AT)
    happen(place="二食堂")
    page = reader.get(reverse("journal:list")).content.decode()
    assert "移到 一食堂" in page and "后台任务" in page and "物件 1" in page
    assert queries.seal_state(cast.AT).last_hash in page
    assert page.count("待封存") == 1


def test_the_page_warns_when_sealing_is_behind(reader: Client) -> None:
    happen()
    assert "尚未封存，请检查后台任务" not in reader.get(reverse("journal:list")).content.decode()
    with clock.frozen(cast.AT + timedelta(minutes=11)):
        assert "尚未封存，请检查后台任务" in reader.get(reverse("journal:list")).content.decode()


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"key": "1"}, {"甲"}),
        ({"noun": "thing"}, {"甲", "乙"}),
        ({"verb": "play.rank"}, set()),
        ({"who": "worker"}, {"甲", "乙"}),
        ({"who": "任务"}, {"甲", "乙"}),
        ({"who": "张三"}, set()),
        ({"who": "user:1"}, set()),
        ({"since": "2026-03-02", "until": "2026-03-02"}, {"甲", "乙"}),
        ({"since": "2026-03-03"}, set()),
        ({"until": "2026-03-01"}, set()),
    ],
)
def test_the_page_filters(query: dict[str, str], seen: set[str], reader: Client) -> None:
    happen(key=1, place="甲")
    happen(key=2, place="乙")
    page = reader.get(reverse("journal:list", query=query)).content.decode()
    assert {name for name in ("甲", "乙") if f"移到 {name}" in page} == seen


def test_a_filter_that_makes_no_sense_is_told(reader: Client) -> None:
    happen(place="甲")
    for query in ({"since": "yesterday"}, {"noun": "nonsense"}):
        answer = reader.get(reverse("journal:list", query=query))
        assert answer.status_code == 422
        assert "移到 甲" not in answer.content.decode()
    assert reader.get(reverse("journal:list", query={"after": "nonsense"})).status_code == 422


def test_the_page_pages_by_key_at_constant_cost(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(120):
        happen(key=number)
    seen: list[str] = []
    url = reverse("journal:list", query={"noun": "thing"})
    reader.get(url)
    for _ in range(3):
        with django_assert_max_num_queries(10):
            answer = reader.get(url)
        seen += [line.key for line in answer.context["lines"]]
        url = reverse("journal:list", query={"noun": "thing", "after": answer.context["page"].next_cursor})
    assert seen == [str(number) for number in reversed(range(120))]


def test_a_copy_is_complete_and_put_on_record(reader: Client) -> None:
    happen(place="一食堂")
    seal(at=cast.AT)
    answer = reader.post(reverse("journal:copy"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    report = copying.check(text.splitlines())
    assert report.ok and (report.seals, report.events) == (1, Event.objects.count())
    taken = Event.objects.get(verb="journal.take_copy")
    assert taken.actor_name == "审计员"
