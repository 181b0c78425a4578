"""The list of faults narrowed by contract and day, and how what has ended ended."""

import re
from datetime import timedelta

import pytest

from tests import builders, cast
from tests.cast import AT
from tests.faults.test_pages import MINUTE, ClientAs, html
from yika.commitments import actions as commitments
from yika.commitments.rules import Outcome
from yika.contracts.models import Contract
from yika.faults.models import Fault
from yika.faults.rules import State
from yika.lib import clock

pytestmark = pytest.mark.django_db


def test_the_list_is_narrowed_by_contract_and_day_of_report(client_as: ClientAs) -> None:
    first, later = builders.fault(at=AT), builders.fault(at=AT + timedelta(days=3))
    assert 'name="contract"' not in html(client_as(cast.office()), "faults:list")
    now = first.contract
    other = Contract.objects.create(
        number="HT-2", name="旧", office=now.office, vendor=now.vendor, standard=now.standard,
        starts_on=now.starts_on, ends_on=now.ends_on,
    )  # fmt: skip
    old = builders.fault(at=AT)
    Fault.objects.filter(pk=old.pk).update(contract=other)
    browser, day = client_as(cast.office()), clock.campus_date(AT)

    def numbers(**query: object) -> set[str]:
        text = html(browser, "faults:list", state="all", **query)
        return {one.number for one in (first, later, old) if f">{one.number}<" in text}

    assert numbers(contract=other.pk) == {old.number}
    assert numbers(contract=now.pk, since=day + timedelta(days=1)) == {later.number}
    assert numbers(until=day) == {first.number, old.number}
    assert numbers(since=day, until=day + timedelta(days=3)) == {first.number, later.number, old.number}
    assert 'name="contract"' in html(browser, "faults:list")


def test_an_ended_fault_shows_whether_its_limits_were_met(client_as: ClientAs) -> None:
    fault = builders.fault(State.CLOSED)
    assert fault.repair

    def shown() -> str:
        text = html(client_as(cast.office()), "faults:list", state="ended")
        return " ".join(re.sub(r"<[^>]*>", " ", text[text.index(f">{fault.number}<") :]).split())[:60]

    assert "响应 按时 修复 按时" in shown()
    commitments.rule_outcome(
        fault.repair, outcome=Outcome.MISSED, reason="未修好", by=cast.office(), at=AT + 40 * MINUTE
    )
    assert "响应 按时 修复 超时" in shown()
