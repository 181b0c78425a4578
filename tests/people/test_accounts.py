"""Accounts: made, changed, reset, ended; what a person may change about themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.cast import AT, PASSWORD
from tests.people.test_signing_in import sign_in, try_in
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people import actions, cli, queries
from yika.people.actions import NewPerson
from yika.people.models import Organisation, SignedIn, User
from yika.people.rules import Role, Side, Skill

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NEW = "Guizi-shan-27"
Browser = Callable[[User | None], Client]


def card(role: Role = Role.TECHNICIAN, **values: str) -> NewPerson:
    side = Side.OFFICE if role in {Role.OFFICE, Role.AUDITOR, Role.ADMINISTRATOR} else Side.VENDOR
    return NewPerson(
        name=values.get("name", "李雷"),
        role=role,
        organisation=cast.organisation(side),
        badge_number=values.get("badge", ""),
        phone=values.get("phone", ""),
        email=values.get("email", ""),
        skills=(Skill.NETWORK,),
    )


def last() -> Event:
    found = Event.objects.order_by("id").last()
    assert found is not None
    return found


def test_a_new_person_signs_in_once_and_must_change_the_password(client: Client) -> None:
    whose, password = actions.create("xiaoli", card(), by=cast.administrator(), at=AT)
    with clock.frozen(AT):
        assert sign_in(client, whose, password) == 302
        for name in ("people:list", "people:account", "notices:inbox"):
            assert client.get(reverse(name)).headers["Location"] == reverse("people:change_password")
        page = client.get(reverse("people:change_password"))
        assert "一次性密码" in page.content.decode()
        data = {"current": password, "new": NEW, "again": NEW}
        assert client.post(reverse("people:change_password"), data).status_code == 302
        assert client.get(reverse("people:list")).status_code == 200
    assert try_in("xiaoli", password) != ""
    assert try_in("xiaoli", NEW) == ""


def test_who_must_change_the_password_can_still_leave(client: Client) -> None:
    whose, password = actions.create("xiaoli", card(), by=cast.administrator(), at=AT)
    with clock.frozen(AT):
        sign_in(client, whose, password)
        assert client.post(reverse("people:sign_out")).status_code == 302
        assert client.get(reverse("people:sign_in")).status_code == 200


def test_the_one_time_password_is_shown_once_and_not_kept(client_as: Browser) -> None:
    browser, party = client_as(cast.administrator()), cast.organisation(Side.VENDOR)
    data = {"username": "xiaoli", "name": "李雷", "role": "technician", "organisation": party.pk}
    with clock.frozen(AT):
        answer = browser.post(reverse("people:new"), data)
        made = User.objects.get(username="xiaoli")
        again = browser.get(reverse("people:person", args=[made.pk])).content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert password not in again
    assert password not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("name", ["", "x", "李雷", "a b", "-a", "a" * 41, "a/b", "<b>"])
def test_a_sign_in_name_is_plain(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.create(name, card(), by=cast.administrator(), at=AT)
    assert refused.value.field == "username"


def test_names_and_badges_are_unique() -> None:
    by = cast.administrator()
    actions.create("xiaoli", card(badge="A-1"), by=by, at=AT)
    with pytest.raises(BadInput, match="登录名"):
        actions.create("XiaoLi", card(), by=by, at=AT)
    with pytest.raises(BadInput, match="胸牌号"):
        actions.create("another", card(badge="A-1"), by=by, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=cast.office().pk).update(badge_number="A-1")
    actions.create("third", card(), by=by, at=AT)  # no badge is no number


def test_a_role_belongs_to_its_side() -> None:
    wrong = NewPerson(name="李雷", role=Role.OFFICE, organisation=cast.organisation(Side.VENDOR))
    with pytest.raises(BadInput, match="同一方"):
        actions.create("xiaoli", wrong, by=cast.administrator(), at=AT)


def test_an_edit_is_journalled_with_what_changed_and_the_phone_masked() -> None:
    by = cast.administrator()
    whose, _password = actions.create("xiaoli", card(phone="13812341234"), by=by, at=AT)
    actions.edit(whose, card(phone="13900005678"), by=by, at=AT)
    assert last().data == {
        "before": {"phone": "138****1234"},
        "after": {"phone": "139****5678"},
        "said": "电话 138****1234 → 139****5678",
    }


def test_saving_without_a_change_leaves_no_trace() -> None:
    by = cast.administrator()
    whose, _password = actions.create("xiaoli", card(), by=by, at=AT)
    before = Event.objects.count()
    actions.edit(whose, card(), by=by, at=AT)
    assert Event.objects.count() == before


def test_the_edit_page_shows_no_phone_and_keeps_it_when_left_empty(client_as: Browser) -> None:
    browser = client_as(cast.administrator())
    whose, _password = actions.create("xiaoli", card(phone="13812341234"), by=cast.administrator(), at=AT)
    url = reverse("people:edit", args=[whose.pk])
    data = {"name": "韩梅梅", "role": "technician", "organisation": whose.organisation_id}
    with clock.frozen(AT):
        assert "13812341234" not in browser.get(url).content.decode()
        browser.post(url, data)
        whose.refresh_from_db()
        assert (whose.name, whose.phone) == ("韩梅梅", "13812341234")
        browser.post(url, {**data, "clear_contact": "on"})
    whose.refresh_from_db()
    assert whose.phone == ""


def test_a_reset_ends_the_sessions_and_lifts_the_lock(client: Client) -> None:
    whose = cast.technician()
    with clock.frozen(AT):
        sign_in(client, whose)
    for _number in range(5):
        try_in(whose.username)
    password = actions.reset_password(whose, by=cast.administrator(), at=AT)
    assert not SignedIn.objects.filter(person=whose).exists()
    with clock.frozen(AT):
        assert client.get(reverse("people:account")).status_code == 302
    assert try_in(whose.username, password) == ""
    assert try_in(whose.username, PASSWORD) != ""


def test_who_leaves_is_out_at_once_and_off_the_roster(client: Client) -> None:
    whose, by = cast.technician(), cast.manager()
    begins = clock.day_start(clock.campus_date(AT))
    now = actions.add_shift(whose, starts_at=begins, ends_at=begins + 12 * HOUR, by=by, at=AT)
    later = actions.add_shift(whose, starts_at=AT + 24 * HOUR, ends_at=AT + 30 * HOUR, by=by, at=AT)
    with clock.frozen(AT):
        sign_in(client, whose)
        assert whose in queries.on_duty(AT)
        actions.deactivate(whose, by=cast.administrator(), at=AT)
        assert client.get(reverse("people:account")).status_code == 302
    assert whose not in queries.on_duty(AT)
    assert list(whose.shifts.all()) == [now]
    assert later.pk not in whose.shifts.values_list("pk", flat=True)
    assert try_in(whose.username, PASSWORD) != ""


def test_nobody_deactivates_themselves_or_the_last_administrator() -> None:
    only = cast.administrator()
    with pytest.raises(NotAllowed, match="自己"):
        actions.deactivate(only, by=only, at=AT)
    with pytest.raises(WrongState, match="至少需要一名"):
        actions.edit(only, card(Role.OFFICE), by=only, at=AT)
    second = cast.administrator()
    actions.deactivate(only, by=second, at=AT)
    with pytest.raises(WrongState, match="至少需要一名"):
        actions.edit(second, card(Role.OFFICE), by=second, at=AT)


def test_who_comes_back_signs_in_again() -> None:
    whose, by = cast.technician(), cast.administrator()
    actions.deactivate(whose, by=by, at=AT)
    actions.activate(whose, by=by, at=AT)
    assert try_in(whose.username, PASSWORD) == ""


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("short-1", "10"),
        ("1234567890123", "数字"),
        ("password123", "常见"),
        (PASSWORD, "相同"),
        ("technician", "常见|相似|类似"),
    ],
)
def test_weak_passwords_are_refused_with_the_rule(new: str, why: str) -> None:
    whose = cast.technician("technician")
    with pytest.raises(BadInput, match=why):
        actions.change_password(whose, current=PASSWORD, new=new, keep=None, by=whose, at=AT)
    assert try_in(whose.username, PASSWORD) == ""


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    whose, here, there = cast.office(), Client(), Client()
    data = {"current": PASSWORD, "new": NEW, "again": NEW}
    with clock.frozen(AT):
        sign_in(here, whose)
        sign_in(there, whose)
        assert here.post(reverse("people:change_password"), data).status_code == 302
        assert here.get(reverse("people:account")).status_code == 200
        assert there.get(reverse("people:account")).status_code == 302
    assert last().verb == "people.change_password"


def test_the_present_password_cannot_be_guessed_from_an_open_browser() -> None:
    whose = cast.office()
    for _number in range(5):
        with pytest.raises(BadInput, match="当前密码不正确"):
            actions.change_password(whose, current="guess", new=NEW, keep=None, by=whose, at=AT)
    with pytest.raises(BadInput, match="分钟后再试"):
        actions.change_password(whose, current=PASSWORD, new=NEW, keep=None, by=whose, at=AT)


def test_a_phone_is_masked_until_there_is_a_reason(client_as: Browser) -> None:
    whose = cast.technician()
    browser = client_as(cast.dispatcher())
    with clock.frozen(AT):
        for name, args in (("people:list", []), ("people:person", [whose.pk])):
            assert whose.phone not in browser.get(reverse(name, args=args)).content.decode()
        url = reverse("people:reveal", args=[whose.pk])
        assert whose.phone not in browser.post(url, {"reason": " "}).content.decode()
        assert whose.phone in browser.post(url, {"reason": "夜间抢修"}).content.decode()
    assert (last().verb, last().key, last().data) == (
        "people.reveal_phone",
        str(whose.pk),
        {"reason": "夜间抢修"},
    )


def test_the_vendor_sees_of_the_office_the_name_only(client_as: Browser) -> None:
    office = cast.office("王主任")
    with clock.frozen(AT):
        browser = client_as(cast.manager())
        pages = [
            browser.get(reverse("people:list")).content.decode(),
            browser.get(reverse("people:person", args=[office.pk])).content.decode(),
        ]
        refused = browser.post(reverse("people:reveal", args=[office.pk]), {"reason": "想知道"})
    for page in pages:
        assert "王主任" in page
        assert office.badge_number not in page
        assert office.phone[-4:] not in page
    assert refused.status_code == 403


def test_the_list_costs_the_same_for_few_and_for_many(client_as: Browser) -> None:
    browser = client_as(cast.administrator())
    with clock.frozen(AT):
        browser.get(reverse("people:list"))
        counts = []
        for more in (1, 30):
            for _number in range(more):
                cast.technician()
            with CaptureQueriesContext(connection) as made:
                browser.get(reverse("people:list"))
            counts.append(len(made))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_the_list_pages_and_filters(client_as: Browser) -> None:
    browser = client_as(cast.administrator())
    for number in range(60):
        cast.technician(f"李{number:03d}")
    with clock.frozen(AT):
        first = browser.get(reverse("people:list", query={"role": "technician"}))
        cursor = first.context["page"].next_cursor
        second = browser.get(reverse("people:list", query={"role": "technician", "after": cursor}))
    names = [whose.name for answer in (first, second) for whose in answer.context["page"].rows]
    assert names == sorted(f"李{number:03d}" for number in range(60))


def test_the_command_line_makes_the_first_administrator_and_resets() -> None:
    run = CliRunner().invoke
    args = ["root1", "--name", "管理员", "--role", "administrator", "--organisation", "信息中心"]
    with clock.frozen(AT):
        made = run(cli.create, args)
        assert made.exit_code == 0, made.output
        assert try_in("root1", made.output.split()[-1]) == ""
        assert Organisation.objects.get(name="信息中心").side == Side.OFFICE
        again = run(cli.create, args)
        reset = run(cli.reset, ["root1"])
        unknown = run(cli.reset, ["nobody"])
    assert again.exit_code != 0
    assert "已被使用" in again.output
    assert try_in("root1", reset.output.split()[-1]) == ""
    assert unknown.exit_code != 0
