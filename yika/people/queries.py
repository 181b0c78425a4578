"""People as pages and other rooms ask for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from yika.lib import clock
from yika.people.models import Shift, SignedIn, User
from yika.people.policies import visible, visible_shifts
from yika.people.rules import IDLE, LONGEST, Role


def on_duty(at: datetime) -> QuerySet[User]:
    """值班: the active people whose shift covers a moment."""
    return User.objects.active().filter(Exists(_covering(at)))


def with_role(*roles: Role) -> QuerySet[User]:
    """The active people in any of these roles, in order of name."""
    return User.objects.active().filter(role__in=roles).order_by("name", "id")


def active_people(viewer: User) -> int:
    """How many accounts that a person may see can sign in."""
    return visible(viewer).filter(is_active=True).count()


def people(viewer: User, at: datetime, *, role: str = "", left: bool = False) -> QuerySet[User]:
    """The list of people a person may see, each with ``duty``: whether on duty now."""
    rows = visible(viewer).filter(is_active=not left).select_related("organisation")
    if role:
        rows = rows.filter(role=role)
    return rows.annotate(duty=Exists(_covering(at)))


def _covering(at: datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(person=OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)


def running_sessions(user: User, at: datetime) -> QuerySet[SignedIn]:
    """The sessions of a person that have not ended by themselves, the latest first."""
    return SignedIn.objects.filter(person=user, seen_at__gt=at - IDLE, started_at__gt=at - LONGEST).order_by(
        "-started_at", "-id"
    )


@dataclass(frozen=True)
class RosterDay:
    """One campus day of the roster, with the shifts that begin on it."""

    on: date
    shifts: list[Shift]
    is_today: bool


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def roster(viewer: User, first: date, days: int, at: datetime) -> list[RosterDay]:
    """The duty roster of some days, from a first day on."""
    rows = (
        visible_shifts(viewer)
        .filter(
            starts_at__gte=clock.day_start(first),
            starts_at__lt=clock.day_start(first + timedelta(days=days)),
        )
        .select_related("person__organisation")
        .order_by("starts_at", "person__name", "id")
    )
    by_day: dict[date, list[Shift]] = {}
    for shift in rows:
        by_day.setdefault(clock.campus_date(shift.starts_at), []).append(shift)
    today = clock.campus_date(at)
    return [
        RosterDay(day, by_day.get(day, []), day == today)
        for day in (first + timedelta(days=n) for n in range(days))
    ]


def coming_shifts(whose: User, at: datetime) -> QuerySet[Shift]:
    """The shifts of a person that are not over, the next seven."""
    return Shift.objects.filter(person=whose, ends_at__gt=at).order_by("starts_at")[:7]
