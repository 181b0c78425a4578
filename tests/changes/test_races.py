"""Two at the same device at once, on a real PostgreSQL: the second is told, nothing is half written."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from tests import builders, cast
from tests.addresses import plan
from tests.changes.cases import a_draft
from tests.faults.test_races import at_once, refusals
from tests.matrix import NOON
from tests.returns.cases import asked
from yika.addresses.models import Address
from yika.assets.models import Device
from yika.changes.actions import executing, proposing, voting
from yika.changes.actions.proposing import Proposed
from yika.changes.models import Change
from yika.changes.rules import State
from yika.lib.decisions import Refusal, WrongState
from yika.returns.actions import opening
from yika.returns.models import Return

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def consented(device: Device, path: str) -> Change:
    made = a_draft([Proposed(device, "place", builders.place(path).pk)])
    proposing.ask(made, by=made.asked_by, at=cast.AT)
    voting.consent(made, by=cast.office(), at=cast.AT + timedelta(minutes=1))
    return Change.objects.get(pk=made.pk)


def test_of_two_changes_of_one_device_the_second_finds_itself_overtaken() -> None:
    device = builders.device()
    first, second = consented(device, "桂子大学/二食堂"), consented(device, "桂子大学/三食堂")

    def run(change: Change) -> Change:
        return executing.execute(change, note="已移机", by=change.asked_by, at=NOON)

    answers = at_once(lambda: run(first), lambda: run(second))
    (late,) = refusals(answers)
    assert isinstance(late, WrongState) and "不再是" in str(late)
    states = {State(one.state) for one in Change.objects.all()}
    assert states == {State.EXECUTED, State.CONSENTED}
    done = Change.objects.get(state=State.EXECUTED)
    assert Device.objects.get(pk=device.pk).place_id == done.lines.get().after


def test_of_two_changes_taking_one_address_the_second_is_told() -> None:
    plan.subnet()
    changes = []
    for number in ("XF-1", "XF-2"):
        changes.append(a_draft([Proposed(builders.device(number), "address", ["10.12.1.9"])]))
        proposing.ask(changes[-1], by=changes[-1].asked_by, at=cast.AT)
        voting.consent(changes[-1], by=cast.office(), at=cast.AT + timedelta(minutes=1))

    def run(change: Change) -> Change:
        return executing.execute(change, note="已改", by=change.asked_by, at=NOON)

    first, second = changes
    (late,) = refusals(at_once(lambda: run(first), lambda: run(second)))
    assert "占用" in str(late) or "已" in str(late)
    assert sorted(State(one.state) for one in Change.objects.all()) == [State.CONSENTED, State.EXECUTED]
    assert Address.objects.get().device_id in {line.device_id for one in changes for line in one.lines.all()}


def wired(lower: Device, upper: Device) -> Proposed:
    to = {"to": upper.pk, "role": "network", "medium": "copper", "port": "", "own_port": ""}
    return Proposed(lower, "upstream", [to])


def both_at_once(*lines: Proposed) -> list[Refusal]:
    """A consented change of each line, all carried out at the same moment."""
    changes = [a_draft([line]) for line in lines]
    for change in changes:
        proposing.ask(change, by=change.asked_by, at=cast.AT)
        voting.consent(change, by=cast.office(), at=cast.AT + timedelta(minutes=1))
    jobs = [partial(executing.execute, one, note="已改", by=one.asked_by, at=NOON) for one in changes]
    return refusals(at_once(*jobs))


def test_two_changes_of_which_each_names_the_others_device_do_not_wait_for_each_other() -> None:
    for number in range(6):  # they meet in most rounds
        left, right = (builders.device(f"SW-{number}{side}", of="switch") for side in "LR")
        assert not both_at_once(wired(left, right), wired(right, left))


def test_two_changes_of_which_each_wants_the_others_address_do_not_wait_for_each_other() -> None:
    plan.subnet()
    for number in range(6):
        left, right = (builders.device(f"XF-{number}{side}") for side in "LR")
        mine, other = (f"10.12.1.{number * 2 + 10 + side}" for side in (0, 1))
        plan.taken(mine, device=left)
        plan.taken(other, device=right)
        late = both_at_once(Proposed(left, "address", [other]), Proposed(right, "address", [mine]))
        assert late and all("占用" in str(one) or "已" in str(one) for one in late)


def test_one_change_pressed_twice_is_carried_out_once() -> None:
    change = consented(builders.device(), "桂子大学/二食堂")

    def run() -> Change:
        return executing.execute(change, note="已移机", by=change.asked_by, at=NOON)

    assert len(refusals(at_once(run, run))) == 1


def test_a_unit_is_sent_to_the_factory_once_however_often_it_is_asked_for() -> None:
    builders.contract()
    device, tech = builders.device(), cast.technician()

    def run(submission: str) -> Return:
        return opening.open_return(
            device,
            asked(),
            submission=UUID(submission),
            reason="不通电",
            by=tech,
            at=cast.AT,
        )

    one, other = "6f1c2a54-0000-4000-8000-00000000000a", "6f1c2a54-0000-4000-8000-00000000000b"
    answers = at_once(lambda: run(one), lambda: run(one), lambda: run(other))
    assert Return.objects.count() == 1
    assert len(refusals(answers)) in (1, 2)
