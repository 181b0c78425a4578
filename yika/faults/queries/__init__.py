"""One function for each page: the joins and the numbers."""

from yika.faults.queries.facts import Consequence, consequences, facts_of
from yika.faults.queries.following import (
    Stage,
    ending_note,
    stages,
)
from yika.faults.queries.lists import (
    LATEST,
    URGENCY,
    Filters,
    board_counts,
    in_lists,
    known_outages,
    levels_in_use,
    likely_same,
    listing,
    work_of,
)
from yika.faults.queries.office import (
    called_off_lately,
    open_complaints,
    open_exemptions,
    open_rulings,
    stated_without_devices,
)
from yika.faults.queries.page import (
    FaultPage,
    Sizes,
    Step,
    open_page,
    page_of,
    problems,
    recurrences,
    reports_of,
    steps,
    waiting_for,
)
from yika.faults.queries.sending import (
    OnDuty,
    candidates,
    duty_board,
)

__all__ = [
    "LATEST",
    "URGENCY",
    "Consequence",
    "FaultPage",
    "Filters",
    "OnDuty",
    "Sizes",
    "Stage",
    "Step",
    "board_counts",
    "called_off_lately",
    "candidates",
    "consequences",
    "duty_board",
    "ending_note",
    "facts_of",
    "in_lists",
    "known_outages",
    "levels_in_use",
    "likely_same",
    "listing",
    "open_complaints",
    "open_exemptions",
    "open_page",
    "open_rulings",
    "page_of",
    "problems",
    "recurrences",
    "reports_of",
    "stages",
    "stated_without_devices",
    "steps",
    "waiting_for",
    "work_of",
]
