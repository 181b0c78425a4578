"""Lists of faults: what burns, what was asked for, what may be the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, OuterRef, Q, Subquery, When

from yika.assets.models import Device, Place
from yika.assets.queries import subtree
from yika.commitments.rules import Kind, Outcome
from yika.contracts.models import Contract
from yika.faults.models import (
    Classification,
    Fault,
    FaultRows,
)
from yika.faults.policies import visible
from yika.faults.queries.finding import matching
from yika.faults.queries.outages import OVER, Related, failed_of, kinds_failed, related, with_failed
from yika.faults.rules import (
    ENDED,
    RESTORED_STATES,
    State,
)
from yika.lib.clock import day_start
from yika.network.queries import causes
from yika.people.models import User
from yika.people.rules import Role
from yika.standards.queries import standard_of
from yika.standards.rules import Level

URGENCY = ("urgent_at", "id")
LATEST = ("-reported_at", "-id")


_UNSHOWN = (
    "standard__source",  # the whole text, once for every row
    *(f"technician__{name}" for name in ("password", "phone", "email", "skills", "password_changed_at")),
    *(
        f"{clock}__{name}"
        for clock in ("response", "repair")
        for name in (
            "subject", "ruled_reason", "ruled_by", "ruled_at", "alerts_sent", "next_alert_at", "alert_error",
        )
    ),
)  # fmt: skip


def in_lists(rows: FaultRows) -> FaultRows:
    """With what one line of a list shows, in one query."""
    rows = rows.select_related("place", "device__kind", "technician", "response", "repair", "standard")
    return rows.defer(*_UNSHOWN)


@dataclass(frozen=True)
class Filters:
    """What a list of faults is narrowed to; empty fields narrow nothing."""

    state: str = "open"  # "open", "ended", "all" or a state
    severity: str = ""
    place: Place | None = None
    technician: User | None = None
    text: str = ""
    overdue_at: datetime | None = None
    contract: Contract | None = None
    since: date | None = None  # of the report, and the last day of it
    until: date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything beside the state narrows the list."""
        return any(
            (self.severity, self.place, self.technician, self.text, self.overdue_at, self.contract)
        ) or bool(self.since or self.until)


def listing(user: User, filters: Filters) -> tuple[FaultRows, Sequence[str]]:
    """The faults a person may see, narrowed, with their order: urgency for open ones, else the latest."""
    rows = in_lists(visible(user))
    order = LATEST
    if filters.state == "open":
        rows, order = rows.open(), URGENCY
    elif filters.state == "ended":
        rows = rows.filter(ended_at__isnull=False)
    elif filters.state in ENDED:
        rows = rows.filter(state=filters.state)
    elif filters.state in set(State):
        # said twice, so that the index of what burns is used: it holds the state as well
        rows, order = rows.open().filter(state=filters.state), URGENCY
    if filters.severity:
        rows = rows.filter(severity=filters.severity)
    if filters.place:
        rows = rows.filter(place__in=subtree(filters.place))
    if filters.technician:
        rows = rows.filter(technician=filters.technician)
    if filters.contract:
        rows = rows.filter(contract=filters.contract)
    if filters.since:
        rows = rows.filter(reported_at__gte=day_start(filters.since))
    if filters.until:
        rows = rows.filter(reported_at__lt=day_start(filters.until + timedelta(days=1)))
    if filters.overdue_at:
        rows = rows.open().filter(urgent_at__lt=filters.overdue_at)
        order = URGENCY
    if filters.text.strip():
        rows = rows.filter(matching(filters.text))
    return rows, order


def ended_how(rows: Iterable[Fault], at: datetime) -> dict[int, list[tuple[Kind, Outcome]]]:
    """Of the faults that have ended, by key: how each of their limits stands, as Compliance counts it."""
    return {
        row.pk: [
            (Kind(limit.kind), limit.final_outcome(at))
            for limit in (row.response, row.repair)
            if limit and not limit.voided_at
        ]
        for row in rows
        if row.ended_at
    }


def board_counts(user: User, at: datetime) -> dict[str, int]:
    """How many are open, not yet sent, overdue, restored but not closed: one query."""
    return (
        visible(user)
        .open()
        .aggregate(
            open=Count("pk"),
            unsent=Count("pk", filter=Q(state=State.REPORTED)),
            overdue=Count("pk", filter=Q(urgent_at__lt=at)),
            restored=Count("pk", filter=Q(state__in=[str(state) for state in RESTORED_STATES])),
        )
    )


def gravest(user: User) -> Fault | None:
    """The open fault of the highest level whose service is still down; none of the lowest level.

    ``terminals`` is how many are down with it. Of several the one with the most, then the most urgent.
    """
    grave = levels_in_use()[1:]
    rows = in_lists(visible(user).open()).filter(severity__in=[level.key for level in grave])
    rows = rows.exclude(state__in=[str(state) for state in RESTORED_STATES])
    stated = Classification.objects.filter(fault=OuterRef("pk")).order_by("-pk").values("terminals")[:1]
    rank = Case(*(When(severity=level.key, then=level.rank) for level in grave), default=0)
    ordered = rows.annotate(terminals=Subquery(stated), gravity=rank)
    return ordered.order_by("-gravity", "-terminals", *URGENCY).first()


