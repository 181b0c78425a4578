"""换班: a shift goes from one person to a colleague.

It moves when the colleague takes it, without anybody's leave: both are of the same organisation and role,
so nothing that the roster promises changes. Whoever leads is told and can still change the roster.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.journal.actions import record
from yika.lib import clock
from yika.lib.decisions import insist, require
from yika.lib.locking import lock
from yika.lib.text import exact
from yika.people.models import Shift, User
from yika.people.policies import can_offer, can_take
from yika.people.rules import Role, overlap
from yika.people.telling import tell


def offer_shift(shift: Shift, *, by: User, at: datetime) -> Shift:
    """Ask the colleagues of the same role to take one's shift; until then it stays one's own.

    Raises: WrongState when it has begun or is offered already.
    """
    require(can_offer(by, shift))
    with transaction.atomic():
        row = lock(shift)
        require(can_offer(by, row))
        insist(_begun(row, at) or ([_("已申请换班，尚无人接班")] if row.offered_at else []))
        row.offered_at = at
        row.save(update_fields=["offered_at"])
        record("people.offer_shift", ("user", row.person.pk), by=by, at=at, **_said(row))
        _tell(
            list(_crew(by, Role(by.role)).exclude(pk=by.pk)),
            gettext_lazy("%(name)s 申请换班：%(when)s"),
            row,
            name=by.name,
            at=at,
        )
    return row


def withdraw_offer(shift: Shift, *, by: User, at: datetime) -> Shift:
    """Keep one's shift after all. Raises: WrongState when it is not offered any more."""
    require(can_offer(by, shift))
    with transaction.atomic():
        row = lock(shift)
        require(can_offer(by, row))
        insist([] if row.offered_at else [_("该班次没有换班申请")])
        row.offered_at = None
        row.save(update_fields=["offered_at"])
        record("people.withdraw_offer", ("user", row.person.pk), by=by, at=at, **_said(row))
    return row


def take_shift(shift: Shift, *, by: User, at: datetime) -> Shift:
    """Take over a colleague's offered shift; it is one's own from now on.

    Raises: WrongState when it has begun, is not offered any more, or meets a shift of one's own.
    """
    require(can_take(by, shift))
    with transaction.atomic():
        taker = lock(by)
        row = lock(shift)
        giver = row.person
        require(can_take(taker, row))
        insist(_begun(row, at) or ([] if row.offered_at else [_("该班次没有换班申请")]))
        own = Shift.objects.filter(person=taker, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
        meets = overlap(row.starts_at, row.ends_at, list(own.values_list("starts_at", "ends_at")))
        insist([_("您在这段时间已有班次")] if meets else [])
        row.person, row.offered_at = taker, None
        row.save(update_fields=["person", "offered_at"])
        record("people.take_shift", ("user", taker.pk), by=by, at=at, giver=giver.name, **_said(row))
        record("people.give_shift", ("user", giver.pk), by=by, at=at, taker=taker.name, **_said(row))
        _tell(
            [giver, taker, *_crew(taker, Role.MANAGER)],
            gettext_lazy("换班：%(when)s，%(giver)s 的班由 %(taker)s 接"),
            row,
            giver=giver.name,
            taker=taker.name,
            at=at,
        )
    return row


def _begun(shift: Shift, at: datetime) -> list[str]:
    return [_("班次已经开始，不能换班")] if shift.starts_at <= at else []


def _crew(of: User, role: Role) -> QuerySet[User]:
    return User.objects.active().filter(organisation=of.organisation_id, role=role)


def _when(shift: Shift) -> str:
    begin, end = clock.campus(shift.starts_at), clock.campus(shift.ends_at)
    return f"{begin:%m-%d %H:%M}–{end:%H:%M}"


def _tell(people: list[User], words: Promise, shift: Shift, *, at: datetime, **values: str) -> None:
    day = clock.campus_date(shift.starts_at).isoformat()
    values["when"] = _when(shift)
    tell(people, words, values, at=at, url=reverse("people:roster", query={"from": day}))


def _said(shift: Shift) -> dict[str, Any]:
    return {"starts_at": exact(shift.starts_at), "ends_at": exact(shift.ends_at)}
