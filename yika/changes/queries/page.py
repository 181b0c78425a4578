"""One change: its lines against the present, what stands against it, which patterns it fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.changes.doors import door, obstacles
from yika.changes.models import Blackout, Change, Line, Pattern, Vote
from yika.changes.policies import visible
from yika.changes.queries.lists import with_answer
from yika.changes.rules import STANDING, Json, Kind, State, Word, family, misfits, overtaken
from yika.changes.words import MISFITS, field_name
from yika.lib.clock import campus_date
from yika.lib.text import moment
from yika.network import consented as network
from yika.network.queries import impact_of
from yika.people.models import User


def open_page(user: User) -> QuerySet[Change]:
    """Visible changes with everything their page names."""
    return with_answer(visible(user)).select_related(
        "contract__standard", "contract__vendor", "asked_by", "executed_by", "pattern", "confirmation"
    )


def read_lines(lines: Iterable[Line]) -> dict[tuple[int, str], Json]:
    """The values as they stand now, by device and field."""
    return {(line.device_id, line.field): door(line.field).current(line.device, line.field) for line in lines}


def stale(lines: Sequence[Line], expected: Mapping[tuple[int, str], Json]) -> list[str]:
    """What is no longer as expected, and what it is now, in words."""
    now = read_lines(lines)
    gone = set(overtaken(expected, now))
    said = _("%(number)s 的%(field)s已被改为“%(now)s”，不再是“%(before)s”")
    return [
        said
        % {
            "number": line.device.number,
            "field": field_name(line.field),
            "now": door(line.field).words(line.field, now[line.device_id, line.field]),
            "before": door(line.field).words(line.field, expected[line.device_id, line.field]),
        }
        for line in lines
        if (line.device_id, line.field) in gone
    ]


def unwritable(lines: Sequence[Line]) -> list[str]:
    """What carrying the lines out now would be refused for, in words: consent helps nothing against it."""
    against = obstacles({(line.device_id, line.field): line.after for line in lines})
    said = _("现在不能写入：%(number)s 的%(field)s，%(problem)s")
    return [
        said % {"number": line.device.number, "field": field_name(line.field), "problem": problem}
        for line in lines
        for problem in against.get((line.device_id, line.field), [])
    ]


def asked_back(change: Change) -> Vote | None:
    """What the Office wants to know, of a change that it sent back and that was not asked for again."""
    if State(change.state) is not State.ASKED_BACK:
        return None
    return change.votes.filter(word=Word.ASK_BACK).select_related("by").order_by("-pk").first()


def worded(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Before and after of each line, as the reader reads them.

    What was consented to stands as it was written; in another language it is told anew from the values, but
    for places, whose names have no translation.
    """
    if get_language() == settings.LANGUAGE_CODE:
        return [(line.before_words, line.after_words) for line in lines]
    upstreams = [line for line in lines if family(line.field) == "upstream"]
    numbers = network.numbers_of(value for line in upstreams for value in (line.before, line.after))

    def told(line: Line, value: Json, written: str) -> str:
        if family(line.field) == "place":
            return written
        if family(line.field) == "upstream":
            return network.words(line.field, value, numbers)
        return door(line.field).words(line.field, value)

    return [
        (told(line, line.before, line.before_words), told(line, line.after, line.after_words))
        for line in lines
    ]


def touched(change: Change) -> QuerySet[Device]:
    """The devices a change is about: those of its lines and those it names beside."""
    lines = Q(pk__in=change.lines.values("device")) | Q(pk__in=change.devices.values("pk"))
    return Device.objects.filter(lines).select_related("kind", "place").order_by("number")


@dataclass(frozen=True)
class Conflict:
    """Something that stands against a window, in words; the other change if it is one."""

    words: str
    other: Change | None = None


def conflicts(change: Change, devices: Sequence[Device], at: datetime) -> list[Conflict]:
    """What a person should know before it goes on: its window is over, a value was changed meanwhile or could
    not be written now, another change is about the same device, blackout times, services that go down.
    """
    found = []
    if change.until_at <= at:
        found.append(Conflict(_("执行时间已过，不能再执行")))
    lines = list(change.lines.select_related("device"))
    found += [Conflict(words) for words in unwritable(lines)]
    if State(change.state) in STANDING:
        before = {(line.device_id, line.field): line.before for line in lines}
        found += [Conflict(words) for words in stale(lines, before)]
    others = (
        Change.objects.filter(state__in=sorted(STANDING))
        .filter(Q(lines__device__in=devices) | Q(devices__in=devices))
        .exclude(pk=change.pk)
        .distinct()
        .order_by("from_at", "id")
    )
    found += [
        Conflict(
            _("%(number)s 在 %(from)s – %(until)s 也要动同一台设备")
            % {"number": other.number, "from": moment(other.from_at), "until": moment(other.until_at)},
            other,
        )
        for other in others
    ]
    overlapping = Q(from_at__lt=change.until_at, until_at__gt=change.from_at)
    found += [
        Conflict(
            _("封网时段“%(name)s”：%(from)s – %(until)s")
            % {"name": one.name, "from": moment(one.from_at), "until": moment(one.until_at)}
        )
        for one in Blackout.objects.filter(overlapping)
    ]
    impact = impact_of([device for device in devices if device.in_use], at) if devices else None
    if impact and impact.terminal_count:
        found.append(Conflict(_("执行时如须停用设备，受影响的终端 %(n)d 台") % {"n": impact.terminal_count}))
    return found


def fitting(change: Change, pattern: Pattern, at: datetime) -> list[str]:
    """Everything in which a change goes beyond a pattern, in words; empty when it fits."""
    if pattern.ended_at is not None:
        return [_("这类标准变更已停用")]
    found = misfits(
        pattern.scope,
        kind=Kind(change.kind),
        fields=change.lines.values_list("field", flat=True),
        device_kinds={device.kind.code for device in touched(change)},
        on=campus_date(at),
    )
    return [str(MISFITS[one]) for one in found]


def patterns_for(change: Change, at: datetime) -> list[Pattern]:
    """The patterns a change fits."""
    standing = Pattern.objects.filter(ended_at__isnull=True, kind=change.kind, until_on__gte=campus_date(at))
    rows = standing.prefetch_related("device_kinds").order_by("name")
    return [pattern for pattern in rows if not fitting(change, pattern, at)]