def levels_in_use() -> list[Level]:
    """The severities of the standards that contracts run under, for filters."""
    found: dict[str, Level] = {}
    for contract in Contract.objects.select_related("standard").defer("standard__source"):
        for level in standard_of(contract.standard).levels:
            found.setdefault(level.key, level)
    return sorted(found.values(), key=lambda level: level.rank)


def work_of(user: User) -> FaultRows:
    """A technician's open faults, the most urgent first; those that only wait to be closed are done."""
    rows = in_lists(visible(user).open()).filter(technician=user).exclude(state=State.LOGGED)
    return rows.order_by(*URGENCY)


def arriving(user: User, device: Device) -> list[Fault]:
    """The faults that a technician is on the way to and can prove the arrival at by this device's label."""
    if user.role != Role.TECHNICIAN:
        return []
    rows = work_of(user).filter(Q(place=device.place_id) | Q(device=device) | Q(rooted=True))
    found = list(rows.filter(state__in=(State.ACCEPTED, State.ON_THE_WAY)))
    failed = failed_of([fault.pk for fault in found if fault.rooted]) if found else {}
    return [
        fault
        for fault in found
        if device.place_id == fault.place_id
        or device.pk == fault.device_id
        or device.pk in failed.get(fault.pk, ())
    ]


@dataclass(frozen=True)
class Known:
    """An open fault that a report may be about. ``kinds``: what failed upstream, when that is why."""

    fault: Fault
    kinds: str


def known_outages(*, device: Device | None, place: Place, at: datetime) -> list[Known]:
    """Open, unrestored faults that a new report may be about.

    For a device its own, those of its place that name no other terminal, and outages that took it down;
    for a place all of its, and outages that took a device there down.
    """
    same = Q(place=place)
    if device:
        same = Q(device=device) | Q(place=place) & ~Q(device__kind__is_terminal=True)
    rows = in_lists(Fault.objects.open()).filter(same | Q(rooted=True))
    rows = rows.exclude(state__in=[str(state) for state in RESTORED_STATES]).order_by("reported_at", "pk")
    found = list(rows[:100])
    known = with_failed([row for row in found if row.rooted and row.state not in OVER])
    above: set[int] = set()
    if known:
        there = Device.objects.in_use()
        there = there.filter(pk=device.pk) if device else there.filter(place=place)
        keys = there.values_list("pk", flat=True)
        reached = causes(keys, [outage.failed for outage in known], at)
        above = {known[cause.number].fault.pk for cause in reached.values()}
    told = [
        Known(row, kinds_failed(row) if row.pk in above else "")
        for row in found
        if row.pk in above or _is_of(row, device, place)
    ]
    return sorted(told, key=lambda one: not one.kinds)[:5]


def _is_of(row: Fault, device: Device | None, place: Place) -> bool:
    if device is None or row.place_id != place.pk:
        return row.device_id == device.pk if device else row.place_id == place.pk
    return row.device_id == device.pk or row.device is None or not row.device.kind.is_terminal


def likely_same(fault: Fault, user: User, at: datetime) -> tuple[list[Fault], Related]:
    """Open faults that this one may duplicate: of the same root, of the device, of the place, of the floor.

    Beside them the faults of its root; nothing more is asked where no failed device is known.
    """
    near = Q(device=fault.device_id) if fault.device_id else Q(pk__in=[])
    places: set[int] = set()
    if fault.place:
        floor = Q(pk=fault.place_id) | Q(parent=fault.place.parent_id, parent__isnull=False)
        # by their keys: the open faults of some places are found by an index, those of a floor by a scan
        places = set(Place.objects.filter(floor).values_list("pk", flat=True))
        near |= Q(place__in=sorted(places))
    rows = visible(user).open().exclude(pk=fault.pk)
    rows = rows.exclude(state__in=[str(state) for state in RESTORED_STATES])
    rows = rows.filter(near | Q(rooted=True))
    found = list(rows.select_related("place", "device__kind").order_by("-rooted", "-reported_at")[:50])
    known = [row for row in (*found, fault) if row.rooted and row.state not in OVER]
    same_root = related(user, fault, at, with_failed(sorted(known, key=lambda row: row.reported_at)))
    above = same_root.above.fault.pk if same_root.above else None
    close = [
        row for row in found if row.place_id in places or (row.device_id and row.device_id == fault.device_id)
    ]
    close = close[:8]
    close.sort(key=lambda row: (row.device_id != fault.device_id, row.place_id != fault.place_id, row.pk))
    first = [row for row in found if row.pk == above]
    return first + [row for row in close if row.pk != above], same_root
