"""Blackout times 封网时段 from a file, such as the school calendar's openings of term and exams."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.rules import has_invisible
from yika.changes.models import Blackout
from yika.changes.rules import TITLE_LENGTH
from yika.lib import clock
from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read, Row
from yika.lib.office.words import no_day
from yika.lib.text import exact

BLACKOUTS = Listing(
    what="blackouts",
    title=gettext_lazy("导入封网时段"),
    back="changes:plan",
    headings=[
        Heading("name", gettext_lazy("名称"), gettext_lazy("如 开学第一周、期末考试"), needed=True),
        Heading(
            "from_at", gettext_lazy("开始时间"), gettext_lazy("2026-09-01 08:00，或只写日期"), needed=True
        ),
        Heading("until_at", gettext_lazy("结束时间"), gettext_lazy("只写日期的，到当日 24:00"), needed=True),
    ],
    note=gettext_lazy("按名称和开始时间对照：没有的新增，结束时间不同的修改；文件中没有的不变。"),
)


@dataclass(frozen=True)
class WantedBlackout:
    """A blackout time as a file has it."""

    name: str
    from_at: datetime
    until_at: datetime
    known: Blackout | None


def planned_blackouts(read: Read) -> Plan[WantedBlackout]:
    """What the blackout times of a file would change."""
    plan: Plan[WantedBlackout] = Plan(read)
    there = {(row.name, row.from_at): row for row in Blackout.objects.all()}
    lines: dict[tuple[str, datetime], int] = {}
    for row in read.rows:
        name, before = row.cells["name"], len(plan.problems)
        if not name or len(name) > TITLE_LENGTH or has_invisible(name):
            plan.wrong(row, "name", _("请填写，不超过 %(length)d 个字") % {"length": TITLE_LENGTH})
        start, end = _moment(plan, row, "from_at"), _moment(plan, row, "until_at", whole_day=True)
        if start and end and end <= start:
            plan.wrong(row, "until_at", _("结束时间必须晚于开始时间"))
        if start is None or end is None or len(plan.problems) > before:
            continue
        if (name, start) in lines:
            plan.wrong(row, "name", _("与第 %(line)d 行重复") % {"line": lines[name, start]})
            continue
        lines[name, start] = row.line
        known = there.get((name, start))
        wanted = WantedBlackout(name, start, end, known)
        if known is None:
            plan.items.append(Item(row.line, Fate.NEW, name, wanted, f"{exact(start)} – {exact(end)}"))
            continue
        same = known.until_at == end
        changes = () if same else ((_("结束时间"), exact(known.until_at), exact(end)),)
        plan.items.append(Item(row.line, Fate.SAME if same else Fate.CHANGED, name, wanted, "", changes))
    return plan


def last_days(ends: Sequence[datetime]) -> Sequence[date | datetime]:
    """Ends as the list writes them: where all are midnight the days before, as they are read again.

    Among moments a workbook tells a day as its midnight, so that a column is either days or moments.
    """
    told = [clock.campus(end) for end in ends]
    if any(end.time() != time() for end in told):
        return ends
    return [(end - timedelta(days=1)).date() for end in told]


def _moment(plan: Plan[WantedBlackout], row: Row, key: str, *, whole_day: bool = False) -> datetime | None:
    """A campus time; of a date alone its beginning, or with ``whole_day`` its end."""
    text = row.cells[key]
    try:
        day = clock.read_day(text) if len(text) <= len("2026年11月22日") else None
    except clock.NoSuchDay as refused:
        plan.wrong(row, key, no_day(refused, ""))
        return None
    except ValueError:
        day = None
    if day:
        return clock.day_start(day + timedelta(days=1)) if whole_day else clock.day_start(day)
    try:
        return clock.read(text)
    except (ValueError, OverflowError):
        plan.wrong(row, key, _("时间须写作 2026-09-01 08:00 或 2026-09-01"))
        return None
