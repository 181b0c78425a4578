"""Who may do what with the days table."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

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


TABLE = "日期,安排,名称\n2031-09-02,放假,校庆\n"


def a_file(who: User | None) -> At:
    return At(
        data={"file": SimpleUploadedFile("校历.csv", "日期,安排,名称\n2031-09-02,放假,校庆\n".encode())}
    )


MATRIX = {
    "calendars:days": get(everyone=200),
    "calendars:export": get(lambda who: At(form="csv"), everyone=200),
    "calendars:add": post(a_new_day, everyone=403, office=302, administrator=302),
    "calendars:remove": post(a_day, everyone=403, office=302, administrator=302),
    "calendars:import_days": (
        get(everyone=403, office=200, administrator=200),
        post(a_file, everyone=403, office=200, administrator=200),
    ),
    "calendars:import": post(a_year, everyone=403, office=302, administrator=302),
}
