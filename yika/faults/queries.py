"""One function for each page: the joins and the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Device, Place
from yika.assets.queries import subtree
from yika.commitments.models import Exemption
from yika.contracts.models import Contract
from yika.faults.models import (
    Classification,
    Complaint,
    Fault,
    FaultLog,
    FaultRows,
    Feedback,
    Move,
    Photo,
    Report,
    Ruling,
)
from yika.faults.policies import can_move, visible
from yika.faults.rules import (
    MAIN,
    MOVES,
    RESTORED_STATES,
    Candidate,
    State,
    Verb,
    by_fitness,
    recurs,
    reopening_problem,
)
from yika.faults.words import STATES, VERBS
from yika.journal.queries import Line, timeline_of
from yika.lib.text import duration
from yika.people.models import User
from yika.people.queries import on_duty
from yika.people.rules import Role
from yika.standards.queries import standard_of
from yika.standards.rules import Impact, Level, classify

URGENCY = ("urgent_at", "id")
LATEST = ("-reported_at", "-id")


def in_lists(rows: FaultRows) -> FaultRows:
    """With what one line of a list shows, in one query."""
    return rows.select_related("place", "device__kind", "technician", "response", "repair", "standard")


@dataclass(frozen=True)
class Filters:
    """What a list of faults is narrowed to; empty fields narrow nothing."""

    state: str = "open"  # "open", "ended", "all" or a state
    severity: str = ""
    place: Place | None = None
    technician: User | None = None
    text: str = ""
    overdue_at: datetime | None = None


def listing(user: User, filters: Filters) -> tuple[FaultRows, Sequence[str]]:
    """The faults a person may see, narrowed, with their order: urgency for open ones, else the latest."""
    rows = in_lists(visible(user))
    order = LATEST
    if filters.state == "open":
        rows, order = rows.open(), URGENCY
    elif filters.state == "ended":
        rows = rows.filter(ended_at__isnull=False)
    elif filters.state in set(State):
        rows = rows.filter(state=filters.state)
    if filters.severity:
        rows = rows.filter(severity=filters.severity)
    if filters.place:
        rows = rows.filter(place__in=subtree(filters.place))
    if filters.technician:
        rows = rows.filter(technician=filters.technician)
    if filters.overdue_at:
        rows = rows.open().filter(urgent_at__lt=filters.overdue_at)
        order = URGENCY
    if filters.text.strip():
        rows = rows.filter(_matching(filters.text))
    return rows, order


def _matching(text: str) -> Q:
    """Every word must be found in the number, place, device or words of a fault."""
    conditions = Q()
    for word in text.split()[:5]:
        places = Q(place__full_name__icontains=word) | Q(device__number__icontains=word)
        found = places | Q(description__icontains=word)
        digits = word.upper().removeprefix("G").lstrip("0")
        if digits.isdecimal() and len(digits) < 15:
            found |= Q(pk=int(digits))
        conditions &= found
    return conditions


@dataclass(frozen=True)
class OnDuty:
    """A technician on duty, with the number of open faults in hand."""

    person: User
    load: int


def duty_board(vendor_id: int | None, at: datetime) -> list[OnDuty]:
    """Who is on duty and how much each has in hand, the least loaded first."""
    rows = on_duty(at).filter(role=Role.TECHNICIAN)
    if vendor_id is not None:
        rows = rows.filter(organisation=vendor_id)
    counted = rows.annotate(load=Count("faults", filter=Q(faults__ended_at__isnull=True)))
    return [OnDuty(person, person.load) for person in counted.order_by("load", "name")]


def candidates(fault: Fault, at: datetime) -> list[Candidate]:
    """Whom to send, the fittest first: on duty, skilled, knows the device, least loaded."""
    people = (
        User.objects.active()
        .filter(organisation=fault.contract.vendor_id, role=Role.TECHNICIAN)
        .annotate(load=Count("faults", filter=Q(faults__ended_at__isnull=True)))
    )
    duty = set(on_duty(at).values_list("pk", flat=True))
    skill = fault.device.kind.skill if fault.device else None
    knows = set(
        Move.objects.filter(fault=fault, technician__isnull=False).values_list("technician", flat=True)
    )
    return by_fitness(
        Candidate(
            key=person.pk,
            name=person.name,
            on_duty=person.pk in duty,
            skilled=skill is None or skill in person.skills,
            load=person.load,
            knows_it=person.pk in knows,
        )
        for person in people
    )


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
    if verb is Verb.REOPEN and State(fault.state) in RESTORED_STATES:
        restored = fault.repair.settled_at if fault.repair else fault.ended_at
        over = reopening_problem(restored, at, standard_of(fault.standard))
        if over is not None:
            return [_("重开期限已过 %(over)s，请新建报修") % {"over": duration(int(over.total_seconds()))}]
    return []


@dataclass(frozen=True)
class Sizes:
    """How the class came about: the first, the largest, the last statement, and the Office's."""

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
    recurrences: list[Fault]
    logs: list[FaultLog]
    feedbacks: list[Feedback]
    photos: list[Photo]
    timeline: list[Line]


