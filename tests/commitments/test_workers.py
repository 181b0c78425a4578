"""Workers in processes of their own on real PostgreSQL: at the same rows, and killed at any point."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests import builders, cast
from yika.commitments.models import Alert, Commitment
from yika.commitments.queries import GRACE, unhandled
from yika.journal.models import Event
from yika.notices.models import Notice
from yika.people.models import User

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT = cast.AT
DUE = AT + timedelta(minutes=50)  # two rungs have been reached
NUMBER = 300


def sweeper(fatal: int = 0) -> "subprocess.Popen[str]":
    """A worker process, waiting for its start."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.commitments.sweeper", DUE.isoformat(), str(fatal)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATABASE_URL": url.geturl(), "DJANGO_SETTINGS_MODULE": "yika.config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def start(*processes: "subprocess.Popen[str]") -> None:
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()


def finish(process: "subprocess.Popen[str]") -> int:
    _out, errors = process.communicate(timeout=120)
    assert not errors, errors
    return process.returncode


@pytest.fixture
def people() -> list[User]:
    return [cast.technician(), cast.dispatcher(), cast.manager(), cast.office()]


def due_rows(holder: User) -> None:
    for _ in range(NUMBER):
        builders.commitment(holder=holder)


def everything_was_told_exactly_once(people: list[User]) -> None:
    assert Alert.objects.count() == NUMBER
    assert Alert.objects.filter(position=2, due_at=AT + timedelta(hours=1)).count() == NUMBER
    assert Alert.objects.values("commitment").distinct().count() == NUMBER
    events = Event.objects.filter(verb="commitments.alert")
    assert events.count() == NUMBER and events.values("key").distinct().count() == NUMBER
    technician, desk, manager, office = people
    for told in (technician, desk, manager):
        notices = Notice.objects.filter(to=told)
        assert notices.count() == NUMBER and notices.values("url").distinct().count() == NUMBER
    assert not Notice.objects.filter(to=office).exists()
    rows = Commitment.objects.filter(alerts_sent=2, next_alert_at=AT + timedelta(hours=1), alert_error="")
    assert rows.count() == NUMBER
    assert unhandled(DUE + GRACE) == []


def test_two_workers_at_the_same_rows(people: list[User]) -> None:
    due_rows(people[0])
    both = sweeper(), sweeper()
    start(*both)
    assert [finish(process) for process in both] == [0, 0]
    everything_was_told_exactly_once(people)


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_point(people: list[User], seed: int) -> None:
    """Alone and beside another worker; whoever comes next loses nothing and doubles nothing."""
    chance = random.Random(seed)
    due_rows(people[0])
    for _ in range(2):
        victim = sweeper(fatal=chance.randint(1, 40))
        start(victim)
        assert finish(victim) == -signal.SIGKILL
        told = Alert.objects.count()
        assert Event.objects.filter(verb="commitments.alert").count() == told
        assert Notice.objects.count() == 3 * told
        assert Commitment.objects.filter(alerts_sent=2).count() == told
    victim, survivor = sweeper(fatal=chance.randint(1, 20)), sweeper()
    start(victim, survivor)
    assert finish(survivor) == 0
    finish(victim)
    last = sweeper()
    start(last)
    assert finish(last) == 0
    everything_was_told_exactly_once(people)
