"""Every boundary of clause 2, from the form at the desk to the page: the same class, clause and due times."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.cast import AT
from yika.commitments.models import Commitment
from yika.faults.actions import asking
from yika.faults.models import Channel, Fault
from yika.faults.rules import Facts, Statement, clocks
from yika.lib import clock
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Impact

pytestmark = pytest.mark.django_db

# Read off the specification's table, by hand: what each count alone gives.
TERMINALS = {
    **dict.fromkeys((0, 1, 4), 0),
    **dict.fromkeys((5, 6, 9), 1),
    **dict.fromkeys((10, 11, 49), 2),
    **dict.fromkeys((50, 51), 3),
}
CARDHOLDERS = {
    **dict.fromkeys((0, 1), 0),
    **dict.fromkeys((2, 99), 1),
    **dict.fromkeys((100, 101, 999), 2),
    **dict.fromkeys((1000, 1001), 3),
}
# class, its clause, the clause of its limits, response in minutes, repair in hours
CLASSES = (
    ("general", "2.1", "4.2.2.1", 60, 12),
    ("larger", "2.2", "4.2.2.2", 30, 24),
    ("major", "2.3", "4.2.2.3", 30, 48),
    ("severe", "2.4", "4.2.2.4", 30, 72),
)
WORDS = {"general": "一般", "larger": "较大", "major": "大", "severe": "严重"}
ALL = list(product(TERMINALS, CARDHOLDERS))
SAMPLE = [(0, 0), (4, 1), (5, 0), (0, 2), (9, 99), (10, 0), (0, 100), (49, 999), (50, 0), (0, 1000), (51, 1)]


def graver(terminals: int, cardholders: int) -> tuple[str, str, str, int, int]:
    return CLASSES[max(TERMINALS[terminals], CARDHOLDERS[cardholders])]


def taken(terminals: int, cardholders: int) -> Fault:
    """A call, taken at the desk."""
    return builders.report(
        by=cast.dispatcher(),
        channel=Channel.PHONE,
        where=builders.place(),
        terminals=terminals,
        cardholders=cardholders,
    ).fault


def promised(row: Commitment | None) -> tuple[str, timedelta]:
    assert row
    return row.clause, row.due_at - row.started_at


def test_at_the_desk_every_boundary_gives_the_class_and_limits_of_the_text() -> None:
    wrong = []
    for terminals, cardholders in ALL:
        fault = taken(terminals, cardholders)
        severity, clause, limits, minutes, hours = graver(terminals, cardholders)
        found = (
            fault.severity,
            fault.level.clause,
            promised(fault.response),
            promised(fault.repair),
            fault.reported_at,
            fault.urgent_at,
        )
        expected = (
            severity,
            clause,
            (limits, timedelta(minutes=minutes)),
            (limits, timedelta(hours=hours)),
            AT,
            AT + timedelta(minutes=minutes),
        )
        if found != expected:
            wrong.append((terminals, cardholders, found, expected))
    assert not wrong


def test_arithmetic_alone_gives_the_same() -> None:
    standard = standard_of(builders.contract().standard)
    for terminals, cardholders in ALL:
        severity, clause, limits, minutes, hours = graver(terminals, cardholders)
        found = clocks(Facts(AT, (Statement(Impact(terminals, cardholders), AT),)), standard)
        assert (found.level.key, found.level.clause) == (severity, clause), (terminals, cardholders)
        assert found.response and found.repair
        assert (found.response.limit.clause, found.response.limit.seconds) == (limits, minutes * 60)
        assert (found.repair.limit.clause, found.repair.limit.seconds) == (limits, hours * 3600)


@pytest.mark.parametrize(("terminals", "cardholders"), SAMPLE)
def test_the_form_and_the_page_say_the_same(
    terminals: int, cardholders: int, client_as: Callable[[User | None], Client]
) -> None:
    browser = client_as(cast.dispatcher())
    builders.contract()
    form = {
        "submission": str(uuid.uuid4()),
        "channel": "phone",
        "symptom": "system",
        "place": builders.place().pk,
        "terminals": terminals,
        "cardholders": cardholders,
    }
    with clock.frozen(AT):
        answer = browser.post(reverse("faults:new"), form)
        page = browser.get(answer.headers["Location"]).content.decode()
    severity, clause, _limits, minutes, hours = graver(terminals, cardholders)
    assert f'<span class="sev sev-{severity}">{WORDS[severity]}</span>' in page
    assert f"影响终端 {terminals} 台、持卡人 {cardholders} 人（{clause}）" in page
    for due in (AT + timedelta(minutes=minutes), AT + timedelta(hours=hours)):
        assert due.strftime("%Y-%m-%dT%H:%M:%S") in page or clock.campus(due).isoformat() in page, due


@pytest.mark.parametrize("terminals", [0, 5, 50])
def test_a_special_cause_has_its_response_limit_and_no_repair_limit_whatever_the_size(
    terminals: int, client_as: Callable[[User | None], Client]
) -> None:
    fault = taken(terminals, 0)
    cause = standard_of(fault.standard).causes[0].key
    office = cast.office()
    asking.rule_special(fault, special=True, cause=cause, decision="银行公告", by=office, at=AT)
    assert fault.severity == "special" and fault.level.clause == "2.5"
    assert promised(fault.response) == ("4.2.2.5", timedelta(minutes=30))
    assert fault.repair and fault.repair.voided_at
    assert fault.urgent_at == AT + timedelta(minutes=30)
    with clock.frozen(AT):
        page = client_as(office).get(reverse("faults:page", args=[fault.pk])).content.decode()
    assert "不设时限" in page and "按原因认定（2.5）" in page
