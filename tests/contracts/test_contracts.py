"""A contract runs under one version after the other; what was promised under one stays there."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.standards.texts import changed
from yika.contracts import actions, queries
from yika.contracts.models import Contract
from yika.contracts.policies import visible
from yika.journal.models import Event
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.lib.clock import day_end, day_start
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.models import Organisation, User
from yika.people.rules import Side
from yika.standards.actions import builtin, load
from yika.standards.queries import in_force

pytestmark = pytest.mark.django_db


def entered(
    number: str = "HT-1", starts_on: date = date(2026, 1, 1), ends_on: date = date(2026, 12, 31)
) -> Contract:
    return actions.create(
        number,
        name="校园一卡通基础运维外包合同",
        office=cast.organisation(Side.OFFICE),
        vendor=cast.organisation(Side.VENDOR),
        version=builtin(cast.AT),
        starts_on=starts_on,
        ends_on=ends_on,
        by=cast.office(),
        at=cast.AT,
    )


def test_current_is_the_contract_whose_days_hold_the_moment() -> None:
    contract = entered()
    assert queries.current(cast.AT) == contract
    assert queries.current(day_start(contract.starts_on)) == contract
    assert queries.current(day_end(contract.ends_on) - timedelta(seconds=1)) == contract
    for outside in (day_start(contract.starts_on) - timedelta(seconds=1), day_end(contract.ends_on)):
        with pytest.raises(WrongState, match="没有生效的合同"):
            queries.current(outside)


def test_of_two_running_contracts_the_one_begun_last_counts() -> None:
    entered()
    later = entered("HT-2", date(2026, 2, 1), date(2027, 1, 31))
    assert queries.current(cast.AT) == later


def test_adopting_moves_the_contract_on_and_keeps_the_history() -> None:
    contract, office = entered(), cast.office()
    new = load(changed(('"12h"', '"10h"')), by=office, at=cast.AT)
    later = cast.AT + timedelta(days=1)
    actions.adopt(contract, new, by=office, at=later)
    contract.refresh_from_db()
    assert contract.standard == new
    assert [(one.standard.version, one.since_at) for one in queries.history(contract)] == [
        ("2.0", later),
        ("1.0", cast.AT),
    ]
    assert in_force(type(new).objects.all()) == new
    event = Event.objects.get(verb="contracts.adopt")
    assert event.data["before"].endswith("1.0")
    assert event.data["standard"].endswith("2.0")


def test_the_version_in_force_is_refused_and_so_is_an_ended_contract() -> None:
    contract, office = entered(), cast.office()
    with pytest.raises(WrongState, match="已按该版本执行"):
        actions.adopt(contract, contract.standard, by=office, at=cast.AT)
    new = load(changed(), by=office, at=cast.AT)
    with pytest.raises(WrongState, match="已到期"):
        actions.adopt(contract, new, by=office, at=day_end(contract.ends_on))


def test_the_vendor_neither_enters_nor_adopts() -> None:
    contract = entered()
    new = load(changed(), by=SYSTEM, at=cast.AT)
    for person in (cast.manager(), cast.dispatcher(), cast.technician(), cast.auditor()):
        with pytest.raises(NotAllowed):
            actions.adopt(contract, new, by=person, at=cast.AT)


def test_wrong_contracts_are_refused() -> None:
    entered()
    with pytest.raises(BadInput, match="已存在"):
        entered()
    with pytest.raises(BadInput, match="早于"):
        entered("HT-3", date(2026, 5, 1), date(2026, 4, 30))


def test_a_vendor_sees_its_own_contracts_only() -> None:
    contract = entered()
    other = cast.manager()
    other.organisation = Organisation.objects.create(name="另一家供应商", side=Side.VENDOR)
    other.save()
    assert not visible(other).exists()
    assert list(visible(cast.manager())) == [contract]
    assert list(visible(cast.auditor())) == [contract]


def test_adopting_on_the_page_says_what_will_change(client_as: Callable[[User | None], Client]) -> None:
    contract = entered()
    new = load(changed(('"12h"', '"10h"')), by=SYSTEM, at=cast.AT)
    browser = client_as(cast.office())
    with clock.frozen(cast.AT):
        page = browser.get(f"/contracts/{contract.pk}/adopt/{new.pk}/").content.decode()
        assert "12 小时" in page
        assert "10 小时" in page
        browser.post(f"/contracts/{contract.pk}/adopt/{new.pk}/")
        page = browser.get(f"/contracts/{contract.pk}/").content.decode()
    contract.refresh_from_db()
    assert contract.standard == new
    assert "2.0" in page


def queries_of(browser: Client, url: str) -> int:
    """How many queries a page costs, its session being warm."""
    with clock.frozen(cast.AT):
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200
    return len(asked)


def test_the_list_costs_the_same_for_few_and_many(client_as: Callable[[User | None], Client]) -> None:
    browser = client_as(cast.office())
    entered()
    few = queries_of(browser, "/contracts/")
    for n in range(5):
        entered(f"HT-2-{n}")
    assert queries_of(browser, "/contracts/") == few
