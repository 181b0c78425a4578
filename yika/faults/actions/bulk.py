"""Whole lives of faults into the database, thousands at a time.

Class, promises and due times come from the rules that run every fault; what is written is what the single
verbs would have left, with one event for each fault in place of one for each step.
"""

import json
import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from yika.commitments.models import Alert, Commitment, Exemption, Term
from yika.commitments.rules import Promise, next_alert, position_at, reached
from yika.contracts.models import Contract
from yika.faults.actions.telling import in_office_words
from yika.faults.actions.words import said
from yika.faults.lives import Life, clocks_of
from yika.faults.models import (
    NEVER,
    Classification,
    Fault,
    FaultImport,
    FaultLog,
    FaultWords,
    Feedback,
    Move,
    Report,
    Ruling,
    Symptom,
)
from yika.faults.rules import OUT_OF_CLOCKS, RulingKind, Verb
from yika.journal.actions import Actor, event
from yika.journal.models import Event
from yika.lib.bulk import Row, insert, take_keys
from yika.lib.text import exact
from yika.standards.queries import standard_of
from yika.standards.rules import Impact, Standard, classify, due_at

BATCH = 1000  # faults
FIELDS: dict[type[Any], tuple[str, ...]] = {
    Commitment: (
        "id", "kind", "clause", "contract", "standard", "owed_by", "holder", "subject", "started_at",
        "allowance_s", "allowance_days", "clock", "due_at", "excused_due_at", "settled_at", "voided_at",
        "ruled_outcome", "ruled_reason", "alerts_sent", "next_alert_at", "armed_at", "alert_error",
    ),
    Term: (
        "commitment", "decided_at", "clause", "allowance_s", "allowance_days", "clock", "started_at",
        "due_at", "reason",
    ),
    Alert: ("commitment", "due_at", "position", "at", "told"),
    Exemption: (
        "commitment", "from_at", "until_at", "reason", "claimed_by", "claimed_at", "decided_by",
        "decided_at", "granted", "decision",
    ),
    Fault: (
        "id", "contract", "standard", "state", "place", "device", "symptom", "description", "reported_at",
        "severity", "urgent_at", "response", "repair", "technician", "created_at", "ended_at", "imported",
    ),
    FaultWords: ("fault", "grams"),
    Report: (
        "fault", "channel", "reported_at", "recorded_at", "description", "reporter_name", "reporter_phone",
        "secret", "submission", "language", "rating", "comment", "rated_at",
    ),
    Classification: ("id", "fault", "terminals", "cardholders", "severity", "reason", "ruled", "at"),
    Classification.devices.through: ("classification", "device"),
    Move: (
        "fault", "verb", "from_state", "to_state", "happened_at", "recorded_at", "by", "technician",
        "scanned", "note",
    ),
    Ruling: (
        "fault", "kind", "cause", "claim", "asked_by", "asked_at", "decided_by", "decided_at", "granted",
        "decision",
    ),
    Feedback: ("fault", "way", "told", "by", "at"),
    FaultLog: ("fault", "entries", "by", "at"),
    Event: ("at", "happened_at", "actor", "actor_name", "verb", "noun", "key", "data", "digest"),
}  # fmt: skip
_SYMPTOMS = {choice.value: in_office_words(choice.label) for choice in Symptom}


