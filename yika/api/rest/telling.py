"""From rows to what answers say. Lists are told from plain values, single things from their models."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from yika.commitments.models import Commitment, Exemption
from yika.commitments.rules import Kind, Outcome, outcome
from yika.commitments.words import KINDS
from yika.contracts.models import Contract
from yika.faults.models import NEVER, Channel, Classification, Feedback, Move, Reach, Report, Ruling, Symptom
from yika.faults.queries import FaultPage, Step
from yika.faults.rules import State, Verb
from yika.faults.words import STATES, VERBS
from yika.journal.models import Event
from yika.journal.queries import Line, sentence
from yika.lib.clock import campus
from yika.lib.text import mask_name, mask_phone
from yika.people.models import User
from yika.standards.models import StandardVersion
from yika.standards.queries import standard_of

_CLOCK = ("clause", "due_at", "excused_due_at", "settled_at", "ruled_outcome", "voided_at")
FAULT_FIELDS = (
    "id",
    "state",
    "severity",
    "symptom",
    "standard_id",
    "place_id",
    "place__full_name",
    "device_id",
    "device__number",
    "technician_id",
    "technician__name",
    "reported_at",
    "urgent_at",
    "response_id",
    "repair_id",
    *(f"response__{name}" for name in _CLOCK),
    *(f"repair__{name}" for name in _CLOCK),
    "merged_into_id",
    "follows_id",
    "created_at",
    "ended_at",
)


def lang() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def english() -> bool:
    """Whether the reader reads English."""
    return lang().startswith("en")


def stamp(at: datetime) -> str:
    """2026-03-02T09:12:00+08:00."""
    return campus(at).isoformat()


def stamp_or_none(at: datetime | None) -> str | None:
    """A moment, or null."""
    return None if at is None else stamp(at)


def ref(key: int | None, name: str | None) -> dict[str, Any] | None:
    """A thing by key and name; null without a key."""
    return None if key is None else {"id": key, "name": name or ""}


def who(person: User | None) -> dict[str, Any] | None:
    """A person by key and name."""
    return None if person is None else ref(person.pk, person.name)


def code(value: str, words: object) -> dict[str, str]:
    """A code with its word."""
    return {"code": value, "name": str(words)}


class Levels:
    """Names of severities by version of the standard; one query for all of them."""

    def __init__(self, versions: Iterable[int]) -> None:
        rows = StandardVersion.objects.only("sha256", "title", "version").in_bulk(sorted(set(versions)))
        self._names = {
            pk: {level.key: level.name_en if english() else level.name for level in standard_of(row).levels}
            for pk, row in rows.items()
        }

    def code(self, version: int, key: str) -> dict[str, str]:
        """A severity with its name."""
        return code(key, self._names[version].get(key, key))


def fault_rows(rows: Sequence[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """Faults as lists show them."""
    levels = Levels(row["standard_id"] for row in rows) if rows else None
    return [_fault_row(row, levels, at) for row in rows if levels]


def _fault_row(row: dict[str, Any], levels: Levels, at: datetime) -> dict[str, Any]:
    return {
        "id": row["id"],
        "number": f"G{row['id']:06d}",
        "state": code(row["state"], STATES[State(row["state"])]),
        "severity": levels.code(row["standard_id"], row["severity"]),
        "symptom": code(row["symptom"], Symptom(row["symptom"]).label),
        "place": ref(row["place_id"], row["place__full_name"]),
        "device": ref(row["device_id"], row["device__number"]),
        "technician": ref(row["technician_id"], row["technician__name"]),
        "reported_at": stamp(row["reported_at"]),
        "next_due_at": None if row["urgent_at"] >= NEVER else stamp(row["urgent_at"]),
        "response": _clock(row, "response", at),
        "repair": _clock(row, "repair", at),
        "merged_into": row["merged_into_id"],
        "follows": row["follows_id"],
        "created_at": stamp(row["created_at"]),
        "ended_at": stamp_or_none(row["ended_at"]),
    }


def _clock(row: dict[str, Any], name: str, at: datetime) -> dict[str, Any] | None:
    if row[f"{name}_id"] is None:
        return None
    clause, due, excused, settled, ruled, voided = (row[f"{name}__{field}"] for field in _CLOCK)
    return {
        "id": row[f"{name}_id"],
        "clause": clause,
        "due_at": stamp(due),
        "excused_due_at": stamp(excused),
        "settled_at": stamp_or_none(settled),
        "outcome": _outcome(excused, settled, ruled, voided, at),
    }


def clock_of(row: Commitment | None, at: datetime) -> dict[str, Any] | None:
    """A promise as the thing it is about shows it."""
    if row is None:
        return None
    return {
        "id": row.pk,
        "clause": row.clause,
        "due_at": stamp(row.due_at),
        "excused_due_at": stamp(row.excused_due_at),
        "settled_at": stamp_or_none(row.settled_at),
        "outcome": _outcome(row.excused_due_at, row.settled_at, row.ruled_outcome, row.voided_at, at),
    }


def _outcome(
    due: datetime, settled: datetime | None, ruled: str, voided: datetime | None, at: datetime
) -> str:
    return "void" if voided else ruled or outcome(due, settled, at).value


def fault(row: dict[str, Any], shown: FaultPage, steps: list[Step], waiting_for: str) -> dict[str, Any]:
    """A fault with everything its page shows; ``row`` is its line in lists."""
    one = shown.fault
    return row | {
        "description": one.description,
        "contract": ref(one.contract_id, one.contract.name),
        "standard": one.standard_id,
        "waiting_for": waiting_for,
        "steps": [
            {"verb": code(step.verb, step.label), "main": step.main, "problems": list(step.problems)}
            for step in steps
        ],
        "merged": [other.pk for other in shown.merged],
        "reports": [report(row) for row in shown.reports],
        "classifications": [classification(row) for row in shown.classifications],
        "moves": [move(row) for row in shown.moves],
        "rulings": [ruling(row) for row in shown.rulings],
        "exemptions": [exemption(row) for row in shown.exemptions],
        "feedbacks": [
            {
                "way": code(row.way, Feedback.Way(row.way).label),
                "told": row.told,
                "by": who(row.by),
                "at": stamp(row.at),
            }
            for row in shown.feedbacks
        ],
        "logs": [{"entries": row.entries, "by": who(row.by), "at": stamp(row.at)} for row in shown.logs],
        "timeline": [line(row) for row in shown.timeline],
    }


def report(row: Report) -> dict[str, Any]:
    """A report, personal data masked."""
    return {
        "id": row.pk,
        "fault": row.fault_id,
        "channel": code(row.channel, Channel(row.channel).label),
        "reported_at": stamp(row.reported_at),
        "recorded_at": stamp(row.recorded_at),
        "description": row.description,
        "reporter_name": mask_name(row.reporter_name),
        "reporter_phone": mask_phone(row.reporter_phone),
        "taken_by": who(row.taken_by),
        "rating": row.rating,
        "comment": row.comment,
    }


def classification(row: Classification) -> dict[str, Any]:
    """A statement of size."""
    return {
        "id": row.pk,
        "at": stamp(row.at),
        "by": who(row.by),
        "terminals": row.terminals,
        "cardholders": row.cardholders,
        "devices": [device.number for device in row.devices.all()],
        "severity": code(row.severity, row.severity_word),
        "reason": row.reason,
        "ruled": row.ruled,
        "network": network(row.by_network),
    }


def network(reach: Reach | None) -> dict[str, Any] | None:
    """What the network said went down with the devices named."""
    if reach is None:
        return None
    return {
        "at": stamp(reach.at),
        "terminals": reach.terminals,
        "cardholders": reach.cardholders,
        "others": reach.others,
        "offline": reach.offline,
        "unknown": reach.unknown,
        "held": reach.held,
        "kinds": reach.kinds,
    }


def move(row: Move) -> dict[str, Any]:
    """A step."""
    return {
        "id": row.pk,
        "verb": code(row.verb, VERBS[Verb(row.verb)]),
        "from_state": row.from_state,
        "to_state": row.to_state,
        "happened_at": stamp(row.happened_at),
        "recorded_at": stamp(row.recorded_at),
        "by": who(row.by),
        "technician": who(row.technician),
        "scanned": row.scanned,
        "note": row.note,
    }


def ruling(row: Ruling) -> dict[str, Any]:
    """A question to the Office, and its answer."""
    return {
        "id": row.pk,
        "fault": row.fault_id,
        "kind": code(row.kind, row.kind_word),
        "cause": row.cause,
        "claim": row.claim,
        "asked_by": who(row.asked_by),
        "asked_at": stamp(row.asked_at),
        "granted": row.granted,
        "decision": row.decision,
        "decided_by": who(row.decided_by),
        "decided_at": stamp_or_none(row.decided_at),
    }


def exemption(row: Exemption) -> dict[str, Any]:
    """An interval that should not count."""
    return {
        "id": row.pk,
        "commitment": row.commitment_id,
        "from_at": stamp(row.from_at),
        "until_at": stamp(row.until_at),
        "reason": row.reason,
        "claimed_by": who(row.claimed_by),
        "claimed_at": stamp(row.claimed_at),
        "granted": row.granted,
        "decision": row.decision,
        "decided_by": who(row.decided_by),
        "decided_at": stamp_or_none(row.decided_at),
    }


def line(row: Line) -> dict[str, Any]:
    """An event in words."""
    return {
        "id": row.id,
        "at": stamp(row.at),
        "happened_at": stamp(row.happened_at),
        "who": row.who,
        "verb": row.verb,
        "sentence": row.sentence,
        "noun": row.noun,
        "key": row.key,
    }


def event(row: Event) -> dict[str, Any]:
    """An event as it stands."""
    return {
        "id": row.pk,
        "at": stamp(row.at),
        "happened_at": stamp(row.happened_at),
        "actor": row.actor,
        "actor_name": row.actor_name,
        "verb": row.verb,
        "noun": row.noun,
        "key": row.key,
        "data": row.data,
        "sentence": sentence(row),
        "sealed": row.seal_id is not None,
    }


COMMITMENT_FIELDS = (
    "id",
    "kind",
    "clause",
    "subject",
    "holder_id",
    "holder__name",
    "started_at",
    "due_at",
    "excused_due_at",
    "settled_at",
    "voided_at",
    "ruled_outcome",
    "fault_by_response__id",
    "fault_by_repair__id",
)


def commitment_rows(rows: Iterable[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """Promises as lists show them."""
    return [
        {
            "id": row["id"],
            "kind": code(row["kind"], KINDS[Kind(row["kind"])]),
            "clause": row["clause"],
            "subject": row["subject"],
            "fault": row["fault_by_response__id"] or row["fault_by_repair__id"],
            "holder": ref(row["holder_id"], row["holder__name"]),
            "started_at": stamp(row["started_at"]),
            "due_at": stamp(row["due_at"]),
            "excused_due_at": stamp(row["excused_due_at"]),
            "settled_at": stamp_or_none(row["settled_at"]),
            "raw": "void" if row["voided_at"] else outcome(row["due_at"], row["settled_at"], at).value,
            "outcome": _outcome(
                row["excused_due_at"], row["settled_at"], row["ruled_outcome"], row["voided_at"], at
            ),
        }
        for row in rows
    ]


def commitment(told: dict[str, Any], row: Commitment, timeline: list[Line]) -> dict[str, Any]:
    """A promise with its arithmetic; ``told`` is its line in lists."""
    contract: Contract = row.contract
    return told | {
        "contract": ref(contract.pk, contract.name),
        "standard": row.standard_id,
        "owed_by": ref(row.owed_by_id, row.owed_by.name),
        "allowance_s": row.allowance_s,
        "allowance_days": row.allowance_days,
        "clock": row.clock,
        "excused_s": int((row.excused_due_at - row.due_at).total_seconds()),
        "ruled_outcome": Outcome(row.ruled_outcome).value if row.ruled_outcome else None,
        "ruled_reason": row.ruled_reason,
        "ruled_by": who(row.ruled_by),
        "ruled_at": stamp_or_none(row.ruled_at),
        "terms": [
            {
                "clause": term.clause,
                "allowance_s": term.allowance_s,
                "allowance_days": term.allowance_days,
                "clock": term.clock,
                "started_at": stamp(term.started_at),
                "due_at": stamp(term.due_at),
                "decided_at": stamp(term.decided_at),
                "replaced_at": stamp_or_none(term.replaced_at),
                "reason": term.reason,
                "was_missed": term.was_missed(row.settled_at),
            }
            for term in row.terms.all()
        ],
        "exemptions": [exemption(one) for one in row.exemptions.select_related("claimed_by", "decided_by")],
        "alerts": [
            {"at": stamp(one.at), "due_at": stamp(one.due_at), "position": one.position, "told": one.told}
            for one in row.alerts.all()
        ],
        "timeline": [line(one) for one in timeline],
    }
