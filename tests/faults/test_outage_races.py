"""Reports from behind an outage while the outage ends, is merged or is split, on a real PostgreSQL."""

import uuid
from datetime import timedelta

import pytest

from tests import builders, cast
from tests.cast import AT
from tests.faults.lives import check
from tests.faults.test_races import LATER, Job, again, at_once, merging, refusals, restoring
from tests.faults.test_reach import canteen
from yika.assets.models import Device
from yika.faults.actions import dispatching, intake, working
from yika.faults.models import Channel, Fault, Report, Symptom
from yika.faults.rules import State
from yika.journal.rules import REPORTER

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)


def reporting(device: Device) -> Job:
    return lambda: intake.report(
        channel=Channel.QR,
        symptom=Symptom.TERMINAL_OFFLINE,
        submission=uuid.uuid4(),
        by=REPORTER,
        at=LATER,
        device=Device.objects.select_related("kind", "place").get(pk=device.pk),
    )


def under_way(core: Device) -> Fault:
    root = builders.report(of=core, by=cast.dispatcher(), symptom=Symptom.SYSTEM).fault
    worker = cast.technician()
    dispatching.dispatch(root, to=worker, by=cast.dispatcher(), at=AT + MINUTE)
    working.accept(root, by=worker, at=AT + 2 * MINUTE)
    working.arrive(root, by=worker, at=AT + 3 * MINUTE, scanned=core)
    return root


def test_reports_that_arrive_while_the_outage_is_restored_are_not_lost() -> None:
    (core,), machines = canteen(8)
    for _ in range(3):
        root = under_way(core)
        before = Report.objects.count()
        assert root.technician
        answers = at_once(
            *map(reporting, machines[:4]), restoring(root, root.technician), *map(reporting, machines[4:])
        )
        assert not refusals(answers) and Report.objects.count() == before + 8
        assert again(root).state == State.RESTORED
        made = [again(answer.fault) for answer in answers if isinstance(answer, Report)]
        for fault in made:
            if fault.merged_into_id:
                assert fault.merged_into_id == root.pk and fault.repair is None
            else:  # came too late for the outage: a fault of its own, with its own clocks
                assert fault.state == State.REPORTED and fault.response and fault.repair
            check(fault)
        check(root)


def test_reports_that_arrive_while_outages_are_merged_count_there() -> None:
    (core,), machines = canteen(6)
    desk = cast.dispatcher()
    for _ in range(3):
        root, into = under_way(core), builders.fault()
        answers = at_once(
            *map(reporting, machines[:3]), merging(root, into, desk), *map(reporting, machines[3:])
        )
        assert not refusals(answers)
        assert again(root).merged_into == into and again(into).rooted
        for answer in answers:
            if isinstance(answer, Report):
                assert again(answer.fault).merged_into_id in (into.pk, None)
                check(answer.fault)
        check(into)
        dispatching.call_off(again(into), by=desk, at=LATER + MINUTE, note="下一轮")
