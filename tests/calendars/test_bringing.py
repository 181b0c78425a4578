"""Special days brought in from a file."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from tests import cast
from yika.calendars import actions
from yika.calendars.models import SpecialDay
from yika.journal.models import Event
from yika.people.models import User

pytestmark = pytest.mark.django_db
URL = "calendars:import_days"


@pytest.fixture
def desk(client_as: Callable[[User | None], Client]) -> Client:
    SpecialDay.objects.all().delete()
    return client_as(cast.office("周敏"))


def preview(desk: Client, text: str | bytes, name: str = "校历.csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return desk.post(reverse(URL), {"file": SimpleUploadedFile(name, data)})


def told(answer: Any) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.words) for one in answer.context["plan"].problems]


def confirm(desk: Client, shown: Any) -> Any:
    return desk.post(reverse(URL), {"kept": shown.context["apply_form"].initial["kept"]})


def test_days_are_added_and_changed_as_previewed(desk: Client) -> None:
    actions.add(date(2031, 10, 1), is_working=False, name="国庆", by=cast.office(), at=cast.AT)
    actions.add(date(2031, 10, 2), is_working=False, name="国庆节", by=cast.office(), at=cast.AT)
    shown = preview(
        desk,
        "日期,安排,名称\n2031-10-01,放假,国庆节\n2031/10/2,放假,\n2031年10月12日,上班,调休\n",
    )
    plan = shown.context["plan"]
    assert (len(plan.new), len(plan.changed), len(plan.same)) == (1, 1, 1)
    assert SpecialDay.objects.count() == 2, "nothing is changed by looking"
    assert confirm(desk, shown).status_code == 302
    assert list(SpecialDay.objects.order_by("day").values_list("day", "is_working", "name")) == [
        (date(2031, 10, 1), False, "国庆节"),
        (date(2031, 10, 2), False, "国庆节"),
        (date(2031, 10, 12), True, "调休"),
    ]
    event = Event.objects.get(verb="calendars.import_days")
    assert (event.data["added"], event.data["changed"]) == (1, 1)
    assert event.data["days"] == ["2031-10-12 上班 调休", "2031-10-01 放假 国庆节"]


def test_a_line_in_error_is_named_and_nothing_is_brought_in(desk: Client) -> None:
    shown = preview(
        desk,
        "日期,安排,名称\n"
        "2031-10-01,放假,国庆节\n2031-02-30,放假,甲\n2031-10-01,放假,乙\n2031-10-03,休息,丙\n2031-10-04,放假,\n",
    )
    assert shown.status_code == 422
    assert [(line, column) for line, column, _words in told(shown)] == [
        (3, "日期"),
        (4, "日期"),
        (5, "安排"),
        (6, "名称"),
    ]
    assert "与第 2 行重复" in told(shown)[1][2]
    assert "apply_form" not in shown.context
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_was_taken_away_brings_nothing_new(desk: Client, form: str, language: str) -> None:
    actions.seed([2026], by=cast.office(), at=cast.AT)
    desk.cookies["django_language"] = language
    taken = desk.get(reverse("calendars:export", args=[form]), {"year": "2026"}).getvalue()
    desk.cookies["django_language"] = "zh-hans"
    shown = preview(desk, taken, f"days.{form}")
    plan = shown.context["plan"]
    assert plan.is_empty and len(plan.same) == SpecialDay.objects.count() > 30
    assert "无需导入" in shown.content.decode()


def test_a_preview_that_is_overtaken_is_refused(desk: Client) -> None:
    shown = preview(desk, "日期,安排,名称\n2031-10-01,放假,国庆节\n")
    actions.add(date(2031, 10, 1), is_working=True, name="补班", by=cast.office(), at=cast.AT)
    answer = confirm(desk, shown)
    assert answer.status_code == 409
    assert "请重新预览" in answer.content.decode()
    assert SpecialDay.objects.get().is_working


def test_what_was_altered_or_is_of_another_list_is_refused(desk: Client) -> None:
    kept = preview(desk, "日期,安排,名称\n2031-10-01,放假,国庆节\n").context["apply_form"].initial["kept"]
    assert desk.post(reverse(URL), {"kept": kept + "x"}).status_code == 422
    assert not SpecialDay.objects.exists()


def test_what_is_no_list_is_said_beside_the_field(desk: Client) -> None:
    answer = preview(desk, "甲,乙\n1,2\n")
    assert answer.status_code == 422
    assert "找不到表头，表头须有：日期、安排" in answer.content.decode()
    assert desk.post(reverse(URL)).status_code == 422
    with override("en"):
        assert "表头以下没有内容" in preview(desk, "日期,安排\n").content.decode()


def test_a_preview_costs_the_same_for_few_and_many_lines(desk: Client) -> None:
    def cost(count: int) -> int:
        lines = "".join(
            f"2031-{number // 28 + 1:02d}-{number % 28 + 1:02d},放假,假\n" for number in range(count)
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(preview(desk, f"日期,安排,名称\n{lines}").context["plan"].new) == count
        return len(queries)

    cost(1)  # warms what is cached
    assert cost(2) == cost(200)
