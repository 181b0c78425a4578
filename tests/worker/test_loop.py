"""The worker does what is due, once, and no job's error stops another."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests import cast
from yika.lib import clock
from yika.worker import actions, loop, queries
from yika.worker.loop import DatabaseGone, Worker, run_worker
from yika.worker.models import Heartbeat, Schedule
from yika.worker.rules import Due, Job, Repeated, Waiting, next_due, pause
from yika.worker.schedule import jobs as all_jobs

MINUTE = timedelta(minutes=1)


@given(
    st.integers(-10_000, 10_000).map(lambda s: cast.AT + timedelta(seconds=s)),
    st.integers(1, 4000).map(lambda s: timedelta(seconds=s)),
)
def test_a_job_keeps_its_rhythm_and_makes_up_for_nothing(due_at: datetime, every: timedelta) -> None:
    following = next_due(due_at, every, cast.AT)
    assert following > cast.AT
    assert following > due_at
    assert (following - due_at) % every == timedelta(0)
    assert following - every <= max(cast.AT, due_at)


def test_the_pause_grows_up_to_a_minute() -> None:
    assert [pause(number) for number in (1, 2, 5, 6, 10_000)] == [2, 4, 32, 60, 60]


class Pile:
    """Work for a Due job."""

    def __init__(self, number: int) -> None:
        self.left = number

    def handle(self, at: datetime) -> bool:
        self.left -= self.left > 0
        return self.left > 0


def failing(message: str = "坏了") -> Callable[[datetime], bool]:
    def fail(at: datetime) -> bool:
        raise RuntimeError(message)

    return fail


def worker(*jobs: Job) -> Worker:
    made = Worker(jobs, "tester")
    made.enrol()
    return made


@pytest.mark.django_db
class TestTurn:
    """Given the present in one hand and the jobs in the other."""

    @pytest.fixture(autouse=True)
    def at(self) -> object:
        with clock.frozen(cast.AT):
            yield

    def turn_at(self, hand: Worker, at: datetime) -> bool:
        with clock.frozen(at):
            return hand.turn(threading.Event())

    def test_rows_are_handled_while_there_are_any(self) -> None:
        pile = Pile(20)
        hand = worker(Due("pile", pile.handle))
        assert self.turn_at(hand, cast.AT) is True
        assert pile.left == 0
        assert hand.handled == 19
        assert self.turn_at(hand, cast.AT) is False

    def test_a_full_pile_leaves_the_others_their_turn(self) -> None:
        big, small = Pile(10_000), Pile(5)
        hand = worker(Due("big", big.handle), Due("small", small.handle))
        self.turn_at(hand, cast.AT)
        assert big.left == 10_000 - loop.TURN
        assert small.left == 0

    def test_a_repeated_job_runs_when_due_and_once(self) -> None:
        ran: list[datetime] = []
        hand, other = (worker(Repeated("tick", ran.append, MINUTE)) for _ in range(2))
        for second in range(0, 180, 20):
            for each in (hand, other):
                self.turn_at(each, cast.AT + timedelta(seconds=second))
        assert ran == [cast.AT, cast.AT + MINUTE, cast.AT + 2 * MINUTE]
        row = Schedule.objects.get()
        assert (row.ran_at, row.due_at) == (cast.AT + 2 * MINUTE, cast.AT + 3 * MINUTE)

    def test_a_repeated_job_with_more_to_do_goes_on_at_once(self) -> None:
        pile = Pile(4)
        hand = worker(Repeated("pile", pile.handle, MINUTE))
        self.turn_at(hand, cast.AT)
        assert pile.left == 0
        assert Schedule.objects.get().due_at == cast.AT + MINUTE

    def test_what_a_step_wrote_goes_with_the_claim_when_it_fails(self) -> None:
        def half(at: datetime) -> None:
            Heartbeat.objects.create(worker="half", started_at=at, beat_at=at)
            raise RuntimeError

        self.turn_at(worker(Repeated("half", half, MINUTE)), cast.AT)
        assert not Heartbeat.objects.filter(worker="half").exists()
        assert Schedule.objects.get().ran_at is None

    def test_a_job_that_raises_does_not_stop_the_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pile = Pile(5)
        jobs = (
            Due("bad", failing("行坏了")),
            Repeated("worse", failing("时坏了"), MINUTE),
            Due("good", pile.handle),
        )
        monkeypatch.setattr(queries, "jobs", lambda: jobs)
        self.turn_at(worker(*jobs), cast.AT)
        assert pile.left == 0
        status = queries.status(cast.AT)
        bad, worse, good = status.jobs
        assert "行坏了" in bad.error and "时坏了" in worse.error and good.ok
        assert worse.due_at is not None and worse.due_at > cast.AT
        assert not status.ok
        assert queries.health(cast.AT).problems == ("error:bad", "error:worse")

    def test_a_job_that_raises_is_left_alone_for_a_while(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls: list[datetime] = []

        def fail(at: datetime) -> bool:
            calls.append(at)
            raise RuntimeError

        now = 1000.0
        monkeypatch.setattr("yika.worker.loop.time.monotonic", lambda: now)
        hand = worker(Due("bad", fail))
        for now in (1000.0, 1001.9, 1002.0, 1005.9, 1006.0):  # noqa: B007
            self.turn_at(hand, cast.AT)
        assert len(calls) == 3

    def test_an_error_is_taken_back_once_the_job_runs_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = True

        def sometimes(at: datetime) -> bool:
            if broken:
                raise RuntimeError
            return False

        now = 1000.0
        monkeypatch.setattr("yika.worker.loop.time.monotonic", lambda: now)
        hand = worker(Due("row", sometimes), Repeated("tick", sometimes, MINUTE))
        self.turn_at(hand, cast.AT)
        assert Schedule.objects.exclude(error="").count() == 2
        broken, now = False, 1100.0
        for minutes in (2, 3):
            self.turn_at(hand, cast.AT + minutes * MINUTE)
        assert not Schedule.objects.exclude(error="").exists()

    def test_an_idle_turn_asks_once_for_all_repeated_jobs(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        pile = Pile(0)
        hand = worker(Due("pile", pile.handle), *(Repeated(f"r{n}", failing(), MINUTE) for n in range(5)))
        Schedule.objects.filter(due_at__isnull=False).update(due_at=cast.AT + MINUTE)
        self.turn_at(hand, cast.AT)
        with django_assert_num_queries(1):
            self.turn_at(hand, cast.AT)

    def test_a_stop_is_heeded_between_rows(self) -> None:
        stop = threading.Event()
        calls: list[datetime] = []

        def last(at: datetime) -> bool:
            calls.append(at)
            stop.set()
            return True

        assert worker(Due("a", last), Due("b", last)).turn(stop) is True
        assert len(calls) == 1

    def test_signs_of_life_come_every_ten_seconds_and_the_dead_are_forgotten(self) -> None:
        Heartbeat.objects.create(
            worker="dead", started_at=cast.AT, beat_at=cast.AT - timedelta(days=1, seconds=1)
        )
        hand = worker()
        for second in (0, 9, 10):
            self.turn_at(hand, cast.AT + timedelta(seconds=second))
        row = Heartbeat.objects.get()
        assert (row.worker, row.started_at, row.beat_at) == (
            "tester",
            cast.AT,
            cast.AT + timedelta(seconds=10),
        )
        hand.leave()
        assert not Heartbeat.objects.exists()

    def test_a_lost_connection_is_no_fault_of_the_job(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def lost(at: datetime) -> bool:
            raise OperationalError("server closed the connection")

        hand = worker(Due("row", lost))
        monkeypatch.setattr(type(connections["default"]), "is_usable", lambda self: False)
        with pytest.raises(DatabaseGone):
            self.turn_at(hand, cast.AT)
        monkeypatch.setattr(type(connections["default"]), "is_usable", lambda self: True)
        self.turn_at(hand, cast.AT)
        assert "server closed" in Schedule.objects.get().error

    def test_jobs_that_are_no_more_leave_no_row(self) -> None:
        worker(Due("a", failing()), Due("b", failing()))
        worker(Due("b", failing()), Repeated("c", failing(), MINUTE))
        assert set(Schedule.objects.values_list("job", flat=True)) == {"b", "c"}

    def test_status_tells_who_is_alive_and_what_waits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        jobs = (
            Due("row", lambda at: False, lambda at: Waiting(3, cast.AT - 11 * MINUTE)),
            Repeated("tick", lambda at: None, MINUTE),
        )
        monkeypatch.setattr(queries, "jobs", lambda: jobs)
        assert queries.health(cast.AT).problems == ("worker", "behind:row")
        self.turn_at(worker(*jobs), cast.AT)
        status = queries.status(cast.AT + timedelta(seconds=59))
        assert status.alive and not status.ok
        assert status.jobs[0].waiting == Waiting(3, cast.AT - 11 * MINUTE)
        assert (status.jobs[1].every_s, status.jobs[1].ran_at, status.jobs[1].ok) == (60, cast.AT, True)
        late = queries.health(cast.AT + 12 * MINUTE)
        assert late.problems == ("worker", "behind:row", "behind:tick")

    def test_the_real_jobs_have_nothing_to_do_in_an_empty_house(self) -> None:
        hand = worker(*all_jobs())
        self.turn_at(hand, cast.AT)
        status = queries.status(cast.AT)
        assert status.ok, [job for job in status.jobs if not job.ok]
        assert {job.job for job in status.jobs} == set(Schedule.objects.values_list("job", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_loop_outlives_a_fault_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    calls: list[int] = []

    def beat(*args: object, **kwargs: object) -> None:
        calls.append(1)
        if len(calls) < 3:
            raise OperationalError if len(calls) == 1 else RuntimeError
        stop.set()

    monkeypatch.setattr(actions, "beat", beat)
    monkeypatch.setattr(loop, "pause", lambda failures: 0.0)
    monkeypatch.setattr(loop, "_close", lambda: None)  # the database of a test lives in its connection
    run_worker(stop, name="tester", jobs=())
    assert len(calls) == 3


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_refused_outside_its_moment() -> None:
    job = Repeated("tick", lambda at: None, MINUTE)
    actions.enrol([job], at=cast.AT)
    assert actions.run_once(job, at=cast.AT - MINUTE) is False
    with transaction.atomic():
        assert actions.run_once(job, at=cast.AT) is True
    assert actions.run_once(job, at=cast.AT) is False
