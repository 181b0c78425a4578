"""People and their duty roster to take away."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.office.tables import Cell, Column
from yika.lib.text import mask_phone
from yika.people import queries
from yika.people.policies import can_manage, can_see_card, person
from yika.people.views.people import asked_people
from yika.people.views.roster import DAYS, first_day


@require_GET
def export_people(request: HttpRequest, form: str) -> HttpResponseBase:
    """The people of the list; what a staff card says only of those whose card one may see, phones masked.

    Who keeps accounts reads their sign-in names too, by which the import knows them.
    """
    viewer, at = person(request), clock.now()
    rows, _role, _left = asked_people(request, viewer, at)

    names = bool(can_manage(viewer))
    duty = set(queries.on_duty(at).values_list("pk", flat=True))

    def lines() -> Iterator[list[Cell]]:
        for whose in rows.order_by("name", "pk").iterator(chunk_size=2000):
            card = bool(can_see_card(viewer, whose))
            yield [
                *([whose.username] if names else []),
                whose.name,
                str(whose.role_name),
                whose.organisation.name,
                whose.badge_number if card else "",
                mask_phone(whose.phone) if card else "",
                "、".join(map(str, whose.skill_names)) if card else "",
                _("当班") if card and whose.pk in duty else "",
            ]

    columns = [
        *([Column(_("登录名"), 14)] if names else []),
        Column(_("姓名"), 12),
        Column(_("角色"), 14),
        Column(_("单位"), 24),
        Column(_("胸牌号"), 12),
        Column(_("电话"), 14),
        Column(_("技能"), 24),
        Column(_("值班"), 8),
    ]
    return taken(
        request, "people", form, title=_("人员"), columns=columns, rows=lines(), count=rows.count(), at=at
    )


@require_GET
def export_roster(request: HttpRequest, form: str) -> HttpResponseBase:
    """The shifts of the weeks shown."""
    viewer, at, first = person(request), clock.now(), first_day(request)
    shifts = [shift for day in queries.roster(viewer, first, DAYS, at) for shift in day.shifts]
    lines: list[list[Cell]] = [
        [
            clock.campus_date(shift.starts_at),
            shift.person.badge_number,
            shift.person.name,
            str(shift.person.role_name),
            shift.person.organisation.name,
            shift.starts_at,
            shift.ends_at,
        ]
        for shift in shifts
    ]
    columns = [
        Column(_("日期"), 12),
        Column(_("胸牌号"), 12),
        Column(_("姓名"), 12),
        Column(_("角色"), 14),
        Column(_("单位"), 24),
        Column(_("开始"), 20),
        Column(_("结束"), 20),
    ]
    title = _("值班 %(first)s 至 %(last)s") % {"first": first, "last": first + timedelta(days=DAYS - 1)}
    return taken(request, "roster", form, title=title, columns=columns, rows=lines, count=len(lines), at=at)
