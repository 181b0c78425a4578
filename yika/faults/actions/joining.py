"""A report from behind a known outage joins it by itself."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from yika.faults.actions.telling import in_office_words, tell_desk
from yika.faults.models import Fault, Move
from yika.faults.queries.outages import OVER
from yika.faults.rules import OUT_OF_CLOCKS, State, Verb
from yika.journal.actions import record
from yika.journal.rules import SYSTEM
from yika.lib.bulk import write
from yika.lib.locking import lock


def still_out(outage: Fault | None) -> Fault | None:
    """An outage, locked so that it cannot end meanwhile; None if it has ended, or there was none."""
    if outage is None:
        return None
    row = lock(outage)
    over = row.ended_at is not None or row.state in OVER or State(row.state) in OUT_OF_CLOCKS
    return None if over else row


def take_in(fault: Fault, into: Fault, *, at: datetime) -> None:
    """Say that a fault just reported is part of an outage, in the transaction that wrote it as merged.

    As any other merge it is undone by ``split``. The outage's clocks stay: it was reported before.
    """
    note = in_office_words(gettext_lazy("上联设备中断所致，自动并入"))
    write(
        [
            Move(
                fault=fault,
                verb=Verb.MERGE,
                from_state=State.REPORTED,
                to_state=State.MERGED,
                happened_at=at,
                recorded_at=at,
                note=note,
            )
        ]
    )
    record("faults.merge", ("fault", fault.pk), by=SYSTEM, at=at, note=note, into=into.number)
    record("faults.take_in", ("fault", into.pk), by=SYSTEM, at=at, number=fault.number)
    tell_desk(
        into, gettext_lazy("%(number)s 又有报修自动并入：%(spot)s"), at=at, urgent=False, spot=fault.spot
    )
