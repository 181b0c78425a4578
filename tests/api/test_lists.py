"""Lists, single things, figures: what they say, how they page, what they cost."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from tests.api.program import Program, program
from tests.matrix import NOON
from yika.api.rules import Scope
from yika.faults import explaining
from yika.faults.rules import State
from yika.journal.models import Event
from yika.lib import clock
from yika.people.models import Shift
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db


def walk(asks: Any, path: str, **query: Any) -> list[int]:
    """The keys of a whole list, page by page."""
    keys: list[int] = []
    cursor = ""
    while True:
        told = asks.get(path, limit=2, **query, **({"cursor": cursor} if cursor else {}))
        keys += [one["id"] for one in told["items"]]
        if told["next"] is None:
            return keys
        cursor = told["next"]


def test_lists_page_by_key_without_loss_or_repetition() -> None:
    faults = [builders.fault(at=cast.AT + timedelta(seconds=n % 3)) for n in range(7)]
    reader = program(cast.auditor())
    assert sorted(walk(reader, "/faults")) == [fault.pk for fault in faults]
    latest = sorted(faults, key=lambda fault: (fault.reported_at, fault.pk), reverse=True)
    assert walk(reader, "/faults", state="all") == [fault.pk for fault in latest]
    for path in ("/commitments", "/devices", "/places", "/journal/events"):
        keys = walk(reader, path)
        assert len(keys) == len(set(keys)) >= 4, path


def test_faults_are_narrowed_as_on_the_page() -> None:
    here = builders.place("校园/北区/食堂")
    one = builders.fault(where=here, description="圈存机 黑屏")
    done = builders.fault(State.CLOSED)
    mine = builders.fault(State.DISPATCHED, to=cast.technician("赵工"))
    desk = program(cast.dispatcher())
    top = here.parent
    assert top and mine.technician

    def found(**query: Any) -> list[int]:
        return [row["id"] for row in desk.get("/faults", **query)["items"]]

    assert sorted(found()) == [one.pk, mine.pk]
    assert found(state="ended") == [done.pk]
    assert found(state="dispatched") == [mine.pk]
    assert found(place=top.pk) == [one.pk]
    assert found(q="黑屏 食堂") == [one.pk]
    assert found(technician=mine.technician.pk) == [mine.pk]
    assert found(severity="none") == []
    with clock.frozen(cast.AT + timedelta(days=3)):
        assert sorted(found(overdue="true")) == [one.pk, mine.pk]
    desk.get("/faults", place=999)
    assert desk.status == 422


def test_commitments_are_narrowed_and_tell_their_arithmetic() -> None:
    fault = builders.fault(State.WORKING)
    assert fault.response and fault.repair
    reader = program(cast.office())

    def found(**query: Any) -> list[int]:
        return sorted(row["id"] for row in reader.get("/commitments", **query)["items"])

    assert found() == [fault.repair.pk] and found(state="all") == [fault.response.pk, fault.repair.pk]
    assert found(kind="response") == [] and found(clause=fault.repair.clause) == [fault.repair.pk]
    assert found(month="2026-03", state="all") and not found(month="2026-02", state="all")
    with clock.frozen(cast.AT + timedelta(days=30)):
        assert found(state="overdue") == [fault.repair.pk]
    told = reader.get(f"/commitments/{fault.response.pk}")
    assert (told["fault"], told["outcome"], told["raw"]) == (fault.pk, "met", "met")
    assert told["terms"][0]["allowance_s"] == told["allowance_s"]
    assert told["timeline"][-1]["verb"] == "commitments.open"


def test_places_and_devices() -> None:
    device = builders.device("T-77777", at="校园/南区/超市")
    builders.device("T-88888", at="校园/南区/超市", in_use=False)
    reader = program(cast.technician())
    assert [one["number"] for one in reader.get("/devices")["items"]] == ["T-77777"]
    assert reader.get("/devices", number="T-88888", in_use="false")["items"][0]["in_use"] is False
    assert reader.get(f"/devices/{device.pk}")["place"]["name"] == "校园/南区/超市"
    assert reader.get("/places", q="超市")["items"][0]["id"] == device.place_id
    assert reader.get(f"/places/{device.place_id}")["full_name"] == "校园/南区/超市"
    reader.get("/places/99999")
    assert reader.status == 404


def test_who_is_on_duty_with_phone_masked() -> None:
    person = cast.technician("赵工")
    Shift.objects.create(person=person, starts_at=cast.AT, ends_at=cast.AT + timedelta(hours=8))
    builders.fault(State.ACCEPTED, to=person)
    told = program(cast.dispatcher()).get("/people/on-duty")
    (one,) = told["people"]
    assert (one["name"], one["load"], one["until"]) == ("赵工", 1, "2026-03-02T17:12:00+08:00")
    assert "****" in one["phone"]
    later = program(cast.dispatcher()).get("/people/on-duty", at="2026-03-02T17:12:00+08:00")
    assert later["people"] == []


def test_the_standard_and_what_follows_from_it() -> None:
    contract = builders.contract()
    reader = program(cast.auditor())
    told = reader.get("/standards/current")
    assert told == reader.get(f"/standards/{contract.standard_id}")
    assert [one["id"] for one in reader.get("/standards")] == [contract.standard_id]
    assert {"2.6", "2.7"} <= {clause["key"] for clause in told["clauses"]}
    asked = {
        "terminals": 7,
        "reported_at": "2026-11-22T09:12:00+08:00",
        "arrived_at": "2026-11-22T09:40:00+08:00",
    }
    explained = reader.get("/explain", **asked)
    standard = standard_of(contract.standard)
    reported, arrived = (clock.read(str(asked[name])) for name in ("reported_at", "arrived_at"))
    result = explaining.explain(explaining.Case(reported, 7, 0, False, arrived), standard, arrived)
    assert {name: explained[name] for name in explaining.as_data(result)} == explaining.as_data(result)
    assert explained["lines"] == list(explaining.lines(result, standard))
    for wrong in (
        {"cause": "weather"},
        {"arrived_at": "2026-11-22T09:11:59+08:00"},
        {"shipped_at": "2026-11-23T00:00:00+08:00"},
        {"standard": 999},
    ):
        reader.get("/explain", **(asked | wrong))
        assert reader.status == 422


def test_the_figures_of_a_month() -> None:
    builders.fault(State.CLOSED)
    builders.fault()
    reader = program(cast.office())
    told = reader.get("/compliance", month="2026-03")
    assert (told["total"]["total"], told["total"]["met"], told["total"]["open"]) == (4, 2, 2)
    assert sum(line["figure"]["total"] for line in told["lines"]) == 4
    assert reader.get("/compliance", month="2019-01")["total"] is None
    reader.get("/compliance", contract=999)
    assert reader.status == 422
    refused = program(cast.technician())
    refused.get("/compliance")
    assert refused.status == 403


def test_events_and_the_copy_of_the_journal() -> None:
    builders.fault(State.CLOSED)
    reader = program(cast.auditor())
    told = reader.get("/journal/events", noun="fault", verb="faults.close")["items"]
    assert [one["verb"] for one in told] == ["faults.close"]
    response = Client().get("/api/v1/journal/copy", headers={"Authorization": f"Bearer {reader.secret}"})
    lines = [json.loads(line) for line in response.getvalue().decode().splitlines()]
    assert lines[-1]["end"]["events"] == Event.objects.count()
    assert Event.objects.filter(verb="journal.take_copy").exists()
    refused = program(cast.auditor(), Scope.READ)
    refused.get("/journal/events")
    assert refused.status == 403


LISTS = ("/faults", "/faults?state=all", "/commitments", "/devices", "/places", "/rulings", "/journal/events")


def cost(asks: Program, path: str, **query: Any) -> int:
    """How many queries a request takes; the token's use has been noted before."""
    asks.get("/me")
    with CaptureQueriesContext(connection) as counted:
        asks.get(path, **query)
    assert asks.status == 200
    return len(counted)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_however_long(path: str) -> None:
    reader = program(cast.office())
    asked: dict[str, Any] = {"state": "all"} if "?" in path else {}
    costs = []
    for _n in range(2):
        for _m in range(4):
            fault = builders.fault(State.WORKING)
            fault.rulings.create(kind="special", claim="停电", asked_by=cast.manager(), asked_at=NOON)
        costs.append(cost(reader, path.partition("?")[0], **asked))
    assert costs[0] == costs[1] <= 3


def test_a_fault_costs_the_same_however_long_its_story() -> None:
    fault = builders.fault(State.WORKING)
    reader, desk = program(cast.office()), program(cast.manager())
    desk.post(f"/faults/{fault.pk}/reports")
    first = cost(reader, f"/faults/{fault.pk}")
    for _n in range(4):
        desk.post(f"/faults/{fault.pk}/reports")
        desk.post(f"/faults/{fault.pk}/classify", {"terminals": 1, "cardholders": 0, "reason": "核实"})
        assert desk.status == 200
    assert cost(reader, f"/faults/{fault.pk}") == first


def test_what_a_creation_costs() -> None:
    """Of the API's own: one query for the token, one row for the key."""
    builders.contract()
    body = {"symptom": "terminal_dead", "devices": [builders.device().number]}
    desk = program(cast.dispatcher())
    desk.get("/me")
    with CaptureQueriesContext(connection) as counted:
        desk.post("/faults", body, Idempotency_Key="5f0c6a3e-6a0e-4c43-8b5b-0f3f7e0a1c2d")
    assert desk.status == 201
    own = [row["sql"].split()[0] for row in counted if "api_" in row["sql"]]
    assert own == ["SELECT", "INSERT"]
