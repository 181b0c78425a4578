"""A report writes few statements, and what it passes on unread is what reading again would give."""

import uuid
from collections.abc import Sequence

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import builders, cast
from yika.faults.actions import intake
from yika.faults.actions.clocks import bring
from yika.faults.models import Channel, Fault, Symptom
from yika.faults.queries import facts_of
from yika.faults.rules import Facts
from yika.journal.models import Event
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("symptom", [Symptom.TERMINAL_DEAD, Symptom.CARD_UNREADABLE, Symptom.CARD_DAMAGED])
@pytest.mark.parametrize("sizes", [(None, None), (0, 0), (40, 0), (1, 500)])
@pytest.mark.parametrize("several", [False, True])
def test_the_facts_of_a_new_fault_are_those_read_from_its_rows(
    monkeypatch: pytest.MonkeyPatch, symptom: Symptom, sizes: tuple[int | None, int | None], several: bool
) -> None:
    passed: list[Facts | None] = []

    def watched(fault: Fault, *, facts: Facts | None = None, **more: object) -> None:
        passed.append(facts)
        bring(fault, facts=facts, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "bring", watched)
    first = builders.device()
    others = [builders.device(), builders.device(of="gateway")] if several else []
    terminals, cardholders = sizes
    if several and terminals is not None:
        terminals += 3
    made = builders.report(
        symptom=symptom,
        by=cast.dispatcher(),
        of=first,
        devices=[first, *others] if several else [],
        terminals=terminals,
        cardholders=cardholders,
    )
    fault = Fault.objects.get(pk=made.fault_id)
    assert passed == [facts_of(fault, standard_of(fault.standard))]


def test_a_report_takes_a_dozen_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    by, device = cast.dispatcher(), builders.device()
    builders.report(by=by, of=device)
    with django_assert_max_num_queries(15):
        intake.report(
            channel=Channel.PHONE,
            symptom=Symptom.TERMINAL_DEAD,
            submission=uuid.uuid4(),
            by=by,
            at=cast.AT,
            device=device,
            description="刷卡没有反应",
        )


def test_events_of_one_report_stand_in_the_order_in_which_they_happened() -> None:
    builders.report(by=cast.dispatcher())
    verbs: Sequence[str] = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    story = ["faults.report", "faults.classify", "commitments.open", "commitments.open"]
    assert list(verbs)[-4:] == story
