"""常用筛选: lists of faults under a name, the house's own and those that people keep."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.faults.models import SavedFilter
from yika.faults.policies import visible_filters
from yika.faults.rules import State
from yika.faults.words import STATES
from yika.people.models import User

BUILT_IN: tuple[tuple[Promise, str], ...] = (
    (_("未结束"), ""),
    (_("待派单"), f"state={State.REPORTED}"),
    (_("已超时"), "overdue=on"),
    (STATES[State.LOGGED], f"state={State.LOGGED}"),
    (_("已结束"), "state=ended"),
    (pgettext_lazy("list", "全部"), "state=all"),
)
"""Word and query. What was restored and logged waits for the desk to close it."""


@dataclass(frozen=True)
class Tab:
    """One list to go to. ``kept`` is the person's own filter behind it; ``of`` names a colleague's."""

    name: str
    query: str
    current: bool
    kept: SavedFilter | None = None
    of: str = ""


def tabs(user: User, asked: str) -> list[Tab]:
    """The lists a person may go to, the house's first, then their own, then those shared; one query."""
    rows = sorted(visible_filters(user).select_related("owner"), key=lambda row: row.owner_id != user.pk)
    return [
        *(Tab(str(word), query, query == asked) for word, query in BUILT_IN),
        *(
            Tab(row.name, row.query, row.query == asked, row)
            if row.owner_id == user.pk
            else Tab(row.name, row.query, row.query == asked, of=row.owner.name)
            for row in rows
        ),
    ]
