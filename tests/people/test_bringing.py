"""People and shifts brought in from a file."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.cast import AT
from yika.journal.models import Event
from yika.lib import clock
from yika.people import actions
from yika.people.models import Organisation, Shift, User
from yika.people.rules import Role, Side, Skill

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | None], Client]
PEOPLE, SHIFTS = "people:import_people", "people:import_shifts"
CARD = "登录名,姓名,角色,单位,胸牌号,电话,邮箱,技能\n"


def preview(desk: Client, name: str, text: str | bytes, form: str = "csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    with clock.frozen(AT):
        return desk.post(reverse(name), {"file": SimpleUploadedFile(f"名单.{form}", data)})


def confirm(desk: Client, name: str, shown: Any) -> Any:
    with clock.frozen(AT):
        return desk.post(reverse(name), {"kept": shown.context["apply_form"].initial["kept"]})


def told(answer: Any) -> list[tuple[int, str]]:
    assert answer.status_code == 422
    return [(one.line, one.column) for one in answer.context["plan"].problems]


def counts(answer: Any) -> tuple[int, int, int]:
    plan = answer.context["plan"]
    assert not plan.problems, plan.problems
    return len(plan.new), len(plan.changed), len(plan.same)


class TestPeople:
    @pytest.fixture
    def desk(self, client_as: ClientAs) -> Client:
        cast.organisation(Side.VENDOR)
        return client_as(cast.administrator("何平"))

    def test_accounts_are_made_and_changed_as_previewed(self, desk: Client) -> None:
        li = cast.technician("李雷")
        before = li.phone
        text = (
            f"{CARD}"
            f"{li.username},李雷,调度,,,,,终端、Network\n"
            "hanmei,韩梅,technician,运维服务供应商,000123,138 1234 5678,han@example.edu,门禁\n"
        )
        shown = preview(desk, PEOPLE, text)
        assert counts(shown) == (1, 1, 0)
        assert not User.objects.filter(username="hanmei").exists()
        answer = confirm(desk, PEOPLE, shown)
        [(made, password)] = answer.context["made"]
        han = User.objects.get(username="hanmei")
        assert made == han and han.must_change_password and han.check_password(password)
        assert password in answer.content.decode() and "no-store" in answer.headers["Cache-Control"]
        assert (han.role, han.badge_number, han.phone) == (Role.TECHNICIAN, "000123", "13812345678")
        assert han.skill_set == {Skill.DOOR}
        li.refresh_from_db()
        assert (li.role, li.phone, li.skill_set) == (
            Role.DISPATCHER,
            before,
            {Skill.TERMINAL, Skill.NETWORK},
        )
        event = Event.objects.get(verb="people.import_people")
        assert (event.data["added"], event.data["changed"]) == (1, 1)
        assert Event.objects.filter(verb__in=["people.create", "people.edit"]).count() == 2
        assert password not in str(list(Event.objects.values_list("data", flat=True)))

    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_what_was_taken_away_changes_nothing(self, desk: Client, form: str, language: str) -> None:
        for role in Role:
            cast.person(role, skills=(Skill.DOOR, Skill.TERMINAL))
        desk.cookies["django_language"] = language
        taken = desk.get(reverse("people:export_people", args=[form])).getvalue()
        desk.cookies["django_language"] = "zh-hans"
        shown = preview(desk, PEOPLE, taken, form)
        assert counts(shown) == (0, 0, User.objects.count())
        assert "无需导入" in shown.content.decode()

    def test_people_without_a_sign_in_name_are_known_by_their_badge(self, desk: Client) -> None:
        li = cast.technician("李雷")
        assert counts(preview(desk, PEOPLE, f"姓名,胸牌号\n李蕾,{li.badge_number}\n")) == (0, 1, 0)
        assert told(preview(desk, PEOPLE, "姓名,胸牌号\n李蕾,X-1\n王五,\n")) == [(2, "胸牌号"), (3, "登录名")]

    def test_each_error_is_named_by_line_and_column(self, desk: Client) -> None:
        li = cast.technician("李雷")
        party = "运维服务供应商"
        text = CARD + "".join(
            line + "\n"
            for line in (
                f"Bad Name,甲,维护人员,{party},,,,",
                f"aa1,,维护人员,{party},,,,",
                f"aa2,甲,电工,{party},,,,",
                "aa3,甲,维护人员,没有的公司,,,,",
                "aa4,甲,维护人员,信息化办公室,,,,",
                f"aa5,甲,维护人员,{party},{li.badge_number},,,",
                f"aa6,甲,维护人员,{party},,138****0000,,",
                f"aa7,甲,维护人员,{party},,电话,,",
                f"aa8,甲,维护人员,{party},,,不是邮箱,",
                f"aa9,甲,维护人员,{party},,,,木工",
                f"ab1,甲,维护人员,{party},N1,,,",
                f"ab1,甲,维护人员,{party},N2,,,",
                f"ab2,甲,维护人员,{party},N1,,,",
                f"ab3,{'长' * 41},维护人员,{party},,,,",
            )
        )
        columns = [
            "登录名",
            "姓名",
            "角色",
            "单位",
            "单位",
            "胸牌号",
            "电话",
            "电话",
            "邮箱",
            "技能",
            "登录名",
            "胸牌号",
            "姓名",
        ]
        assert told(preview(desk, PEOPLE, text)) == list(
            zip([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15], columns, strict=True)
        )
        assert not User.objects.filter(username__startswith="aa").exists()

    def test_the_last_administrator_stays_and_may_hand_over(self, desk: Client) -> None:
        boss = User.objects.get(role=Role.ADMINISTRATOR)
        lin = cast.office("林涛")
        gone = f"登录名,姓名,角色\n{boss.username},何平,信息化办公室\n"
        assert told(preview(desk, PEOPLE, gone)) == [(2, "角色")]
        shown = preview(desk, PEOPLE, f"{gone}{lin.username},林涛,系统管理员\n")
        assert confirm(desk, PEOPLE, shown).status_code == 302
        lin.refresh_from_db()
        assert lin.role == Role.ADMINISTRATOR

    def test_a_preview_that_is_overtaken_changes_nothing(self, desk: Client) -> None:
        text = f"{CARD}hanmei,韩梅,维护人员,运维服务供应商,N1,,,\nliu,刘,维护人员,运维服务供应商,,,,\n"
        shown = preview(desk, PEOPLE, text)
        li = cast.technician("李雷")
        User.objects.filter(pk=li.pk).update(badge_number="N1")
        assert confirm(desk, PEOPLE, shown).status_code == 422
        assert not User.objects.filter(username__in=["hanmei", "liu"]).exists()
        assert not Event.objects.filter(verb="people.import_people").exists()

    def test_a_preview_costs_the_same_for_few_and_many(self, desk: Client) -> None:
        def cost(count: int) -> int:
            lines = "".join(f"x{number:03d},甲,维护人员,运维服务供应商,,,,\n" for number in range(count))
            with CaptureQueriesContext(connection) as queries:
                assert counts(preview(desk, PEOPLE, CARD + lines))[0] == count
            return len(queries)

        cost(1)
        assert cost(2) == cost(150)
        lines = "".join(f"x{number:03d},甲,维护人员,运维服务供应商,,,,\n" for number in range(201))
        assert told(preview(desk, PEOPLE, CARD + lines)) == [(202, "登录名")]


class TestShifts:
    @pytest.fixture
    def chief(self) -> User:
        return cast.manager("陈立")

    @pytest.fixture
    def desk(self, client_as: ClientAs, chief: User) -> Client:
        return client_as(chief)

    def test_shifts_are_added_and_changed_as_previewed(self, desk: Client, chief: User) -> None:
        li, han = cast.technician("李雷"), cast.dispatcher("韩梅")
        night = clock.read("2026-03-03 20:00").astimezone(UTC)
        actions.add_shift(han, starts_at=night, ends_at=night + timedelta(hours=8), by=chief, at=AT)
        text = (
            "日期,姓名,开始,结束\n"
            "2026-03-03,李雷,8:00,18:00\n"
            "2026/3/4,李雷,20:00,08:00\n"
            "2026-03-03,韩梅,20:00,2026-03-04 08:00\n"
            "2026-03-05,韩梅,16:00,24:00\n"
        )
        shown = preview(desk, SHIFTS, text)
        assert counts(shown) == (3, 1, 0)
        assert Shift.objects.count() == 1
        answer = confirm(desk, SHIFTS, shown)
        assert answer.headers["Location"] == reverse("people:roster", query={"from": "2026-03-02"})
        got = [
            (row.person.name, f"{clock.campus(row.starts_at):%d %H}", f"{clock.campus(row.ends_at):%d %H}")
            for row in Shift.objects.select_related("person").order_by("starts_at", "person__name")
        ]
        assert got == [
            ("李雷", "03 08", "03 18"),
            ("韩梅", "03 20", "04 08"),
            ("李雷", "04 20", "05 08"),
            ("韩梅", "05 16", "06 00"),
        ]
        event = Event.objects.get(verb="people.import_shifts")
        assert (event.data["added"], event.data["changed"], len(event.data["shifts"])) == (3, 1, 4)
        assert li.shifts.count() == 2

    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_what_was_taken_away_changes_nothing(
        self, desk: Client, chief: User, form: str, language: str
    ) -> None:
        for name in ("李雷", "李雷", "韩梅"):
            whose = cast.technician(name)
            for begins in (-30, 0, 24):
                start = clock.day_start(clock.campus_date(AT)) + timedelta(hours=begins)
                Shift.objects.create(person=whose, starts_at=start, ends_at=start + timedelta(hours=24))
        desk.cookies["django_language"] = language
        with clock.frozen(AT):
            taken = desk.get(reverse("people:export_roster", args=[form]), {"from": "2026-02-23"}).getvalue()
        desk.cookies["django_language"] = "zh-hans"
        assert counts(preview(desk, SHIFTS, taken, form)) == (0, 0, 9)

    def test_each_error_is_named_by_line_and_column(self, desk: Client, chief: User) -> None:
        for name in ("李雷", "同名", "同名"):
            cast.technician(name)
        stranger = cast.stranger("外人")
        li = User.objects.get(name="李雷")
        Shift.objects.create(person=li, starts_at=AT - timedelta(hours=1), ends_at=AT + timedelta(hours=7))
        running = f"{clock.campus(AT - timedelta(hours=1)):%Y-%m-%d %H:%M:%S}"
        lines = [
            ("2026-03-05", "", "没有", "8:00", "9:00", "姓名"),
            ("2026-03-05", "", "", "8:00", "9:00", "姓名"),
            ("2026-03-05", "", "同名", "8:00", "9:00", "姓名"),
            ("2026-03-05", stranger.badge_number, "", "8:00", "9:00", "胸牌号"),
            ("2026-03-05", li.badge_number, "王五", "8:00", "9:00", "姓名"),
            ("2026-13-05", "", "李雷", "8:00", "9:00", "日期"),
            ("", "", "李雷", "8:00", "9:00", "日期"),
            ("2026-03-05", "", "李雷", "早上", "9:00", "开始"),
            ("2026-03-05", "", "李雷", "2026-03-06 8:00", "9:00", "日期"),
            ("2026-03-05", "", "李雷", "8:00", "2026-03-06 8:01", "结束"),
            ("2026-03-01", "", "李雷", "8:00", "9:00", "结束"),
            ("", "", "李雷", running, "23:00", "结束"),
            ("2026-03-07", "", "李雷", "8:00", "18:00", ""),
            ("2026-03-07", "", "李雷", "8:00", "12:00", "开始"),
            ("2026-03-07", "", "李雷", "17:59", "20:00", "开始"),
            ("2026-03-02", "", "李雷", "16:00", "20:00", "开始"),
        ]
        text = "日期,胸牌号,姓名,开始,结束\n" + "".join(f"{','.join(line[:5])}\n" for line in lines)
        expected = [(number, line[5]) for number, line in enumerate(lines, start=2) if line[5]]
        assert told(preview(desk, SHIFTS, text)) == expected
        assert Shift.objects.count() == 1

    def test_a_shift_made_meanwhile_refuses_the_whole_file(self, desk: Client, chief: User) -> None:
        li = cast.technician("李雷")
        text = "日期,姓名,开始,结束\n2026-03-03,李雷,8:00,18:00\n2026-03-04,李雷,8:00,18:00\n"
        shown = preview(desk, SHIFTS, text)
        start = datetime(2026, 3, 4, 1, tzinfo=UTC)
        actions.add_shift(li, starts_at=start, ends_at=start + timedelta(hours=1), by=chief, at=AT)
        assert confirm(desk, SHIFTS, shown).status_code == 422
        assert Shift.objects.count() == 1

    def test_a_preview_costs_the_same_for_few_and_many(self, desk: Client) -> None:
        cast.technician("李雷")

        def cost(count: int) -> int:
            lines = "".join(f"2026-04-{day + 1:02d},李雷,8:00,18:00\n" for day in range(count))
            with CaptureQueriesContext(connection) as queries:
                assert counts(preview(desk, SHIFTS, f"日期,姓名,开始,结束\n{lines}"))[0] == count
            return len(queries)

        cost(1)
        assert cost(2) == cost(30)


def test_a_file_kept_for_one_list_is_no_file_of_another(client_as: ClientAs) -> None:
    cast.technician("李雷")
    desk = client_as(cast.manager())
    shown = preview(desk, SHIFTS, "日期,姓名,开始,结束\n2026-03-03,李雷,8:00,18:00\n")
    admin = client_as(cast.administrator())
    with clock.frozen(AT):
        answer = admin.post(reverse(PEOPLE), {"kept": shown.context["apply_form"].initial["kept"]})
    assert answer.status_code == 422
    assert Organisation.objects.count() == 2
