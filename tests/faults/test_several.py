"""Several faults at once: looked over first, then all of them or none."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from tests.cast import AT
from yika.faults.actions import dispatching
from yika.faults.actions.several import act_on_all
from yika.faults.models import Fault, Symptom
from yika.faults.rules import MOVES, TOGETHER, TOGETHER_MOST, State, Verb
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.models import User
from yika.people.rules import Skill

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
URL = "/faults/several/"


def states(*faults: Fault) -> list[str]:
    """As they are stored now."""
    return [Fault.objects.get(pk=fault.pk).state for fault in faults]


class TestAction:
    def test_every_fault_is_sent_with_its_own_event(self) -> None:
        faults, tech = [builders.fault() for _ in range(3)], cast.technician()
        assert act_on_all(faults, Verb.DISPATCH, by=cast.dispatcher(), at=AT, to=tech) == 3
        assert states(*faults) == [State.DISPATCHED] * 3
        assert Event.objects.filter(verb="faults.dispatch").count() == 3

    def test_one_that_cannot_leaves_all_as_they_were_and_is_named(self) -> None:
        faults = [builders.fault(), builders.fault(State.CLOSED), builders.fault()]
        before = Event.objects.count()
        with pytest.raises(WrongState) as told:
            act_on_all(faults, Verb.DISPATCH, by=cast.dispatcher(), at=AT, to=cast.technician())
        assert faults[1].number in str(told.value)
        assert states(*faults) == [State.REPORTED, State.CLOSED, State.REPORTED]
        assert Event.objects.count() == before

    def test_the_others_are_merged_into_the_chosen_one(self) -> None:
        faults = [builders.fault() for _ in range(3)]
        assert act_on_all(faults, Verb.MERGE, by=cast.dispatcher(), at=AT, into=faults[1]) == 2
        assert states(*faults) == [State.MERGED, State.REPORTED, State.MERGED]
        assert {Fault.objects.get(pk=one.pk).merged_into_id for one in (faults[0], faults[2])} == {
            faults[1].pk
        }

    def test_calling_off_needs_a_reason_and_closing_nothing(self) -> None:
        faults = [builders.fault(), builders.fault()]
        with pytest.raises(BadInput):
            act_on_all(faults, Verb.CALL_OFF, by=cast.dispatcher(), at=AT, note=" ")
        assert act_on_all(faults, Verb.CALL_OFF, by=cast.dispatcher(), at=AT, note="误报") == 2
        logged = [builders.fault(State.LOGGED) for _ in range(2)]
        assert act_on_all(logged, Verb.CLOSE, by=cast.dispatcher(), at=AT) == 2

    def test_who_may_not_do_it_to_one_may_not_do_it_to_several(self) -> None:
        faults = [builders.fault()]
        with pytest.raises(NotAllowed):
            act_on_all(faults, Verb.DISPATCH, by=cast.office(), at=AT, to=cast.technician())

    @pytest.mark.parametrize(
        ("verb", "told"), [(Verb.DISPATCH, "派给谁"), (Verb.MERGE, "并入"), (Verb.CLOSE, "没有可以办理")]
    )
    def test_what_is_missing_is_named(self, verb: Verb, told: str) -> None:
        with pytest.raises(BadInput, match=told):
            act_on_all([], verb, by=cast.dispatcher(), at=AT)


class TestPage:
    @pytest.mark.parametrize("verb", TOGETHER)
    def test_each_fault_stands_with_what_is_in_its_way(self, verb: Verb, client_as: ClientAs) -> None:
        faults = {state: builders.fault(state) for state in (State.REPORTED, State.WORKING, State.LOGGED)}
        asked: dict[str, Any] = {"verb": verb, "fault": [fault.pk for fault in faults.values()]}
        page = client_as(cast.dispatcher()).get(URL, asked)
        told = {row.fault.state: row.obstacle for row in page.context["rows"]}
        assert {state: not told[state] for state in told} == {
            state: (state, verb) in MOVES for state in faults
        }

    def test_a_fault_without_a_device_names_its_symptom_once(self, client_as: ClientAs) -> None:
        fault = builders.fault(where=builders.place("大学/图书馆/二楼"), symptom=Symptom.OTHER)
        page = client_as(cast.dispatcher()).get(f"{URL}?verb=call_off&fault={fault.pk}")
        assert page.content.decode().count(str(Symptom.OTHER.label)) == 1

    def test_done_leads_back_to_the_list_as_it_was_narrowed(self, client_as: ClientAs) -> None:
        faults, tech = [builders.fault(), builders.fault()], cast.technician()
        sent: dict[str, Any] = {"verb": "dispatch", "fault": [fault.pk for fault in faults], "to": tech.pk}
        answer = client_as(cast.dispatcher()).post(URL, sent | {"next": "/faults/?state=reported"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/faults/?state=reported")
        assert states(*faults) == [State.DISPATCHED] * 2

    @pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "javascript:x"])
    def test_never_leads_to_another_site(self, elsewhere: str, client_as: ClientAs) -> None:
        answer = client_as(cast.dispatcher()).get(URL, {"verb": "close", "next": elsewhere})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/faults/")

    def test_somebody_was_quicker(self, client_as: ClientAs) -> None:
        first, second = builders.fault(), builders.fault()
        dispatching.dispatch(first, to=cast.technician(), by=cast.manager(), at=AT)
        sent: dict[str, Any] = {
            "verb": "dispatch",
            "fault": [first.pk, second.pk],
            "to": cast.technician().pk,
        }
        answer = client_as(cast.dispatcher()).post(URL, sent)
        assert answer.status_code == 409
        assert "没有做任何改动" in answer.content.decode()
        assert states(second) == [State.REPORTED]

    def test_a_technician_of_strangers_is_nobody(self, client_as: ClientAs) -> None:
        fault = builders.fault()
        sent = {"verb": "dispatch", "fault": fault.pk, "to": cast.stranger().pk}
        answer = client_as(cast.dispatcher()).post(URL, sent)
        assert answer.status_code == 422
        assert states(fault) == [State.REPORTED]

    @pytest.mark.parametrize("marked", [[], ["x"], ["9" * 30], list(range(1, TOGETHER_MOST + 2))])
    def test_what_was_not_marked_well_leads_back_to_the_list(
        self, marked: list[int | str], client_as: ClientAs
    ) -> None:
        answer = client_as(cast.dispatcher()).get(URL, {"verb": "close", "fault": marked})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/faults/")

    def test_takes_as_many_queries_for_many_as_for_few(self, client_as: ClientAs) -> None:
        browser = client_as(cast.dispatcher())

        def asked(count: int) -> int:
            keys: dict[str, Any] = {"verb": "dispatch", "fault": [builders.fault().pk for _ in range(count)]}
            browser.get(URL, keys)
            with CaptureQueriesContext(connection) as taken, clock.frozen(AT):
                assert browser.get(URL, keys).status_code == 200
            return len(taken)

        assert asked(2) == asked(9)

    def test_what_was_done_names_each_fault(self, client_as: ClientAs) -> None:
        stays, *others = [builders.fault() for _ in range(3)]
        browser = client_as(cast.dispatcher())
        keys = [fault.pk for fault in (stays, *others)]
        sent: dict[str, Any] = {"verb": "merge", "fault": keys, "into": stays.pk}
        page = browser.post(URL, sent, follow=True).content.decode()
        assert f"已办理 2 起：{others[0].number}、{others[1].number}" in page

    def test_skilled_is_who_can_mend_all_of_them(self, client_as: ClientAs) -> None:
        terminal = builders.fault()
        door = builders.fault(of=builders.device(of="door-controller"))
        one, both = cast.technician("", Skill.TERMINAL), cast.technician("", Skill.TERMINAL, Skill.DOOR)
        sent: dict[str, Any] = {"verb": "dispatch", "fault": [terminal.pk, door.pk]}
        page = client_as(cast.dispatcher()).get(URL, sent)
        assert {row.key: row.skilled for row in page.context["people"]} == {one.pk: False, both.pk: True}
