"""Many at once, on a real PostgreSQL: limits hold, and an administrator remains."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests import cast
from tests.cast import AT
from yika.lib.decisions import Refusal
from yika.people import actions
from yika.people.models import SignedIn, User
from yika.people.rules import SESSIONS, Role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run all at the same moment, each on a connection of its own; a refusal is the answer of its job."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
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


def test_of_many_tries_at_once_no_more_than_the_limit_pass() -> None:
    answers = at_once([lambda: actions.attempt_allowed("report", "a", 5, 60, AT)] * 12)
    assert sum(bool(answer) for answer in answers) <= 5


def test_a_password_cannot_be_guessed_by_guessing_all_at_once() -> None:
    whose = cast.technician()

    def guess() -> object:
        return actions.check_password(whose.username, "wrong", address="10.0.0.1", at=AT)

    answers = at_once([guess] * 12)
    tried = [answer for answer in answers if not isinstance(answer, actions.Locked)]
    assert len(tried) <= 5


def test_two_administrators_cannot_send_each_other_away() -> None:
    first, second = cast.administrator(), cast.administrator()
    answers = at_once(
        [
            lambda: actions.deactivate(second, by=first, at=AT),
            lambda: actions.deactivate(first, by=second, at=AT),
        ]
    )
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert User.objects.active().filter(role=Role.ADMINISTRATOR).count() == 1


def test_sessions_begun_at_once_are_still_at_most_five() -> None:
    whose = cast.technician()
    at_once([lambda: actions.begin_session(whose, address="10.0.0.1", agent="", at=AT)] * 9)
    assert SignedIn.objects.filter(person=whose).count() == SESSIONS
