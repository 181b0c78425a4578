"""Many at one fault, and processes killed in the middle of an action, on a real PostgreSQL."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.cast import AT
from tests.faults.lives import check
from tests.faults.living import everything
from yika.faults.actions import asking, classifying, dispatching, reporting, working
from yika.faults.actions.several import act_on_all
from yika.faults.models import Fault, Report, Ruling
from yika.faults.rules import State, Verb
from yika.journal.models import Event
from yika.lib.decisions import Refusal, WrongState
from yika.people.models import User
from yika.standards.queries import standard_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)
LATER = AT + timedelta(hours=1)
Job = Callable[[], object]


def at_once(*jobs: Job) -> list[Any]:
    """Run all at the same moment, each on a connection of its own; a refusal is the answer of its job."""
    gate = Barrier(len(jobs))

    def run(job: Job) -> object:
        try:
            connection.ensure_connection()
            gate.wait(10)
            return job()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def again(fault: Fault) -> Fault:
    return Fault.objects.get(pk=fault.pk)


def refusals(answers: list[Any]) -> list[Refusal]:
    return [answer for answer in answers if isinstance(answer, Refusal)]


def sending(fault: Fault, to: User, by: User) -> Job:
    return lambda: dispatching.dispatch(again(fault), to=to, by=by, at=LATER)


def merging(fault: Fault, into: Fault, by: User) -> Job:
    return lambda: dispatching.merge(again(fault), into=again(into), by=by, at=LATER)


def splitting(seen: Fault, by: User) -> Job:
    return lambda: dispatching.split(seen, by=by, at=LATER, note="不是同一故障")


def sizing(fault: Fault, by: User) -> Job:
    return lambda: classifying.classify(
        again(fault), terminals=12, cardholders=0, reason="整层", by=by, at=LATER
    )


def restoring(fault: Fault, by: User) -> Job:
    return lambda: working.restore(again(fault), by=by, at=LATER, note="修好")


def deciding(ruling: Ruling, granted: bool, by: User) -> Job:
    return lambda: asking.decide(
        Ruling.objects.get(pk=ruling.pk), granted=granted, decision="核实", by=by, at=LATER
    )


def test_of_two_dispatchers_one_sends_and_the_other_is_told_who_was_quicker() -> None:
    desks, techs = (
        [cast.dispatcher("王调度"), cast.dispatcher("李调度")],
        [cast.technician(), cast.technician()],
    )
    for _ in range(5):
        fault = builders.fault()
        answers = at_once(*map(sending, (fault, fault), techs, desks))
        [refused] = refusals(answers)
        winner = desks[0] if refused is answers[1] else desks[1]
        assert isinstance(refused, WrongState)
        assert winner.name in str(refused) and "已派单" in str(refused) and fault.number in str(refused)
        assert fault.moves.filter(verb="dispatch").count() == 1
        assert again(fault).technician == techs[desks.index(winner)]
        check(fault)


def test_a_form_sent_many_times_at_once_makes_one_fault() -> None:
    builders.contract()
    device = builders.device()
    form = {"submission": str(uuid.uuid4()), "symptom": "terminal_dead"}
    url = reverse("faults:report_device", args=[device.token])
    answers = at_once(*[lambda: Client().post(url, form)] * 5)
    assert [answer.status_code for answer in answers] == [302] * 5
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Fault.objects.count() == Report.objects.count() == 1
    assert Event.objects.filter(verb="faults.report").count() == 1
    check(Fault.objects.get())


def test_still_broken_pressed_many_times_at_once_reopens_once() -> None:
    report = Report.objects.get(fault=builders.fault(State.RESTORED))

    def press() -> object:
        mine = Report.objects.get(pk=report.pk)
        return reporting.still_broken(mine, note="又坏", submission=uuid.uuid4(), at=LATER)

    answers = at_once(press, press, press)
    assert len(refusals(answers)) == 2
    assert report.fault.moves.filter(verb="reopen").count() == 1
    check(report.fault)


def test_of_two_in_the_office_one_decides_and_the_other_is_told() -> None:
    people = [cast.office("张老师"), cast.office("陈老师")]
    fault = builders.fault(State.WORKING)
    ruling = asking.propose_special(
        fault,
        cause=standard_of(fault.standard).causes[0].key,
        claim="银行通知",
        by=cast.dispatcher(),
        at=AT + 10 * MINUTE,
    )
    answers = at_once(*map(deciding, (ruling, ruling), (True, False), people))
    [refused] = refusals(answers)
    winner = people[0] if refused is answers[1] else people[1]
    assert winner.name in str(refused)
    ruling.refresh_from_db()
    assert ruling.decided_by == winner and ruling.granted is (winner == people[0])
    check(fault)


def test_two_faults_merged_into_each_other_at_once_leave_one_that_stands() -> None:
    desk = cast.dispatcher()
    for _ in range(4):
        first, second = builders.fault(), builders.fault(at=AT + MINUTE)
        answers = at_once(merging(first, second, desk), merging(second, first, desk))
        assert len(refusals(answers)) == 1
        assert sorted([again(first).state, again(second).state]) == ["merged", "reported"]
        check(first)
        check(second)


def test_a_chain_of_merges_and_a_split_at_once_leave_no_clock_behind() -> None:
    desk = cast.dispatcher()
    for _ in range(4):
        early, middle, last = (builders.fault(at=AT + n * MINUTE) for n in range(3))
        dispatching.merge(early, into=middle, by=desk, at=AT + 5 * MINUTE)
        seen = again(early)
        at_once(merging(middle, last, desk), splitting(seen, desk), merging(early, last, desk))
        for fault in (early, middle, last):
            check(fault)


def test_classified_while_restored_both_count() -> None:
    desk = cast.dispatcher()
    for _ in range(3):
        fault = builders.fault(State.WORKING)
        tech = fault.technician
        assert tech
        answers = at_once(sizing(fault, desk), restoring(fault, tech))
        assert not refusals(answers)
        check(fault)
        assert again(fault).severity == "major" and again(fault).state == State.RESTORED


# Processes of their own


class Hand:
    """One such process; see ``tests.faults.hand``."""

    def __init__(self) -> None:
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.hand"],
            cwd=Path(__file__).parents[2],
            env={
                **os.environ,
                "DATABASE_URL": url.geturl(),
                "DJANGO_SETTINGS_MODULE": "yika.config.settings",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.answer() == "ready"

    def ask(self, do: str, **what: Any) -> None:
        assert self.process.stdin
        print(json.dumps({"do": do, **what}), file=self.process.stdin, flush=True)

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@contextmanager
def hands(count: int) -> Iterator[list[Hand]]:
    begun: list[Hand] = []
    try:
        begun.extend(Hand() for _ in range(count))
        yield begun
    finally:
        for hand in begun:
            hand.process.kill()
            hand.process.communicate()


def doomed() -> Iterator[tuple[str, Fault, User, int, list[Fault]]]:
    """Actions to be killed in: what, of which fault, by whom, with what, and the faults to look at."""
    desk, tech, office = cast.dispatcher(), cast.technician(), cast.office()
    fault = builders.fault()
    yield "dispatch", fault, desk, tech.pk, [fault]
    fault = builders.fault(State.WORKING, to=tech)
    yield "restore", fault, tech, 0, [fault]
    fault = builders.fault(State.CLOSED)
    yield "reopen", fault, desk, 0, [fault]
    fault = builders.fault(State.WORKING)
    yield "classify", fault, desk, 0, [fault]
    first, second = builders.fault(), builders.fault(at=AT + MINUTE)
    yield "merge", second, desk, first.pk, [first, second]
    yield "split", second, desk, 0, [first, second]
    fault = builders.fault(State.WORKING)
    cause = standard_of(fault.standard).causes[0].key
    ruling = asking.propose_special(fault, cause=cause, claim="通知", by=desk, at=AT + 10 * MINUTE)
    yield "decide", fault, office, ruling.pk, [fault]


def growth(before: list[Any], after: list[Any]) -> list[int]:
    """How many rows of each kind were added; notices aside, which depend on how many people there are."""
    sizes = [[one if isinstance(one, int) else len(one) for one in state] for state in (before, after)]
    return [new - old for old, new in zip(*sizes, strict=True)][:-1]


def test_killed_before_any_statement_of_an_action_it_is_whole_or_never_was() -> None:
    whole = {}
    with hands(1) as [hand]:

        def die(fatal: int, what: str, fault: Fault, by: User, other: int) -> str:
            hand.ask("die", fatal=fatal, what=what, fault=fault.pk, by=by.pk, other=other)
            return hand.answer()

        for what, fault, by, other, _faults in doomed():
            before = everything()
            assert die(0, what, fault, by, other) == "done"
            whole[what] = growth(before, everything())
        for what, fault, by, other, faults in doomed():
            before, fatal, answer = everything(), 0, "killed 9"
            while answer == "killed 9" and everything() == before:
                fatal += 1
                answer = die(fatal, what, fault, by, other)
            assert answer in ("killed 9", "done") and fatal > 10, f"{what}: {answer} at {fatal}"
            assert growth(before, everything()) == whole[what], f"{what} left half at {fatal}"
            for one in faults:
                check(one)


def test_several_processes_doing_random_things_wait_for_nobody_for_ever() -> None:
    people = {
        "office": cast.office(),
        "auditor": cast.auditor(),
        "administrator": cast.administrator(),
        "manager": cast.manager(),
        "dispatcher": cast.dispatcher(),
        "technician": cast.technician(),
        "colleague": cast.technician(),
        "stranger": cast.stranger(),
    }
    for n in range(4):
        builders.fault(at=AT + n * MINUTE)
    with hands(4) as all_hands:
        for seed, hand in enumerate(all_hands):
            hand.ask("rampage", seed=seed, count=60, people={name: one.pk for name, one in people.items()})
        answers = [hand.answer() for hand in all_hands]
    counts = [[int(n) for n in answer.split()] for answer in answers]
    assert all(sum(count) == 60 for count in counts), answers
    assert sum(done for done, _refused in counts) > 40
    for fault in Fault.objects.all():
        check(fault)


def test_several_sent_and_one_merged_at_once_take_turns() -> None:
    """Merging locks first the fault that stays, whatever its number: without turns each would wait."""
    desk, other, tech = cast.dispatcher(), cast.manager(), cast.technician()
    for _ in range(8):
        first, *between, last = [builders.fault() for _ in range(6)]
        faults, one, into = [again(fault) for fault in (first, *between, last)], again(first), again(last)
        answers = at_once(
            partial(act_on_all, faults, Verb.DISPATCH, by=desk, at=LATER, to=tech),
            partial(dispatching.merge, one, into=into, by=other, at=LATER),
        )
        assert all(isinstance(answer, int | Fault | Refusal) for answer in answers)
        state = again(first).state
        assert state == State.MERGED
        assert len({again(fault).state for fault in (*between, last)}) == 1  # all of them or none
