"""Mistakes once made, and the promise that each of them broke."""

import uuid
from datetime import timedelta

import pytest

from tests import builders, cast
from tests.cast import AT
from tests.faults.lives import check
from yika.faults.actions import asking, dispatching, finishing, reporting, working
from yika.faults.models import Fault
from yika.faults.queries import problems
from yika.faults.rules import RulingKind, State, Verb
from yika.lib.decisions import WrongState
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def again(fault: Fault) -> Fault:
    return Fault.objects.get(pk=fault.pk)


def test_splitting_off_what_was_meanwhile_merged_further_leaves_no_clock_behind() -> None:
    """Somebody looks at a merged fault while the fault it was merged into is itself merged."""
    desk = cast.dispatcher()
    early, middle, last = (builders.fault(at=AT + n * MINUTE) for n in range(3))
    dispatching.merge(early, into=middle, by=desk, at=AT + 5 * MINUTE)
    seen = again(early)
    assert seen.merged_into  # as the page that is still open has it
    dispatching.merge(middle, into=last, by=desk, at=AT + 6 * MINUTE)
    dispatching.split(seen, by=desk, at=AT + 7 * MINUTE, note="不是同一故障")
    for fault in (early, middle, last):
        check(fault)
    assert again(last).reported_at == AT + MINUTE


def test_a_special_fault_that_comes_back_after_the_window_is_a_new_fault() -> None:
    """It has no repair clock to read the restoration off."""
    fault = builders.fault(State.WORKING)
    cause = standard_of(fault.standard).causes[0].key
    asking.rule_special(fault, special=True, cause=cause, decision="银行公告", by=cast.office(), at=AT + HOUR)
    tech = again(fault).technician
    assert tech
    working.restore(fault, by=tech, at=AT + 2 * HOUR, note="银行恢复")
    report = fault.reports.get()
    back = reporting.still_broken(report, note="又不行", submission=uuid.uuid4(), at=AT + 27 * HOUR)
    assert back.fault_id != fault.pk and back.fault.follows_id == fault.pk
    assert again(fault).state == State.RESTORED


def accepted_temporarily() -> Fault:
    """Temporarily restored after an hour, which the Office accepted; for good after two days."""
    fault = builders.fault(State.WORKING)
    tech = fault.technician
    assert tech
    working.restore_temporarily(fault, by=tech, at=AT + HOUR, note="换上备机")
    ruling = fault.rulings.get(kind=RulingKind.TEMPORARY)
    asking.decide(ruling, granted=True, decision="可正常使用", by=cast.office(), at=AT + 2 * HOUR)
    working.restore(fault, by=tech, at=AT + 48 * HOUR, note="原机修复装回")
    return again(fault)


def test_the_window_of_reopening_runs_from_the_restoration_for_good() -> None:
    fault, at = accepted_temporarily(), AT + 50 * HOUR
    assert fault.repair and fault.repair.settled_at == AT + HOUR
    assert problems(fault, Verb.REOPEN, at) == [], "the button and the action say the same"
    report = fault.reports.get()
    assert reporting.still_broken(report, note="又坏", submission=uuid.uuid4(), at=at) == report
    assert again(fault).state == State.REPORTED
    check(fault)


@pytest.mark.parametrize(("hours", "open_still"), [(24, True), (25, False)])
def test_button_and_action_agree_about_the_window(hours: int, open_still: bool) -> None:
    fault = accepted_temporarily()
    at = AT + (48 + hours) * HOUR
    assert (problems(fault, Verb.REOPEN, at) == []) is open_still
    if open_still:
        finishing.reopen(fault, by=cast.dispatcher(), at=at, note="又坏")
    else:
        with pytest.raises(WrongState, match="重开期限已过"):
            finishing.reopen(fault, by=cast.dispatcher(), at=at, note="又坏")