def open_page(user: User) -> QuerySet[Fault]:
    """Faults with what their page needs joined."""
    return visible(user).select_related(
        "place",
        "device__kind",
        "technician",
        "response",
        "repair",
        "contract",
        "standard",
        "merged_into",
        "follows",
    )


def page_of(fault: Fault, at: datetime) -> FaultPage:
    """The page of a fault; a fixed number of queries however long its story."""
    merged = list(fault.merged.select_related("place").order_by("pk"))
    reports = list(
        Report.objects.filter(fault__in=[fault, *merged])
        .select_related("taken_by")
        .prefetch_related("photos__file", "complaints")
    )
    classifications = list(
        fault.classifications.select_related("by", "fault__standard").prefetch_related(
            Prefetch("devices", queryset=Device.objects.select_related("kind", "place"))
        )
    )
    rulings = list(
        fault.rulings.select_related(
            "fault__standard", "asked_by", "decided_by", "evidence", "classification", "move"
        )
    )
    commitments = [row.pk for row in (fault.response, fault.repair) if row]
    exemptions = list(
        Exemption.objects.filter(commitment__in=commitments).select_related(
            "commitment", "claimed_by", "decided_by", "evidence"
        )
    )
    about: list[tuple[str, object]] = [("fault", fault.pk), *(("commitment", pk) for pk in commitments)]
    return FaultPage(
        fault=fault,
        level=fault.level,
        reports=reports,
        classifications=classifications,
        sizes=_sizes(fault, classifications, rulings),
        moves=list(fault.moves.select_related("by", "technician")),
        rulings=rulings,
        exemptions=exemptions,
        merged=merged,
        recurrences=recurrences(fault),
        logs=list(fault.logs.select_related("by", "fault__standard")),
        feedbacks=list(fault.feedbacks.select_related("by")),
        photos=list(fault.photos.filter(report__isnull=True)),
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


def recurrences(fault: Fault) -> list[Fault]:
    """The device's faults of the standard's window, if they are so many that the root should be sought."""
    if fault.device_id is None:
        return []
    standard = standard_of(fault.standard)
    since = fault.reported_at - timedelta(days=standard.readings.recurrence_days)
    rows = list(
        Fault.objects.filter(
            device=fault.device_id, reported_at__gte=since, reported_at__lte=fault.reported_at
        )
        .exclude(state__in=(State.MERGED, State.CALLED_OFF, State.REFERRED))
        .order_by("-reported_at")[:20]
    )
    return rows if recurs([row.reported_at for row in rows], fault.reported_at, standard) else []


def known_outages(*, device: Device | None, place: Place | None) -> list[Fault]:
    """Open, unrestored faults that a new report may be about: of the device, or of its place."""
    same = []
    if device:
        same.append(Q(device=device))
    where = device.place if device else place
    if where:
        same.append(Q(place=where))
    if not same:
        return []
    rows = in_lists(Fault.objects.open()).filter(reduce(or_, same))
    return list(rows.exclude(state__in=[str(state) for state in RESTORED_STATES]).order_by("reported_at")[:5])


def likely_same(fault: Fault, user: User) -> list[Fault]:
    """Open faults that this one may duplicate: of the device, of the place, of the floor."""
    rows = in_lists(visible(user).open()).exclude(pk=fault.pk)
    rows = rows.exclude(state__in=[str(state) for state in RESTORED_STATES])
    near = Q(pk__in=[])
    if fault.device_id:
        near |= Q(device=fault.device_id)
    if fault.place:
        near |= Q(place=fault.place) | Q(place__parent=fault.place.parent_id)
    found = list(rows.filter(near).order_by("-reported_at")[:8])
    return sorted(
        found, key=lambda row: (row.device_id != fault.device_id, row.place_id != fault.place_id, row.pk)
    )


def work_of(user: User) -> FaultRows:
    """A technician's open faults, the most urgent first."""
    return in_lists(visible(user).open()).filter(technician=user).order_by(*URGENCY)


def open_rulings(user: User) -> list[Ruling]:
    """What waits for the Office, oldest first."""
    return list(
        Ruling.objects.filter(decided_at__isnull=True, fault__in=visible(user))
        .select_related(
            "fault__place",
            "fault__device__kind",
            "fault__standard",
            "fault__repair",
            "fault__response",
            "asked_by",
            "evidence",
            "classification",
            "move",
        )
        .order_by("asked_at", "pk")
    )


def open_exemptions(user: User) -> list[Exemption]:
    """Exemptions of faults' clocks that wait for the Office, oldest first, each with its fault."""
    return list(
        Exemption.objects.filter(decided_at__isnull=True)
        .filter(
            Q(commitment__fault_by_response__in=visible(user))
            | Q(commitment__fault_by_repair__in=visible(user))
        )
        .select_related(
            "commitment__fault_by_response__place",
            "commitment__fault_by_repair__place",
            "claimed_by",
            "evidence",
        )
        .order_by("claimed_at", "pk")
    )


def open_complaints(user: User) -> list[Complaint]:
    """Complaints not yet answered, oldest first."""
    return list(
        Complaint.objects.filter(answered_at__isnull=True, report__fault__in=visible(user))
        .select_related("report__fault__place", "report__fault__technician")
        .order_by("at", "pk")
    )


def called_off_lately(user: User, at: datetime) -> list[Fault]:
    """Ended without a clock in the last seven days: the Office may reinstate them."""
    rows = in_lists(visible(user)).filter(
        state__in=(State.CALLED_OFF, State.REFERRED), ended_at__gte=at - timedelta(days=7)
    )
    return list(rows.order_by("-ended_at")[:50])


def waiting_for(fault: Fault) -> str:
    """What happens next, and by whom, in words for everybody."""
    name = fault.technician.name if fault.technician else ""
    verb = MAIN.get(State(fault.state))
    if verb is None:
        return str(STATES[State(fault.state)])
    if verb in (Verb.DISPATCH, Verb.CLOSE):
        return _("等待调度%(verb)s") % {"verb": VERBS[verb]}
    return _("等待 %(name)s %(verb)s") % {"name": name, "verb": VERBS[verb]}


def board_counts(user: User, at: datetime) -> dict[str, int]:
    """How many are open, not yet sent, overdue, restored but not closed: one query."""
    return (
        visible(user)
        .open()
        .aggregate(
            open=Count("pk"),
            unsent=Count("pk", filter=Q(state=State.REPORTED)),
            overdue=Count("pk", filter=Q(urgent_at__lt=at)),
            restored=Count("pk", filter=Q(state__in=[str(state) for state in RESTORED_STATES])),
        )
    )


def levels_in_use() -> list[Level]:
    """The severities of the standards that contracts run under, for filters."""
    found: dict[str, Level] = {}
    for contract in Contract.objects.select_related("standard"):
        for level in standard_of(contract.standard).levels:
            found.setdefault(level.key, level)
    return sorted(found.values(), key=lambda level: level.rank)


def reports_of(fault: Fault) -> QuerySet[Report]:
    """The reports that count for a fault, those of faults merged into it included."""
    return Report.objects.filter(Q(fault=fault) | Q(fault__merged_into=fault)).select_related(
        "fault__contract"
    )


def stated_without_devices(user: User, at: datetime) -> list[Classification]:
    """Open faults graded at intake without a named device: for the Office's eye."""
    rows = (
        Classification.objects.filter(
            fault__in=visible(user).open(), devices__isnull=True, ruled=False, by__isnull=False, reason=""
        )
        .filter(Q(terminals__gt=1) | Q(cardholders__gt=1))
        .select_related("fault__place", "fault__standard", "fault__device__kind", "by")
        .order_by("-at")
    )
    return list(rows[:50])


@dataclass(frozen=True)
class Stage:
    """A stretch of the way as the reporter sees it: done since, or now, or still to come (both empty)."""

    word: str
    at: datetime | None
    now: bool


def stages(fault: Fault) -> list[Stage]:
    """报修, 派单, 赶赴现场, 到场处理, 修复: when each was reached, since the last reopening."""
    moves = list(fault.moves.all())
    last_start = max(
        (index for index, move in enumerate(moves) if move.verb in (Verb.REOPEN, Verb.REINSTATE, Verb.SPLIT)),
        default=-1,
    )
    reached: dict[str, datetime] = {}
    for move in moves[last_start + 1 :]:
        reached[move.verb] = move.happened_at
        if move.verb == Verb.REFUSE:
            reached.pop(Verb.DISPATCH, None)
        if move.verb == Verb.HAND_OVER:
            reached[Verb.DISPATCH] = move.happened_at
    arrived = reached.get(Verb.ARRIVE) or reached.get(Verb.START_REMOTELY)
    times = [
        (_("已报修"), fault.reported_at),
        (_("已派单"), reached.get(Verb.DISPATCH)),
        (_("正在赶来"), reached.get(Verb.SET_OUT) or arrived),
        (_("正在处理"), arrived),
        (_("已修复"), reached.get(Verb.RESTORE)),
    ]
    latest = max(index for index, (_word, at) in enumerate(times) if at)
    return [
        Stage(word, at if index <= latest else None, index == latest)
        for index, (word, at) in enumerate(times)
    ]


def ending_note(fault: Fault) -> str:
    """Why a fault was called off or referred, for its reporter."""
    last = fault.moves.filter(verb__in=(Verb.CALL_OFF, Verb.REFER)).order_by("-pk").first()
    return last.note if last else ""
