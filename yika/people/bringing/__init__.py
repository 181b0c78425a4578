"""People and shifts from a file: the columns, and what it would change."""

from yika.people.bringing.cards import PEOPLE, WantedCard, planned_people
from yika.people.bringing.shifts import SHIFTS, WantedShift, planned_shifts

__all__ = ["PEOPLE", "SHIFTS", "WantedCard", "WantedShift", "planned_people", "planned_shifts"]
