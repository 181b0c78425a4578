"""Boards and figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncMonth

from yika.commitments.models import Alert, Commitment, CommitmentRows, Exemption, met_by, open_by
from yika.commitments.rules import Kind, Month, Outcome, ends_of_day_and_week, position_at
from yika.lib.clock import CAMPUS
from yika.people.models import User
from yika.people.rules import Role
from yika.standards.models import StandardVersion
from yika.standards.queries import standard_of
from yika.standards.rules import Level, Standard, Step

GRACE = timedelta(minutes=5)
MOST_NAMED = 100
CHUNK = 1000
BARS = 7
"""The month itself and the six before it."""


def told_by(rows: Iterable[Commitment]) -> Callable[[Commitment, str], Sequence[User]]:
    """Whom a role of the ladder means for a commitment; two queries however many rows."""
    rows = list(rows)
    organisations = {row.owed_by_id for row in rows} | {row.contract.office_id for row in rows}
    by_role: dict[tuple[int, str], list[User]] = defaultdict(list)
    for person in User.objects.active().filter(organisation__in=organisations):
        by_role[person.organisation_id, person.role].append(person)
    holders = User.objects.in_bulk({row.holder_id for row in rows if row.holder_id})

    def people(row: Commitment, role: str) -> Sequence[User]:
        if role == "holder":
            return [holders[row.holder_id]] if row.holder_id else []
        organisation = row.contract.office_id if role == Role.OFFICE else row.owed_by_id
        return by_role[organisation, role]

    return people


def ladders_of(versions: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """The notification ladders of some versions of the standard; one query."""
    return {
        key: standard_of(version).ladder
        for key, version in StandardVersion.objects.in_bulk(sorted(set(versions))).items()
    }


def unhandled(at: datetime, *, most: int = MOST_NAMED) -> list[int]:
    """Keys of open commitments of which a rung reached more than the grace ago was never told, some of them.

    Looks at promises and recorded alerts, never at ``next_alert_at``: a mark wrongly emptied or put off
    shows. Costs in proportion to what is open, not to what was ever promised.
    """
    late = at - GRACE
    told = Alert.objects.filter(commitment=OuterRef("pk"), due_at=OuterRef("excused_due_at"))
    rows = (
        Commitment.objects.open()
        .filter(armed_at__lte=late)
        .annotate(told=Coalesce(Subquery(told.order_by("-position").values("position")[:1]), 0))
        .order_by("excused_due_at", "pk")
        .values_list("pk", "standard_id", "started_at", "excused_due_at", "told")
    )
    ladders: dict[int, tuple[Step, ...]] = {}
    left: list[int] = []
    for key, version, started_at, due_at, position in rows.iterator(chunk_size=CHUNK):
        if version not in ladders:
            ladders |= ladders_of([version])
        if position < position_at(ladders[version], started_at, due_at, late):
            left.append(key)
            if len(left) == most:
                break
    return left


@dataclass(frozen=True)
class Figure:
    """Counts of promises: raw, and with exemptions and rulings.

    ``former`` counts those whose earlier limit had run out before it was replaced.
    """

    total: int = 0
    raw_met: int = 0
    raw_missed: int = 0
    raw_open: int = 0
    met: int = 0
    missed: int = 0
    open: int = 0
    former: int = 0

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(
            self.total + other.total,
            self.raw_met + other.raw_met,
            self.raw_missed + other.raw_missed,
            self.raw_open + other.raw_open,
            self.met + other.met,
            self.missed + other.missed,
            self.open + other.open,
            self.former + other.former,
        )

    @property
    def raw_decided(self) -> int:
        """Met or missed, without exemptions."""
        return self.raw_met + self.raw_missed

    @property
    def decided(self) -> int:
        """Met or missed, with exemptions and rulings."""
        return self.met + self.missed


Duty = tuple[str, str]
"""Clause and kind: what a figure is about."""


def compliance(
    rows: CommitmentRows, *, from_at: datetime, until_at: datetime, as_of: datetime
) -> dict[Month, dict[Duty, Figure]]:
    """Figures by month, clause and kind of the commitments that started (were reported) in a period.

    One query for each month, which sums as it reads, where one for all must first sort every row; and one
    for former misses. Months are the campus calendar's.
    """
    figures: dict[Month, dict[Duty, Figure]] = {}
    month = Month.of(from_at)
    while month.starts_at < until_at:
        started = _started(rows, max(from_at, month.starts_at), min(until_at, month.ends_at))
        if duties := _counted(started, as_of):
            figures[month] = duties
        month = month.shifted(1)
    former = _started(rows, from_at, until_at).formerly_missed()
    by_month = former.annotate(month=TruncMonth("started_at", tzinfo=CAMPUS)).values_list(
        "month", "clause", "kind"
    )
    for at, clause, kind, count in by_month.annotate(count=Count("pk")):
        figures[Month.of(at)][clause, kind] += Figure(former=count)
    return figures


def _started(rows: CommitmentRows, from_at: datetime, until_at: datetime) -> CommitmentRows:
    return rows.standing().filter(started_at__gte=from_at, started_at__lt=until_at).order_by()


def _counted(rows: CommitmentRows, as_of: datetime) -> dict[Duty, Figure]:
    """Figures by clause and kind: what ``with_outcomes`` says of each row, counted without saying it."""
    unruled, ruled_met = Q(ruled_outcome=""), Q(ruled_outcome=Outcome.MET)
    counted = rows.values_list("clause", "kind").annotate(
        total=Count("kind"),
        raw_met=Count("kind", filter=met_by("due_at", as_of)),
        raw_open=Count("kind", filter=open_by("due_at", as_of)),
        met=Count("kind", filter=ruled_met | unruled & met_by("excused_due_at", as_of)),
        open=Count("kind", filter=unruled & open_by("excused_due_at", as_of)),
    )
    return {
        (clause, kind): Figure(
            total, raw_met, total - raw_met - raw_open, raw_open, met, total - met - still_open, still_open
        )
        for clause, kind, total, raw_met, raw_open, met, still_open in counted
    }


@dataclass(frozen=True)
class MonthBar:
    """One month of a small chart: its share met with exemptions, None when nothing was decided."""

    month: Month
    percent: int | None
    chosen: bool

    @property
    def height(self) -> int:
        """Of the bar. Units: twentieths of the chart."""
        return round((self.percent or 0) / 5)

    @property
    def top(self) -> int:
        """Where the bar begins, from the top of the chart, with a little air above."""
        return 22 - self.height


@dataclass(frozen=True)
class ComplianceRow:
    """One clause and kind of a month, with the months before it."""

    clause: str
    kind: Kind
    level: Level | None
    title: str
    text: str
    figure: Figure
    bars: tuple[MonthBar, ...]


@dataclass(frozen=True)
class Statement:
    """The figures of a contract for a month, clause by clause."""

    month: Month
    rows: tuple[ComplianceRow, ...]
    total: Figure
    bars: tuple[MonthBar, ...]


def statement(
    rows: CommitmentRows, standard: Standard, month: Month, *, as_of: datetime, lang: str
) -> Statement:
    """Every limit of the standard, and whatever else was promised, in a month and the six before."""
    months = [month.shifted(back) for back in range(1 - BARS, 1)]
    figures = compliance(rows, from_at=months[0].starts_at, until_at=month.ends_at, as_of=as_of)
    found: list[Duty] = sorted({duty for duties in figures.values() for duty in duties})
    duties = _duties(standard)
    wanted = [*duties, *(duty for duty in found if duty not in duties)]

    def bars(of: Callable[[dict[Duty, Figure]], Figure]) -> tuple[MonthBar, ...]:
        shown = [(one, of(figures.get(one, {}))) for one in months]
        return tuple(
            MonthBar(one, int(100 * figure.met // figure.decided) if figure.decided else None, one == month)
            for one, figure in shown
        )

    def row(duty: Duty) -> ComplianceRow:
        title, text = _clause_words(standard, duty[0], lang)
        return ComplianceRow(
            duty[0],
            Kind(duty[1]),
            duties.get(duty),
            title,
            text,
            figures.get(month, {}).get(duty, Figure()),
            bars(lambda by_duty: by_duty.get(duty, Figure())),
        )

    def total(by_duty: dict[Duty, Figure]) -> Figure:
        return sum(by_duty.values(), Figure())

    return Statement(month, tuple(map(row, wanted)), total(figures.get(month, {})), bars(total))


def _duties(standard: Standard) -> dict[Duty, Level | None]:
    """Clause and kind of every limit of a standard, in its own order, with the level it belongs to."""
    duties: dict[Duty, Level | None] = {}
    for kind in (Kind.RESPONSE, Kind.REPAIR):
        for level in standard.levels:
            limit = level.response if kind is Kind.RESPONSE else level.repair
            if limit is not None:
                duties[limit.clause, kind.value] = level
    for kind in (Kind.REPAIR, Kind.FACTORY):
        duties[standard.factory.clause, kind.value] = None
    return duties


def _clause_words(standard: Standard, key: str, lang: str) -> tuple[str, str]:
    """Title and original text of a clause; empty when another version of the standard had it."""
    try:
        clause = standard.clause(key)
    except KeyError:
        return "", ""
    return (clause.title_en if lang.startswith("en") else clause.title), clause.text


@dataclass(frozen=True)
class DueCounts:
    """How many open commitments are due when."""

    overdue: int
    today: int
    week: int
    later: int


def due_counts(rows: CommitmentRows, at: datetime) -> DueCounts:
    """Open commitments by urgency, in one query."""
    day, week = ends_of_day_and_week(at)
    due = "excused_due_at"
    return DueCounts(
        **rows.open().aggregate(
            overdue=Count("pk", filter=Q(**{f"{due}__lt": at})),
            today=Count("pk", filter=Q(**{f"{due}__gte": at, f"{due}__lte": day})),
            week=Count("pk", filter=Q(**{f"{due}__gt": max(day, at), f"{due}__lte": week})),
            later=Count("pk", filter=Q(**{f"{due}__gt": week})),
        )
    )


def due_until(rows: CommitmentRows, until_at: datetime | None) -> CommitmentRows:
    """Open commitments due by a moment, or all of them, for a list ordered by due time."""
    open_rows = rows.open().select_related("holder")
    return open_rows if until_at is None else open_rows.filter(excused_due_at__lte=until_at)


def holders(rows: CommitmentRows) -> list[User]:
    """Who holds open commitments."""
    held = rows.open().filter(holder=OuterRef("pk"))
    return list(User.objects.filter(Exists(held)).order_by("name", "pk"))


def counted_in(
    rows: CommitmentRows,
    month: Month,
    *,
    as_of: datetime,
    clause: str = "",
    kind: str = "",
    outcome: str = "",
    raw: bool = False,
    former: bool = False,
) -> CommitmentRows:
    """The commitments behind a figure of the statement."""
    rows = (
        rows.standing()
        .filter(started_at__gte=month.starts_at, started_at__lt=month.ends_at)
        .with_outcomes(as_of)
        .with_former_misses()
        .select_related("holder")
    )
    asked = {"clause": clause, "kind": kind, "raw" if raw else "final": outcome, "formerly_missed": former}
    return rows.filter(**{name: value for name, value in asked.items() if value})


def open_claims(rows: CommitmentRows) -> list[Exemption]:
    """Exemptions of these commitments that wait for the Office, oldest first."""
    return list(
        Exemption.objects.filter(decided_at__isnull=True, commitment__in=rows)
        .select_related("commitment", "claimed_by", "evidence")
        .order_by("claimed_at", "pk")
    )
