"""A contract's history under a changed standard: what would differ, fault by fault."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from yika.commitments.models import Commitment, Exemption
from yika.commitments.rules import Kind, Month, Outcome, Promise, outcome
from yika.contracts.models import Contract
from yika.faults.models import Fault, FaultRows
from yika.faults.policies import visible
from yika.faults.queries.facts import facts_under
from yika.faults.rules import Clocks, clocks
from yika.lib.decisions import BadInput
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Level, Standard, due_at

CHUNK = 500
MOST = 20_000
SHOWN = 100

Excused = dict[int, list[tuple[datetime, datetime]]]
Ruled = dict[int, Outcome]


@dataclass(frozen=True)
class Judged:
    """One clock under one standard; all empty where nothing is owed."""

    due_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: Outcome | None = None
    ruled: bool = False


@dataclass(frozen=True)
class Verdict:
    """A fault under one standard."""

    level: Level
    response: Judged
    repair: Judged


@dataclass(frozen=True)
class Changed:
    """What a changed standard says of a fault, by its key."""

    pk: int
    before: Verdict
    after: Verdict

    @property
    def same(self) -> bool:
        """Whether nothing that a reader sees differs: the level by name, due times, outcomes."""
        return (self.before.level.key, self.before.response, self.before.repair) == (
            self.after.level.key,
            self.after.response,
            self.after.repair,
        )

    @property
    def outcome_changes(self) -> bool:
        """Whether met and missed change places somewhere, not due times alone."""
        return (self.before.response.outcome, self.before.repair.outcome) != (
            self.after.response.outcome,
            self.after.repair.outcome,
        )


@dataclass(frozen=True)
class Difference(Changed):
    """A fault that a changed standard judges otherwise."""

    fault: Fault


@dataclass
class Simulation:
    """What a run found. ``outcomes`` counts (kind, "before" or "after", outcome)."""

    faults: int = 0
    outcomes: Counter[tuple[Kind, str, Outcome]] = field(default_factory=Counter)
    turned_outcomes: list[Changed] = field(default_factory=list)
    moved_limits: list[Changed] = field(default_factory=list)

    @property
    def turned(self) -> int:
        """How many end otherwise."""
        return len(self.turned_outcomes)

    @property
    def differing(self) -> int:
        """How many differ in anything."""
        return self.turned + len(self.moved_limits)

    def differences(self, changed: Sequence[Changed] | None = None) -> Iterator[Difference]:
        """Some differences, or all of them, with their faults: changed outcomes first, then by report."""
        rows = [*self.turned_outcomes, *self.moved_limits] if changed is None else changed
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            faults = Fault.objects.select_related("place", "device__kind").in_bulk([one.pk for one in chunk])
            for one in chunk:
                yield Difference(one.pk, one.before, one.after, faults[one.pk])

    @property
    def shown(self) -> list[Difference]:
        """The first page."""
        return self.page().rows

    def page(self, after: str = "", size: int | None = None) -> "Differences":
        """The differences behind that of one fault. Raises: BadInput for a fault that differs in nothing."""
        rows = [*self.turned_outcomes, *self.moved_limits]
        size, start = size or SHOWN, 0
        if after:
            start = next((place for place, one in enumerate(rows, 1) if str(one.pk) == after), 0)
            if not start:
                raise BadInput(_("页码无效，请从第一页开始"), field="after")
        cut = rows[start : start + size]
        more = start + size < len(rows)
        return Differences(list(self.differences(cut)), str(cut[-1].pk) if more else "")


@dataclass(frozen=True)
class Differences:
    """One page of the differences. ``next_cursor``: the fault behind which the next begins, or empty."""

    rows: list[Difference]
    next_cursor: str


def latest_month(user: User, contract: Contract) -> Month | None:
    """The last month in which a contract had a fault."""
    last = visible(user).filter(contract=contract).order_by().aggregate(last=Max("reported_at"))["last"]
    return Month.of(last) if last else None


def faults_between(user: User, contract: Contract, first: Month, last: Month) -> FaultRows:
    """The faults of a contract reported in some months that have clocks at all."""
    return visible(user).filter(
        contract=contract, reported_at__gte=first.starts_at, reported_at__lt=last.ends_at
    )


def simulate(faults: FaultRows, other: Standard, as_of: datetime) -> Simulation:
    """Judge faults under their own standard and another by the same function; changed outcomes first.

    Exemptions granted and outcomes ruled stand under both, so before is what the compliance counts.
    """
    found = Simulation()
    for difference in _judged(faults, other, as_of):
        found.faults += 1
        for name, verdict in (("before", difference.before), ("after", difference.after)):
            for kind, clock in ((Kind.RESPONSE, verdict.response), (Kind.REPAIR, verdict.repair)):
                if clock.outcome is not None:
                    found.outcomes[kind, name, clock.outcome] += 1
        if not difference.same:
            rows = found.turned_outcomes if difference.outcome_changes else found.moved_limits
            rows.append(difference)
    return found


def _judged(faults: FaultRows, other: Standard, as_of: datetime) -> Iterator[Changed]:
    keys = list(faults.order_by("reported_at", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = list(
            Fault.objects.filter(pk__in=keys[start : start + CHUNK])
            .select_related("standard")
            .order_by("reported_at", "pk")
        )
        under = facts_under(chunk)
        excused, ruled = _excused(chunk), _ruled(chunk)
        for fault in chunk:
            own = standard_of(fault.standard)
            before, after = (
                _verdict(fault, clocks(under(fault, standard), standard), standard, excused, ruled, as_of)
                for standard in (own, other)
            )
            yield Changed(fault.pk, before, after)


def _clocks_of(faults: Sequence[Fault]) -> set[int]:
    return {key for fault in faults for key in (fault.response_id, fault.repair_id) if key}


def _excused(faults: Sequence[Fault]) -> Excused:
    found: Excused = defaultdict(list)
    for exemption in Exemption.objects.filter(commitment__in=_clocks_of(faults), granted=True):
        found[exemption.commitment_id].append((exemption.from_at, exemption.until_at))
    return found


def _ruled(faults: Sequence[Fault]) -> Ruled:
    rows = Commitment.objects.filter(pk__in=_clocks_of(faults)).exclude(ruled_outcome="")
    return {key: Outcome(said) for key, said in rows.values_list("pk", "ruled_outcome")}


def _verdict(
    fault: Fault, found: Clocks, standard: Standard, excused: Excused, ruled: Ruled, as_of: datetime
) -> Verdict:
    def judged(promise: Promise | None, commitment: int | None) -> Judged:
        if promise is None:
            return Judged()
        key = commitment or 0
        due = due_at(promise.limit, promise.started_at, standard, excused.get(key, ()))
        said = ruled.get(key) or outcome(due, promise.settled_at, as_of)
        return Judged(due, promise.settled_at, said, key in ruled)

    return Verdict(
        found.level, judged(found.response, fault.response_id), judged(found.repair, fault.repair_id)
    )
