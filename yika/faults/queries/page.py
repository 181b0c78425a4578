"""The page of one fault."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yika.assets.models import Device
from yika.commitments.models import Exemption
from yika.faults.models import (
    Classification,
    Fault,
    FaultLog,
    Feedback,
    Move,
    Photo,
    Report,
    Ruling,
)
from yika.faults.policies import can_move, visible
from yika.faults.queries.facts import restored_at
from yika.faults.rules import (
    MAIN,
    MOVES,
    RESPONSES,
    RESTORED_STATES,
    State,
    Verb,
    recurs,
    reopening_problem,
)
from yika.faults.words import VERBS
from yika.journal.queries import Line, timeline_of
from yika.lib.ready import Ready
from yika.lib.text import duration
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Impact, Level, classify


@dataclass(frozen=True)
class Step:
    """A verb that a person could do now, and what stands in its way."""

    verb: Verb
    label: str
    main: bool
    problems: tuple[str, ...] = ()


def steps(user: User, fault: Fault, at: datetime) -> list[Step]:
    """What a person may do with a fault as it stands, the main step first."""
    state = State(fault.state)
    verbs = [verb for (start, verb) in MOVES if start is state and can_move(user, fault, verb)]
    found = [
        Step(verb, str(VERBS[verb]), MAIN.get(state) is verb, tuple(problems(fault, verb, at)))
        for verb in verbs
    ]
    return sorted(found, key=lambda step: not step.main)


def problems(fault: Fault, verb: Verb, at: datetime) -> list[str]:
    """What a guard would say: shown beside the button that cannot be pressed."""
    if verb is Verb.REOPEN and fault.imported_id is not None:
        return [_("历史故障不能重开，请新建报修")]
    if verb is Verb.REOPEN and State(fault.state) in RESTORED_STATES:
        over = reopening_problem(restored_at(fault), at, standard_of(fault.standard))
        if over is not None:
            return [_("重开期限已过 %(over)s，请新建报修") % {"over": duration(int(over.total_seconds()))}]
    return []


def waiting_for(fault: Fault) -> str:
    """What happens next, and by whom, in words for everybody; empty where nothing does."""
    name = fault.technician.name if fault.technician else ""
    verb = MAIN.get(State(fault.state))
    if verb is None:
        return ""
    if verb in (Verb.DISPATCH, Verb.CLOSE):
        return _("等待调度%(verb)s") % {"verb": VERBS[verb]}
    return _("等待 %(name)s %(verb)s") % {"name": name, "verb": VERBS[verb]}


@dataclass(frozen=True)
class Segment:
    """A stretch of the way to the site: who had the fault in hand, and how long (seconds)."""

    word: str
    seconds: int


def segments(fault: Fault, moves: Sequence[Move]) -> list[Segment]:
    """How the time from the report to the arrival was spent; a dispatcher's delay is shown, not deducted.

    Source: 2.6 and its reading on the start of the clock.
    """
    words = {
        Verb.DISPATCH: pgettext("segment", "调度"),
        Verb.ACCEPT: pgettext("segment", "接单"),
        Verb.SET_OUT: pgettext("segment", "准备"),
        Verb.ARRIVE: pgettext("segment", "路上"),
        Verb.START_REMOTELY: pgettext("segment", "准备"),
    }
    found: list[Segment] = []
    since = fault.reported_at
    for move in moves:
        verb = Verb(move.verb)
        if verb in words:
            found.append(Segment(words[verb], max(int((move.recorded_at - since).total_seconds()), 0)))
            since = move.recorded_at
        if verb in RESPONSES:
            return found
    return found


@dataclass(frozen=True)
class Sizes:
    """How the level came about: the first, the largest, the last statement, and the Office's."""

    initial: Classification
    peak: Classification
    final: Classification
    ruled: Classification | None
    pending: Ruling | None


@dataclass(frozen=True)
class FaultPage:
    """Everything the page of one fault shows."""

    fault: Fault
    level: Level
    reports: list[Report]
    classifications: list[Classification]
    sizes: Sizes
    moves: list[Move]
    rulings: list[Ruling]
    exemptions: list[Exemption]
    merged: list[Fault]
    segments: list[Segment]
    logs: list[FaultLog]
    feedbacks: list[Feedback]
    photos: list[Photo]
    timeline: list[Line]


def open_page(user: User) -> QuerySet[Fault]:
    """Faults with what their page always needs joined; what few have is read when it is there."""
    rows = visible(user).select_related(
        "place", "device__kind", "technician", "response", "repair", "contract", "standard"
    )
    return rows.defer("standard__source")


