"""A contract's history under a changed standard: what would differ, fault by fault."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yika.commitments.models import Exemption
from yika.commitments.rules import Kind, Month, Outcome, Promise, outcome
from yika.contracts.models import Contract
from yika.faults.models import Fault, FaultRows
from yika.faults.policies import visible
from yika.faults.queries.facts import facts_under
from yika.faults.rules import Clocks, clocks
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Level, Standard, due_at

CHUNK = 500
MOST = 20_000
SHOWN = 200

Excused = dict[int, list[tuple[datetime, datetime]]]


@dataclass(frozen=True)
class Judged:
    """One clock under one standard; all empty where nothing is owed."""

    due_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Verdict:
    """A fault under one standard."""

    level: Level
    response: Judged
    repair: Judged


@dataclass(frozen=True)
class Difference:
    """A fault that a changed standard judges otherwise."""

    fault: Fault
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


@dataclass
class Simulation:
    """What a run found. ``outcomes`` counts (kind, "before" or "after", outcome)."""

    faults: int = 0
    differing: int = 0
    turned: int = 0
    outcomes: Counter[tuple[Kind, str, Outcome]] = field(default_factory=Counter)
    shown: list[Difference] = field(default_factory=list)


def faults_between(user: User, contract: Contract, first: Month, last: Month) -> FaultRows:
    """The faults of a contract reported in some months that have clocks at all."""
    return visible(user).filter(
        contract=contract, reported_at__gte=first.starts_at, reported_at__lt=last.ends_at
    )


def simulate(faults: FaultRows, other: Standard, as_of: datetime) -> Simulation:
    """Judge faults under their own standard and another by the same function; changed outcomes first.

    Exemptions granted stand under both.
    """
    found = Simulation()
    turned: list[Difference] = []
    moved: list[Difference] = []
    for difference in _judged(faults, other, as_of):
        found.faults += 1
        for name, verdict in (("before", difference.before), ("after", difference.after)):
            for kind, clock in ((Kind.RESPONSE, verdict.response), (Kind.REPAIR, verdict.repair)):
                if clock.outcome is not None:
                    found.outcomes[kind, name, clock.outcome] += 1
        if difference.same:
            continue
        found.differing += 1
        found.turned += difference.outcome_changes
        kept = turned if difference.outcome_changes else moved
        if len(kept) < SHOWN:
            kept.append(difference)
    found.shown = [*turned, *moved][:SHOWN]
    return found


def _judged(faults: FaultRows, other: Standard, as_of: datetime) -> Iterator[Difference]:
    keys = list(faults.order_by("reported_at", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = list(
            Fault.objects.filter(pk__in=keys[start : start + CHUNK])
            .select_related("standard", "place", "device__kind")
            .order_by("reported_at", "pk")
        )
        under = facts_under(chunk)
        excused = _excused(chunk)
        for fault in chunk:
            own = standard_of(fault.standard)
            before, after = (
                _verdict(fault, clocks(under(fault, standard), standard), standard, excused, as_of)
                for standard in (own, other)
            )
            yield Difference(fault, before, after)


def _excused(faults: Sequence[Fault]) -> Excused:
    keys = {key for fault in faults for key in (fault.response_id, fault.repair_id) if key}
    found: Excused = defaultdict(list)
    for exemption in Exemption.objects.filter(commitment__in=keys, granted=True):
        found[exemption.commitment_id].append((exemption.from_at, exemption.until_at))
    return found


def _verdict(fault: Fault, found: Clocks, standard: Standard, excused: Excused, as_of: datetime) -> Verdict:
    def judged(promise: Promise | None, commitment: int | None) -> Judged:
        if promise is None:
            return Judged()
        due = due_at(promise.limit, promise.started_at, standard, excused.get(commitment or 0, ()))
        return Judged(due, promise.settled_at, outcome(due, promise.settled_at, as_of))

    return Verdict(
        found.level, judged(found.response, fault.response_id), judged(found.repair, fault.repair_id)
    )
