"""Open faults whose failed devices are known, and what is down because of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from yika.assets.models import Device, DeviceKind
from yika.contracts.models import Contract
from yika.faults.models import Classification, Fault, FaultRows
from yika.faults.policies import visible
from yika.faults.rules import RESTORED_STATES, TOGETHER_MOST, State, explained
from yika.network.queries import causes
from yika.people.models import User

OVER = sorted({str(state) for state in (*RESTORED_STATES, State.TEMPORARILY_RESTORED)})
"""States in which an outage no longer takes anything down."""

HAS_OUTAGE = Exists(Fault.objects.open().filter(contract=OuterRef("pk"), rooted=True))
"""Of a contract: whether failed devices of an open fault are known."""

BESIDE_OUTAGE = Exists(Fault.objects.open().filter(contract=OuterRef("contract"), rooted=True))
"""Of a fault: whether failed devices of an open fault of its contract are known."""


MOST_NEAR = 1000  # open faults looked at for one root


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
    known = outages(contract.faults.filter(reported_at__lte=claimed)) if keys else []
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

    above: Outage | None = None
    below: list[Fault] = field(default_factory=list)
    unlike: list[Fault] = field(default_factory=list)

    @property
    def together(self) -> list[Fault]:
        """As many as may be merged at once, the earliest first."""
        return self.below[: TOGETHER_MOST - 1]


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
        return Related(above=same or _above([fault.device_id] if fault.device_id else [], fault, others, at))
    rows = visible(user).open().filter(contract=fault.contract_id, device__isnull=False)
    rows = rows.exclude(pk=fault.pk).exclude(state__in=OVER).select_related("place", "device__kind")
    near = list(rows.order_by("reported_at", "pk")[:MOST_NEAR])
    found = causes({row.device_id for row in near if row.device_id}, [own.failed], at)
    twins = {outage.fault.pk for outage in others if outage.failed & own.failed}
    told = Related(above=_above(own.failed, fault, others, at))
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
