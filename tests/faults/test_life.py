"""A fault's life: the clocks follow the facts at every step."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from tests import builders, cast
from yika.commitments.rules import Outcome
from yika.faults.actions import asking, classifying, dispatching, finishing, reporting, working
from yika.faults.models import Fault, Feedback, Ruling, Symptom
from yika.faults.queries import consequences, facts_of
from yika.faults.queries.following import stages
from yika.faults.rules import RulingKind, State, clocks
from yika.journal.models import Event
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.notices.models import Notice
from yika.people.models import User
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db
AT = cast.AT
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def agree(fault: Fault) -> None:
    """Both parties recompute the same promises from the facts."""
    fault.refresh_from_db()
    standard = standard_of(fault.standard)
    found = clocks(facts_of(fault, standard), standard)
    for row, promise in ((fault.response, found.response), (fault.repair, found.repair)):
        if promise is None:
            assert row is None or row.voided_at is not None
        else:
            assert row is not None
            assert (row.limit, row.started_at, row.settled_at) == (
                promise.limit,
                promise.started_at,
                promise.settled_at,
            )


def test_a_report_opens_both_clocks_from_the_report() -> None:
    fault = builders.fault()
    assert fault.response and fault.repair
    assert (fault.severity, fault.response.clause, fault.repair.clause) == ("general", "4.2.2.1", "4.2.2.1")
    assert fault.response.due_at == AT + HOUR
    assert fault.repair.due_at == AT + 12 * HOUR
    assert fault.urgent_at == AT + HOUR
    agree(fault)


def test_from_report_to_closed() -> None:
    fault = builders.fault(State.CLOSED)
    assert fault.response and fault.repair
    fault.refresh_from_db()
    assert fault.ended_at is not None
    assert fault.response.settled_at == AT + 4 * MINUTE
    assert fault.repair.settled_at == AT + 5 * MINUTE
    assert fault.response.final_outcome(AT + HOUR) is Outcome.MET
    verbs = list(Event.objects.filter(noun="fault", key=str(fault.pk)).values_list("verb", flat=True))
    steps = "report classify dispatch accept set_out arrive restore give_feedback write_log close"
    assert verbs == [f"faults.{verb}" for verb in steps.split()]
    agree(fault)


def test_feedback_and_log_cannot_be_skipped() -> None:
    fault = builders.fault(State.RESTORED)
    with pytest.raises(WrongState):
        finishing.write_log(fault, entries=builders.LOG, by=cast.manager(), at=AT + HOUR)
    with pytest.raises(WrongState):
        finishing.close(fault, by=cast.manager(), at=AT + HOUR)


def test_a_raise_without_evidence_shortens_response_at_once_and_repair_only_with_consent() -> None:
    fault = builders.fault()
    desk, office = cast.dispatcher(), cast.office()
    classifying.classify(fault, terminals=12, cardholders=0, reason="整层停机", by=desk, at=AT + 5 * MINUTE)
    fault.refresh_from_db()
    assert fault.response and fault.repair
    assert fault.severity == "major"
    assert fault.response.due_at == AT + 30 * MINUTE
    assert fault.repair.due_at == AT + 12 * HOUR
    agree(fault)
    ruling = Ruling.objects.get(fault=fault, kind=RulingKind.LENGTHEN)
    (change,) = consequences([ruling])[ruling.pk]
    assert (change.due_before, change.due_after) == (AT + 12 * HOUR, AT + 48 * HOUR)
    assert Notice.objects.filter(to=office).exists()
    asking.decide(ruling, granted=True, decision="现场核实", by=office, at=AT + 2 * HOUR)
    fault.refresh_from_db()
    assert fault.repair and fault.repair.due_at == AT + 48 * HOUR
    assert [term.clause for term in fault.repair.terms.all()] == ["4.2.2.1", "4.2.2.3"]
    agree(fault)


def test_named_devices_bear_a_raise() -> None:
    fault = builders.fault()
    devices = [builders.device() for _ in range(6)]
    classifying.classify(
        fault,
        terminals=6,
        cardholders=0,
        devices=devices,
        reason="点名六台",
        by=cast.dispatcher(),
        at=AT + MINUTE,
    )
    fault.refresh_from_db()
    assert fault.repair and fault.repair.due_at == AT + 24 * HOUR
    assert not Ruling.objects.filter(fault=fault).exists()
    agree(fault)


def test_special_runs_the_ordinary_clock_until_granted_and_as_if_never_stopped_when_taken_back() -> None:
    fault = builders.fault(State.WORKING)
    office = cast.office()
    ruling = asking.propose_special(
        fault,
        cause=standard_of(fault.standard).causes[0].key,
        claim="银行专线中断通知",
        by=cast.dispatcher(),
        at=AT + 10 * MINUTE,
    )
    fault.refresh_from_db()
    assert fault.repair and fault.repair.is_open
    asking.decide(ruling, granted=True, decision="属实", by=office, at=AT + HOUR)
    fault.refresh_from_db()
    assert fault.repair and fault.repair.voided_at and fault.severity == "special"
    agree(fault)
    asking.rule_special(fault, special=False, cause="", decision="证据不实", by=office, at=AT + 20 * HOUR)
    fault.refresh_from_db()
    assert fault.repair and fault.repair.is_open and fault.repair.due_at == AT + 12 * HOUR
    assert fault.repair.final_outcome(AT + 20 * HOUR) is Outcome.MISSED
    agree(fault)


def test_reopening_takes_the_repair_back_and_keeps_the_response() -> None:
    fault = builders.fault(State.CLOSED)
    finishing.reopen(fault, by=cast.dispatcher(), at=AT + 20 * HOUR, note="又死机")
    assert fault.response and fault.repair
    fault.refresh_from_db()
    assert fault.state == State.REPORTED and fault.technician is None and fault.ended_at is None
    assert fault.response.settled_at == AT + 4 * MINUTE
    assert fault.repair.settled_at is None and fault.repair.due_at == AT + 12 * HOUR
    agree(fault)
    other = builders.fault(State.CLOSED)
    with pytest.raises(WrongState, match="重开期限已过"):
        finishing.reopen(other, by=cast.dispatcher(), at=AT + 25 * HOUR, note="又死机")


def test_merging_takes_the_earliest_report() -> None:
    first = builders.fault(at=AT)
    second = builders.fault(at=AT + 10 * MINUTE)
    dispatching.merge(first, into=second, by=cast.dispatcher(), at=AT + 20 * MINUTE)
    first.refresh_from_db()
    assert first.state == State.MERGED and first.response and first.response.voided_at
    assert second.reported_at == AT and second.response and second.response.due_at == AT + HOUR
    agree(first)
    agree(second)
    dispatching.split(first, by=cast.dispatcher(), at=AT + 30 * MINUTE, note="不是同一故障")
    second.refresh_from_db()
    assert second.reported_at == AT + 10 * MINUTE
    assert first.response.due_at == AT + HOUR
    agree(first)
    agree(second)


@pytest.mark.parametrize("before", [State.DISPATCHED, State.ON_THE_WAY, State.WORKING])
def test_what_is_split_off_stands_where_it_stood(before: State) -> None:
    fault = builders.fault(before, at=AT)
    worker, into, desk = fault.technician, builders.fault(at=AT), cast.dispatcher()
    assert worker
    dispatching.merge(fault, into=into, by=desk, at=AT + HOUR)
    dispatching.split(fault, by=desk, at=AT + 2 * HOUR, note="不是同一故障")
    fault.refresh_from_db()
    assert (fault.state, fault.technician, fault.merged_into, fault.ended_at) == (before, worker, None, None)
    assert Notice.objects.filter(to=worker, subject__contains="已取消合并").count() == 1
    agree(fault)
    reporter = [(stage.word, bool(stage.at)) for stage in stages(fault)]
    assert ("已派单", True) in reporter  # as the reporter saw it before


def test_what_is_split_off_waits_to_be_dispatched_when_its_technician_has_gone() -> None:
    fault = builders.fault(State.WORKING, at=AT)
    worker, desk = fault.technician, cast.dispatcher()
    assert worker
    dispatching.merge(fault, into=builders.fault(at=AT), by=desk, at=AT + HOUR)
    User.objects.filter(pk=worker.pk).update(is_active=False)
    dispatching.split(fault, by=desk, at=AT + 2 * HOUR, note="不是同一故障")
    fault.refresh_from_db()
    assert (fault.state, fault.technician) == (State.REPORTED, None)


def test_a_late_entry_counts_as_recorded_until_the_office_accepts_it() -> None:
    fault = builders.fault(State.ACCEPTED)
    assert fault.technician
    working.arrive(
        fault, by=fault.technician, at=AT + 2 * HOUR, note="地下室无信号", happened_at=AT + 40 * MINUTE
    )
    fault.refresh_from_db()
    assert fault.response and fault.response.settled_at == AT + 2 * HOUR
    asking.decide(
        Ruling.objects.get(fault=fault), granted=True, decision="有照片", by=cast.office(), at=AT + 3 * HOUR
    )
    fault.refresh_from_db()
    assert fault.response.settled_at == AT + 40 * MINUTE
    agree(fault)


def test_a_temporary_restoration_ends_the_clock_only_if_accepted() -> None:
    fault = builders.fault(State.WORKING)
    assert fault.technician
    working.restore_temporarily(fault, by=fault.technician, at=AT + HOUR, note="换上备机")
    fault.refresh_from_db()
    assert fault.repair and fault.repair.settled_at is None
    ruling = Ruling.objects.get(fault=fault, kind=RulingKind.TEMPORARY)
    asking.decide(ruling, granted=True, decision="可正常使用", by=cast.office(), at=AT + 2 * HOUR)
    fault.refresh_from_db()
    assert fault.repair and fault.repair.settled_at == AT + HOUR
    agree(fault)


def test_exemption_shows_beside_the_raw_figure() -> None:
    fault = builders.fault(State.WORKING)
    assert fault.repair and fault.technician
    exemption = asking.claim_exemption(
        fault,
        fault.repair,
        from_at=AT + 2 * HOUR,
        until_at=AT + 5 * HOUR,
        reason="楼宇封闭",
        by=cast.manager(),
        at=AT + 6 * HOUR,
    )
    asking.decide_exemption(
        fault, exemption, granted=True, decision="属实", by=cast.office(), at=AT + 7 * HOUR
    )
    working.restore(fault, by=fault.technician, at=AT + 14 * HOUR, note="修好")
    fault.refresh_from_db()
    assert fault.repair
    assert fault.repair.excused_due_at == AT + 15 * HOUR
    assert fault.repair.raw_outcome(AT + 20 * HOUR) is Outcome.MISSED
    assert fault.repair.final_outcome(AT + 20 * HOUR) is Outcome.MET


def test_the_factory_limit_takes_the_repair_limits_place_only_before_it_ran_out() -> None:
    office = cast.office()
    for hours, granted in ((12, True), (13, False)):
        fault = builders.fault(State.WORKING)
        assert fault.technician
        working.send_to_factory(fault, by=fault.technician, at=AT + HOUR, note="主板损坏")
        ruling = asking.ask_factory_limit(fault, claim="无备机", by=cast.dispatcher(), at=AT + 2 * HOUR)
        if granted:
            asking.decide(ruling, granted=True, decision="同意", by=office, at=AT + hours * HOUR)
            fault.refresh_from_db()
            assert fault.repair and fault.repair.clause == "4.2.3"
            agree(fault)
        else:
            with pytest.raises(WrongState, match="修复时限已过"):
                asking.decide(ruling, granted=True, decision="同意", by=office, at=AT + hours * HOUR)


def test_a_damaged_card_is_card_replacement_without_a_clock() -> None:
    fault = builders.fault(symptom=Symptom.CARD_DAMAGED)
    assert fault.state == State.REFERRED and fault.response is None and fault.repair is None


def test_the_vendor_cannot_decide_and_the_office_cannot_dispatch() -> None:
    fault = builders.fault()
    with pytest.raises(NotAllowed):
        dispatching.dispatch(fault, to=cast.technician(), by=cast.office(), at=AT)
    with pytest.raises(NotAllowed):
        asking.rule_special(fault, special=True, cause="bank", decision="x", by=cast.manager(), at=AT)


def test_reporter_rates_complains_and_says_it_is_still_broken() -> None:
    report = builders.report()
    with pytest.raises(WrongState):
        reporting.rate(report, rating=5, comment="", at=AT)
    fault = report.fault
    tech, desk = cast.technician(), cast.dispatcher()
    dispatching.dispatch(fault, to=tech, by=desk, at=AT)
    working.accept(fault, by=tech, at=AT)
    working.arrive(fault, by=tech, at=AT, note="无标签")
    working.restore(fault, by=tech, at=AT + HOUR, note="重启")
    finishing.give_feedback(fault, way=Feedback.Way.PHONE, told="好了", by=tech, at=AT + HOUR)
    reporting.rate(report, rating=4, comment="快", at=AT + HOUR)
    with pytest.raises(WrongState):
        reporting.rate(report, rating=1, comment="", at=AT + HOUR)
    with pytest.raises(BadInput):
        reporting.complain(report, text=" ", at=AT + HOUR)
    complaint = reporting.complain(report, text="态度差", at=AT + HOUR)
    reporting.answer(complaint, text="已约谈", by=cast.office(), at=AT + 2 * HOUR)
    import uuid

    assert reporting.still_broken(report, note="又坏", submission=uuid.uuid4(), at=AT + 3 * HOUR) == report
    fault.refresh_from_db()
    assert fault.state == State.REPORTED
    agree(fault)


def test_what_is_stored_is_in_the_offices_language_whoever_acts() -> None:
    desk = cast.dispatcher()
    with override("en"):
        fault = builders.fault()
    assert Notice.objects.get(to=desk).subject.startswith("新报修")
    assert fault.response and "机器不开机或死机" in fault.response.subject
