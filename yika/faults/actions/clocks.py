"""The one place that brings a fault's stored results in line with its facts."""

from datetime import datetime

from yika.commitments.actions import keep
from yika.faults.actions.telling import office_words
from yika.faults.models import NEVER, Fault
from yika.faults.queries import facts_of
from yika.faults.rules import Facts, clocks
from yika.journal.actions import Actor
from yika.lib.bulk import write
from yika.standards.queries import standard_of


def bring(fault: Fault, *, by: Actor, at: datetime, facts: Facts | None = None) -> None:
    """Compute level, start and both commitments afresh and write what differs.

    Called by every action that adds a fact, inside its transaction, with the fault locked. ``facts`` are
    those of a fault just written, which need not be read again.
    """
    standard = standard_of(fault.standard)
    facts = facts or facts_of(fault, standard)
    found = clocks(facts, standard)
    with office_words():
        subject = f"{fault.number} {fault.spot} {fault.get_symptom_display()}".strip()
    kept = keep(
        ((fault.response, found.response), (fault.repair, found.repair)),
        contract=fault.contract,
        standard=standard,
        standard_version_id=fault.standard_id,
        holder=fault.technician,
        subject=subject,
        by=by,
        at=at,
    )
    fault.response, fault.repair = kept
    fault.reported_at = facts.reported_at
    fault.severity = found.level.key
    open_dues = [row.excused_due_at for row in kept if row is not None and row.is_open]
    fault.urgent_at = min(open_dues, default=NEVER)
    if fault._state.adding:
        write([fault])
    else:
        fault.save(update_fields=["response", "repair", "reported_at", "severity", "urgent_at"])
