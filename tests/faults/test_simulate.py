"""``yika simulate``: an invented campus that holds together as the product's own would, marked as such."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from tests import builders, cast
from yika.assets.models import Device
from yika.commitments.jobs import handle_due
from yika.commitments.models import Alert, Commitment, Exemption, Term
from yika.commitments.queries import unhandled
from yika.commitments.rules import Outcome
from yika.contracts.models import Contract
from yika.contracts.queries import current
from yika.faults import cli_history
from yika.faults.actions import simulating, working
from yika.faults.actions.clocks import bring
from yika.faults.actions.simulating import simulate
from yika.faults.models import Classification, Fault, FaultLog, Feedback, Move, Report, Ruling
from yika.faults.queries import facts_of, page_of
from yika.faults.rules import MOVES, State, Verb, clocks
from yika.faults.simulating.seasons import days_of, moments, weight
from yika.journal.models import Event
from yika.journal.rules import COMMAND_LINE, WORKER
from yika.lib import clock
from yika.lib.clock import campus
from yika.lib.decisions import NotAllowed, WrongState
from yika.notices.models import Notice
from yika.people.models import User
from yika.people.rules import Role
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # Tuesday 12:30 on campus
TABLES = (Fault, Report, Classification, Move, Ruling, Feedback, FaultLog, Commitment, Term, Exemption, Alert)


def campus_of(**more: int) -> simulating.Simulated:
    told: dict[str, int] = {"devices": 120, "months": 6, "seed": 7, "faults": 600, **more}
    return simulate(**told, by=COMMAND_LINE, at=AT)  # type: ignore[arg-type]


def test_it_is_marked_and_counted() -> None:
    made = campus_of()
    assert made.contract.name.endswith("（模拟）")
    assert made.contract.vendor.name.endswith("（模拟）")
    assert (Device.objects.count(), Fault.objects.count()) == (120, 600)
    assert Report.objects.count() == Classification.objects.count() == 600
    said = Event.objects.get(verb="faults.simulate_campus")
    assert (said.data["faults"], said.data["seed"]) == (600, 7)
    assert Event.objects.filter(verb="faults.simulate").count() == 600
    assert User.objects.filter(role=Role.TECHNICIAN).count() == 6
    connection.check_constraints()


def test_the_rows_say_what_the_clocks_rest_on() -> None:
    """Asked again from its rows, as any fault is, nothing differs; no move that the table forbids."""
    campus_of(due=5)
    before = Event.objects.count()
    for fault in Fault.objects.select_related("standard", "response", "repair").order_by("pk")[::7]:
        standard = standard_of(fault.standard)
        found = clocks(facts_of(fault, standard), standard)
        assert fault.severity == found.level.key
        urgent, state = fault.urgent_at, State.REPORTED
        for move in fault.moves.all():
            assert MOVES[state, Verb(move.verb)] == move.to_state
            state = State(move.to_state)
        assert state == fault.state
        with transaction.atomic():
            bring(fault, by=WORKER, at=AT)
        assert fault.urgent_at == urgent
        page_of(fault, AT)
    assert Event.objects.count() == before


def test_believable_years() -> None:
    campus_of(faults=3000)
    hours = Counter(campus(at).hour for at in Fault.objects.values_list("reported_at", flat=True))
    assert hours[11] + hours[12] > 4 * (hours[2] + hours[3] + 1)
    assert set(Fault.objects.values_list("severity", flat=True)) == {
        "general", "larger", "major", "severe", "special",
    }  # fmt: skip
    counted = [row.raw_outcome(AT) for row in Commitment.objects.standing()]
    assert 0.02 < counted.count(Outcome.MISSED) / len(counted) < 0.12
    assert Exemption.objects.filter(granted=True).exists()
    assert Fault.objects.filter(state=State.CALLED_OFF).exists()
    assert 0 < Fault.objects.open().count() < 200
    assert not Fault.objects.filter(reported_at__gt=AT).exists()
    assert not Move.objects.filter(recorded_at__gt=AT).exists()


def test_the_sweep_and_its_auditor_find_only_what_is_due() -> None:
    campus_of(due=40)
    assert unhandled(AT) == []
    due = Commitment.objects.filter(next_alert_at__lte=AT)
    assert due.count() == 40
    assert {row.fault_by_response.state for row in due} == {State.DISPATCHED}
    assert not Notice.objects.exists()
    handled = 0
    while done := handle_due(AT):
        handled += done
    assert handled == 40
    assert Notice.objects.exists()
    assert unhandled(AT + timedelta(minutes=4)) == []


def test_an_open_fault_goes_on_as_any_other() -> None:
    campus_of(due=1)
    fault = Fault.objects.order_by("-pk")[0]
    technician = fault.technician
    assert fault.state == State.DISPATCHED and technician
    working.accept(fault, by=technician, at=AT)
    working.set_out(fault, by=technician, at=AT)
    working.arrive(fault, by=technician, at=AT, note="标签脱落")
    assert fault.response and fault.response.settled_at == AT


def shape() -> list[tuple[object, ...]]:
    """Everything but keys and secrets."""
    return list(
        Fault.objects.order_by("pk").values_list(
            "reported_at", "severity", "state", "device__number", "description", "response__settled_at"
        )
    )


def test_the_same_seed_makes_the_same_years() -> None:
    with transaction.atomic():
        campus_of(faults=200)
        first = shape()
        transaction.set_rollback(True)
    campus_of(faults=200)
    again = shape()
    assert again == first
    simulate(devices=120, months=6, seed=8, faults=200, by=COMMAND_LINE, at=AT)
    assert shape()[200:] != first


def test_a_seed_is_used_once() -> None:
    campus_of(faults=1)
    with pytest.raises(WrongState, match="种子 7"):
        campus_of(faults=1)


def test_not_into_a_real_database_unless_told() -> None:
    real = builders.contract()
    with pytest.raises(WrongState, match=real.number):
        campus_of()
    assert not Fault.objects.exists() and not Device.objects.exists()
    simulate(devices=50, months=1, seed=3, faults=20, beside_real=True, by=COMMAND_LINE, at=AT)
    assert current(AT) == real
    assert Contract.objects.get(number="MN3").ends_on < clock.campus_date(AT)


def test_only_from_the_command_line() -> None:
    with pytest.raises(NotAllowed):
        simulate(devices=50, months=1, seed=3, faults=20, by=WORKER, at=AT)


def test_the_command_names_accounts_that_open() -> None:
    with clock.frozen(AT):
        result = CliRunner().invoke(
            cli_history.simulate, ["--devices", "40", "--months", "1", "--seed", "2", "--lang", "en"]
        )
    assert result.exit_code == 0, result.output
    assert "40 devices, 10 faults" in result.stdout
    password = result.stdout.partition("password of each: ")[2].split()[0]
    assert User.objects.get(username="mn2-manager").check_password(password)
    refused = CliRunner().invoke(cli_history.simulate, ["--devices", "40", "--seed", "2"])
    assert refused.exit_code == 1 and "种子" in refused.stderr


def test_moments_are_as_many_as_asked_and_in_order() -> None:
    from random import Random

    for count in (0, 1, 17, 500):
        found = list(moments(days_of(AT, 4), count, Random(1), AT))
        assert len(found) == count and found == sorted(found)
        assert all(at <= AT for at in found)
    days = days_of(AT, 12)
    assert weight(next(day for day in days if day.month == 2 and day.day == 1)) < 0.2


def test_people_of_the_cast_are_not_mixed_in() -> None:
    """Only its own people hold its faults."""
    outsider = cast.technician()
    campus_of(faults=100)
    assert not Fault.objects.filter(technician=outsider).exists()
