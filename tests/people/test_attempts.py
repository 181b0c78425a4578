"""Counting tries in a sliding window, against a plain count."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import AT
from yika.people.actions import attempt_allowed
from yika.people.jobs import sweep_attempts, sweep_sessions
from yika.people.models import Attempt
from yika.people.rules import Limit


def second(number: int) -> timedelta:
    return timedelta(seconds=number)


@given(
    steps=st.lists(st.integers(0, 40), max_size=30),
    tries=st.integers(1, 5),
    window=st.integers(1, 60),
)
def test_no_window_ever_holds_more_than_the_limit(steps: list[int], tries: int, window: int) -> None:
    limit, at = Limit(tries, second(window)), AT
    passed: list[datetime] = []
    for step in steps:
        at += second(step)
        free_at = limit.free_at(passed, at)
        if free_at is None:
            passed.append(at)
        else:
            assert limit.free_at(passed, free_at) is None
            assert limit.free_at(passed, free_at - second(1)) == free_at
            assert free_at > at
    for start in passed:
        assert sum(start <= moment < start + second(window) for moment in passed) <= tries


@pytest.mark.django_db
def test_tries_count_per_kind_and_key_and_refused_ones_do_not() -> None:
    def go(kind: str, key: str, after: int = 0) -> bool:
        return bool(attempt_allowed(kind, key, 2, 60, AT + second(after)))

    assert [go("report", "a") for _n in range(4)] == [True, True, False, False]
    assert go("report", "b")
    assert go("lookup", "a")
    assert [go("report", "a", 59), go("report", "a", 60), go("report", "a", 60)] == [False, True, True]
    assert not go("report", "a", 61)


@pytest.mark.django_db
def test_a_refusal_says_when() -> None:
    attempt_allowed("report", "a", 1, 60, AT)
    held = attempt_allowed("report", "a", 1, 60, AT + second(10))
    assert not held
    assert held.free_at == AT + second(60)


@pytest.mark.django_db
def test_old_tries_are_swept() -> None:
    attempt_allowed("report", "a", 9, 60, AT)
    attempt_allowed("report", "a", 9, 60, AT + timedelta(days=3))
    assert sweep_attempts(AT + timedelta(days=3)) == 1
    assert Attempt.objects.count() == 1
    assert sweep_sessions(AT) == 0
