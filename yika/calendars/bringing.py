"""Special days from a file: its columns, and what it would change."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.calendars.models import SpecialDay
from yika.lib import clock
from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read, Row
from yika.lib.office.words import meant, no_day

EARLIEST, LATEST = 2004, 2200
"""Years of the table."""
NAME_LENGTH = 40
KINDS: dict[str, Promise] = {"holiday": gettext_lazy("放假"), "working": gettext_lazy("上班")}
DAYS = Listing(
    what="days",
    title=gettext_lazy("导入节假日和调休"),
    back="calendars:days",
    headings=[
        Heading("day", gettext_lazy("日期"), gettext_lazy("如 2026-10-01"), needed=True),
        Heading("kind", gettext_lazy("安排"), gettext_lazy("放假，或（调休）上班"), needed=True),
        Heading("name", gettext_lazy("名称"), gettext_lazy("如“国庆节”；新增的日期必填，留空则保持不变")),
    ],
    note=gettext_lazy("按日期对照：没有的新增，安排或名称不同的修改。"),
)


@dataclass(frozen=True)
class WantedDay:
    """A day as a file has it."""

    day: date
    is_working: bool
    name: str


def planned_days(read: Read) -> Plan[WantedDay]:
    """What the days of a file would change, compared by date; an empty name leaves what is there."""
    plan: Plan[WantedDay] = Plan(read)
    there = {row.day: row for row in SpecialDay.objects.all()}
    lines: dict[date, int] = {}
    for row in read.rows:
        before = len(plan.problems)
        day = _day(plan, row)
        kind = meant(KINDS, row.cells["kind"])
        name = row.cells["name"]
        known = there.get(day) if day else None
        if day in lines:
            plan.wrong(row, "day", _("与第 %(line)d 行重复") % {"line": lines[day]})
        if kind is None:
            plan.wrong(row, "kind", _("须为“放假”或“上班”"))
        if len(name) > NAME_LENGTH:
            plan.wrong(row, "name", _("不能超过 %(most)d 个字") % {"most": NAME_LENGTH})
        if not name and day and not known:
            plan.wrong(row, "name", _("请填写名称，如“校庆放假”"))
        if day is None or len(plan.problems) > before:
            continue
        lines[day] = row.line
        wanted = WantedDay(day, kind == "working", name or (known.name if known else ""))
        plan.items.append(_compared(row.line, wanted, known))
    return plan


_YEARS = {"first": EARLIEST, "last": LATEST}


def _day(plan: Plan[WantedDay], row: Row) -> date | None:
    said = _("日期须写作 2026-10-01，年份为 %(first)d 至 %(last)d") % _YEARS
    try:
        day = clock.read_day(row.cells["day"])
    except ValueError as refused:
        plan.wrong(row, "day", no_day(refused, said))
        return None
    if EARLIEST <= day.year <= LATEST:
        return day
    plan.wrong(row, "day", said)
    return None


def _kind(is_working: bool) -> str:
    return str(KINDS["working" if is_working else "holiday"])


def _compared(line: int, wanted: WantedDay, known: SpecialDay | None) -> Item[WantedDay]:
    label, detail = wanted.day.isoformat(), f"{_kind(wanted.is_working)} {wanted.name}"
    if known is None:
        return Item(line, Fate.NEW, label, wanted, detail)
    changes = []
    if known.is_working != wanted.is_working:
        changes.append((_("安排"), _kind(known.is_working), _kind(wanted.is_working)))
    if known.name != wanted.name:
        changes.append((_("名称"), known.name, wanted.name))
    return Item(line, Fate.CHANGED if changes else Fate.SAME, label, wanted, detail, tuple(changes))
