"""Lists, and everything about a fault."""

from typing import Generic, TypeVar

from yika.api.rest.kinds import Named, OutcomeText, Ref, Stamp, Told

T = TypeVar("T")


class Listing(Told, Generic[T]):
    """One page of a list; ``next`` is the cursor of the page behind it, null on the last."""

    items: list[T]
    next: str | None


class Clock(Told):
    """One of a fault's limits. ``outcome`` counts exemptions and rulings."""

    id: int
    clause: str
    due_at: Stamp
    excused_due_at: Stamp
    settled_at: Stamp | None
    outcome: OutcomeText


class FaultRow(Told):
    """A fault as lists show it. ``next_due_at``: the next open limit; null when no clock runs."""

    id: int
    number: str
    state: Named
    severity: Named
    symptom: Named
    place: Ref | None
    device: Ref | None
    technician: Ref | None
    reported_at: Stamp
    next_due_at: Stamp | None
    response: Clock | None
    repair: Clock | None
    merged_into: int | None
    follows: int | None
    created_at: Stamp
    ended_at: Stamp | None


class ReportShape(Told):
    """One person's report; name and phone masked. ``reported_at`` is claimed, ``recorded_at`` stamped."""

    id: int
    fault: int
    channel: Named
    reported_at: Stamp
    recorded_at: Stamp
    description: str
    reporter_name: str
    reporter_phone: str
    taken_by: Ref | None
    rating: int | None
    comment: str


class NetworkShape(Told):
    """What went down with the devices named, as the network stood at ``at``.

    ``kinds``: devices down by the code of their kind. ``held``: redundancy kept everything below up.
    """

    at: Stamp
    terminals: int
    cardholders: int
    others: int
    offline: int
    unknown: int
    held: bool
    kinds: dict[str, int]


class ClassificationShape(Told):
    """How large the fault was understood to be at a moment. ``ruled``: by the Office.

    ``network``: the counts rest on it and ``devices`` are those that failed; null: stated by hand.
    """

    id: int
    at: Stamp
    by: Ref | None
    terminals: int
    cardholders: int
    devices: list[str]
    severity: Named
    reason: str
    ruled: bool
    network: NetworkShape | None


class MoveShape(Told):
    """One step. ``happened_at`` differs from ``recorded_at`` when it was entered late."""

    id: int
    verb: Named
    from_state: str
    to_state: str
    happened_at: Stamp
    recorded_at: Stamp
    by: Ref | None
    technician: Ref | None
    scanned: bool
    note: str


class RulingShape(Told):
    """Something asked of the Office; ``granted`` is null until it is decided."""

    id: int
    fault: int
    kind: Named
    cause: str
    claim: str
    asked_by: Ref
    asked_at: Stamp
    granted: bool | None
    decision: str
    decided_by: Ref | None
    decided_at: Stamp | None


class ExemptionShape(Told):
    """An interval asked not to be counted; ``granted`` is null until it is decided."""

    id: int
    commitment: int
    from_at: Stamp
    until_at: Stamp
    reason: str
    claimed_by: Ref
    claimed_at: Stamp
    granted: bool | None
    decision: str
    decided_by: Ref | None
    decided_at: Stamp | None


class FeedbackShape(Told):
    """That the reporter was told."""

    way: Named
    told: str
    by: Ref
    at: Stamp


class LogShape(Told):
    """The fault log; keys are the fields of the fault's standard."""

    entries: dict[str, str]
    by: Ref
    at: Stamp


class LineShape(Told):
    """An event in words."""

    id: int
    at: Stamp
    happened_at: Stamp
    who: str
    verb: str
    sentence: str
    noun: str
    key: str


class StepShape(Told):
    """A verb that the owner could do now, and what stands in its way."""

    verb: Named
    main: bool
    problems: list[str]


class FaultShape(FaultRow):
    """A fault with everything its page shows."""

    description: str
    contract: Ref
    standard: int
    waiting_for: str
    steps: list[StepShape]
    merged: list[int]
    reports: list[ReportShape]
    classifications: list[ClassificationShape]
    moves: list[MoveShape]
    rulings: list[RulingShape]
    exemptions: list[ExemptionShape]
    feedbacks: list[FeedbackShape]
    logs: list[LogShape]
    timeline: list[LineShape]


class Reported(Told):
    """What a report made. ``tracking_url`` is for the reporter alone.

    ``merged_into``: the known outage that the report joined by itself.
    """

    report: int
    fault: int
    number: str
    merged_into: int | None
    url: str
    tracking_url: str


class Revealed(Told):
    """Personal data in full."""

    reporter_name: str
    reporter_phone: str


class CandidateShape(Told):
    """Somebody who could be sent."""

    id: int
    name: str
    on_duty: bool
    skilled: bool
    load: int
    knows_it: bool
