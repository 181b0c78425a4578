"""Changing the days table. A change counts for limits computed afterwards; those that run keep theirs."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yika.calendars import announced
from yika.calendars.bringing import WantedDay, planned_days
from yika.calendars.models import SpecialDay
from yika.calendars.policies import can_change
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.office.bringing import Plan, Upload, overtaken
from yika.people.policies import Doer


def seed(years: Iterable[int], *, by: Doer, at: datetime) -> int:
    """Put the announced days of years into the table, keeping what stands there; the number added.

    Raises: BadInput naming the years that are not announced.
    """
    require(can_change(by))
    wanted = sorted(set(years))
    unknown = [str(year) for year in wanted if year not in announced.years()]
    if unknown:
        raise BadInput(_("%(years)s 年的节假日安排未公布") % {"years": "、".join(unknown)})
    added = 0
    with transaction.atomic():
        for year in wanted:
            there = set(SpecialDay.objects.filter(day__year=year).values_list("day", flat=True))
            rows = [
                SpecialDay(day=one.day, is_working=one.is_working, name=one.name)
                for one in announced.days(year)
                if one.day not in there
            ]
            SpecialDay.objects.bulk_create(rows)
            if rows:
                record("calendars.seed", ("calendar", year), by=by, at=at, year=year, days=len(rows))
            added += len(rows)
    return added


def add(day: date, *, is_working: bool, name: str, by: Doer, at: datetime) -> SpecialDay:
    """Mark a day as a holiday or as a working day.

    Raises: BadInput when the name is empty or the day is marked already.
    """
    require(can_change(by))
    name = name.strip()
    if not name:
        raise BadInput(_("请填写名称，如“校庆放假”"), field="name")
    try:
        with transaction.atomic():
            row = SpecialDay.objects.create(day=day, is_working=is_working, name=name)
            record(
                "calendars.add_working_day" if is_working else "calendars.add_holiday",
                ("calendar", day.year),
                by=by,
                at=at,
                day=day.isoformat(),
                name=name,
            )
    except IntegrityError as error:
        raise BadInput(_("%(day)s 已在表中，请先删除") % {"day": day.isoformat()}, field="day") from error
    return row


def remove(row: SpecialDay, *, by: Doer, at: datetime) -> None:
    """Let a day be an ordinary day of its weekday again.

    Raises: WrongState when somebody removed it already.
    """
    require(can_change(by))
    with transaction.atomic():
        count, _rows = SpecialDay.objects.filter(pk=row.pk).delete()
        if not count:
            raise WrongState(_("%(day)s 已被删除") % {"day": row.day.isoformat()})
        record(
            "calendars.remove",
            ("calendar", row.day.year),
            by=by,
            at=at,
            day=row.day.isoformat(),
            name=row.name,
            was_working=row.is_working,
        )


def import_days(upload: Upload, *, by: Doer, at: datetime) -> Plan[WantedDay]:
    """Bring in the days of a file as its preview showed; each is told in the one event.

    Raises: BadInput for a line that cannot be used, WrongState when the plan is no longer what was shown.
    """
    require(can_change(by))
    with transaction.atomic():
        list(SpecialDay.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        plan = planned_days(upload.read)
        plan.insist(upload.shown)
        new, changed = (
            [item.value for item in plan.new],
            {item.value.day: item.value for item in plan.changed},
        )
        rows = list(SpecialDay.objects.filter(day__in=changed))
        for row in rows:
            row.is_working, row.name = changed[row.day].is_working, changed[row.day].name
        try:
            with transaction.atomic():
                SpecialDay.objects.bulk_create(
                    SpecialDay(day=one.day, is_working=one.is_working, name=one.name) for one in new
                )
        except IntegrityError as error:
            raise overtaken() from error
        SpecialDay.objects.bulk_update(rows, ["is_working", "name"])
        if new or changed:
            record(
                "calendars.import_days",
                ("import", upload.sha256[:40]),
                by=by,
                at=at,
                file_name=upload.file_name,
                sha256=upload.sha256,
                added=len(new),
                changed=len(changed),
                days=[f"{item.label} {item.detail}" for item in (*plan.new, *plan.changed)],
            )
    return plan
