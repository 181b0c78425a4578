"""Who may change the days table."""

from yika.lib.decisions import Decision
from yika.people.policies import Doer, may
from yika.people.rules import Right


def can_change(by: Doer) -> Decision:
    """Add, remove and import special days."""
    return may(by, Right.MANAGE_CALENDAR)
