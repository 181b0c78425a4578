"""One change: its lines against the present, what stands against it, which patterns it fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.changes.doors import door
from yika.changes.models import Blackout, Change, Line, Pattern
from yika.changes.policies import visible
from yika.changes.rules import STANDING, Json, Kind, misfits
from yika.changes.words import MISFITS
from yika.lib.clock import campus_date
from yika.lib.text import moment
from yika.network.queries import impact_of
from yika.people.models import User


def open_page(user: User) -> QuerySet[Change]:
    """Visible changes with everything their page names."""
    return visible(user).select_related(
        "contract__standard", "contract__vendor", "asked_by", "executed_by", "pattern", "confirmation"
    )


def read_lines(lines: Iterable[Line]) -> dict[tuple[int, str], Json]:
    """The values as they stand now, by device and field."""
    return {(line.device_id, line.field): door(line.field).current(line.device, line.field) for line in lines}


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
    """The same device in another window, blackout times, services that go down with the devices."""
    overlapping = Q(from_at__lt=change.until_at, until_at__gt=change.from_at)
    others = (
        Change.objects.filter(overlapping, state__in=sorted(STANDING))
        .filter(Q(lines__device__in=devices) | Q(devices__in=devices))
        .exclude(pk=change.pk)
        .distinct()
        .order_by("from_at", "id")
    )
    found = [
        Conflict(
            _("%(number)s 在 %(from)s – %(until)s 也要动同一台设备")
            % {"number": other.number, "from": moment(other.from_at), "until": moment(other.until_at)},
            other,
        )
        for other in others
    ]
    found += [
        Conflict(
            _("封网时段“%(name)s”：%(from)s – %(until)s")
            % {"name": one.name, "from": moment(one.from_at), "until": moment(one.until_at)}
        )
        for one in Blackout.objects.filter(overlapping)
    ]
    impact = impact_of([device for device in devices if device.in_use], at) if devices else None
    if impact and impact.terminal_count:
        found.append(Conflict(_("执行期间设备停用，受影响的终端 %(n)d 台") % {"n": impact.terminal_count}))
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
