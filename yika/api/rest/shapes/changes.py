"""Changes and returns to the factory."""

from typing import Any, Literal

from yika.api.rest.kinds import Named, Ref, Stamp, Told
from yika.api.rest.shapes.faults import Clock, LineShape


class ChangeRow(Told):
    """A change as lists show it. The window is half-open."""

    id: int
    number: str
    kind: Named
    mode: Named
    state: Named
    title: str
    asked_by: Ref
    from_at: Stamp
    until_at: Stamp
    made_at: Stamp
    asked_at: Stamp | None
    executed_at: Stamp | None
    ended_at: Stamp | None


class ValueShape(Told):
    """One value of one device, as the field is written and in words; consent means exactly these."""

    id: int
    device: str
    field: str
    name: str
    before: Any
    after: Any
    before_words: str
    after_words: str


class VoteShape(Told):
    """What a named person of the Office said, and the proposer's answer to a question."""

    word: Named
    reason: str
    by: Ref
    at: Stamp
    answer: str
    answered_by: Ref | None
    answered_at: Stamp | None


class TrialShape(Told):
    """One test."""

    item: str
    expected: str
    result: str
    passed: bool
    by: Ref
    at: Stamp


class ChangeShape(ChangeRow):
    """A change with everything its page shows. ``conflicts``: what stands against its window, in words."""

    reason: str
    risk: str
    plan: str
    back_out: str
    pattern: str | None
    executed_note: str
    executed_by: Ref | None
    devices: list[str]
    lines: list[ValueShape]
    votes: list[VoteShape]
    tests: list[TrialShape]
    conflicts: list[str]
    confirmation: Clock | None
    timeline: list[LineShape]


class ReturnRow(Told):
    """A return as lists show it. ``limit``: null where nothing is promised yet, or any more."""

    id: int
    number: str
    state: Named
    device: Ref
    fault: int | None
    spare: Ref | None
    reported_at: Stamp
    removed_from: Ref
    change: int | None
    put_back: int | None
    limit: Clock | None
    opened_at: Stamp
    ended_at: Stamp | None


class TripShape(Told):
    """One shipment. ``cost`` in yuan, two decimals; null while unknown."""

    factory: str
    courier: str
    waybill: str
    sent_at: Stamp
    diagnosis: str
    in_warranty: bool | None
    cost: str | None
    back_at: Stamp | None
    tests: list[TrialShape]


class ReturnShape(ReturnRow):
    """A return with its proof, its shipments and their tests."""

    reason: str
    records_exported: int | None
    not_exported: str
    psam: Literal["", "removed", "absent"]
    opened_by: Ref
    settled_at: Stamp | None
    ended_reason: str
    trips: list[TripShape]
    timeline: list[LineShape]
