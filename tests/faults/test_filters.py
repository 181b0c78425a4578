"""常用筛选: kept under a name, shared with colleagues, forgotten."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders, cast
from tests.cast import AT
from yika.faults.actions.filters import MOST, change_filter, remove_filter, save_filter
from yika.faults.forms import ListForm
from yika.faults.models import SavedFilter
from yika.faults.policies import visible_filters
from yika.journal.models import Event
from yika.lib.decisions import BadInput, NotAllowed
from yika.people.models import User

ClientAs = Callable[[User | None], Client]
QUERY = "overdue=on"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        ("state=open", ""),
        ("after=abc&fault=3", ""),
        ("overdue=1", "overdue=on"),
        ("technician=7&state=ended&q=%E9%A3%9F%E5%A0%82", "q=%E9%A3%9F%E5%A0%82&state=ended&technician=7"),
        ("place=x&severity=first", "severity=first"),
        ("until=2026-03-31&contract=2&since=2026-03-01", "contract=2&since=2026-03-01&until=2026-03-31"),
        ("since=gestern&contract=x", ""),
    ],
)
def test_of_an_address_only_what_narrows_is_kept(sent: str, kept: str) -> None:
    assert ListForm.kept(QueryDict(sent)) == kept


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(st.dictionaries(st.sampled_from([*ListForm.base_fields, "after"]), st.text(max_size=30)))
def test_what_is_kept_keeps_itself(sent: dict[str, str]) -> None:
    asked = QueryDict(mutable=True)
    asked.update(sent)
    once = ListForm.kept(asked)
    assert ListForm.kept(QueryDict(once)) == once


@pytest.mark.django_db
class TestKeeping:
    def test_stands_above_the_list_and_narrows_it(self, client_as: ClientAs) -> None:
        browser = client_as(cast.dispatcher())
        answer = browser.post("/faults/filters/", {"name": "一食堂", "query": "q=%E4%B8%80&after=x"})
        assert answer.headers["Location"] == "/faults/?q=%E4%B8%80"
        page = browser.get(answer.headers["Location"]).content.decode()
        assert "一食堂" in page and "修改筛选" in page and "保存筛选" not in page

    def test_a_narrowed_list_may_be_kept_and_the_plain_one_not(self, client_as: ClientAs) -> None:
        browser = client_as(cast.technician())
        assert "保存筛选" in browser.get("/faults/?q=x").content.decode()
        assert "保存筛选" not in browser.get("/faults/").content.decode()
        assert "共享给本单位" not in browser.get("/faults/?q=x").content.decode()

    @pytest.mark.parametrize("name", ["", "   ", "字" * 21])
    def test_a_name_is_needed_and_short(self, name: str) -> None:
        with pytest.raises(BadInput):
            save_filter(name, QUERY, shared=False, by=cast.dispatcher(), at=AT)

    def test_two_of_one_name_would_be_confused(self) -> None:
        desk = cast.dispatcher()
        save_filter("超时", QUERY, shared=False, by=desk, at=AT)
        with pytest.raises(BadInput, match="同名"):
            save_filter(" 超时 ", "state=ended", shared=False, by=desk, at=AT)
        other = save_filter("已结束", "state=ended", shared=False, by=desk, at=AT)
        with pytest.raises(BadInput, match="同名"):
            change_filter(other, name="超时", shared=False, by=desk, at=AT)
        save_filter("超时", QUERY, shared=False, by=cast.manager(), at=AT)

    def test_there_is_a_most(self) -> None:
        desk = cast.dispatcher()
        for number in range(MOST):
            save_filter(f"第{number}", QUERY, shared=False, by=desk, at=AT)
        with pytest.raises(BadInput, match="请先删去"):
            save_filter("又一个", QUERY, shared=False, by=desk, at=AT)


@pytest.mark.django_db
class TestSharing:
    def test_colleagues_have_it_strangers_and_those_who_left_do_not_give_it(self) -> None:
        desk, colleague, stranger = cast.dispatcher(), cast.technician(), cast.stranger()
        own = save_filter("自用", "state=ended", shared=False, by=desk, at=AT)
        shared = save_filter("共用", QUERY, shared=True, by=desk, at=AT)
        assert set(visible_filters(desk)) == {own, shared}
        assert set(visible_filters(colleague)) == {shared}
        assert set(visible_filters(stranger)) == set()
        User.objects.filter(pk=desk.pk).update(is_active=False)
        assert set(visible_filters(colleague)) == set()

    def test_goes_on_record_and_so_does_its_end(self) -> None:
        desk = cast.dispatcher()
        row = save_filter("共用", QUERY, shared=False, by=desk, at=AT)
        assert not Event.objects.filter(noun="fault_filter").exists()
        row = change_filter(row, name="共用", shared=True, by=desk, at=AT)
        remove_filter(row, by=desk, at=AT)
        verbs = list(Event.objects.filter(noun="fault_filter").order_by("pk").values_list("verb", flat=True))
        assert verbs == ["faults.share_filter", "faults.unshare_filter"]
        assert not SavedFilter.objects.exists()

    def test_a_technician_keeps_but_does_not_share(self) -> None:
        with pytest.raises(NotAllowed):
            save_filter("共用", QUERY, shared=True, by=cast.technician(), at=AT)

    def test_only_who_keeps_it_changes_it(self) -> None:
        row = save_filter("共用", QUERY, shared=True, by=cast.dispatcher(), at=AT)
        with pytest.raises(NotAllowed):
            change_filter(row, name="改名", shared=True, by=cast.manager(), at=AT)
        with pytest.raises(NotAllowed):
            remove_filter(row, by=cast.manager(), at=AT)

    def test_the_list_takes_as_many_queries_for_many(self, client_as: ClientAs) -> None:
        desk, browser = cast.dispatcher(), client_as(cast.dispatcher())
        builders.fault()
        counts = []
        for number in range(6):
            save_filter(f"第{number}", QUERY, shared=True, by=desk, at=AT)
            browser.get("/faults/")
            with CaptureQueriesContext(connection) as taken:
                browser.get("/faults/")
            counts.append(len(taken))
        assert len(set(counts)) == 1


@pytest.mark.django_db
class TestOpeningAndOrder:
    def test_the_list_opens_with_it_and_the_others_stay_in_reach(self, client_as: ClientAs) -> None:
        desk = cast.dispatcher()
        row = save_filter("超时", QUERY, shared=False, by=desk, at=AT)
        browser = client_as(desk)
        assert browser.get("/faults/").status_code == 200
        change_filter(row, name="超时", shared=False, default=True, by=desk, at=AT)
        assert browser.get("/faults/").headers["Location"] == f"/faults/?{QUERY}"
        assert browser.get("/faults/?state=open").status_code == 200
        page = browser.get(f"/faults/?{QUERY}").content.decode()
        assert 'href="/faults/?state=open"' in page

    def test_there_is_one_and_a_colleague_is_not_led_there(self, client_as: ClientAs) -> None:
        desk = cast.dispatcher()
        for name, query in (("超时", QUERY), ("已结束", "state=ended")):
            row = save_filter(name, query, shared=True, by=desk, at=AT)
            change_filter(row, name=name, shared=True, default=True, by=desk, at=AT)
        assert [row.name for row in SavedFilter.objects.filter(default=True)] == ["已结束"]
        assert client_as(cast.manager()).get("/faults/").status_code == 200
        change_filter(row, name="已结束", shared=True, by=desk, at=AT)
        assert client_as(desk).get("/faults/").status_code == 200

    def test_one_place_to_the_front_at_a_time(self, client_as: ClientAs) -> None:
        desk = cast.dispatcher()
        rows = [save_filter(name, QUERY, shared=False, by=desk, at=AT) for name in "甲乙丙"]
        browser = client_as(desk)
        for expected in ("甲丙乙", "丙甲乙", "丙甲乙"):
            answer = browser.post(f"/faults/filters/{rows[2].pk}/forward/")
            assert answer.headers["Location"] == f"/faults/?{QUERY}"
            assert "".join(row.name for row in SavedFilter.objects.filter(owner=desk)) == expected
        remove_filter(rows[0], by=desk, at=AT)
        save_filter("丁", QUERY, shared=False, by=desk, at=AT)
        assert "".join(row.name for row in SavedFilter.objects.filter(owner=desk)) == "丙乙丁"


@pytest.mark.django_db
def test_a_name_used_already_is_refused_in_the_form_with_what_was_typed(client_as: ClientAs) -> None:
    builders.contract()
    browser = client_as(cast.dispatcher())
    form = {"name": "超时的", "query": "overdue=1"}
    assert "已保存" in browser.post(reverse("faults:save_filter"), form, follow=True).content.decode()
    again = browser.post(reverse("faults:save_filter"), form | {"query": "severity=larger"}, follow=True)
    page = again.content.decode()
    assert again.request["PATH_INFO"] == reverse("faults:list")
    assert "已有同名的常用筛选" in page
    assert '<details class="act" open><summary class="btn">保存筛选' in page and 'value="超时的"' in page
