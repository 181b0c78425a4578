"""Reports from behind a known outage join it by themselves; faults of one root are offered for merging."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from tests.api import program
from tests.faults.test_reach import canteen
from tests.network.campus import hang, switch
from yika.commitments.rules import Outcome
from yika.faults import queries
from yika.faults.actions import classifying, dispatching, finishing, intake, reporting, working
from yika.faults.models import Channel, Fault, Feedback, Report, Symptom
from yika.faults.queries import facts_of
from yika.faults.rules import State
from yika.journal.models import Event
from yika.journal.queries import timeline
from yika.journal.rules import REPORTER
from yika.lib import clock
from yika.network.rules import LinkRole
from yika.notices.models import Notice
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db
AT, MINUTE = cast.AT, timedelta(minutes=1)
OFFLINE = Symptom.TERMINAL_OFFLINE


def outage(of, at=AT, **more) -> Fault:  # type: ignore[no-untyped-def]
    return builders.report(of=of, at=at, by=cast.dispatcher(), symptom=Symptom.SYSTEM, **more).fault


def test_a_report_from_behind_joins_by_itself_and_says_so() -> None:
    (core,), machines = canteen(3)
    root = outage(core)
    Notice.objects.all().delete()
    made = builders.report(of=machines[0], at=AT + 5 * MINUTE, symptom=OFFLINE)
    fault = made.fault
    assert (fault.state, fault.merged_into) == (State.MERGED, root)
    assert fault.response is None and fault.repair is None
    root.refresh_from_db()
    assert root.reported_at == AT and root.severity == "general"
    assert reporting.outage_of(made) == root
    told = [line.sentence for line in timeline("fault", fault.pk, limit=9)]
    assert f"并入 {root.number} 上联设备中断所致，自动并入" in told
    assert f"{fault.number} 的报修并入本故障" in [
        line.sentence for line in timeline("fault", root.pk, limit=9)
    ]
    notice = Notice.objects.first()
    assert notice and notice.subject.startswith(f"{root.number} 又有报修自动并入：") and not notice.urgent
    page = Client().get(f"/t/{made.secret}/").content.decode()
    assert f"已知故障 {root.number}：上联的交换机中断，影响该终端。您的报修已记入其中" in page
    assert "正在安排维护人员" in page and "，正在处理" not in page, "one sentence by its state"
    assert "SW-1" not in page  # what the network looks like is nobody's business
    english = Client(headers={"accept-language": "en"}).get(f"/t/{made.secret}/").content.decode()
    assert "Known fault" in english and "switch" in english.lower()


@pytest.mark.parametrize("symptom", list(Symptom))
def test_only_what_the_outage_explains_is_taken_in(symptom: Symptom) -> None:
    (core,), machines = canteen(1)
    outage(core)
    made = builders.report(of=machines[0], at=AT + MINUTE, symptom=symptom).fault
    joins = {"terminal_offline", "cannot_pay", "cannot_top_up", "door", "system"}
    assert (made.merged_into is not None) is (symptom.value in joins)


def test_a_dead_machine_joins_where_power_is_out() -> None:
    ups = builders.device("UPS-1", of="gateway")
    machine = builders.device()
    hang(machine, ups, role=LinkRole.POWER)
    root = outage(ups)
    assert builders.report(of=machine, at=AT + MINUTE).fault.merged_into == root


def test_what_stays_up_or_is_over_takes_nothing_in() -> None:
    (one, two), machines = canteen(2, uppers=2)
    first = outage(one)
    assert builders.report(of=machines[0], at=AT + MINUTE, symptom=OFFLINE).fault.merged_into is None
    second = outage(two, at=AT + 2 * MINUTE)  # with both down the terminals are: because of the second
    made = builders.report(of=machines[0], at=AT + 3 * MINUTE, symptom=OFFLINE).fault
    assert made.merged_into == second
    dispatching.call_off(first, by=cast.dispatcher(), at=AT + 4 * MINUTE, note="误报")
    assert builders.report(of=machines[1], at=AT + 5 * MINUTE, symptom=OFFLINE).fault.merged_into is None


def test_counts_stated_earlier_claims_and_several_devices() -> None:
    (core,), machines = canteen(3)
    root = outage(core)
    by, later = cast.dispatcher(), AT + 10 * MINUTE
    stated = builders.report(of=machines[0], at=later, by=by, symptom=OFFLINE, terminals=7).fault
    assert stated.merged_into is None  # somebody says it is more than this
    older = builders.report(of=machines[0], at=later, by=by, symptom=OFFLINE, reported_at=AT - MINUTE).fault
    assert older.merged_into is None  # would move the outage's clock: a person decides
    both = builders.report(of=machines[0], devices=machines[:2], at=later, by=by, symptom=OFFLINE).fault
    assert both.merged_into == root
    elsewhere = builders.device()
    mixed = builders.report(
        of=machines[0], devices=[machines[0], elsewhere], at=later, by=by, symptom=OFFLINE
    )
    assert mixed.fault.merged_into is None


def test_the_dispatcher_takes_it_out_again() -> None:
    (core,), machines = canteen(1)
    root, desk = outage(core), cast.dispatcher()
    made = builders.report(of=machines[0], at=AT + MINUTE, symptom=OFFLINE).fault
    dispatching.split(made, by=desk, at=AT + 9 * MINUTE, note="机器本身也坏了")
    made.refresh_from_db()
    assert made.state == State.REPORTED and made.merged_into is None
    assert made.repair and made.repair.started_at == AT + MINUTE
    root.refresh_from_db()
    assert facts_of(root, standard_of(root.standard)).reported_at == AT


def test_still_broken_after_the_outage_is_a_fault_of_its_own() -> None:
    (core,), machines = canteen(2)
    desk, worker = cast.dispatcher(), cast.technician()
    root = outage(core)
    ours = builders.report(of=machines[0], at=AT + MINUTE, symptom=OFFLINE)
    dispatching.dispatch(root, to=worker, by=desk, at=AT + 2 * MINUTE)
    working.accept(root, by=worker, at=AT + 3 * MINUTE)
    working.arrive(root, by=worker, at=AT + 4 * MINUTE, scanned=core)
    working.restore(root, by=worker, at=AT + 30 * MINUTE, note="换光模块")
    with clock.frozen(AT + 31 * MINUTE):
        assert "现已修复" in Client().get(f"/t/{ours.secret}/").content.decode()
    ours = Report.objects.get(pk=ours.pk)
    again = reporting.still_broken(ours, note="还是脱机", submission=uuid.uuid4(), at=AT + 40 * MINUTE)
    assert again == ours
    own = Fault.objects.get(pk=ours.fault_id)
    assert own.state == State.REPORTED and own.merged_into is None
    root.refresh_from_db()
    assert root.state == State.RESTORED  # the switch does work
    finishing.give_feedback(root, way=Feedback.Way.PAGE, told="已修复", by=worker, at=AT + 41 * MINUTE)


def test_a_technician_arrives_by_the_label_of_what_failed() -> None:
    (core,), machines = canteen(2)
    worker = cast.technician()
    made = builders.fault(State.ON_THE_WAY, to=worker, of=machines[0])
    classifying.name_failed(made, devices=[core], by=cast.dispatcher(), at=AT + 20 * MINUTE)
    page = Client()
    page.force_login(worker)
    with clock.frozen(AT + 21 * MINUTE):
        assert "我已到场" in page.get(f"/r/d/{core.token}/").content.decode()
    working.arrive(made, by=worker, at=AT + 22 * MINUTE, scanned=core)
    assert made.state == State.WORKING


def test_faults_of_one_root_are_merged_with_one_click(client_as) -> None:  # type: ignore[no-untyped-def]
    (core,), machines = canteen(4)
    desk = cast.dispatcher()
    early = [builders.report(of=one, at=AT, symptom=OFFLINE).fault for one in machines[:3]]
    card = builders.report(of=machines[3], at=AT, symptom=Symptom.CARD_UNREADABLE).fault
    elsewhere = builders.report(at=AT, symptom=OFFLINE).fault
    root = outage(core, at=AT + MINUTE)
    browser: Client = client_as(desk)
    with clock.frozen(AT + 2 * MINUTE):
        page = browser.get(f"/faults/{root.pk}/").content.decode()
        assert "另有 3 起未结束的故障可能出自同一根源" in page
        assert page.count("报修在先，并入后起算时间随之提前") == 3
        assert len(re.findall(r'name="fault" value="\d+" id="root-\d+" checked', page)) == 3
        assert "现象不同，请核对：" in page and card.number in page and elsewhere.number not in page
        board = browser.get("/board/", {"fault": root.pk}).content.decode()
        assert "勾选的并入本故障" in board
        child = browser.get("/board/", {"fault": early[0].pk}).content.decode()
        assert f"并入 {root.number}" in child and "请先核实是否同一原因" in child
        assert f"并入 {root.number}" in browser.get(f"/faults/{early[0].pk}/").content.decode()
        assert (
            root.number
            not in browser.get("/board/", {"fault": elsewhere.pk}).content.decode().split('id="chosen"')[1]
        )
        sent = {
            "verb": "merge",
            "into": root.pk,
            "fault": [root.pk, *(one.pk for one in early)],
            "next": "/board/",
        }
        assert browser.post("/faults/several/", sent).status_code == 302
    root.refresh_from_db()
    assert root.merged.count() == 3 and root.reported_at == AT
    assert Fault.objects.open().count() == 3


def test_what_was_reported_long_before_is_not_ticked(client_as) -> None:  # type: ignore[no-untyped-def]
    (core,), machines = canteen(2)
    old = builders.report(of=machines[0], at=AT, symptom=OFFLINE).fault
    late = AT + timedelta(hours=9)
    fresh = builders.report(of=machines[1], at=late, symptom=OFFLINE).fault
    root = outage(core, at=late + MINUTE)
    with clock.frozen(late + 3 * MINUTE):
        page = client_as(cast.dispatcher()).get(f"/faults/{root.pk}/").content.decode()
    assert f'id="root-{fresh.pk}" checked' in page
    assert f'id="root-{old.pk}">' in page


def test_a_merge_that_takes_a_missed_promise_away_is_told_to_the_office() -> None:
    office, desk = cast.office(), cast.dispatcher()
    old, other = builders.fault(at=AT), builders.fault(at=AT)
    late = AT + timedelta(hours=2)
    answered = builders.fault(State.WORKING, at=AT)
    assert old.response and old.response.final_outcome(late) is Outcome.MISSED
    dispatching.merge(other, into=old, by=desk, at=late)
    assert not Event.objects.filter(verb="faults.merge_missed").exists()  # it is missed there too
    dispatching.merge(old, into=answered, by=desk, at=late)
    answered.refresh_from_db()
    assert answered.response and answered.response.final_outcome(late) is Outcome.MET
    assert Event.objects.get(verb="faults.merge_missed").data == {"number": old.number}
    assert Notice.objects.filter(to=office, subject__contains=f"{old.number} 已超时").exists()


def test_two_faults_of_the_same_device_and_a_root_below_a_root() -> None:
    core, edge = switch("SW-0"), switch("SW-1")
    hang(edge, core)
    hang(builders.device(), edge)
    desk = cast.dispatcher()
    first, second = outage(core), outage(core, at=AT + MINUTE)
    third = classifying.name_failed(
        builders.report(of=None, where=builders.place(), by=desk, symptom=Symptom.SYSTEM).fault,
        devices=[edge],
        by=desk,
        at=AT + MINUTE,
    ).fault
    known = queries.outages(Fault.objects.all())
    assert [one.fault for one in known] == [first, third, second]
    assert second in queries.related(desk, first, AT, known).below
    above = queries.related(desk, third, AT, known).above
    assert above and above.fault == first
    dispatching.merge(third, into=first, by=desk, at=AT + 2 * MINUTE)
    assert queries.failed_of([first.pk]) == {first.pk: frozenset({core.pk, edge.pk})}


def test_the_public_page_tells_of_the_outage(client_as) -> None:  # type: ignore[no-untyped-def]
    (core,), machines = canteen(2)
    root = outage(core)
    public: Client = client_as(None)
    with clock.frozen(AT + 5 * MINUTE):
        for url in (f"/r/d/{machines[0].token}/", f"/r/p/{machines[0].place.token}/"):
            page = public.get(url).content.decode()
            assert "已知故障：上联的交换机中断，影响该终端。已收到，正在安排维护人员。" in page
            assert "正在处理" not in page
            assert "SW-1" not in page
            page = public.get(url, headers={"Accept-Language": "en"}).content.decode()
            assert "Received; a technician is being found." in page and ".Reports of" not in page
        Fault.objects.filter(pk=root.pk).update(state=State.ON_THE_WAY)
        assert "影响该终端。维护人员正在赶来。" in public.get(url).content.decode()
        Fault.objects.filter(pk=root.pk).update(state=State.WORKING)
        assert "影响该终端。维护人员正在处理。" in public.get(url).content.decode()
        Fault.objects.filter(pk=root.pk).update(state=State.REPORTED)
        other = builders.device(at="桂子大学/图书馆")
        assert "已知故障" not in public.get(f"/r/d/{other.token}/").content.decode()
        sent = {"submission": str(uuid.uuid4()), "symptom": "cannot_pay"}
        answer = public.post(f"/r/d/{machines[0].token}/", sent, follow=True).content.decode()
        assert f"已知故障 {root.number}" in answer
        chosen = {"submission": str(uuid.uuid4()), "same_as": str(root.pk)}
        public.post(f"/r/d/{machines[0].token}/", chosen)
    assert root.reports.count() == 2 and root.merged.count() == 1


def test_the_desk_and_a_program_are_told(client_as) -> None:  # type: ignore[no-untyped-def]
    (core,), machines = canteen(2)
    root, desk = outage(core), cast.dispatcher()
    with clock.frozen(AT + MINUTE):
        sent = {
            "submission": str(uuid.uuid4()),
            "channel": "phone",
            "symptom": "system",
            "devices": [machines[0].pk],
        }
        answer = client_as(desk).post("/faults/new/", sent, follow=True).content.decode()
        assert f"属于已知故障 {root.number} 的影响范围，已自动并入" in answer
        api = program.program(desk)
        told = api.post("/faults", {"symptom": "terminal_offline", "devices": [machines[1].number]})
        assert told["merged_into"] == root.pk


def test_without_an_outage_nothing_more_is_asked() -> None:
    _switches, machines = canteen(2)
    by = cast.dispatcher()

    def asked(device) -> int:  # type: ignore[no-untyped-def]
        with CaptureQueriesContext(connection) as taken:
            intake.report(
                channel=Channel.PHONE, symptom=OFFLINE, submission=uuid.uuid4(), by=by, at=AT, device=device
            )
        return len(taken)

    lone = builders.device()
    builders.report(of=lone, by=by)
    assert asked(machines[0]) == asked(lone) <= 15


def test_forty_joins_ask_no_more_than_the_first() -> None:
    (core,), machines = canteen(12)
    outage(core)

    def asked(number: int) -> int:
        with CaptureQueriesContext(connection) as taken:
            intake.report(
                channel=Channel.QR,
                symptom=OFFLINE,
                submission=uuid.uuid4(),
                by=REPORTER,
                at=AT + number * MINUTE,
                device=machines[number],
            )
        return len(taken)

    first, *others = [asked(number) for number in range(12)]
    assert max(others) <= first and Fault.objects.open().count() == 1
    assert Event.objects.filter(verb="faults.take_in").count() == 12


def test_the_backbone_shows_what_is_down_now(client_as) -> None:  # type: ignore[no-untyped-def]
    (core,), _machines = canteen(2)
    desk: Client = client_as(cast.dispatcher())
    builders.contract()
    with clock.frozen(AT + MINUTE):
        page = desk.get("/faults/network/", follow=True).content.decode()
        assert "拓扑图显示全部正常时的样子" in page and "未修复故障的设备" not in page
        root = outage(core)
        shown = desk.get("/faults/network/", follow=True)
        assert shown.redirect_chain == [(f"/network/?now=1&down={core.pk}", 302)]
        assert "未修复故障的设备：" in shown.content.decode() and "假设中断" not in shown.content.decode()
        assert (
            f"/devices/{core.pk}/diagram/?now=1&amp;down={core.pk}"
            in desk.get(f"/faults/{root.pk}/").content.decode()
        )
