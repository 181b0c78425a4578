"""A fault's whole story as frozen data, to be written at once: history brought in, or simulated. Pure."""

from dataclasses import dataclass
from datetime import datetime

from yika.faults.rules import RESPONSES, Clocks, Facts, State, Statement, Verb, clocks
from yika.standards.rules import Impact, Standard


@dataclass(frozen=True, slots=True)
class Step:
    """One move, recorded when it happened; ``by`` and ``technician`` are keys of people."""

    verb: Verb
    to: State
    at: datetime
    note: str = ""
    by: int | None = None
    technician: int | None = None


@dataclass(frozen=True, slots=True)
class Spared:
    """An exemption of the repair limit, claimed and decided; ``granted`` None: it waits."""

    from_at: datetime
    until_at: datetime
    reason: str
    claimed_by: int
    claimed_at: datetime
    granted: bool | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """A fault from its one report to where it stands; keys instead of rows.

    ``cause`` None: ordinary; else a special fault, by the key of a cause of the standard or "" when unnamed.
    ``spot`` are the last steps of the place. ``told`` (way, words) and ``log`` are there once done.
    ``unseen``: the sweep has not met its due times yet.
    """

    reported_at: datetime
    terminals: int
    cardholders: int
    symptom: str
    description: str
    channel: str
    state: State
    ended_at: datetime | None
    steps: tuple[Step, ...] = ()
    cause: str | None = None
    place: int | None = None
    device: int | None = None
    device_is_named: bool = False
    spot: str = ""
    technician: int | None = None
    reporter: tuple[str, str] = ("", "")
    ref: str = ""
    spared: Spared | None = None
    told: tuple[str, str] | None = None
    log: str = ""
    rating: tuple[int, str] | None = None
    decided_by: int | None = None
    unseen: bool = False

    def moment(self, verb: Verb) -> datetime | None:
        """When a step was last made; None if never."""
        return next((step.at for step in reversed(self.steps) if step.verb is verb), None)


def facts_of(life: Life, standard: Standard) -> Facts:
    """What the clocks of a life rest on: the same that its rows will say."""
    remote = standard.readings.remote_start_counts_as_response
    counted = RESPONSES if remote else {Verb.ARRIVE}
    return Facts(
        reported_at=life.reported_at,
        statements=(Statement(Impact(life.terminals, life.cardholders), life.reported_at),),
        responses=tuple(step.at for step in life.steps if step.verb in counted),
        restorations=tuple(step.at for step in life.steps if step.verb is Verb.RESTORE),
        special=life.cause is not None,
    )


def clocks_of(life: Life, standard: Standard) -> Clocks:
    """Level and promises of a life."""
    return clocks(facts_of(life, standard), standard)
