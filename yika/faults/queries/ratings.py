"""评价: what reporters thought of the work, by month."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from yika.commitments.rules import Month
from yika.faults.models import Report
from yika.faults.policies import visible_ratings
from yika.lib.clock import CAMPUS
from yika.people.models import User

POOR = 2
"""So few points or fewer: dissatisfied."""
MONTHS = 7
WORST_FIRST = ("rating", "-rated_at", "-id")


@dataclass(frozen=True)
class Share:
    """How many gave so many points, and how many of a hundred that is."""

    points: int
    count: int
    percent: int


@dataclass(frozen=True)
class Score:
    """What some ratings come to. ``average`` is None where there is none."""

    name: str
    count: int
    average: float | None
    poor: int


@dataclass(frozen=True)
class Ratings:
    """The ratings given in a month."""

    all: Score
    shares: tuple[Share, ...]
    by_technician: tuple[Score, ...]
    by_severity: tuple[Score, ...]
    months: tuple[tuple[Month, Score], ...]


def given_in(user: User, month: Month) -> QuerySet[Report]:
    """The reports rated in a month, with what a line shows; by the time of the rating."""
    rows = visible_ratings(user).filter(rated_at__gte=month.starts_at, rated_at__lt=month.ends_at)
    return rows.select_related("fault__place", "fault__technician", "fault__device__kind", "fault__standard")


def ratings(user: User, month: Month) -> Ratings:
    """The figures of a month, and of the six before it; two queries."""
    rows = visible_ratings(user).filter(rated_at__gte=month.starts_at, rated_at__lt=month.ends_at).order_by()
    lines = list(
        rows.values_list("rating", "fault__technician__name", "fault__severity").annotate(count=Count("pk"))
    )
    by_month = {
        Month.of(at): Score(str(Month.of(at)), count, average, poor)
        for at, count, average, poor in visible_ratings(user)
        .filter(rated_at__gte=month.shifted(1 - MONTHS).starts_at, rated_at__lt=month.ends_at)
        .order_by()
        .annotate(month=TruncMonth("rated_at", tzinfo=CAMPUS))
        .values_list("month")
        .annotate(count=Count("pk"), average=Avg("rating"), poor=Count("pk", filter=Q(rating__lte=POOR)))
    }
    total = sum(count for *_rest, count in lines)
    counts = {points: sum(line[-1] for line in lines if line[0] == points) for points in range(5, 0, -1)}
    return Ratings(
        all=_score("", lines),
        shares=tuple(
            Share(points, count, round(100 * count / total) if total else 0)
            for points, count in counts.items()
        ),
        by_technician=_scores(lines, 1),
        by_severity=_scores(lines, 2),
        months=tuple(
            (one, by_month.get(one, Score(str(one), 0, None, 0)))
            for one in (month.shifted(back) for back in range(1 - MONTHS, 1))
        ),
    )


Line = tuple[int, str | None, str, int]


def _scores(lines: Sequence[Line], place: int) -> tuple[Score, ...]:
    """One for each name that stands at a place of the lines, those with the most ratings first."""
    names = {str(line[place] or "") for line in lines}
    found = [_score(name, [line for line in lines if str(line[place] or "") == name]) for name in names]
    return tuple(sorted(found, key=lambda score: (-score.count, score.name)))


def _score(name: str, lines: Sequence[Line]) -> Score:
    count = sum(line[-1] for line in lines)
    points = sum(line[0] * line[-1] for line in lines)
    poor = sum(line[-1] for line in lines if line[0] <= POOR)
    return Score(name, count, points / count if count else None, poor)