@dataclass
class _Writing:
    """One batch on its way: rows by table, in the order in which they must be written."""

    contract: Contract
    standard: Standard
    imported: FaultImport | None
    by: Actor
    at: datetime
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:16])
    rows: dict[type[Any], list[Row]] = field(default_factory=lambda: {model: [] for model in FIELDS})

    @property
    def by_id(self) -> int | None:
        """The key of the person who imports; None for the command line."""
        return getattr(self.by, "pk", None) if self.imported else None

    def add(self, life: Life, keys: tuple[int, int, int, int]) -> None:
        """All rows of one life under the keys given: fault, classification, two commitments."""
        fault, classification, *commitments = keys
        standard, rows = self.standard, self.rows
        found = clocks_of(life, standard)
        recorded = life.reported_at
        subject = " ".join(part for part in (f"G{fault:06d}", life.spot, _SYMPTOMS[life.symptom]) if part)
        open_dues: list[datetime] = []
        made: list[int | None] = []
        for key, promise in zip(commitments, (found.response, found.repair), strict=True):
            made.append(key if promise else None)
            if promise:
                due = self._commit(key, promise, life, subject[:160])
                if due is not None:
                    open_dues.append(due)
        rows[Fault].append(
            (
                fault, self.contract.pk, self.contract.standard_id, life.state.value, life.place, life.device,
                life.symptom, life.description, life.reported_at, found.level.key,
                min(open_dues, default=NEVER), made[0], made[1], life.technician, recorded, life.ended_at,
                self.imported.pk if self.imported else None,
            )
        )  # fmt: skip
        rows[Report].append(
            (
                fault, life.channel, life.reported_at, recorded, life.description, *life.reporter,
                secrets.token_urlsafe(16), f"{self.run}{fault:016x}", "zh-hans",
                *((life.rating[0], life.rating[1], life.ended_at) if life.rating else (None, "", None)),
            )
        )  # fmt: skip
        level = found.level if life.cause is None else classify(_impact(life), standard)
        if words := said(life.description):
            rows[FaultWords].append((fault, words))
        self._classify(fault, classification, life, level.key)
        self._step(fault, life)
        self._tell(fault, life, found.level.key)

    def _commit(self, key: int, promise: Promise, life: Life, subject: str) -> datetime | None:
        """A commitment with its term and what else it has; its due time while it is open."""
        standard, limit, started = self.standard, promise.limit, promise.started_at
        due = excused = due_at(limit, started, standard)
        spared = life.spared if promise.kind.value == "repair" else None
        if spared is not None:
            if spared.granted:
                excused = max(due_at(limit, started, standard, [(spared.from_at, spared.until_at)]), due)
            self.rows[Exemption].append(
                (
                    key, spared.from_at, spared.until_at, spared.reason, spared.claimed_by,
                    spared.claimed_at, spared.decided_by, spared.decided_at, spared.granted, spared.decision,
                )
            )  # fmt: skip
        voided = life.ended_at if life.state in OUT_OF_CLOCKS else None
        is_open = promise.settled_at is None and voided is None and self.imported is None
        sent, alert = 0, None
        if is_open:
            sent = 0 if life.unseen else position_at(standard.ladder, started, excused, self.at)
            alert = next_alert(standard.ladder, started, excused, sent)
            if sent:
                rungs = reached(standard.ladder, sent, 0)
                told = sorted({role for rung in rungs for role in rung.step.tell})
                self.rows[Alert].append((key, excused, sent, self.at, json.dumps(told)))
        armed = None if self.imported else self.at if is_open and life.unseen else started
        clock = limit.clock.value
        self.rows[Commitment].append(
            (
                key, promise.kind.value, limit.clause, self.contract.pk, self.contract.standard_id,
                self.contract.vendor_id, life.technician, subject, started, limit.seconds, limit.days, clock,
                due, excused, promise.settled_at, voided, "", "", sent, alert, armed, "",
            )
        )  # fmt: skip
        decided = self.at if self.imported else started
        self.rows[Term].append(
            (key, decided, limit.clause, limit.seconds, limit.days, clock, started, due, promise.reason[:200])
        )
        return excused if is_open else None

    def _classify(self, fault: int, key: int, life: Life, level: str) -> None:
        """Counts as stated, and for a special cause the answer that history implies."""
        when = self.at if self.imported else life.reported_at
        self.rows[Classification].append(
            (key, fault, life.terminals, life.cardholders, level, "", False, when)
        )
        if life.device and life.device_is_named:
            self.rows[Classification.devices.through].append((key, life.device))
        if life.cause is not None:
            asker = life.technician or self.by_id
            decider = life.decided_by or self.by_id
            words = (
                ("历史记录所载原因", "随历史导入") if self.imported else ("原因在合同范围之外", "情况属实")
            )
            self.rows[Ruling].append(
                (
                    fault, RulingKind.SPECIAL.value, life.cause, words[0], asker, when, decider, when, True,
                    words[1],
                )
            )  # fmt: skip

    def _step(self, fault: int, life: Life) -> None:
        state = "reported"
        for step in life.steps:
            self.rows[Move].append(
                (
                    fault, step.verb.value, state, step.to.value, step.at, step.at, step.by, step.technician,
                    False, step.note,
                )
            )  # fmt: skip
            state = step.to.value
        last = life.steps[-1].at if life.steps else life.reported_at
        if life.told and life.technician:
            self.rows[Feedback].append((fault, *life.told, life.technician, last))
        if life.log and life.technician:
            self.rows[FaultLog].append((fault, life.log, life.technician, last))

    def _tell(self, fault: int, life: Life, level: str) -> None:
        if self.imported:
            said = event(
                "faults.take_over",
                ("fault", fault),
                by=self.by,
                at=self.at,
                happened_at=life.reported_at,
                ref=life.ref,
                file=self.imported.file_name,
                arrived=_exactly(life.moment(Verb.ARRIVE)),
                repaired=_exactly(life.moment(Verb.RESTORE)),
                severity=level,
                imported=self.imported.pk,
            )
        else:
            said = event(
                "faults.simulate",
                ("fault", fault),
                by=self.by,
                at=self.at,
                happened_at=life.reported_at,
                severity=level,
            )
        self.rows[Event].append(
            (
                said.at, said.happened_at, said.actor, said.actor_name, said.verb, said.noun, said.key,
                json.dumps(said.data, ensure_ascii=False), said.digest,
            )
        )  # fmt: skip

    def flush(self) -> None:
        """Write the batch, table by table."""
        for model, rows in self.rows.items():
            if rows:
                insert(model, FIELDS[model], rows)
                rows.clear()


def _exactly(at: datetime | None) -> str:
    return exact(at) if at else "—"


def _impact(life: Life) -> Impact:
    return Impact(life.terminals, life.cardholders)


def write(
    lives: Iterable[Life],
    *,
    contract: Contract,
    imported: FaultImport | None = None,
    by: Actor,
    at: datetime,
) -> Iterator[int]:
    """Write lives into the caller's transaction; after each batch, how many it held.

    Memory holds one batch. What is ``imported`` is history: nobody is ever told of it.
    """
    source = iter(lives)
    writing = _Writing(contract, standard_of(contract.standard), imported, by, at)
    while batch := list(islice(source, BATCH)):
        faults = take_keys(Fault, len(batch))
        classifications = take_keys(Classification, len(batch))
        commitments = take_keys(Commitment, 2 * len(batch))
        keys = zip(faults, classifications, commitments[::2], commitments[1::2], strict=True)
        for life, key in zip(batch, keys, strict=True):
            writing.add(life, key)
        writing.flush()
        yield len(batch)
