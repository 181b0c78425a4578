"""Changes carried to where a test needs them."""

from datetime import datetime, timedelta
from uuid import uuid4

from tests import builders, cast
from tests.matrix import NOON
from yika.changes.actions import executing, proposing, voting
from yika.changes.actions.proposing import Head, Proposed
from yika.changes.models import Change
from yika.changes.rules import Kind, Mode, State
from yika.people.models import User

WINDOW = (cast.AT, cast.AT + timedelta(days=1))


def head(
    kind: Kind = Kind.DATA,
    mode: Mode = Mode.NORMAL,
    *,
    title: str = "二楼消费机移到一楼",
    window: tuple[datetime, datetime] = WINDOW,
) -> Head:
    return Head(kind, mode, title, "窗口调整", "十分钟不能刷卡", "断电，移机，测试", "移回原处", *window)


def a_draft(
    lines: list[Proposed] | None = None,
    *,
    by: User | None = None,
    kind: Kind = Kind.DATA,
    mode: Mode = Mode.NORMAL,
    window: tuple[datetime, datetime] = WINDOW,
) -> Change:
    """A draft that moves a terminal, unless other lines are given."""
    builders.contract()
    if lines is None:
        lines = [Proposed(builders.device(), "place", builders.place("桂子大学/一食堂/一楼/面食").pk)]
    return proposing.draft(
        head(kind, mode, window=window),
        submission=uuid4(),
        lines=lines,
        by=by or cast.technician(),
        at=cast.AT,
    )


def a_change(state: State = State.ASKED, *, by: User | None = None, mode: Mode = Mode.NORMAL) -> Change:
    """A change carried to a state by who would do it, before ``tests.matrix.NOON``."""
    by = by or cast.technician()
    made, at = a_draft(by=by, mode=mode), NOON - timedelta(minutes=5)
    if state is State.DRAFT:
        return made
    if mode is Mode.EMERGENCY:
        executing.execute_first(made, note="已移机", by=by, at=at)
    else:
        proposing.ask(made, by=by, at=at)
        if state is State.ASKED:
            return Change.objects.get(pk=made.pk)
        if state is State.WITHDRAWN:
            return proposing.withdraw(made, reason="不移了", by=by, at=at)
        if state is State.ASKED_BACK:
            voting.ask_back(made, reason="为何白天移", by=cast.office(), at=at)
            return Change.objects.get(pk=made.pk)
        if state is State.REFUSED:
            voting.refuse(made, reason="开学期间不移", by=cast.office(), at=at)
            return Change.objects.get(pk=made.pk)
        voting.consent(made, by=cast.office(), at=at)
        if state is not State.CONSENTED:
            executing.execute(made, note="已移机", by=by, at=at)
    made = Change.objects.get(pk=made.pk)
    if state is State.VERIFIED:
        executing.add_trial(made, item="刷卡", expected="成功", result="成功", passed=True, by=by, at=at)
        made = executing.verify(made, by=by, at=at)
    return Change.objects.get(pk=made.pk)
