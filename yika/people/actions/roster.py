"""值班: putting people on duty."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yika.journal.actions import record
from yika.lib import clock
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.lib.text import exact
from yika.people.models import Shift, User
from yika.people.policies import can_roster, rosterable
from yika.people.rules import LONGEST_SHIFT, overlap

WEEK = timedelta(days=7)


def add_shift(person: User, *, starts_at: datetime, ends_at: datetime, by: User, at: datetime) -> Shift:
    """Put somebody on duty.

    Raises: BadInput when the shift is over already, longer than a day, or meets another of theirs.
    """
    require(can_roster(by, person))
    if not starts_at < ends_at <= starts_at + LONGEST_SHIFT:
        raise BadInput(_("班次最长 24 小时，结束时间须晚于开始时间"), field="ends")
    if ends_at <= at:
        raise BadInput(_("不能补排已经结束的班次"), field="on")
    with transaction.atomic():
        row = lock(person)
        insist([] if row.is_active else [_("账号已停用")])
        if overlap(starts_at, ends_at, _theirs(row, starts_at, ends_at)):
            raise BadInput(_("%(name)s 在这段时间已有班次") % {"name": row.name}, field="on")
        shift = Shift.objects.create(person=row, starts_at=starts_at, ends_at=ends_at)
        record(
            "people.add_shift",
            ("user", row.pk),
            by=by,
            at=at,
            starts_at=exact(starts_at),
            ends_at=exact(ends_at),
        )
    return shift


def _theirs(person: User, starts_at: datetime, ends_at: datetime) -> list[tuple[datetime, datetime]]:
    rows = Shift.objects.filter(person=person, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return list(rows.values_list("starts_at", "ends_at"))


def remove_shift(shift: Shift, *, by: User, at: datetime) -> None:
    """Take a shift off that has not begun. Raises: WrongState for one that has: it stays as proof."""
    require(can_roster(by, shift.person))
    with transaction.atomic():
        row = lock(shift)
        insist([_("班次已经开始，不能删除")] if row.starts_at <= at else [])
        record(
            "people.remove_shift",
            ("user", row.person_id),
            by=by,
            at=at,
            starts_at=exact(row.starts_at),
            ends_at=exact(row.ends_at),
        )
        row.delete()


def copy_week(monday: date, *, by: User, at: datetime) -> int:
    """Repeat the week before in the week of a Monday, for everybody who may be put on duty; how many.

    Shifts that are over already or meet one that is there are left out.
    """
    start = clock.day_start(monday)
    with transaction.atomic():
        rows = Shift.objects.filter(
            person__in=rosterable(by), starts_at__gte=start - WEEK, starts_at__lt=start
        ).select_related("person")
        made = 0
        for shift in rows.order_by("person_id", "starts_at"):
            require(can_roster(by, shift.person))
            starts_at, ends_at = shift.starts_at + WEEK, shift.ends_at + WEEK
            person = lock(shift.person)
            if ends_at > at and not overlap(starts_at, ends_at, _theirs(person, starts_at, ends_at)):
                Shift.objects.create(person=person, starts_at=starts_at, ends_at=ends_at)
                made += 1
        if made:
            record("people.copy_week", ("roster", monday.isoformat()), by=by, at=at, count=made)
    return made
