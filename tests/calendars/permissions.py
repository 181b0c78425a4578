"""Who may do what with the days table."""

from datetime import date

from tests.matrix import At, get, post
from yika.calendars.models import SpecialDay
from yika.people.models import User


def a_day(who: User | None) -> At:
    return At(pk=SpecialDay.objects.create(day=date(2031, 9, 2), is_working=False, name="校庆").pk)


def a_new_day(who: User | None) -> At:
    return At(data={"day": "2031-09-02", "kind": "holiday", "name": "校庆"})


def a_year(who: User | None) -> At:
    SpecialDay.objects.filter(day__year=2026).delete()
    return At(data={"year": "2026"})


MATRIX = {
    "calendars:days": get(everyone=200),
    "calendars:export": get(lambda who: At(form="csv"), everyone=200),
    "calendars:add": post(a_new_day, everyone=403, office=302, administrator=302),
    "calendars:remove": post(a_day, everyone=403, office=302, administrator=302),
    "calendars:import": post(a_year, everyone=403, office=302, administrator=302),
}
