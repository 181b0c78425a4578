"""Naming the device that failed: the network says what went down, and counts and level follow."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders, cast
from tests.api import program
from tests.network.campus import BEFORE, cut, hang, switch
from yika.assets.models import Device, Place
from yika.faults import explaining
from yika.faults.actions import classifying, intake
from yika.faults.models import Channel, Classification, Fault, Reach, Symptom
from yika.faults.queries import facts_of
from yika.faults.rules import EXPLAINS, explained
from yika.journal.models import Event
from yika.journal.queries import sentence
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.network import queries
from yika.network.models import Link, Need
from yika.network.queries import graphs
from yika.network.rules import LinkRole
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db
AT = cast.AT


def canteen(terminals: int = 12, *, uppers: int = 1) -> tuple[list[Device], list[Device]]:
    """Switches, and terminals that hang on every one of them."""
    switches = [switch(f"SW-{number}") for number in range(1, uppers + 1)]
    machines = [builders.device(f"X-{number:02d}") for number in range(1, terminals + 1)]
    for machine in machines:
        for one in switches:
            hang(machine, one)
    return switches, machines


def known(fault: Fault) -> Reach:
    return Reach.objects.get(classification=fault.classifications.last())


def test_a_report_of_a_switch_counts_what_hangs_on_it() -> None:
    (core,), machines = canteen(12)
    by = cast.dispatcher()
    made = builders.report(of=core, by=by, symptom=Symptom.SYSTEM, channel=Channel.PHONE).fault
    stated = made.classifications.get()
    assert (stated.terminals, stated.cardholders, stated.severity) == (12, 0, "major")
    assert made.severity == "major" and made.rooted
    reach = known(made)
    assert reach.at == AT and reach.kinds == {"payment-terminal": 12, "switch": 1} and not reach.held
    assert set(reach.listed) == {core.pk, *(one.pk for one in machines)}
    told = Event.objects.get(verb="faults.measure", key=str(made.pk))
    assert sentence(told) == (
        "故障设备 SW-1：按 3月2日 周一 09:12 的网络推算影响终端 12 台；计终端 12 台、持卡人 0 人，大"
    )
    facts = facts_of(made, standard_of(made.standard))
    assert facts.statements[0].named == 12


def test_a_terminal_counts_as_itself_and_asks_nothing(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    _switches, (first, *_rest) = canteen(3)
    made = builders.report(of=first).fault
    assert made.severity == "general" and not made.rooted and not Reach.objects.exists()


def test_counts_that_somebody_states_stand_beside_what_the_network_says() -> None:
    (core,), _machines = canteen(12)
    made = builders.report(of=core, by=cast.dispatcher(), terminals=8, cardholders=None).fault
    stated = made.classifications.get()
    assert (stated.terminals, stated.severity, known(made).terminals) == (8, "larger", 12)


def test_cardholders_nobody_recorded_are_told_as_not_recorded_and_not_as_none() -> None:
    (core,), machines = canteen(12)
    desk = cast.dispatcher()
    made = builders.report(of=core, by=desk, symptom=Symptom.SYSTEM).fault
    page = Client()
    page.force_login(desk)

    def told() -> tuple[str, str]:
        with clock.frozen(AT + timedelta(minutes=1)):
            fault = page.get(f"/faults/{made.pk}/").content.decode()
            impact = page.get("/network/impact/", {"device": core.pk}).content.decode()
        return fault, impact

    fault, impact = told()
    assert "影响终端 12 台、持卡人 未登记（" in fault and "持卡人 0 人（" not in fault
    assert "<dd>未登记</dd>" in impact
    Reach.objects.update(cardholders=300)
    Classification.objects.update(cardholders=300)
    Device.objects.filter(pk=machines[0].pk).update(usual_users=300)
    queries.forget()
    fault, impact = told()
    assert "影响终端 12 台、持卡人 至少 300 人" in fault and "<dd>至少 300</dd>" in impact
    Classification.objects.update(cardholders=40)
    assert "持卡人 40 人" in told()[0], "what somebody stated is told as stated"


def test_redundancy_keeps_the_level_low_until_both_are_named() -> None:
    (one, two), _machines = canteen(12, uppers=2)
    desk = cast.dispatcher()
    made = builders.report(of=one, by=desk, symptom=Symptom.SYSTEM).fault
    assert made.severity == "general" and known(made).held and known(made).hanging == 12
    page = Client()
    page.force_login(desk)
    with clock.frozen(AT + timedelta(minutes=1)):
        assert "直接下联 12 台，由冗余上联保持正常" in page.get(f"/faults/{made.pk}/").content.decode()
        sent = page.post(f"/faults/{made.pk}/failed/", {"devices": [one.pk, two.pk]})
    assert sent.status_code == 302
    made.refresh_from_db()
    assert made.severity == "major"


def test_naming_at_triage_counts_from_the_moment_of_the_report() -> None:
    (core,), machines = canteen(6)
    desk = cast.dispatcher()
    made = builders.fault(of=machines[0])
    later = AT + timedelta(minutes=20)
    cut(Link.objects.get(lower=machines[5]), at=AT + timedelta(minutes=10))
    classifying.name_failed(made, devices=[core], by=desk, at=later)
    assert made.severity == "larger" and made.device == machines[0]
    reach = known(made)
    assert reach.at == AT and reach.terminals == 6
    assert not made.rulings.exists()  # the devices bear the level: nobody need be asked
    assert made.repair and made.repair.clause == "4.2.2.2"
    assert made.response and made.response.due_at == AT + timedelta(minutes=30)


def test_a_correction_states_a_reason_and_leaves_the_network_s_word_beside_it() -> None:
    (core,), _machines = canteen(12)
    desk = cast.dispatcher()
    made = builders.report(of=core, by=desk).fault
    with pytest.raises(BadInput, match="请写明分级依据"):
        classifying.classify(made, terminals=4, cardholders=0, reason=" ", by=desk, at=AT)
    classifying.classify(made, terminals=4, cardholders=0, reason="只有一层断网", by=desk, at=AT)
    assert made.severity == "general" and Reach.objects.count() == 1
    page = Client()
    page.force_login(desk)
    with clock.frozen(AT):
        text = page.get(f"/faults/{made.pk}/").content.decode()
    assert "此后另有分级" in text and "只有一层断网" in text


def test_who_may_not_name_and_what_cannot_be_named() -> None:
    (core,), _machines = canteen(1)
    made = builders.fault()
    desk = cast.dispatcher()
    with pytest.raises(NotAllowed):
        classifying.name_failed(made, devices=[core], by=cast.technician(), at=AT)
    with pytest.raises(BadInput, match="请选择故障设备"):
        classifying.name_failed(made, devices=[], by=desk, at=AT)
    with pytest.raises(BadInput, match="不在用的设备：SW-9"):
        spare = builders.device("SW-9", of="switch", in_use=False)
        classifying.name_failed(made, devices=[core, spare], by=desk, at=AT)
    classifying.classify(made, terminals=1, cardholders=0, reason="核实", by=cast.office(), at=AT)
    with pytest.raises(WrongState, match="信息化办公室已认定分级"):
        classifying.name_failed(made, devices=[core], by=desk, at=AT)


def test_the_list_of_what_is_affected_pages_and_is_taken_away(client_as) -> None:  # type: ignore[no-untyped-def]
    (core,), _machines = canteen(60)
    desk = cast.dispatcher()
    made = builders.report(of=core, by=desk).fault
    page: Client = client_as(desk)
    first = page.get("/faults/affected/", {"fault": made.pk}).content.decode()
    assert "SW-1" in first and "X-49" in first and "X-60" not in first
    assert "X-60" in page.get("/faults/affected/", {"fault": str(made.pk), "after": "50"}).content.decode()
    assert page.get("/faults/affected/", {"fault": str(made.pk), "after": "x"}).status_code == 422
    taken = page.get("/faults/affected/export.csv", {"fault": made.pk}).getvalue().decode("utf-8-sig")
    assert len(taken.splitlines()) == 62


@pytest.mark.parametrize(
    ("symptom", "lacking", "is_so"),
    [
        ("terminal_offline", {"network"}, True),
        ("cannot_pay", {"service"}, True),
        ("door", {"network", "power"}, True),
        ("terminal_dead", {"network"}, False),
        ("terminal_dead", {"power"}, True),
        ("card_unreadable", {"network", "power"}, False),
        ("card_damaged", {"network"}, False),
        ("other", {"network", "service", "power"}, False),
        ("system", set(), False),
    ],
)
def test_what_an_outage_explains(symptom: str, lacking: set[str], is_so: bool) -> None:
    assert explained(symptom, lacking) is is_so
    assert symptom in Symptom.values


@st.composite
def networks(
    draw: st.DrawFn,
) -> tuple[list[str], list[tuple[int, int, str]], dict[tuple[int, str], int], set[int], int]:
    """Kinds of devices, links by index, needs, what fails, and how many people use the place a day."""
    kinds = draw(
        st.lists(st.sampled_from(("switch", "payment-terminal", "payment-terminal")), min_size=2, max_size=14)
    )
    index = st.integers(0, len(kinds) - 1)
    roles = st.sampled_from(("network", "service"))
    links = draw(st.sets(st.tuples(index, index, roles), max_size=26))
    needs = draw(st.dictionaries(st.tuples(index, roles), st.integers(1, 3), max_size=4))
    return (
        kinds,
        [link for link in links if link[0] != link[1]],
        needs,
        draw(st.sets(index, min_size=1, max_size=3)),
        draw(st.sampled_from((0, 1, 5, 150, 3000))),
    )


@given(networks())
@settings(max_examples=30, deadline=None)
def test_explain_api_and_page_say_the_level_of_the_impact(campus) -> None:  # type: ignore[no-untyped-def]
    kinds, links, needs, failed, daily = campus
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        place = builders.place()
        devices = [builders.device(of=kind, at=place) for kind in kinds]
        Link.objects.bulk_create(
            Link(lower=devices[low], upper=devices[up], role=role, medium="copper", from_at=BEFORE)
            for low, up, role in links
        )
        Need.objects.bulk_create(
            Need(device=devices[low], role=role, least=least, from_at=BEFORE)
            for (low, role), least in needs.items()
        )
        crowd = ({place.pk: daily}, {place.pk: place.pk}) if daily else ({}, {})
        patch.setattr(graphs, "_crowds", lambda: crowd)
        queries.forget()
        _agree([devices[index] for index in sorted(failed)], place)
        transaction.set_rollback(True)
    queries.forget()


def _agree(failed: list[Device], place: Place) -> None:
    builders.contract()
    desk = cast.dispatcher()
    impact = queries.impact_of(failed, AT)
    level = queries.level_of(impact, AT)
    with clock.frozen(AT):
        made = builders.fault(where=place)
        api = program.Program(program.token(desk))
        api.post(f"/faults/{made.pk}/name-failed", {"devices": [one.number for one in failed]})
        assert api.status == 200, api.response.content
        told = api.get(f"/faults/{made.pk}")
        browser = Client()
        browser.force_login(desk)
        page = browser.get(f"/faults/{made.pk}/").content.decode()
    stated = told["classifications"][-1]
    assert stated["terminals"] == stated["network"]["terminals"] == impact.terminal_count
    assert stated["cardholders"] == impact.counted_cardholders
    expected = level.key if level else "general"
    assert told["severity"]["code"] == stated["severity"]["code"] == expected
    shown = re.search(r'<dt>等级</dt><dd><span class="sev sev-(\w+)', page)
    assert shown and shown[1] == expected, page
    people = impact.counted_cardholders
    if impact.unknown and impact.carried_count:
        words = f"至少 {people} 人" if people else "未登记"
    else:
        words = f"{people} 人"
    assert f"影响终端 {impact.terminal_count} 台、持卡人 {words}（" in page
    fault = Fault.objects.get(pk=made.pk)
    standard = standard_of(fault.standard)
    case = explaining.Case(AT, stated["terminals"], stated["cardholders"])
    result = explaining.explain(case, standard, as_of=AT)
    assert result.clocks.level.key == expected
    assert fault.repair and result.repair and result.repair.due_at == fault.repair.due_at
    # a report that names them from the first says the same, if anything hangs on one that is no terminal
    anew = intake.report(
        channel=Channel.PHONE,
        symptom=Symptom.SYSTEM,
        submission=uuid.uuid4(),
        by=desk,
        at=AT,
        device=failed[0],
        devices=failed,
    )
    if anew.fault.rooted:
        assert anew.fault.severity == expected
        assert list(
            Classification.objects.filter(fault=anew.fault).values_list("terminals", "cardholders")
        ) == [(impact.terminal_count, impact.counted_cardholders)]


def test_every_role_of_a_link_explains_something() -> None:
    assert set(EXPLAINS) == {role.value for role in LinkRole}
