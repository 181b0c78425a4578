"""Reclassified up and down, before, on and after each deadline: always from the report, nothing forgotten."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests import builders, cast
from tests.cast import AT
from tests.faults.lives import GRADES, REPAIR_H, check
from yika.assets.models import Device
from yika.commitments.models import Commitment
from yika.faults.actions import asking, classifying
from yika.faults.models import Channel, Fault
from yika.faults.rules import RulingKind
from yika.people.models import User

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TERMINALS = {"general": 1, "larger": 5, "major": 10, "severe": 50}
RESPONSE_M = {"general": 60, "larger": 30, "major": 30, "severe": 30}
CHANGES = list(permutations(GRADES, 2))
WAYS = ("stated", "named", "ruled")


def taken(severity: str) -> Fault:
    return builders.report(
        by=cast.dispatcher(),
        channel=Channel.PHONE,
        where=builders.place(),
        terminals=TERMINALS[severity],
        cardholders=0,
    ).fault


def moments(severity: str) -> list[timedelta]:
    """Before, on and behind each of the two deadlines."""
    dues = timedelta(minutes=RESPONSE_M[severity]), timedelta(hours=REPAIR_H[severity])
    return [due + beside for due in dues for beside in (-SECOND, timedelta(), SECOND)]


def of(row: Commitment | None) -> Commitment:
    assert row
    return row


@pytest.fixture
def devices() -> list[Device]:
    return [builders.device() for _ in range(50)]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_every_change_at_every_moment(before: str, after: str, devices: list[Device]) -> None:
    desk, office = cast.dispatcher(), cast.office()
    for way in WAYS:
        for passed in moments(before) if way == "stated" else moments(before)[2::3]:
            change(taken(before), before, after, way, passed, devices, office if way == "ruled" else desk)


def change(
    fault: Fault, before: str, after: str, way: str, passed: timedelta, devices: list[Device], by: User
) -> None:
    classifying.classify(
        fault,
        terminals=TERMINALS[after],
        cardholders=0,
        devices=devices[: TERMINALS[after]] if way == "named" else [],
        reason="现场清点",
        by=by,
        at=AT + passed,
    )
    check(fault)
    response, repair = of(fault.response), of(fault.repair)
    assert fault.severity == after
    assert response.due_at == AT + timedelta(minutes=RESPONSE_M[after]), "at once, and from the report"
    longer = REPAIR_H[after] > REPAIR_H[before]
    waits = longer and way == "stated"
    assert repair.due_at == AT + timedelta(hours=REPAIR_H[before if waits else after])
    assert fault.rulings.filter(kind=RulingKind.LENGTHEN, decided_at=None).exists() is waits
    # what had run out before stays on record, whatever the limit is now
    ran_out = passed > timedelta(hours=REPAIR_H[before])
    missed = Commitment.objects.with_former_misses().get(pk=repair.pk).formerly_missed
    assert missed is (ran_out and not waits)
    assert fault.classifications.count() == 2


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("hours", [1, 12, 13])
def test_consent_counts_from_the_report_whenever_it_comes(granted: bool, hours: int) -> None:
    fault, desk, office = taken("general"), cast.dispatcher(), cast.office()
    classifying.classify(fault, terminals=50, cardholders=0, reason="整区停机", by=desk, at=AT + MINUTE)
    ruling = fault.rulings.get(kind=RulingKind.LENGTHEN)
    asking.decide(ruling, granted=granted, decision="核实", by=office, at=AT + hours * HOUR)
    check(fault)
    fault.refresh_from_db()
    assert of(fault.repair).due_at == AT + (72 if granted else 12) * HOUR
    assert of(fault.response).due_at == AT + 30 * MINUTE
    assert fault.severity == "severe"
    missed = Commitment.objects.with_former_misses().get(pk=of(fault.repair).pk).formerly_missed
    assert missed is (granted and hours > 12)


def test_up_and_down_and_up_again_keeps_every_statement_and_ends_where_the_last_one_says() -> None:
    fault, desk, office = taken("general"), cast.dispatcher(), cast.office()
    story = [("severe", desk), ("larger", desk), ("major", office), ("general", office), ("severe", office)]
    for minutes, (severity, by) in enumerate(story, 1):
        classifying.classify(
            fault,
            terminals=TERMINALS[severity],
            cardholders=0,
            reason="复核",
            by=by,
            at=AT + minutes * MINUTE,
        )
        check(fault)
    assert list(fault.classifications.values_list("severity", "ruled")) == [
        ("general", False),
        ("severe", False),
        ("larger", False),
        ("major", True),
        ("general", True),
        ("severe", True),
    ]
    assert of(fault.repair).due_at == AT + 72 * HOUR
