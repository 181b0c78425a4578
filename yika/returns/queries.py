"""Reading returns: as lists, one by itself, beside a device or a fault; units nobody follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.assets.policies import visible_devices
from yika.assets.queries import devices_called
from yika.assets.rules import Life
from yika.changes.models import Change, Vote
from yika.changes.rules import Tried, Word, latest
from yika.commitments.models import Exemption
from yika.faults.models import Fault
from yika.faults.policies import visible as visible_faults
from yika.lib.grams import MOST_WORDS, words
from yika.lib.numbers import digits_of, meant
from yika.lib.search import keyed
from yika.people.models import User
from yika.returns.models import Return, Trial, Trip
from yika.returns.policies import visible
from yika.returns.rules import State

OPEN_ORDER = ("reported_at", "pk")
LATEST = ("-pk",)
LEAST_WAYBILL = 4  # characters


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; ``state`` a state, ``open``, ``overdue``, ``ended`` or ``all``."""

    text: str = ""
    state: str = "open"

    @property
    def order(self) -> tuple[str, ...]:
        """What is still out stands by its report, which is the order it falls due in."""
        return OPEN_ORDER if self.state in ("open", "overdue") else LATEST


def listed(user: User, filters: Filters, at: datetime) -> QuerySet[Return]:
    """The visible returns that the filters leave, with what a line of the list names."""
    rows = visible(user)
    if filters.state == "open":
        rows = rows.filter(ended_at__isnull=True)
    elif filters.state == "overdue":
        rows = rows.filter(_overdue(at))
    elif filters.state == "ended":
        rows = rows.filter(ended_at__isnull=False)
    elif filters.state in set(State):
        rows = rows.filter(state=filters.state)
    if filters.text:
        rows = rows.filter(_matching(filters.text.strip()))
    return rows.select_related(
        "device__kind", "device__model", "fault", "spare", "commitment", "removed_from", "change"
    ).prefetch_related("trips")


def _overdue(at: datetime) -> Q:
    return Q(ended_at__isnull=True, commitment__excused_due_at__lt=at)


def found(user: User, text: str) -> QuerySet[Return]:
    """The visible returns with every word of a text in number, device, waybill or fault, the latest first."""
    rows = visible(user).filter(_matching(text)).order_by("-pk")
    return rows.select_related("device__kind").prefetch_related("trips")


def _matching(text: str) -> Q:
    last = Return.objects.aggregate(last=Max("pk"), fault=Max("fault"))
    every = Q()
    for typed in text.split()[:MOST_WORDS]:
        term = "".join(words(typed))
        one = Q(device__number__iexact=typed) | Q(device__serial__iexact=typed)
        if len(term) > 1:
            one |= Q(device__in=devices_called(term))
        if len(typed) >= LEAST_WAYBILL:
            one |= Q(pk__in=Trip.objects.filter(waybill__icontains=typed).values("of"))
        for stretch in meant(term, "fc", last["last"] or 0) if "." not in typed else ():
            one |= keyed(stretch)
        if fault := digits_of(term, "g"):
            one |= Q(fault=int(fault))
        every &= one
    return every


def counts(user: User, at: datetime) -> dict[str, int]:
    """How many returns are open, overdue, and in each open state; one query."""
    open_states = {state.value: Count("pk", filter=Q(state=state)) for state in State if state.value in _OPEN}
    return (
        visible(user)
        .filter(ended_at__isnull=True)
        .aggregate(open=Count("pk"), overdue=Count("pk", filter=_overdue(at)), **open_states)
    )


_OPEN = (State.PREPARING, State.SENT, State.BACK)


def claimed(user: User) -> QuerySet[Return]:
    """The visible returns about whose limit a claim waits for the Office."""
    waiting = Exemption.objects.filter(decided_at__isnull=True).values("commitment")
    return visible(user).filter(commitment__in=waiting).order_by("pk")


def unfollowed(user: User) -> QuerySet[Device]:
    """Units that stand in the record as being at the factory and have no open return."""
    standing = Return.objects.filter(device=OuterRef("pk"), ended_at__isnull=True)
    rows = visible_devices(user).filter(~Exists(standing), life=Life.AT_FACTORY)
    return rows.select_related("kind", "place").order_by("number")


def open_page(user: User) -> QuerySet[Return]:
    """Visible returns with everything their page names."""
    return visible(user).select_related(
        "contract",
        "standard",
        "device__kind",
        "device__place",
        "device__model",
        "fault",
        "spare__kind",
        "change",
        "put_back",
        "commitment",
        "removed_from",
        "opened_by",
    )


def trips_of(one: Return) -> list[Trip]:
    """Its shipments, each with its tests."""
    trials = Prefetch("trials", Trial.objects.select_related("by"))
    return list(one.trips.select_related("sent_by", "diagnosed_by", "received_by").prefetch_related(trials))


def of_device(user: User, device: Device) -> QuerySet[Return]:
    """The visible returns of a device, and those it stood in for, the latest first."""
    rows = visible(user).filter(Q(device=device) | Q(spare=device))
    return rows.select_related("device__kind", "commitment", "spare").order_by("-pk")


def of_fault(user: User, fault: Fault) -> QuerySet[Return]:
    """The visible returns of a fault."""
    return visible(user).filter(fault=fault).select_related("device__kind", "commitment", "spare")


def hindrance(change: Change) -> list[str]:
    """Why a change cannot be rolled back: the unit that it took out is on its way, or not tested yet."""
    away = Return.objects.filter(change=change, state__in=(State.SENT, State.BACK)).select_related("device")
    said = _("%(device)s 已寄出返厂（%(number)s），返回并测试合格后再申请装回")
    return [said % {"device": one.device.number, "number": one.number} for one in away]


def of_change(user: User, change: Change) -> QuerySet[Return]:
    """The visible returns whose unit a change takes out or brings back."""
    rows = visible(user).filter(Q(change=change) | Q(put_back=change))
    return rows.select_related("device__kind", "commitment", "spare").order_by("-pk")


def open_faults(user: User, device: Device) -> QuerySet[Fault]:
    """The faults of a device that a return may be about."""
    return visible_faults(user).open().filter(device=device).order_by("-pk")


def exported(rows: QuerySet[Return]) -> QuerySet[Return]:
    """With everything a line of 返厂维修记录表 says."""
    said = Vote.objects.filter(word__in=(Word.CONSENT, Word.CONFIRM)).select_related("by")
    return rows.select_related("change__pattern", "put_back").prefetch_related(
        Prefetch("change__votes", said, to_attr="agreed"),
        "trips__trials",
    )


def exported_trials(user: User) -> QuerySet[Trial]:
    """The tests of the visible returns: 测试记录表."""
    rows = Trial.objects.filter(trip__of__in=visible(user))
    return rows.select_related("trip__of__device__kind", "by").order_by("pk")


def agreed_by(change: Change | None) -> str:
    """Who of the Office agreed that the unit be taken out; the pattern where one allowed it beforehand.

    Of a change read by ``exported``.
    """
    if change is None:
        return ""
    if change.pattern:
        return change.pattern.name
    votes: Iterable[Vote] = getattr(change, "agreed", ())
    return "、".join(vote.by.name for vote in votes)


def last_tests(trip: Trip | None) -> list[Trial]:
    """The last test of each item since the unit came back."""
    trials = list(trip.trials.all()) if trip else []
    kept = {(test.item, test.at) for test in latest([Tried(one.item, one.at, one.passed) for one in trials])}
    return [trial for trial in trials if (trial.item, trial.at) in kept]
