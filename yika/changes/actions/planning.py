"""What the Office sets beforehand: patterns of standard changes, and blackout times."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yika.assets.models import DeviceKind
from yika.changes.bringing import WantedBlackout, planned_blackouts
from yika.changes.models import Blackout, Pattern
from yika.changes.policies import can_plan
from yika.changes.rules import Kind
from yika.journal.actions import record
from yika.journal.bringing import as_shown
from yika.lib.clock import campus_date
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.lib.office.bringing import Plan, Upload
from yika.people.models import User


def approve_pattern(
    *,
    name: str,
    kind: Kind,
    families: Sequence[str],
    device_kinds: Sequence[DeviceKind],
    terms: str,
    until_on: date,
    by: User,
    at: datetime,
) -> Pattern:
    """Consent beforehand to a sort of change. Raises: BadInput for a taken name or a day gone by."""
    require(can_plan(by))
    if until_on < campus_date(at):
        raise BadInput(_("截止日期已过"), field="until_on")
    with transaction.atomic():
        if Pattern.objects.filter(name=name).exists():
            raise BadInput(_("已有同名的标准变更"), field="name")
        pattern = Pattern.objects.create(
            name=name, kind=kind, families=[*families], terms=terms, until_on=until_on, by=by, at=at
        )
        pattern.device_kinds.set(device_kinds)
        record(
            "changes.approve_pattern",
            ("pattern", pattern.pk),
            by=by,
            at=at,
            name=name,
            until_on=f"{until_on}",
        )
    return pattern


def end_pattern(pattern: Pattern, *, by: User, at: datetime) -> Pattern:
    """Take the consent beforehand back; changes that used it stay as they are."""
    require(can_plan(by))
    with transaction.atomic():
        row = lock(pattern)
        if row.ended_at is not None:
            raise WrongState(_("这类标准变更已停用"))
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record("changes.end_pattern", ("pattern", row.pk), by=by, at=at, name=row.name)
    return row


def add_blackout(*, name: str, from_at: datetime, until_at: datetime, by: User, at: datetime) -> Blackout:
    """Set a time in which nothing should be changed. Raises: BadInput for an empty interval."""
    require(can_plan(by))
    if until_at <= from_at:
        raise BadInput(_("结束时间必须晚于开始时间"), field="until_at")
    with transaction.atomic():
        made = Blackout.objects.create(name=name, from_at=from_at, until_at=until_at, by=by, at=at)
        record(
            "changes.add_blackout",
            ("blackout", made.pk),
            by=by,
            at=at,
            name=name,
            from_at=from_at.isoformat(),
            until_at=until_at.isoformat(),
        )
    return made


def import_blackouts(upload: Upload, *, by: User, at: datetime) -> Plan[WantedBlackout]:
    """Bring in blackout times as the preview showed; one that lasts otherwise is set anew.

    Raises: BadInput for a line that cannot be used, WrongState when the plan is no longer what was shown.
    """
    require(can_plan(by))
    with as_shown(upload, planned_blackouts, "封网时段", by=by, at=at) as plan:
        for item in (*plan.new, *plan.changed):
            one = item.value
            if one.known:
                remove_blackout(one.known, by=by, at=at)
            add_blackout(name=one.name, from_at=one.from_at, until_at=one.until_at, by=by, at=at)
    return plan


def remove_blackout(blackout: Blackout, *, by: User, at: datetime) -> None:
    """Lift a blackout time."""
    require(can_plan(by))
    with transaction.atomic():
        row = lock(blackout)
        record("changes.remove_blackout", ("blackout", row.pk), by=by, at=at, name=row.name)
        row.delete()
