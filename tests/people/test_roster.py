"""值班: who is on duty, and how the roster is kept."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.cast import AT
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.notices.models import Notice
from yika.people import actions, queries
from yika.people.forms import ShiftForm
from yika.people.models import Shift, User
from yika.people.rules import Role, overlap

HOUR = timedelta(hours=1)
MONDAY = date(2026, 3, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "duty"), [(-1, False), (0, True), (3599, True), (3600, False)])
def test_a_shift_is_half_open(after: int, duty: bool) -> None:
    whose = cast.technician()
    actions.add_shift(whose, starts_at=AT, ends_at=AT + HOUR, by=cast.dispatcher(), at=AT)
    assert (whose in queries.on_duty(AT + timedelta(seconds=after))) is duty


@pytest.mark.django_db
def test_a_person_is_on_duty_once_whatever_the_shifts() -> None:
    whose = cast.technician()
    Shift.objects.create(person=whose, starts_at=AT, ends_at=AT + HOUR)
    Shift.objects.create(person=whose, starts_at=AT, ends_at=AT + 2 * HOUR)
    assert list(queries.on_duty(AT)) == [whose]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        (0, 0, "晚于"),
        (2, 1, "晚于"),
        (0, 25, "24 小时"),
        (-3, -1, "已经结束"),
        (-3, 0, "已经结束"),
        (3, 5, "已有班次"),
        (1, 9, "已有班次"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(begins: int, ends: int, why: str) -> None:
    whose, by = cast.technician(), cast.dispatcher()
    actions.add_shift(whose, starts_at=AT + 2 * HOUR, ends_at=AT + 4 * HOUR, by=by, at=AT)
    with pytest.raises(BadInput, match=why):
        actions.add_shift(whose, starts_at=AT + begins * HOUR, ends_at=AT + ends * HOUR, by=by, at=AT)


@pytest.mark.django_db
def test_shifts_may_touch() -> None:
    whose, by = cast.technician(), cast.dispatcher()
    actions.add_shift(whose, starts_at=AT, ends_at=AT + HOUR, by=by, at=AT)
    actions.add_shift(whose, starts_at=AT + HOUR, ends_at=AT + 2 * HOUR, by=by, at=AT)


@pytest.mark.django_db
def test_a_vendor_rosters_its_own_people_and_the_office_nobody() -> None:
    with pytest.raises(NotAllowed, match="本单位"):
        actions.add_shift(cast.stranger(), starts_at=AT, ends_at=AT + HOUR, by=cast.manager(), at=AT)
    with pytest.raises(NotAllowed, match="排班"):
        actions.add_shift(cast.technician(), starts_at=AT, ends_at=AT + HOUR, by=cast.office(), at=AT)


@pytest.mark.django_db
def test_a_shift_that_began_stays_as_proof() -> None:
    whose, by = cast.technician(), cast.dispatcher()
    shift = actions.add_shift(whose, starts_at=AT + HOUR, ends_at=AT + 2 * HOUR, by=by, at=AT)
    with pytest.raises(WrongState, match="已经开始"):
        actions.remove_shift(shift, by=by, at=AT + HOUR)
    actions.remove_shift(shift, by=by, at=AT)
    assert not Shift.objects.exists()
    assert list(Event.objects.values_list("verb", flat=True)) == ["people.add_shift", "people.remove_shift"]


@pytest.mark.django_db
def test_a_week_is_copied_once_and_leaves_out_what_meets_another() -> None:
    first, second, by = cast.technician(), cast.technician(), cast.dispatcher()
    week_before = AT - timedelta(days=7)
    for whose in (first, second, cast.stranger()):
        Shift.objects.create(person=whose, starts_at=week_before + 9 * HOUR, ends_at=week_before + 17 * HOUR)
    Shift.objects.create(person=second, starts_at=AT + 16 * HOUR, ends_at=AT + 18 * HOUR)
    assert actions.copy_week(MONDAY, by=by, at=AT) == 1
    assert first.shifts.filter(starts_at=AT + 9 * HOUR, ends_at=AT + 17 * HOUR).count() == 1
    assert actions.copy_week(MONDAY, by=by, at=AT) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("begins", "ends", "hours"), [("08:00", "18:00", 10), ("18:00", "08:00", 14), ("08:00", "08:00", 24)]
)
def test_the_form_reads_campus_time_over_midnight(begins: str, ends: str, hours: int) -> None:
    by, whose = cast.dispatcher(), cast.technician()
    data = {"person": whose.pk, "on": "2026-03-02", "begins": begins, "ends": ends}
    form = ShiftForm(data, by=by, at=AT)
    assert form.is_valid(), form.errors
    starts_at, ends_at = form.interval()
    assert f"{clock.campus(starts_at):%Y-%m-%d %H:%M}" == f"2026-03-02 {begins}"
    assert ends_at - starts_at == hours * HOUR


@pytest.mark.django_db
def test_a_night_shift_stands_under_the_day_it_begins() -> None:
    whose = cast.technician()
    night = datetime(2026, 3, 2, 22, tzinfo=clock.CAMPUS)
    Shift.objects.create(person=whose, starts_at=night, ends_at=night + 8 * HOUR)
    days = queries.roster(cast.office(), MONDAY, 14, AT)
    assert [len(day.shifts) for day in days] == [1] + [0] * 13
    assert [day.on for day in days if day.is_today] == [MONDAY]
    assert days[0].shifts[0].ends_next_day


INTERVALS = st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair)))


@given(one=INTERVALS, others=st.lists(INTERVALS, max_size=4))
def test_intervals_meet_when_they_share_an_hour(one: tuple[int, int], others: list[tuple[int, int]]) -> None:
    def at(hour: int) -> datetime:
        return AT + hour * HOUR

    taken = {hour for begin, end in others for hour in range(begin, end)}
    meets = overlap(at(one[0]), at(one[1]), [(at(begin), at(end)) for begin, end in others])
    assert meets is bool(taken & set(range(*one)))


@pytest.mark.django_db
def test_a_colleague_takes_a_shift_and_both_and_the_manager_are_told() -> None:
    giver, taker, lead = cast.technician("李雷"), cast.technician("韩梅梅"), cast.manager()
    shift = Shift.objects.create(person=giver, starts_at=AT + HOUR, ends_at=AT + 3 * HOUR)
    actions.offer_shift(shift, by=giver, at=AT)
    assert list(Notice.objects.values_list("to", flat=True)) == [taker.pk]
    assert giver in queries.on_duty(AT + HOUR), "until somebody takes it, the shift stays the giver's"
    actions.take_shift(shift, by=taker, at=AT)
    assert list(queries.on_duty(AT + HOUR)) == [taker]
    told = Notice.objects.filter(subject__contains="韩梅梅").values_list("to", flat=True)
    assert set(told) == {giver.pk, taker.pk, lead.pk}
    assert list(Event.objects.order_by("pk").values_list("verb", "key")) == [
        ("people.offer_shift", str(giver.pk)),
        ("people.take_shift", str(taker.pk)),
        ("people.give_shift", str(giver.pk)),
    ]
    assert not queries.offered(lead, AT).exists()


@pytest.mark.django_db
def test_only_a_colleague_of_the_same_role_takes_a_shift_and_only_its_owner_offers_it() -> None:
    giver = cast.technician()
    shift = Shift.objects.create(person=giver, starts_at=AT + HOUR, ends_at=AT + 3 * HOUR)
    with pytest.raises(NotAllowed, match="自己的班次"):
        actions.offer_shift(shift, by=cast.manager(), at=AT)
    actions.offer_shift(shift, by=giver, at=AT)
    for other in (cast.stranger(), cast.dispatcher(), cast.office()):
        with pytest.raises(NotAllowed, match="相同角色"):
            actions.take_shift(shift, by=other, at=AT)
    with pytest.raises(NotAllowed, match="自己的"):
        actions.take_shift(shift, by=giver, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [12, 11])
def test_who_takes_a_shift_that_makes_a_day_and_night_is_told(
    hours: int, client_as: Callable[[User | None], Client]
) -> None:
    giver, taker = cast.technician(), cast.technician()
    shift = Shift.objects.create(person=giver, starts_at=AT + 12 * HOUR, ends_at=AT + 18 * HOUR)
    for start, end in ((0, 6), (6, 12), (18, 12 + hours)):
        Shift.objects.create(person=taker, starts_at=AT + start * HOUR, ends_at=AT + end * HOUR)
    actions.offer_shift(shift, by=giver, at=AT)
    with clock.frozen(AT):
        page = client_as(taker).post(reverse("people:take_shift", args=[shift.pk]), follow=True)
    told = page.content.decode()
    assert "已接班" in told and ("您将连续值守 24 小时" in told) is (hours == 12)


@pytest.mark.django_db
def test_a_swap_that_cannot_be_is_refused() -> None:
    giver, taker = cast.technician(), cast.technician()
    shift = Shift.objects.create(person=giver, starts_at=AT + HOUR, ends_at=AT + 3 * HOUR)
    with pytest.raises(WrongState, match="没有换班申请"):
        actions.take_shift(shift, by=taker, at=AT)
    actions.offer_shift(shift, by=giver, at=AT)
    with pytest.raises(WrongState, match="已申请"):
        actions.offer_shift(shift, by=giver, at=AT)
    with pytest.raises(WrongState, match="已经开始"):
        actions.take_shift(shift, by=taker, at=AT + HOUR)
    own = Shift.objects.create(person=taker, starts_at=AT, ends_at=AT + 2 * HOUR)
    with pytest.raises(WrongState, match="已有班次"):
        actions.take_shift(shift, by=taker, at=AT)
    own.delete()
    actions.withdraw_offer(shift, by=giver, at=AT)
    with pytest.raises(WrongState, match="没有换班申请"):
        actions.withdraw_offer(shift, by=giver, at=AT)
    shift.refresh_from_db()
    assert shift.person == giver


@pytest.mark.django_db
def test_hours_without_anybody_of_a_role_are_named_and_marked() -> None:
    whose, viewer = cast.technician(), cast.manager()
    start = clock.day_start(MONDAY)
    Shift.objects.create(person=whose, starts_at=start, ends_at=start + 18 * HOUR)
    Shift.objects.create(person=whose, starts_at=start + 24 * HOUR, ends_at=start + 14 * 24 * HOUR)
    found = queries.gaps(viewer, AT)
    assert [(gap.role, gap.starts_at, gap.ends_at) for gap in found] == [
        (Role.TECHNICIAN, start + 18 * HOUR, start + 24 * HOUR)
    ]
    first, second, *_rest = queries.roster(viewer, MONDAY, 14, AT, found)
    assert [gap.hours for gap in first.gaps] == ["18:00–24:00"]
    assert not second.gaps
    cast.dispatcher()
    assert {gap.role for gap in queries.gaps(viewer, AT)} == {Role.TECHNICIAN, Role.DISPATCHER}


@pytest.mark.django_db
def test_the_roster_asks_the_same_number_of_questions_however_long_it_is(
    client_as: Callable[[User], Client],
) -> None:
    client = client_as(cast.manager())
    client.get("/roster/")
    asked = []
    for number in (1, 10):
        for _one in range(number):
            begin = clock.now() + HOUR
            Shift.objects.create(
                person=cast.technician("长" * 40), starts_at=begin, ends_at=begin + HOUR, offered_at=begin
            )
        with CaptureQueriesContext(connection) as queries_asked:
            page = client.get("/roster/")
        assert "换班申请" in page.content.decode()
        asked.append(len(queries_asked))
    assert asked[0] == asked[1]
