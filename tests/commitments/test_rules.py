"""The ladder's arithmetic, held against somebody who walks up rung by rung."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.cast import AT
from yika.commitments.rules import Rung, next_alert, position_at, ran_out, reached
from yika.standards.rules import Step

SECOND = timedelta(seconds=1)
fractions = st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0, 1.5]), max_size=4, unique=True).map(sorted)


def ladder_of(shares: list[float], repeat_s: int | None) -> tuple[Step, ...]:
    return tuple(
        Step(share, ("holder",), repeat_s if place == len(shares) else None)
        for place, share in enumerate(shares, 1)
    )


ladders = st.builds(ladder_of, fractions, st.none() | st.integers(1, 500))


@given(ladders, st.integers(0, 1000), st.integers(-10, 3000))
def test_the_position_is_where_a_walker_stands(
    ladder: tuple[Step, ...], allowance: int, elapsed: int
) -> None:
    due, at = AT + allowance * SECOND, AT + elapsed * SECOND
    walked = 0
    while (moment := next_alert(ladder, AT, due, walked)) is not None and moment <= at:
        walked += 1
    assert position_at(ladder, AT, due, at) == walked
    following = next_alert(ladder, AT, due, walked)
    assert following is None or following > at, "a handled row would be handled again at once"


@given(ladders, st.integers(0, 20), st.integers(0, 20))
def test_each_step_is_told_once_however_long_the_pause(
    ladder: tuple[Step, ...], before: int, more: int
) -> None:
    if not ladder:
        return
    if ladder[-1].repeat_s is None:
        before, more = min(before, len(ladder)), min(more, len(ladder) - min(before, len(ladder)))
    rungs = reached(ladder, before + more, before)
    steps = [ladder.index(rung.step) for rung in rungs]
    assert steps == sorted(set(steps))
    assert bool(rungs) == (more > 0)
    if more and before + more > len(ladder):
        assert rungs[-1] == Rung(ladder[-1], before + more - len(ladder))


def test_a_limit_ran_out_only_behind_its_last_second() -> None:
    assert not ran_out(AT, AT, None)
    assert ran_out(AT, AT + SECOND, None)
    assert ran_out(AT, AT + SECOND, AT + SECOND)
    assert not ran_out(AT, AT + SECOND, AT)
