"""Classes and due times of the built-in standard, to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standards.texts import with_service_hours
from yika.lib.clock import CAMPUS
from yika.standards.loader import builtin, read
from yika.standards.rules import Impact, Standard, classify, due_at

AT = datetime(2026, 11, 22, 9, 12, 5, tzinfo=CAMPUS)


@pytest.mark.parametrize(
    ("terminals", "key"),
    [(0, "general"), (1, "general"), (4, "general"), (5, "larger"), (6, "larger"), (9, "larger"),
     (10, "major"), (11, "major"), (49, "major"), (50, "severe"), (51, "severe")],
)  # fmt: skip
def test_terminals(terminals: int, key: str) -> None:
    assert classify(Impact(terminals=terminals), builtin()).key == key


@pytest.mark.parametrize(
    ("cardholders", "key"),
    [(0, "general"), (1, "general"), (2, "larger"), (99, "larger"), (100, "major"), (101, "major"),
     (999, "major"), (1000, "severe"), (1001, "severe")],
)  # fmt: skip
def test_cardholders(cardholders: int, key: str) -> None:
    assert classify(Impact(cardholders=cardholders), builtin()).key == key


@given(st.integers(0, 5_000), st.integers(0, 50_000))
def test_the_graver_of_both_counts(terminals: int, cardholders: int) -> None:
    both = classify(Impact(terminals, cardholders), builtin()).rank
    alone = [classify(impact, builtin()).rank for impact in (Impact(terminals), Impact(0, cardholders))]
    assert both == max(alone)
    assert classify(Impact(terminals, cardholders, special=True), builtin()).key == "special"


@pytest.mark.parametrize("impact", [Impact(terminals=-1), Impact(cardholders=-1)])
def test_negative_counts_are_refused(impact: Impact) -> None:
    with pytest.raises(ValueError, match="负"):
        classify(impact, builtin())


@pytest.mark.parametrize(
    ("key", "response", "repair"),
    [("general", 1, 12), ("larger", 0.5, 24), ("major", 0.5, 48), ("severe", 0.5, 72)],
)
def test_due_times(key: str, response: float, repair: int) -> None:
    standard = builtin()
    level = standard.level(key)
    assert level.response and level.repair
    assert due_at(level.response, AT, standard) == AT + timedelta(hours=response)
    assert due_at(level.repair, AT, standard) == AT + timedelta(hours=repair)


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_the_factory_has_until_midnight_of_the_tenth_day_after_the_first(hour: int) -> None:
    start = datetime(2026, 2, 20, hour, 59, 59, tzinfo=CAMPUS)
    due = due_at(builtin().factory, start, builtin())
    assert due == datetime(2026, 3, 3, 0, 0, tzinfo=CAMPUS)


def office_hours() -> Standard:
    return read(with_service_hours())


def test_repair_in_office_hours_response_around_the_clock() -> None:
    standard = office_hours()
    level = standard.level("general")
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=CAMPUS)
    assert level.response and level.repair
    assert due_at(level.response, friday, standard) == friday + timedelta(hours=1)
    # 1 h on Friday, 8 h on Monday, 3 h on Tuesday
    assert due_at(level.repair, friday, standard) == datetime(2026, 11, 24, 11, 0, tzinfo=CAMPUS)


def test_office_hours_leave_out_the_national_day_and_count_the_make_up_day() -> None:
    standard = office_hours()
    level = standard.level("general")
    assert level.repair
    start = datetime(2026, 9, 30, 16, 0, tzinfo=CAMPUS)  # 2 h left of Wednesday, then 1-7 October off
    assert due_at(level.repair, start, standard) == datetime(2026, 10, 9, 10, 0, tzinfo=CAMPUS)
    friday = datetime(2026, 10, 9, 16, 0, tzinfo=CAMPUS)  # Saturday the 10th is worked
    assert due_at(level.repair, friday, standard) == datetime(2026, 10, 12, 10, 0, tzinfo=CAMPUS)


def test_moments_are_told_alike_in_every_zone() -> None:
    level = builtin().level("general")
    assert level.repair
    assert due_at(level.repair, AT.astimezone(UTC), builtin()) == due_at(level.repair, AT, builtin())
