"""Who gets what at the pages about people."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import cast
from tests.matrix import NOON, At, get, post
from yika.people.models import Shift, SignedIn, User
from yika.people.rules import Role, Side


def a_technician(who: User | None) -> At:
    return At(pk=cast.technician().pk)


def a_stranger(who: User | None) -> At:
    """Somebody of another vendor."""
    return At(pk=cast.stranger().pk)


def one_who_left(who: User | None) -> At:
    whose = cast.technician()
    whose.is_active = False
    whose.save(update_fields=["is_active"])
    return At(pk=whose.pk)


def a_reason(who: User | None) -> At:
    return At(pk=cast.technician().pk, data={"reason": "夜间联系抢修"})


def own_session(who: User | None) -> At:
    running = SignedIn.objects.create(
        person=who or cast.office(), started_at=NOON, seen_at=NOON, address="127.0.0.1"
    )
    return At(pk=running.pk)


def foreign_session(who: User | None) -> At:
    return own_session(cast.office())


def own_password(who: User | None) -> At:
    return At(data={"current": cast.PASSWORD, "new": "Guizi-shan-27", "again": "Guizi-shan-27"})


def a_card(who: User | None) -> At:
    party = cast.organisation(Side.VENDOR)
    data = {"username": "xiaoli", "name": "李雷", "role": Role.TECHNICIAN.value, "organisation": party.pk}
    return At(data=data)


def a_changed_card(who: User | None) -> At:
    to = a_card(who)
    return At(pk=cast.technician().pk, data=to.data)


def a_party(who: User | None) -> At:
    return At(data={"name": "第二运维公司", "side": "vendor"})


def tomorrow(who: User | None) -> At:
    data = {"person": cast.technician().pk, "on": "2026-03-03", "begins": "08:00", "ends": "18:00"}
    return At(data=data)


def a_shift(who: User | None) -> At:
    start = NOON + timedelta(days=1)
    shift = Shift.objects.create(
        person=cast.technician(), starts_at=start, ends_at=start + timedelta(hours=8)
    )
    return At(pk=shift.pk)


def _shift_of(whose: User, *, offered: bool) -> At:
    start = NOON + timedelta(days=1)
    shift = Shift.objects.create(
        person=whose,
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        offered_at=NOON if offered else None,
    )
    return At(pk=shift.pk)


def own_shift(who: User | None) -> At:
    return _shift_of(who or cast.technician(), offered=False)


def an_offered_shift(who: User | None) -> At:
    return _shift_of(cast.technician(), offered=True)


def own_offered_shift(who: User | None) -> At:
    return _shift_of(who or cast.technician(), offered=True)


def this_week(who: User | None) -> At:
    return At(data={"monday": "2026-03-02"})


def a_name(who: User | None) -> At:
    return At(data={"username": cast.office().username, "password": cast.PASSWORD})


def people_in_a_file(who: User | None) -> At:
    whose = cast.technician()
    text = f"登录名,姓名\n{whose.username},李蕾\n"
    return At(data={"file": SimpleUploadedFile("人员.csv", text.encode())})


def shifts_in_a_file(who: User | None) -> At:
    text = f"日期,胸牌号,开始,结束\n2026-03-03,{cast.technician().badge_number},8:00,18:00\n"
    return At(data={"file": SimpleUploadedFile("排班.csv", text.encode())})


MATRIX = {
    "people:sign_in": (get(everyone=302, anonymous=200), post(a_name, public=302)),
    "people:sign_out": post(everyone=302),
    "people:account": get(everyone=200),
    "people:change_password": (get(everyone=200), post(own_password, everyone=302)),
    "people:contact": post(lambda who: At(data={"phone": "13812341234", "email": ""}), everyone=302),
    "people:end_session": (post(own_session, everyone=302), post(foreign_session, everyone=404)),
    "people:end_other_sessions": post(everyone=302),
    "people:list": get(everyone=200),
    "people:export_people": get(lambda who: At(form="csv"), everyone=200),
    "people:export_roster": get(lambda who: At(form="xlsx"), everyone=200),
    "people:person": (
        get(a_technician, everyone=200),
        get(a_stranger, everyone=200, manager=404, dispatcher=404, technician=404),
    ),
    "people:reveal": (
        post(a_reason, everyone=200, administrator=403),
        post(a_technician, everyone=422, administrator=403),
    ),
    "people:new": (get(everyone=403, administrator=200), post(a_card, everyone=403, administrator=200)),
    "people:edit": (
        get(a_technician, everyone=403, administrator=200),
        post(a_changed_card, everyone=403, administrator=302),
    ),
    "people:reset": post(a_technician, everyone=403, administrator=200),
    "people:deactivate": (
        post(a_technician, everyone=403, administrator=302),
        post(one_who_left, everyone=403, administrator=409),
    ),
    "people:activate": (
        post(one_who_left, everyone=403, administrator=302),
        post(a_technician, everyone=403, administrator=409),
    ),
    "people:import_people": (
        get(everyone=403, administrator=200),
        post(people_in_a_file, everyone=403, administrator=200),
    ),
    "people:import_shifts": (
        get(everyone=403, manager=200, dispatcher=200),
        post(shifts_in_a_file, everyone=403, manager=200, dispatcher=200),
    ),
    "people:organisations": (
        get(everyone=403, administrator=200),
        post(a_party, everyone=403, administrator=302),
    ),
    "people:roster": get(everyone=200),
    "people:add_shift": post(tomorrow, everyone=403, manager=302, dispatcher=302),
    "people:offer_shift": (post(own_shift, everyone=302), post(a_shift, everyone=403)),
    "people:withdraw_offer": (post(own_offered_shift, everyone=302), post(an_offered_shift, everyone=403)),
    "people:take_shift": (
        post(an_offered_shift, everyone=403, technician=302),
        post(a_shift, everyone=403, technician=409),
    ),
    "people:remove_shift": post(a_shift, everyone=403, manager=302, dispatcher=302),
    "people:copy_week": post(this_week, everyone=403, manager=302, dispatcher=302),
}
