"""A return's life and promise, as tables. Source: 4.2.3."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from yika.changes.rules import Tried, latest, passed_at
from yika.commitments.rules import Kind
from yika.lib.clock import CAMPUS
from yika.returns.rules import (
    ENDED,
    MOVES,
    Facts,
    State,
    Verb,
    days_used,
    promised,
)
from yika.standards.loader import builtin
from yika.standards.rules import Start, due_at

STANDARD = builtin()
SHIPPING = replace(STANDARD, readings=replace(STANDARD.readings, factory_starts_at=Start.SHIPPING))
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (State.PREPARING, {Verb.SEND, Verb.CANCEL}),
        (State.SENT, {Verb.RECEIVE, Verb.WRITE_OFF}),
        (State.BACK, {Verb.SEND, Verb.FINISH, Verb.WRITE_OFF}),
        (State.DONE, set()),
        (State.CANCELLED, set()),
        (State.WRITTEN_OFF, set()),
    ],
)
def test_what_can_be_done_where(state: State, verbs: set[Verb]) -> None:
    assert {verb for start, verb in MOVES if start is state} == verbs
    assert (state in ENDED) is (not verbs)


@pytest.mark.parametrize(
    ("reported", "last_day"),
    [
        (datetime(2026, 3, 2, 9, 12), date(2026, 3, 12)),
        (datetime(2026, 3, 2, 0, 0), date(2026, 3, 12)),
        (datetime(2026, 2, 25, 23, 59), date(2026, 3, 7)),  # across a month's end, 28 days
        (datetime(2028, 2, 25, 8, 0), date(2028, 3, 6)),  # and 29
        (datetime(2026, 9, 28, 10, 0), date(2026, 10, 8)),  # across the National Day holiday: no roll-over
        (datetime(2026, 12, 27, 10, 0), date(2027, 1, 6)),
    ],
)
def test_ten_natural_days_the_first_not_counted_until_midnight(reported: datetime, last_day: date) -> None:
    promise = promised(STANDARD, Facts(reported.replace(tzinfo=CAMPUS)))
    assert promise and promise.kind is Kind.FACTORY and promise.limit.clause == "4.2.3"
    due = due_at(promise.limit, promise.started_at, STANDARD)
    assert due == datetime.combine(last_day + timedelta(days=1), datetime.min.time(), tzinfo=CAMPUS)


def test_by_the_other_reading_nothing_is_promised_before_it_is_shipped() -> None:
    assert promised(SHIPPING, Facts(cast.AT)) is None
    shipped = cast.AT + 5 * HOUR
    promise = promised(SHIPPING, Facts(cast.AT, shipped))
    assert promise and promise.started_at == shipped
    promise = promised(STANDARD, Facts(cast.AT, shipped))
    assert promise and promise.started_at == cast.AT


def test_a_cancelled_return_owes_nothing() -> None:
    assert promised(STANDARD, Facts(cast.AT, cancelled=True)) is None


TESTS = st.lists(
    st.builds(
        Tried,
        item=st.sampled_from(["刷卡", "联网", "打印"]),
        at=st.integers(0, 500).map(lambda n: cast.AT + timedelta(minutes=n)),
        passed=st.booleans(),
    ),
    max_size=8,
)


@given(TESTS)
def test_it_passed_when_every_items_last_test_did_and_not_before_the_last_of_them(tests: list[Tried]) -> None:
    moment = passed_at(tests)
    last = {test.item: test for test in tests}
    assert latest(tests) == list(last.values())
    if moment is None:
        assert not tests or not all(test.passed for test in last.values())
    else:
        assert all(test.passed and test.at <= moment for test in last.values())
        assert moment in {test.at for test in last.values()}


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_days_are_counted_without_the_first(day: date, days: int) -> None:
    assert days_used(day, day + timedelta(days=days)) == days
