"""People as pages and other rooms ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from yika.lib import clock
from yika.lib.grams import sought
from yika.people.models import ROLE_NAMES, PersonWords, Shift, SignedIn, User
from yika.people.policies import visible, visible_shifts, with_card
from yika.people.rules import DUTY_ROLES, IDLE, LONGEST, LONGEST_SHIFT, Role, running, uncovered


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


def found(viewer: User, text: str) -> QuerySet[User]:
    """The people a person may see, with every word of a text, or initials of it, in the name.

    By the badge number only those whose card the viewer may see.
    """
    rows, terms = visible(viewer), sought(text)
    if not terms:
        return rows.none()
    for term in terms:
        rows = rows.filter(
            Q(words__grams__called=term) | Q(words__grams__has=term, pk__in=with_card(viewer).values("pk"))
        )
    return rows.select_related("organisation").order_by("-is_active", "name", "id")


def called(word: str) -> QuerySet[PersonWords, int]:
    """The keys of the people with a word, or initials of it, in the name."""
    return PersonWords.objects.filter(grams__called=word).values_list("pk", flat=True)


def _covering(at: datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(person=OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)


def running_sessions(user: User, at: datetime) -> QuerySet[SignedIn]:
    """The sessions of a person that have not ended by themselves, the latest first."""
    return SignedIn.objects.filter(person=user, seen_at__gt=at - IDLE, started_at__gt=at - LONGEST).order_by(
        "-started_at", "-id"
    )


LOOKAHEAD = 14
"""Days in which gaps of the roster are named, today among them."""


@dataclass(frozen=True)
class Gap:
    """A time in which an organisation has nobody of a role on duty."""

    organisation: str
    role: Role
    starts_at: datetime
    ends_at: datetime

    @property
    def role_name(self) -> Promise:
        """The role in words."""
        return ROLE_NAMES[self.role]

    def within(self, starts_at: datetime, ends_at: datetime) -> "Gap | None":
        """The part of it inside an interval."""
        begin, end = max(self.starts_at, starts_at), min(self.ends_at, ends_at)
        return Gap(self.organisation, self.role, begin, end) if begin < end else None

    @property
    def hours(self) -> str:
        """From when to when on its day, as 18:00–24:00."""
        begin, end = clock.campus(self.starts_at), clock.campus(self.ends_at)
        return f"{begin:%H:%M}–{'24:00' if end.date() > begin.date() else f'{end:%H:%M}'}"


def gaps(viewer: User, at: datetime) -> list[Gap]:
    """The times from now to the end of the second week with nobody of a role on duty, in order.

    Every hour of every day counts, for each organisation that has somebody of the role at all.
    """
    until = clock.day_start(clock.campus_date(at) + timedelta(days=LOOKAHEAD))
    crews = (
        visible(viewer)
        .filter(is_active=True, role__in=DUTY_ROLES)
        .values_list("organisation", "organisation__name", "role")
        .order_by("organisation__name", "role")
        .distinct()
    )
    shifts: dict[tuple[int, str], list[tuple[datetime, datetime]]] = {}
    for party, role, begin, end in (
        visible_shifts(viewer)
        .filter(starts_at__lt=until, ends_at__gt=at, person__role__in=DUTY_ROLES)
        .values_list("person__organisation", "person__role", "starts_at", "ends_at")
    ):
        shifts.setdefault((party, role), []).append((begin, end))
    found = [
        Gap(name, Role(role), begin, end)
        for party, name, role in crews
        for begin, end in uncovered(at, until, shifts.get((party, role), []))
    ]
    return sorted(found, key=lambda gap: gap.starts_at)


def offered(viewer: User, at: datetime) -> QuerySet[Shift]:
    """The shifts not begun that their owner offers, as far as a person may see them."""
    rows = visible_shifts(viewer).filter(offered_at__isnull=False, starts_at__gt=at)
    return rows.select_related("person").order_by("starts_at", "id")


@dataclass(frozen=True)
class RosterDay:
    """One campus day of the roster, with the shifts that begin on it and the gaps in it."""

    on: date
    shifts: list[Shift]
    is_today: bool
    gaps: list[Gap]


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def on_duty_for(shift: Shift) -> timedelta:
    """How long the person of a shift is on duty without a break, the shifts that meet it included."""
    near = Shift.objects.filter(
        person=shift.person_id,
        starts_at__lte=shift.ends_at + LONGEST_SHIFT,
        ends_at__gte=shift.starts_at - LONGEST_SHIFT,
    )
    return running(shift.starts_at, shift.ends_at, list(near.values_list("starts_at", "ends_at")))


def roster(
    viewer: User, first: date, days: int, at: datetime, missing: Sequence[Gap] = ()
) -> list[RosterDay]:
    """The duty roster of some days, from a first day on, with what is missing marked on each."""
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

    def missing_on(day: date) -> list[Gap]:
        begin, end = clock.day_start(day), clock.day_start(day + timedelta(days=1))
        return [part for gap in missing if (part := gap.within(begin, end))]

    return [
        RosterDay(day, by_day.get(day, []), day == today, missing_on(day))
        for day in (first + timedelta(days=n) for n in range(days))
    ]


def coming_shifts(whose: User, at: datetime) -> QuerySet[Shift]:
    """The shifts of a person that are not over, the next seven."""
    return Shift.objects.filter(person=whose, ends_at__gt=at).order_by("starts_at")[:7]
