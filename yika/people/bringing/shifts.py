"""Shifts from a file, compared by person and start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.lib import clock
from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read, Row
from yika.lib.office.words import no_day
from yika.lib.text import exact
from yika.people.models import Shift, User
from yika.people.policies import rosterable
from yika.people.rules import LONGEST_SHIFT

SHIFTS = Listing(
    what="shifts",
    title=gettext_lazy("导入排班"),
    back="people:roster",
    headings=[
        Heading("badge_number", gettext_lazy("胸牌号"), gettext_lazy("与姓名至少填一项；有同名人员时必填")),
        Heading("name", gettext_lazy("姓名"), gettext_lazy("本单位人员")),
        Heading("on", gettext_lazy("日期"), gettext_lazy("如 2026-03-02；开始、结束只写钟点时必填")),
        Heading("starts", gettext_lazy("开始"), gettext_lazy("如 08:00，或 2026-03-02 08:00"), needed=True),
        Heading("ends", gettext_lazy("结束"), gettext_lazy("如 18:00；不晚于开始时间即为次日"), needed=True),
    ],
    note=gettext_lazy(
        "没有的班次新增；同一人同一开始时间而结束不同的，修改结束时间。已经结束的班次不能补排，"
        "已经开始的不能修改。"
    ),
)


@dataclass(frozen=True)
class WantedShift:
    """A shift as a file has it."""

    person: User
    starts_at: datetime
    ends_at: datetime


def planned_shifts(read: Read, *, by: User, at: datetime) -> Plan[WantedShift]:
    """What the shifts of a file would change, for the people whom ``by`` may put on duty."""
    plan: Plan[WantedShift] = Plan(read)
    people = list(rosterable(by))
    found: list[tuple[Row, WantedShift]] = []
    lines: dict[tuple[int, datetime], int] = {}
    for row in read.rows:
        before = len(plan.problems)
        person = _person(plan, row, people)
        hours = _hours(plan, row)
        if person is None or hours is None or len(plan.problems) > before:
            continue
        earlier = lines.setdefault((person.pk, hours[0]), row.line)
        if earlier != row.line:
            plan.wrong(row, "starts", _("与第 %(line)d 行重复") % {"line": earlier})
            continue
        found.append((row, WantedShift(person, *hours)))
    there = _there([wanted for _row, wanted in found])
    for row, wanted in found:
        known = there.get((wanted.person.pk, wanted.starts_at))
        item = _compared(row.line, wanted, known)
        if item.fate is Fate.NEW and wanted.ends_at <= at:
            plan.wrong(row, "ends", _("不能补排已经结束的班次"))
        elif item.fate is Fate.CHANGED and wanted.starts_at <= at:
            plan.wrong(row, "ends", _("班次已经开始，不能修改"))
        else:
            plan.items.append(item)
    _without_overlaps(plan, there)
    return plan


def _person(plan: Plan[WantedShift], row: Row, people: Sequence[User]) -> User | None:
    badge, name = row.cells["badge_number"], row.cells["name"]
    if badge:
        person = next((one for one in people if one.badge_number == badge), None)
        if person is None:
            plan.wrong(row, "badge_number", _("本单位没有这个胸牌号的在用账号"))
        elif name and name != person.name:
            plan.wrong(row, "name", _("与胸牌号不符：该胸牌号是 %(name)s 的") % {"name": person.name})
        return person
    named = [one for one in people if name and one.name == name]
    if len(named) == 1:
        return named[0]
    if named:
        plan.wrong(row, "name", _("有同名人员，请填写胸牌号"))
    else:
        plan.wrong(row, "name", _("本单位没有此人的在用账号") if name else _("请填写姓名或胸牌号"))
    return None


def _hours(plan: Plan[WantedShift], row: Row) -> tuple[datetime, datetime] | None:
    on: date | None = None
    if row.cells["on"]:
        try:
            on = clock.read_day(row.cells["on"])
        except ValueError as refused:
            plan.wrong(row, "on", no_day(refused, _("日期须写作 2026-03-02")))
            return None
    starts_at = _moment(plan, row, "starts", on)
    if starts_at is None:
        return None
    if on and clock.campus_date(starts_at) != on:
        plan.wrong(row, "on", _("与开始时间不是同一天"))
        return None
    ends_at = _moment(plan, row, "ends", clock.campus_date(starts_at))
    if ends_at is None:
        return None
    if ends_at <= starts_at and _clock(row.cells["ends"]) is not None:
        ends_at += timedelta(days=1)
    if not starts_at < ends_at <= starts_at + LONGEST_SHIFT:
        plan.wrong(row, "ends", _("班次最长 24 小时，结束时间须晚于开始时间"))
        return None
    return starts_at, ends_at


def _moment(plan: Plan[WantedShift], row: Row, key: str, on: date | None) -> datetime | None:
    """The moment in a cell: a whole one, midnight of a day, or a time of day on ``on``."""
    text = row.cells[key]
    hour = _clock(text)
    if hour is not None:
        if on is None:
            plan.wrong(row, "on", _("只写钟点时须填写日期"))
            return None
        return (datetime.combine(on, time(), clock.CAMPUS) + hour).astimezone(UTC)
    for read in (clock.read, lambda words: clock.day_start(clock.read_day(words))):
        try:
            return read(text).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    plan.wrong(row, key, _("须写作 08:00 或 2026-03-02 08:00"))
    return None


def _clock(text: str) -> timedelta | None:
    """8:00, 08:00:00 or 24:00 as the time since midnight."""
    parts = text.replace("：", ":").split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) <= 2 for part in parts):
        return None
    hours, minutes, seconds = (int(part) for part in (*parts, "0")[:3])
    since = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return since if minutes < 60 and seconds < 60 and since <= timedelta(days=1) else None


def _there(wanted: Sequence[WantedShift]) -> dict[tuple[int, datetime], Shift]:
    """The shifts that those of the file may meet."""
    if not wanted:
        return {}
    rows = Shift.objects.filter(
        person__in={one.person.pk for one in wanted},
        ends_at__gt=min(one.starts_at for one in wanted),
        starts_at__lt=max(one.ends_at for one in wanted),
    )
    return {(row.person_id, row.starts_at): row for row in rows}


def _compared(line: int, wanted: WantedShift, known: Shift | None) -> Item[WantedShift]:
    label = wanted.person.name
    detail = _("%(starts)s 至 %(ends)s") % {"starts": exact(wanted.starts_at), "ends": exact(wanted.ends_at)}
    if known is None:
        return Item(line, Fate.NEW, label, wanted, detail)
    if known.ends_at == wanted.ends_at:
        return Item(line, Fate.SAME, label, wanted, detail)
    field = _("%(starts)s 的班次结束") % {"starts": exact(wanted.starts_at)}
    changes = ((field, exact(known.ends_at), exact(wanted.ends_at)),)
    return Item(line, Fate.CHANGED, label, wanted, detail, changes)


def _without_overlaps(plan: Plan[WantedShift], there: Mapping[tuple[int, datetime], Shift]) -> None:
    """Name each line that would put somebody on duty twice at a time."""
    rows = {row.line: row for row in plan.read.rows}
    asked = {(item.value.person.pk, item.value.starts_at): item for item in plan.items}
    spans: dict[int, list[tuple[datetime, datetime, Item[WantedShift] | None]]] = {}
    for key, shift in there.items():
        if key not in asked:
            spans.setdefault(shift.person_id, []).append((shift.starts_at, shift.ends_at, None))
    for item in plan.items:
        one = item.value
        spans.setdefault(one.person.pk, []).append((one.starts_at, one.ends_at, item))
    for theirs in spans.values():
        theirs.sort(key=lambda span: span[:2])
        until, last = theirs[0][1], theirs[0]
        for span in theirs[1:]:
            if span[0] < until:
                for asked_for, other in ((span[2], last), (last[2], span)):
                    if asked_for is not None and asked_for.fate is not Fate.SAME:
                        told = {"starts": exact(other[0]), "ends": exact(other[1])}
                        words = _("这段时间已有班次：%(starts)s 至 %(ends)s") % told
                        plan.wrong(rows[asked_for.line], "starts", words)
                        break
            if span[1] > until:
                until, last = span[1], span
