"""Several faults that one verb is meant for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yika.faults.models import Fault
from yika.faults.policies import can_move, visible
from yika.faults.rules import MOVES, State, Verb
from yika.faults.words import STATES, VERBS
from yika.lib.decisions import Refused
from yika.people.models import User


@dataclass(frozen=True)
class Marked:
    """A fault marked in a list, and what stands in the way of the verb; empty if nothing does."""

    fault: Fault
    obstacle: str


def marked(user: User, keys: Iterable[int], verb: Verb) -> list[Marked]:
    """The faults with these keys that a person may see, the earliest report first; one query."""
    rows = visible(user).filter(pk__in=list(keys)).order_by("reported_at", "pk")
    rows = rows.select_related("place", "device__kind", "technician", "contract", "standard")
    return [Marked(fault, _obstacle(user, fault, verb)) for fault in rows.defer("standard__source")]


def _obstacle(user: User, fault: Fault, verb: Verb) -> str:
    decision = can_move(user, fault, verb)
    if isinstance(decision, Refused):
        return decision.reason
    if (State(fault.state), verb) not in MOVES:
        return _("现在是“%(state)s”，不能%(verb)s") % {
            "state": STATES[State(fault.state)],
            "verb": VERBS[verb],
        }
    return ""