def statements(fault: Fault) -> QuerySet[Classification]:
    """What was stated of a fault's size, the first first, without the lists of what is affected."""
    return _stated(fault.classifications.all())


def _stated(rows: QuerySet[Classification]) -> QuerySet[Classification]:
    return rows.select_related("reach").defer("reach__listed").order_by("pk")


# What every page of a fault asks. Few faults have a ruling or an exemption: what these refer to is asked for
# when there is one.
_merged = Ready(lambda key: Fault.objects.filter(merged_into=key).select_related("place").order_by("pk"))
_reports = Ready(
    lambda keys: (
        Report.objects.filter(fault__in=keys)
        .select_related("taken_by")
        .prefetch_related("photos__file", "complaints")
    )
)
_classifications = Ready(
    lambda key: (
        _stated(Classification.objects.filter(fault=key))
        .select_related("by", "reach")
        .prefetch_related(Prefetch("devices", queryset=Device.objects.select_related("kind", "place")))
    )
)
_rulings = Ready(
    lambda key: Ruling.objects.filter(fault=key).prefetch_related(
        "asked_by", "decided_by", "evidence", "classification", "move"
    )
)
_moves = Ready(lambda key: Move.objects.filter(fault=key).select_related("by", "technician"))
_exemptions = Ready(
    lambda keys: Exemption.objects.filter(commitment__in=keys).prefetch_related(
        "commitment", "claimed_by", "decided_by", "evidence"
    )
)
_photos = Ready(lambda key: Photo.objects.filter(fault=key, report__isnull=True))


def page_of(fault: Fault, at: datetime) -> FaultPage:
    """The page of a fault; a fixed number of queries however long its story."""
    merged = _merged(fault.pk)
    own = {row.pk: row for row in (fault, *merged)}
    reports = _reports([*own])
    for report in reports:
        report.fault = own[report.fault_id]
    classifications = _classifications(fault.pk)
    rulings, moves, photos = _rulings(fault.pk), _moves(fault.pk), _photos(fault.pk)
    told: tuple[Classification | Ruling | Move | Photo, ...] = (*classifications, *rulings, *moves, *photos)
    for row in told:
        row.fault = fault
    moved = {move.verb for move in moves}
    commitments = [row.pk for row in (fault.response, fault.repair) if row]
    exemptions = _exemptions(commitments)
    about: list[tuple[str, object]] = [("fault", fault.pk), *(("commitment", pk) for pk in commitments)]
    return FaultPage(
        fault=fault,
        level=fault.level,
        reports=reports,
        classifications=classifications,
        sizes=_sizes(fault, classifications, rulings),
        moves=moves,
        rulings=rulings,
        exemptions=exemptions,
        merged=merged,
        segments=segments(fault, moves),
        logs=list(fault.logs.select_related("by")) if Verb.WRITE_LOG in moved else [],
        feedbacks=list(fault.feedbacks.select_related("by")) if Verb.GIVE_FEEDBACK in moved else [],
        photos=photos,
        timeline=timeline_of(about),
    )


def _sizes(fault: Fault, rows: Sequence[Classification], rulings: Sequence[Ruling]) -> Sizes:
    standard = standard_of(fault.standard)

    def rank(row: Classification) -> tuple[int, int, int]:
        level = classify(Impact(row.terminals, row.cardholders), standard)
        return level.rank, row.terminals, row.cardholders

    return Sizes(
        initial=rows[0],
        peak=max(rows, key=rank),
        final=rows[-1],
        ruled=next((row for row in reversed(rows) if row.ruled), None),
        pending=next(
            (r for r in rulings if r.decided_at is None and r.classification_id == rows[-1].pk), None
        ),
    )


_of_device = Ready(
    lambda device, since, until: (
        Fault.objects.filter(device=device, reported_at__gte=since, reported_at__lte=until)
        .exclude(state__in=(State.MERGED, State.CALLED_OFF, State.REFERRED))
        .order_by("-reported_at")[:20]
    )
)


def recurrences(fault: Fault) -> list[Fault]:
    """The device's faults of the standard's window, if they are so many that the root should be sought."""
    if fault.device_id is None:
        return []
    standard = standard_of(fault.standard)
    since = fault.reported_at - timedelta(days=standard.readings.recurrence_days)
    rows = _of_device(fault.device_id, since, fault.reported_at)
    return rows if recurs([row.reported_at for row in rows], fault.reported_at, standard) else []


def reports_of(fault: Fault) -> QuerySet[Report]:
    """The reports that count for a fault, those of faults merged into it included."""
    return Report.objects.filter(Q(fault=fault) | Q(fault__merged_into=fault)).select_related(
        "fault__contract"
    )
