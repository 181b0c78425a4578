"""推演: the contract's history under a changed standard, fault by fault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from yika.commitments.actions import rule_outcome
from yika.commitments.models import Commitment
from yika.commitments.queries import compliance
from yika.commitments.rules import Kind, Month, Outcome
from yika.contracts.models import Contract
from yika.faults import queries
from yika.faults.actions import classifying
from yika.faults.queries import simulation
from yika.faults.rules import State
from yika.lib import clock
from yika.people.models import User
from yika.standards.queries import standard_of
from yika.standards.rules import Standard

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
AT = cast.AT
LATER = AT + timedelta(days=2)


def with_response(standard: Standard, key: str, minutes: int) -> Standard:
    levels = tuple(
        replace(level, response=replace(level.response, seconds=minutes * 60))
        if level.key == key and level.response
        else level
        for level in standard.levels
    )
    return replace(standard, levels=levels)


def run(other: Standard) -> queries.Simulation:
    contract = builders.contract()
    month = Month.of(AT)
    return queries.simulate(queries.faults_between(cast.office(), contract, month, month), other, LATER)


def test_the_same_standard_changes_nothing_and_counts_what_the_commitments_say() -> None:
    faults = [builders.fault(State.CLOSED), builders.fault(State.WORKING), builders.fault()]
    found = run(standard_of(faults[0].standard))
    assert (found.faults, found.differing) == (3, 0)
    for kind in Kind:
        rows = Commitment.objects.filter(kind=kind)
        for outcome in Outcome:
            stored = sum(1 for row in rows if row.excused_outcome(LATER) is outcome)
            assert found.outcomes[kind, "before", outcome] == stored
            assert found.outcomes[kind, "after", outcome] == stored


def test_a_shorter_response_turns_exactly_the_faults_it_should() -> None:
    slow, quick = builders.fault(State.CLOSED), builders.fault(State.CLOSED)
    unattended = builders.fault()
    found = run(with_response(standard_of(quick.standard), "general", 3))
    assert found.turned == 2  # both arrived after four minutes; the third was missed before and is now
    assert {one.fault.pk for one in found.shown if one.outcome_changes} == {slow.pk, quick.pk}
    (kept,) = (one for one in found.shown if one.fault.pk == unattended.pk)
    assert kept.before.response.outcome is kept.after.response.outcome is Outcome.MISSED
    assert kept.after.response.due_at == AT + timedelta(minutes=3)


def test_evidence_and_consent_count_under_the_changed_standard_too() -> None:
    fault = builders.fault()
    classifying.classify(
        fault, terminals=12, cardholders=0, reason="整层", by=cast.dispatcher(), at=AT + timedelta(minutes=1)
    )
    found = run(with_response(standard_of(fault.standard), "major", 45))
    (one,) = found.shown
    assert one.after.response.due_at == AT + timedelta(minutes=45)
    assert one.after.repair.due_at == AT + timedelta(hours=12)


def test_the_page_shows_counts_and_each_difference(client_as: ClientAs) -> None:
    fault = builders.fault(State.CLOSED)
    client = client_as(cast.office())
    month = str(Month.of(AT))
    with clock.frozen(LATER):
        empty = client.get(reverse("faults:simulation")).content.decode()
        asked = {"first": month, "last": month, "response_general": "3", "repair_general": "12"}
        shown = client.get(reverse("faults:simulation"), asked).content.decode()
        same = client.get(reverse("faults:simulation"), asked | {"response_general": "60"}).content.decode()
        wrong = client.get(reverse("faults:simulation"), {"first": "2026-13", "last": month})
    assert fault.number not in empty
    assert fault.number in shown and "超时" in shown
    assert "结果没有任何不同" in same
    assert wrong.status_code == 422 and "2026-03 的格式" in wrong.content.decode()


def test_what_the_office_ruled_counts_before_and_after_as_in_the_compliance() -> None:
    fault, late = builders.fault(), builders.fault()
    assert fault.response
    rule_outcome(fault.response, outcome=Outcome.MET, reason="电话中已处理", by=cast.office(), at=LATER)
    found = run(with_response(standard_of(fault.standard), "general", 3))
    figures = compliance(
        Commitment.objects.filter(kind=Kind.RESPONSE),
        from_at=Month.of(AT).starts_at,
        until_at=Month.of(AT).ends_at,
        as_of=LATER,
    )
    ((_duty, figure),) = figures[Month.of(AT)].items()
    assert (figure.met, figure.missed) == (1, 1)
    for when in ("before", "after"):
        assert found.outcomes[Kind.RESPONSE, when, Outcome.MET] == 1
        assert found.outcomes[Kind.RESPONSE, when, Outcome.MISSED] == 1
    ruled = {one.fault.pk: one.after.response.ruled for one in found.shown}
    assert ruled == {fault.pk: True, late.pk: False}


def test_the_differences_are_paged_and_taken_away_whole(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "SHOWN", 2)
    numbers = [builders.fault(State.CLOSED).number for _one in range(3)] + [builders.fault().number]
    client, month = client_as(cast.office()), str(Month.of(AT))
    asked = {"first": month, "last": month, "response_general": "3"}
    with clock.frozen(LATER):
        pages: list[list[str]] = []
        query = dict(asked)
        while len(pages) < 5:
            page: Any = client.get(reverse("faults:simulation"), query)
            pages.append([one.fault.number for one in page.context["page"].rows])
            if not page.context["page"].next_cursor:
                break
            query["after"] = page.context["page"].next_cursor
        taken = client.get(reverse("faults:export_simulation", args=["csv"]), asked)
        wrong = client.get(reverse("faults:simulation"), asked | {"after": "77777"})
    assert pages == [numbers[:2], numbers[2:]]
    lines = b"".join(taken.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [number for line in lines for number in numbers if line.startswith(number)] == numbers
    assert wrong.status_code == 422


def test_months_without_a_fault_are_named_as_such(client_as: ClientAs) -> None:
    builders.fault(State.CLOSED)
    asked = {"first": "2026-01", "last": "2026-01", "response_general": "3"}
    with clock.frozen(LATER):
        text = client_as(cast.office()).get(reverse("faults:simulation"), asked).content.decode()
    assert "结果没有任何不同" not in text
    assert "没有报修的故障" in text and f"last={Month.of(AT)}" in text


def test_an_error_names_the_level_and_the_limit(client_as: ClientAs) -> None:
    builders.fault()
    month = str(Month.of(AT))
    asked = {"first": month, "last": month, "response_general": "0"}
    with clock.frozen(LATER):
        text = client_as(cast.office()).get(reverse("faults:simulation"), asked).content.decode()
    assert "Response general" not in text
    assert "响应（分）</a>：" in text


def test_a_past_contract_is_chosen_for_what_was_brought_in_as_its_history(client_as: ClientAs) -> None:
    past = builders.fault(State.CLOSED)
    before = builders.contract()
    Contract.objects.filter(pk=before.pk).update(ends_on=date(2026, 12, 31))
    now_running = Contract.objects.create(
        number="HT-2027-01",
        name="续签",
        office=before.office,
        vendor=before.vendor,
        standard=before.standard,
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    client = client_as(cast.office())
    month = str(Month.of(AT))
    asked = {"first": month, "last": month, "response_general": "3"}
    with clock.frozen(datetime(2027, 2, 1, tzinfo=UTC)):
        first = client.get(reverse("faults:simulation")).content.decode()
        page = client.get(reverse("faults:simulation"), asked | {"contract": before.pk}).content.decode()
        unknown = client.get(reverse("faults:simulation"), {"contract": "999"})
    assert f'value="{now_running.pk}" selected' in first
    assert past.number in page and f'value="{before.pk}" selected' in page
    assert unknown.status_code == 422
