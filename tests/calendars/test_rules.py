"""All time arithmetic against a counter that walks minute by minute."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yika.calendars import announced
from yika.calendars.rules import NATURAL, Calendar, Span, due_after_days, due_after_seconds, merged
from yika.lib.clock import CAMPUS, campus

MINUTE = timedelta(minutes=1)
OFFICE_HOURS = Calendar(
    windows={day: ((time(8), time(12)), (time(14), time(17, 30))) for day in range(5)},
    holidays=announced.all_holidays(),
    working_days=announced.all_working_days(),
)
NIGHTS = Calendar(windows={5: ((time(20), time()),), 6: ((time(), time(0, 45)), (time(20), time()))})
# around: month and year ends, the Spring Festival, the National Day with its make-up days, a leap day
CORNERS = [
    datetime.fromisoformat(f"{text}+08:00")
    for text in (
        "2025-12-31T23:30", "2026-02-13T16:00", "2026-02-28T22:00", "2026-04-30T17:00", "2026-09-19T11:00",
        "2026-09-30T16:00", "2026-10-09T17:29", "2024-02-28T09:00", "2026-11-21T19:59",
    )
]  # fmt: skip

starts = st.builds(
    lambda corner, minutes: corner + minutes * MINUTE,
    st.sampled_from(CORNERS),
    st.integers(-2_000, 2_000),
)
gaps = st.lists(st.tuples(st.integers(-500, 4_000), st.integers(0, 900)), max_size=4)


def spans(start: datetime, offsets: Sequence[tuple[int, int]]) -> list[Span]:
    """Excused intervals around a start; some overlap, some are empty, some lie before it."""
    return [(start + at * MINUTE, start + (at + length) * MINUTE) for at, length in offsets]


def counts(minute: datetime, calendar: Calendar, excused: Sequence[Span]) -> bool:
    """Whether the minute that begins here is counted, told without any arithmetic of intervals."""
    if any(start <= minute < end for start, end in excused):
        return False
    if not calendar.windows:
        return True
    local = campus(minute)
    if local.date() in calendar.holidays:
        return False
    made_up = local.date() in calendar.working_days
    weekday = calendar.make_up_weekday if made_up else local.weekday()
    return any(
        opens <= local.time() and (closes == time() or local.time() < closes)
        for opens, closes in calendar.windows.get(weekday, ())
    )


def walked(start: datetime, minutes: int, calendar: Calendar, excused: Sequence[Span]) -> datetime:
    """The moment after that many counted minutes, found by looking at every minute."""
    at = start
    while minutes:
        minutes -= counts(at, calendar, excused)
        at += MINUTE
    return at


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(1, 1_500), gaps)
@pytest.mark.parametrize("calendar", [NATURAL, OFFICE_HOURS, NIGHTS], ids=["natural", "office", "nights"])
def test_due_times_agree_with_the_minute_counter(
    calendar: Calendar, start: datetime, minutes: int, offsets: list[tuple[int, int]]
) -> None:
    excused = spans(start, offsets)
    due = due_after_seconds(start, minutes * 60, calendar, excused)
    assert due == walked(start, minutes, calendar, excused)


@given(starts, st.integers(1, 400_000), gaps)
def test_natural_time_is_the_allowance_and_what_was_excused(
    start: datetime, seconds: int, offsets: list[tuple[int, int]]
) -> None:
    excused = spans(start, offsets)
    due = due_after_seconds(start, seconds, NATURAL, excused)
    lost = sum(
        (max(timedelta(), min(end, due) - max(begun, start)) for begun, end in merged(excused)), timedelta()
    )
    assert due - start == timedelta(seconds=seconds) + lost


@given(starts, st.integers(1, 100_000), st.integers(0, 100_000))
@pytest.mark.parametrize("calendar", [NATURAL, OFFICE_HOURS, NIGHTS], ids=["natural", "office", "nights"])
def test_counting_on_from_a_due_time_is_counting_at_once(
    calendar: Calendar, start: datetime, first: int, then: int
) -> None:
    at_once = due_after_seconds(start, first + then, calendar)
    assert due_after_seconds(due_after_seconds(start, first, calendar), then, calendar) == at_once or not then


@given(starts, st.integers(1, 60), gaps)
def test_days_run_to_midnight_and_the_first_does_not_count(
    start: datetime, days: int, offsets: list[tuple[int, int]]
) -> None:
    due = due_after_days(start, days)
    assert campus(due).time() == time()
    assert (campus(due).date() - campus(start).date()).days == days + 1
    assert due_after_days(start, days, spans(start, offsets)) >= due


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=8))
def test_merged_intervals_hold_the_same_minutes(offsets: list[tuple[int, int]]) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    before, after = spans(start, offsets), merged(spans(start, offsets))
    for minute in range(250):
        at = start + minute * MINUTE
        assert any(a <= at < b for a, b in before) == any(a <= at < b for a, b in after)
    assert all(one[1] < two[0] for one, two in pairwise(after))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CAMPUS)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("start", "seconds", "due"),
    [
        # the last second of the morning fills the allowance at 12:00:00, the next one waits for 14:00
        ((11, 59, 59), 1, (12, 0, 0)),
        ((11, 59, 59), 2, (14, 0, 1)),
        ((12, 0, 0), 1, (14, 0, 1)),
        ((8, 0, 0), 1, (8, 0, 1)),
    ],
)
def test_windows_are_half_open_to_the_second(
    start: tuple[int, ...], seconds: int, due: tuple[int, ...]
) -> None:
    monday = (2026, 11, 23)
    assert due_after_seconds(local(*monday, *start), seconds, OFFICE_HOURS) == local(*monday, *due)


def test_excused_time_is_half_open_to_the_second() -> None:
    start = local(2026, 11, 23, 9)
    due = start + timedelta(hours=1)
    assert due_after_seconds(start, 3_600, NATURAL, [(due, due + timedelta(hours=1))]) == due
    assert due_after_seconds(start, 3_600, NATURAL, [(due - timedelta(seconds=1), due)]) == due + timedelta(
        seconds=1
    )


def test_a_window_to_midnight_ends_with_the_day() -> None:
    saturday = local(2026, 11, 21, 23, 59, 30)
    assert due_after_seconds(saturday, 60, NIGHTS) == local(2026, 11, 22, 0, 0, 30)


def test_a_make_up_day_has_the_hours_of_the_weekday_it_stands_for() -> None:
    calendar = Calendar(
        windows={0: ((time(8), time(9)),), 4: ((time(10), time(11)),)},
        working_days=frozenset({date(2026, 10, 10)}),
        make_up_weekday=4,
    )
    assert calendar.spans_of(date(2026, 10, 10)) == [(local(2026, 10, 10, 10), local(2026, 10, 10, 11))]


def test_a_calendar_that_never_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="十年"):
        due_after_seconds(local(2026, 11, 23, 9), 60, Calendar(windows={0: ()}))
