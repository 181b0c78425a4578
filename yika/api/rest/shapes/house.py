"""Commitments, places, people, the standard, the journal, the token."""

from typing import Any

from yika.api.rest.kinds import Named, OutcomeText, Ref, Stamp, Told
from yika.api.rest.shapes.faults import ExemptionShape, LineShape
from yika.assets.rules import Life


class CommitmentRow(Told):
    """One promise as lists show it. ``raw`` is without exemptions and rulings."""

    id: int
    kind: Named
    clause: str
    subject: str
    fault: int | None
    holder: Ref | None
    started_at: Stamp
    due_at: Stamp
    excused_due_at: Stamp
    settled_at: Stamp | None
    raw: OutcomeText
    outcome: OutcomeText


class TermShape(Told):
    """An allowance that is or was in force. Exactly one of the two allowances is given."""

    clause: str
    allowance_s: int | None
    allowance_days: int | None
    clock: str
    started_at: Stamp
    due_at: Stamp
    decided_at: Stamp
    replaced_at: Stamp | None
    reason: str
    was_missed: bool


class AlertShape(Told):
    """That a rung of the ladder was told."""

    at: Stamp
    due_at: Stamp
    position: int
    told: list[str]


class CommitmentShape(CommitmentRow):
    """One promise with its arithmetic: terms, exemptions, alerts, ruling."""

    contract: Ref
    standard: int
    owed_by: Ref
    allowance_s: int | None
    allowance_days: int | None
    clock: str
    excused_s: int
    ruled_outcome: OutcomeText | None
    ruled_reason: str
    ruled_by: Ref | None
    ruled_at: Stamp | None
    terms: list[TermShape]
    exemptions: list[ExemptionShape]
    alerts: list[AlertShape]
    timeline: list[LineShape]


class PlaceShape(Told):
    """A place; ``full_name`` is its path from the top."""

    id: int
    name: str
    full_name: str
    parent: int | None


class KindShape(Named):
    """A device kind; ``is_terminal``: it counts as a terminal when a fault is classified."""

    is_terminal: bool


class DeviceShape(Told):
    """A device."""

    id: int
    number: str
    kind: KindShape
    place: Ref
    model: str
    serial: str
    life: Life
    in_use: bool


class PersonOnDuty(Told):
    """Somebody on duty; ``load`` is the number of open faults in hand. The phone is masked."""

    id: int
    name: str
    role: str
    badge_number: str
    phone: str
    skills: list[str]
    load: int
    until: Stamp


class OnDutyShape(Told):
    """Who is on duty at a moment."""

    at: Stamp
    people: list[PersonOnDuty]


class VersionShape(Told):
    """A version of the standard."""

    id: int
    code: str
    version: str
    title: str
    sha256: str
    loaded_at: Stamp
    adopted_at: Stamp | None


class LimitShape(Told):
    """A limit; exactly one of the allowances is given."""

    clause: str
    seconds: int | None
    days: int | None
    clock: str


class LevelShape(Told):
    """A class with its limits; ranges are half-open, ``null`` without end."""

    key: str
    name: str
    clause: str
    terminals: list[int | None] | None
    cardholders: list[int | None] | None
    causes: list[str]
    response: LimitShape | None
    repair: LimitShape | None


class ClauseShape(Told):
    """A clause as it is written."""

    key: str
    title: str
    text: str


class StandardShape(VersionShape):
    """A standard: levels, clauses, and the fields of the fault log."""

    levels: list[LevelShape]
    clauses: list[ClauseShape]
    log_fields: list[Named]


class Judged(Told):
    """One promise of an explained case."""

    clause: str
    allowance_s: int
    due_at: Stamp
    settled_at: Stamp | None
    outcome: OutcomeText


class Explained(Told):
    """What follows from the facts of a case, with the arithmetic line by line."""

    severity: str
    severity_clause: str
    response: Judged | None
    repair: Judged | None
    as_of: Stamp
    lines: list[str]


class FigureShape(Told):
    """Counts of promises: raw, and with exemptions and rulings."""

    total: int
    raw_met: int
    raw_missed: int
    raw_open: int
    met: int
    missed: int
    open: int
    formerly_missed: int


class ComplianceLine(Told):
    """One clause and kind of a month."""

    clause: str
    kind: Named
    title: str
    figure: FigureShape


class ComplianceShape(Told):
    """The figures of a contract for a month; null figures when no contract ran."""

    month: str
    contract: Ref | None
    as_of: Stamp
    total: FigureShape | None
    lines: list[ComplianceLine]


class EventShape(Told):
    """One event of the journal as it stands, with its sentence."""

    id: int
    at: Stamp
    happened_at: Stamp
    actor: str
    actor_name: str
    verb: str
    noun: str
    key: str
    data: dict[str, Any]
    sentence: str
    sealed: bool


class TokenShape(Told):
    """The token that asks."""

    name: str
    prefix: str
    scopes: list[str]
    created_at: Stamp
    expires_at: Stamp


class MeShape(Told):
    """In whose name the token acts, and its limits."""

    id: int
    username: str
    name: str
    role: str
    organisation: str
    token: TokenShape
    requests_a_minute: int
