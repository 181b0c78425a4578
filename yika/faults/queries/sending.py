"""Whom to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yika.faults.models import (
    Fault,
    Move,
)
from yika.faults.rules import (
    Candidate,
    by_fitness,
)
from yika.lib.ready import Ready
from yika.people.models import User
from yika.people.policies import visible
from yika.people.queries import on_duty
from yika.people.rules import Role

_in_hand = Fault.objects.open().filter(technician=OuterRef("pk")).order_by().values("technician")
LOAD = Coalesce(
    Subquery(_in_hand.annotate(count=Count("pk")).values("count")), 0, output_field=IntegerField()
)
"""A person's open faults, counted by the index of open ones: a join would read every fault there ever was."""


@dataclass(frozen=True)
class OnDuty:
    """A technician on duty, with the number of open faults in hand."""

    person: User
    load: int


def duty_board(vendor_id: int | None, at: datetime) -> list[OnDuty]:
    """Who is on duty and how much each has in hand, the least loaded first."""
    rows = on_duty(at).filter(role=Role.TECHNICIAN)
    if vendor_id is not None:
        rows = rows.filter(organisation=vendor_id)
    counted = rows.annotate(load=LOAD)
    return [OnDuty(person, person.load) for person in counted.order_by("load", "name")]


def crew(viewer: User) -> QuerySet[User]:
    """The active technicians one may see, each with ``load``: the open faults in hand."""
    return (
        visible(viewer)
        .filter(is_active=True, role=Role.TECHNICIAN)
        .annotate(load=LOAD)
        .order_by("-load", "name", "pk")
    )


def dispatchers_on_duty(vendor_id: int | None, at: datetime) -> QuerySet[User]:
    """Who takes the calls now."""
    rows = on_duty(at).filter(role=Role.DISPATCHER).order_by("name", "pk")
    return rows if vendor_id is None else rows.filter(organisation=vendor_id)


_technicians = Ready(
    lambda vendor, faults, at: (
        User.objects.active()
        .filter(organisation=vendor, role=Role.TECHNICIAN)
        .annotate(
            load=LOAD,
            duty=Exists(on_duty(at).filter(pk=OuterRef("pk"))),
            knows=Exists(Move.objects.filter(fault__in=faults, technician=OuterRef("pk"))),
        )
    )
)


def candidates(faults: Sequence[Fault], at: datetime) -> list[Candidate]:
    """Whom to send to faults of one vendor, the fittest first: on duty, skilled for all of them, knows one,
    least loaded. One query.
    """
    people = _technicians(faults[0].contract.vendor_id, [fault.pk for fault in faults], at)
    skills = {fault.device.kind.skill for fault in faults if fault.device} - {None}
    return by_fitness(
        Candidate(
            key=person.pk,
            name=person.name,
            on_duty=person.duty,
            skilled=skills <= set(person.skills),
            load=person.load,
            knows_it=person.knows,
        )
        for person in people
    )
