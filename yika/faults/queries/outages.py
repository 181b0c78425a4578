"""Open faults whose failed devices are known, and what is down because of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Device, DeviceKind
from yika.contracts.models import Contract
from yika.contracts.queries import given, of_day, whole
from yika.faults.models import Classification, Fault, FaultRows
from yika.faults.policies import visible
from yika.faults.rules import RESTORED_STATES, TOGETHER_MOST, State, explained
from yika.lib.clock import campus_date
from yika.lib.ready import Ready
from yika.network.queries import causes, roots_above
from yika.people.models import User

OVER = sorted({str(state) for state in (*RESTORED_STATES, State.TEMPORARILY_RESTORED)})
"""States in which an outage no longer takes anything down."""

HAS_OUTAGE = Exists(Fault.objects.open().filter(contract=OuterRef("pk"), rooted=True))
"""Of a contract: whether failed devices of an open fault are known."""


_RUNNING = Ready(lambda day: of_day(whole().annotate(outage=HAS_OUTAGE), day)[:1])

BESIDE_OUTAGE = Exists(Fault.objects.open().filter(contract=OuterRef("contract"), rooted=True))
"""Of a fault: whether failed devices of an open fault of its contract are known."""


NOTICED_WITHIN = timedelta(hours=1)
"""How long machines may be reported before somebody names what took them down."""
MOST_NEAR = 1000  # open faults looked at for one root


def current_beside(at: datetime) -> tuple[Contract, bool]:
    """The contract in force, and whether failed devices of an open fault of it are known; one query.

    Raises: WrongState when no contract is in force.
    """
    contract = given(_RUNNING.first(campus_date(at)))
    return contract, bool(vars(contract)["outage"])


@dataclass(frozen=True)
class Outage:
    """An open fault and the devices that failed, by key."""

    fault: Fault
    failed: frozenset[int]


def failed_of(faults: Collection[int]) -> dict[int, frozenset[int]]:
    """The failed devices of faults, by key, those of faults merged into them included; one query."""
    rows = Classification.devices.through.objects.filter(
        Q(classification__fault__in=faults) | Q(classification__fault__merged_into__in=faults),
        classification__reach__isnull=False,
    )
    latest: dict[tuple[int, int], tuple[int, set[int]]] = {}
    for own, into, statement, device in rows.values_list(
        "classification__fault", "classification__fault__merged_into", "classification", "device"
    ):
        key = (into or own, own)
        before, devices = latest.get(key, (0, set()))
        if statement > before:
            latest[key] = (statement, {device})
        elif statement == before:
            devices.add(device)
    found: dict[int, frozenset[int]] = {}
    for (fault, _own), (_statement, devices) in latest.items():
        found[fault] = found.get(fault, frozenset()) | devices
    return found


_NAMED = Classification.devices.through.objects.filter(classification__reach__isnull=False)


def _named(devices: Sequence[int], contract: int) -> "QuerySet[Any, Any]":
    """Open outages that any of these devices was ever named in as failed, in themselves or in a fault merged.

    Told from the open outages, which are few, not from the devices: a core switch has a long history.
    """
    open_ = Fault.objects.open().filter(contract=contract, rooted=True)
    rows = _NAMED.filter(device__in=devices)
    own = rows.filter(classification__fault__in=open_).values_list("classification__fault")
    merged = rows.filter(classification__fault__merged_into__in=open_)
    return own.union(merged.values_list("classification__fault__merged_into"))


_named_in = Ready(_named)


def outages(rows: FaultRows) -> list[Outage]:
    """Those of some faults that are outages still, the earliest first; two queries."""
    faults = list(rows.open().filter(rooted=True).exclude(state__in=OVER).order_by("reported_at", "pk"))
    return with_failed(faults)


def with_failed(faults: Sequence[Fault]) -> list[Outage]:
    """Faults with their failed devices; one query, none for none."""
    failed = failed_of([fault.pk for fault in faults]) if faults else {}
    return [Outage(fault, failed[fault.pk]) for fault in faults if fault.pk in failed]


def outage_behind(
    devices: Iterable[Device], symptom: str, *, contract: Contract, claimed: datetime, at: datetime
) -> Fault | None:
    """The outage that a report of these devices belongs to: it took all down, and what is seen fits.

    A report said to be older than the outage is left to a person: joining it would move the outage's clock.
    Source: 4.2.2, reading (e).
    """
    keys = [device.pk for device in devices]
    roots = roots_above(keys, at) if keys else set()
    told = {fault for (fault,) in _named_in([*roots.union(keys)], contract.pk)} if roots else set()
    rows = contract.faults.filter(reported_at__lte=claimed, pk__in=told)
    known = outages(rows) if told else []
    found = causes(keys, [outage.failed for outage in known], at) if known else {}
    if not found or len(found) < len(keys) or not all(explained(symptom, c.lacking) for c in found.values()):
        return None
    numbers = {cause.number for cause in found.values()}
    return known[numbers.pop()].fault if len(numbers) == 1 else None


def kinds_failed(fault: Fault) -> str:
    """What kinds of device failed in a fault, in words, for people who need not know which; or nothing."""
    failed = failed_of([fault.pk]).get(fault.pk, frozenset()) if fault.rooted else frozenset()
    kinds = DeviceKind.objects.filter(devices__in=failed).distinct().order_by("pk") if failed else ()
    return _("、").join(kind.label for kind in kinds)


@dataclass(frozen=True)
class Related:
    """Faults of one root. ``above``: the outage this one follows from; ``below``: those that follow from this
    one, or are about the same devices; ``unlike``: down with it too, but what is seen is something else.
    """

    fault: Fault
    above: Outage | None = None
    below: list[Fault] = field(default_factory=list)
    unlike: list[Fault] = field(default_factory=list)

    @property
    def together(self) -> list[tuple[Fault, bool]]:
        """As many as may be merged at once, the earliest first, each with whether it goes without saying.

        One reported long before may have had a cause of its own, and would move the start of the clocks.
        """
        since = self.fault.reported_at - NOTICED_WITHIN
        return [(one, one.reported_at >= since) for one in self.below[: TOGETHER_MOST - 1]]

    @property
    def before_above(self) -> bool:
        """Whether this one was reported before the outage it seems to follow from."""
        return self.above is not None and self.fault.reported_at < self.above.fault.reported_at


def related(user: User, fault: Fault, at: datetime, known: Sequence[Outage]) -> Related:
    """Open faults of the same root as this one; ``known`` are the outages a person may see, this one or not.

    Two queries more where failed devices of this fault are known, else none.
    """
    own = next((outage for outage in known if outage.fault.pk == fault.pk), None)
    others = [
        outage
        for outage in known
        if outage.fault.pk != fault.pk and outage.fault.contract_id == fault.contract_id
    ]
    if own is None:
        same = next((outage for outage in others if fault.device_id in outage.failed), None)
        above = same or _above([fault.device_id] if fault.device_id else [], fault, others, at)
        return Related(fault, above)
    rows = visible(user).open().filter(contract=fault.contract_id, device__isnull=False)
    rows = rows.exclude(pk=fault.pk).exclude(state__in=OVER).select_related("place", "device__kind")
    near = list(rows.order_by("reported_at", "pk")[:MOST_NEAR])
    found = causes({row.device_id for row in near if row.device_id}, [own.failed], at)
    twins = {outage.fault.pk for outage in others if outage.failed & own.failed}
    told = Related(fault, _above(own.failed, fault, others, at))
    for row in near:
        cause = found.get(row.device_id or 0)
        fits = cause is not None and explained(row.symptom, cause.lacking)
        if row.pk in twins or row.device_id in own.failed or fits:
            told.below.append(row)
        elif cause:
            told.unlike.append(row)
    return told


def _above(keys: Collection[int], fault: Fault, known: Sequence[Outage], at: datetime) -> Outage | None:
    """The outage that took all of these devices down, if what is seen fits it."""
    found = causes(keys, [outage.failed for outage in known], at) if known else {}
    if not found or len(found) < len(keys):
        return None
    if not all(explained(fault.symptom, cause.lacking) for cause in found.values()):
        return None
    return known[max(cause.number for cause in found.values())]
