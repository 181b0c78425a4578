"""What the Office is promised: nothing is written but what it consented to. Source: 4.1.4."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from tests import builders, cast
from tests.addresses import plan
from tests.changes.cases import WINDOW, a_change, a_draft, head
from tests.matrix import NOON
from tests.network.campus import hang, switch
from yika.assets.models import Device, Merchant
from yika.changes import queries
from yika.changes.actions import executing, noticing, planning, proposing, voting
from yika.changes.actions.proposing import Proposed
from yika.changes.actions.swapping import swap
from yika.changes.models import Change, Vote
from yika.changes.rules import Kind, Mode, State
from yika.commitments.rules import Outcome
from yika.journal.models import Event
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.notices.models import Notice

pytestmark = pytest.mark.django_db
WINDOW_LATER = (NOON + timedelta(days=60), NOON + timedelta(days=61))


def verbs() -> list[str]:
    return list(
        Event.objects.filter(verb__startswith="changes.").order_by("pk").values_list("verb", flat=True)
    )


def test_a_change_is_asked_for_consented_to_and_executed_to_the_letter() -> None:
    tech, office = cast.technician(), cast.office()
    device, place = builders.device(), builders.place("桂子大学/一食堂/一楼/面食")
    change = a_draft([Proposed(device, "place", place.pk)], by=tech)
    line = change.lines.get()
    assert (line.before, line.after) == (device.place_id, place.pk)
    assert line.after_words == "桂子大学/一食堂/一楼/面食"
    proposing.ask(change, by=tech, at=NOON)
    assert Notice.objects.filter(to=office, subject__contains=change.number).exists()
    voting.consent(change, by=office, at=NOON)
    assert Device.objects.get(pk=device.pk).place_id == device.place_id
    executing.execute(change, note="已移机", by=tech, at=NOON)
    assert Device.objects.get(pk=device.pk).place_id == place.pk
    assert verbs() == ["changes.draft", "changes.ask", "changes.consent", "changes.execute"]
    executing.add_trial(change, item="刷卡", expected="成功", result="超时", passed=False, by=tech, at=NOON)
    with pytest.raises(WrongState, match="测试未通过：刷卡"):
        executing.verify(change, by=tech, at=NOON)
    executing.add_trial(change, item="刷卡", expected="成功", result="成功", passed=True, by=tech, at=NOON)
    assert executing.verify(change, by=tech, at=NOON).state == State.VERIFIED


def test_the_same_submission_makes_one_change() -> None:
    builders.contract()
    tech, submission = cast.technician(), uuid4()
    first, again = (proposing.draft(head(), submission=submission, by=tech, at=NOON) for _ in range(2))
    assert first == again and Change.objects.count() == 1


def test_nobody_votes_on_his_own_change_and_the_vendor_never() -> None:
    office, tech = cast.office(), cast.technician()
    change = a_change(by=office)
    with pytest.raises(NotAllowed, match="不能对自己提出的变更表态"):
        voting.consent(change, by=office, at=NOON)
    with pytest.raises(NotAllowed):
        voting.consent(change, by=tech, at=NOON)
    assert voting.consent(change, by=cast.office(), at=NOON).state == State.CONSENTED


def test_a_vote_once_given_stands() -> None:
    change = a_change(State.REFUSED)
    with pytest.raises(WrongState, match="未同意"):
        voting.consent(change, by=cast.office(), at=NOON)
    assert Vote.objects.get().word == "refuse"


def test_a_refusal_and_a_question_need_words() -> None:
    change = a_change()
    for say in (voting.refuse, voting.ask_back):
        with pytest.raises(BadInput, match="请写明理由"):
            say(change, reason=" ", by=cast.office(), at=NOON)


def test_what_was_sent_back_may_be_worded_anew_and_asked_again() -> None:
    tech = cast.technician()
    change = a_change(State.ASKED_BACK, by=tech)
    proposing.edit(change, head(title="改到夜间移机"), by=tech, at=NOON)
    with pytest.raises(BadInput, match="答复") as refused:
        proposing.ask(change, note=" ", by=tech, at=NOON)
    assert refused.value.field == "note"
    assert proposing.ask(change, note="改在夜间", by=tech, at=NOON).state == State.ASKED
    said = change.votes.get()
    assert (said.reason, said.answer, said.answered_by) == ("为何白天移", "改在夜间", tech)
    assert verbs()[-1] == "changes.ask_again"
    voting.ask_back(change, reason="几点", by=cast.office(), at=NOON)
    with pytest.raises(BadInput, match="答复"):
        proposing.ask(change, by=tech, at=NOON)


@pytest.mark.parametrize("state", [State.ASKED, State.CONSENTED, State.EXECUTED])
def test_what_the_office_saw_cannot_be_changed_behind_its_back(state: State) -> None:
    tech = cast.technician()
    change = a_change(state, by=tech)
    line = change.lines.select_related("device", "change").get()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: proposing.edit(change, head(), by=tech, at=NOON),
        lambda: proposing.add_lines(change, [Proposed(line.device, "life", "in_stock")], by=tech, at=NOON),
        lambda: proposing.remove_line(line, by=tech, at=NOON),
    )
    for attempt in attempts:
        with pytest.raises(WrongState, match="内容不能再改"):
            attempt()


@pytest.mark.parametrize("state", [State.DRAFT, State.ASKED, State.ASKED_BACK, State.REFUSED])
def test_nothing_is_executed_without_consent(state: State) -> None:
    tech = cast.technician()
    change = a_change(state, by=tech)
    before = Device.objects.values_list("pk", "place_id")
    with pytest.raises(WrongState):
        executing.execute(change, note="已移机", by=tech, at=NOON)
    assert list(Device.objects.values_list("pk", "place_id")) == list(before)


def test_it_is_executed_within_the_consented_window_alone() -> None:
    tech = cast.technician()
    change = a_change(State.CONSENTED, by=tech)
    with pytest.raises(WrongState, match="只能在同意的时间内执行"):
        executing.execute(change, note="已移机", by=tech, at=WINDOW[1])


def test_a_change_overtaken_by_another_edit_is_told_and_writes_nothing() -> None:
    tech = cast.technician()
    one, two = builders.device(), builders.device()
    place = builders.place("桂子大学/一食堂/一楼/面食")
    change = a_draft([Proposed(one, "place", place.pk), Proposed(two, "place", place.pk)], by=tech)
    proposing.ask(change, by=tech, at=NOON)
    voting.consent(change, by=cast.office(), at=NOON)
    elsewhere = builders.place("桂子大学/二食堂")
    Device.objects.filter(pk=two.pk).update(place=elsewhere)  # as a change executed in between would
    with pytest.raises(WrongState, match=f"变更未执行；{two.number} .*已被改为“桂子大学/二食堂”"):
        executing.execute(change, note="已移机", by=tech, at=NOON)
    assert Device.objects.get(pk=one.pk).place_id == one.place_id
    assert Device.objects.get(pk=two.pk).place_id == elsewhere.pk
    assert Change.objects.get(pk=change.pk).state == State.CONSENTED
    assert verbs()[-1] == "changes.overtake"
    assert Notice.objects.filter(to=tech, subject__contains="现状已变").exists()


def test_rolling_back_writes_what_was_before() -> None:
    tech = cast.technician()
    change = a_change(State.EXECUTED, by=tech)
    line = change.lines.get()
    assert executing.roll_back(change, reason="刷卡失败", by=tech, at=NOON).state == State.ROLLED_BACK
    assert Device.objects.get(pk=line.device_id).place_id == line.before


def test_a_swap_puts_the_spare_where_the_old_one_was() -> None:
    tech, old = cast.technician(), builders.device("XF-1")
    spare = builders.device("XF-9", at="桂子大学/库房", in_use=False)
    Device.objects.filter(pk=old.pk).update(merchant=Merchant.objects.create(name="豆浆铺"))
    old.refresh_from_db()
    stall, store = old.place, spare.place
    assert list(queries.spares_for(old)) == [spare]
    change = a_draft(swap(old, spare), by=tech, kind=Kind.SWAP)
    proposing.ask(change, by=tech, at=NOON)
    voting.consent(change, by=cast.office(), at=NOON)
    executing.execute(change, note="已更换", by=tech, at=NOON)
    old.refresh_from_db()
    spare.refresh_from_db()
    assert (old.in_use, spare.in_use) == (False, True)
    assert (spare.place_id, old.place_id) == (stall.pk, store.pk)
    assert Device.objects.get(merchant__name="豆浆铺") == spare
    executing.roll_back(change, reason="刷卡失败", by=tech, at=NOON)
    assert Device.objects.get(merchant__name="豆浆铺") == old


def test_an_emergency_is_executed_first_and_must_be_confirmed_in_a_day() -> None:
    change = a_change(State.EXECUTED, mode=Mode.EMERGENCY)
    promised = change.confirmation
    assert promised and change.executed_at
    assert promised.clause == "4.1.4" and promised.due_at == change.executed_at + timedelta(hours=24)
    assert queries.unconfirmed(Change.objects.all()).get() == change
    voting.confirm(change, by=cast.office(), at=NOON)
    promised.refresh_from_db()
    assert promised.final_outcome(NOON) is Outcome.MET
    assert not queries.unconfirmed(Change.objects.all()).exists()
    with pytest.raises(WrongState, match="已经表态"):
        voting.decline(change, reason="不必", by=cast.office(), at=NOON)


def test_an_emergency_nobody_confirms_is_breached() -> None:
    change = a_change(State.EXECUTED, mode=Mode.EMERGENCY)
    assert change.confirmation
    assert change.confirmation.final_outcome(NOON + timedelta(days=1)) is Outcome.MISSED


def test_an_emergency_the_office_declines_is_missed_at_once_and_can_only_be_rolled_back() -> None:
    tech, office = cast.technician(), cast.office()
    change = a_change(State.EXECUTED, by=tech, mode=Mode.EMERGENCY)
    executing.add_trial(change, item="刷卡", expected="成功", result="成功", passed=True, by=tech, at=NOON)
    voting.decline(change, reason="并不紧急", by=office, at=NOON)
    promised = change.confirmation
    assert promised
    promised.refresh_from_db()
    assert promised.final_outcome(NOON) is Outcome.MISSED and not promised.is_open
    assert "并不紧急" in promised.ruled_reason and promised.ruled_by == office
    with pytest.raises(WrongState, match="请回退"):
        executing.verify(change, by=tech, at=NOON)
    with pytest.raises(WrongState, match="请回退"):
        executing.add_trial(change, item="读卡", expected="成", result="成", passed=True, by=tech, at=NOON)
    assert queries.declined(Change.objects.all()).get() == change
    assert executing.roll_back(change, reason="未获确认", by=tech, at=NOON).state == State.ROLLED_BACK
    assert not queries.declined(Change.objects.all()).exists()
    promised.refresh_from_db()
    assert promised.final_outcome(NOON) is Outcome.MISSED


def test_only_an_emergency_goes_first() -> None:
    tech = cast.technician()
    with pytest.raises(WrongState, match="变更方式"):
        executing.execute_first(a_draft(by=tech), note="急", by=tech, at=NOON)
    with pytest.raises(WrongState, match="变更方式"):
        proposing.ask(a_draft(by=tech, mode=Mode.EMERGENCY), by=tech, at=NOON)


def test_a_standard_change_goes_by_its_pattern_and_no_further() -> None:
    tech, office = cast.technician(), cast.office()
    pattern = planning.approve_pattern(
        name="窗口内移机",
        kind=Kind.DATA,
        families=["place"],
        device_kinds=[builders.kind()],
        terms="",
        until_on=NOON.date() + timedelta(days=30),
        by=office,
        at=NOON,
    )
    fits = a_draft(by=tech, mode=Mode.STANDARD)
    assert queries.patterns_for(fits, NOON) == [pattern]
    assert proposing.use_pattern(fits, pattern, by=tech, at=NOON).state == State.CONSENTED
    beyond = a_draft([Proposed(builders.device(), "life", "in_stock")], by=tech, mode=Mode.STANDARD)
    with pytest.raises(WrongState, match="变更内容不在批准范围内"):
        proposing.use_pattern(beyond, pattern, by=tech, at=NOON)
    planning.end_pattern(pattern, by=office, at=NOON)
    pattern.refresh_from_db()
    with pytest.raises(WrongState, match="已停用"):
        proposing.use_pattern(a_draft(by=tech, mode=Mode.STANDARD), pattern, by=tech, at=NOON)


def test_conflicts_are_named() -> None:
    first = a_change()
    device = first.lines.select_related("device").get().device
    planning.add_blackout(name="开学第一周", from_at=NOON, until_at=WINDOW[1], by=cast.office(), at=NOON)
    second = a_draft([Proposed(device, "life", "in_stock")])
    found = queries.conflicts(second, [device], NOON)
    assert found[0].other == first
    assert any("开学第一周" in one.words for one in found)
    assert any("终端 1 台" in one.words for one in found)


def test_what_could_not_be_written_is_named_before_anybody_consents() -> None:
    plan.subnet()
    one, two, other = (builders.device(number) for number in ("XF-1", "XF-2", "XF-3"))
    upper, idle = switch("JH-1"), builders.device("JH-2", of="switch", in_use=False)
    plan.taken("10.12.1.5", device=two)
    hang(other, upper, ports=("", "GE1"))
    link = {"role": "network", "medium": "copper", "own_port": ""}
    uppers = [{"to": upper.pk, "port": "GE1", **link}, {"to": idle.pk, "port": "", **link}]
    lines = [Proposed(one, "address", ["10.12.1.5"]), Proposed(one, "upstream", uppers)]
    change = a_draft(lines, kind=Kind.NETWORK)
    proposing.ask(change, by=change.asked_by, at=NOON)
    change.refresh_from_db()
    said = "\n".join(found.words for found in queries.conflicts(change, [one], NOON))
    assert "10.12.1.5 已由设备 XF-2 使用" in said
    assert "JH-1 的端口 GE1 已有连接" in said and "JH-2 不在用" in said
    assert voting.consent(change, by=cast.office(), at=NOON).state == State.CONSENTED


def test_what_a_change_frees_itself_stands_in_nobodys_way() -> None:
    plan.subnet()
    old, upper = builders.device("XF-1"), switch("JH-1")
    spare = builders.device("XF-9", at="桂子大学/库房", in_use=False)
    plan.taken("10.12.1.5", device=old)
    hang(old, upper, ports=("", "GE1"))
    change = a_draft(swap(old, spare), kind=Kind.SWAP)
    assert {line.field for line in change.lines.all()} >= {"address", "upstream"}
    assert not any("不能写入" in found.words for found in queries.conflicts(change, [old], NOON))


def test_a_window_that_is_over_is_told_before_anybody_consents() -> None:
    tech, late = cast.technician(), WINDOW[1]
    change = a_change(by=tech)
    with pytest.raises(WrongState, match="已过"):
        voting.consent(change, by=cast.office(), at=late)
    assert any("执行时间已过" in one.words for one in queries.conflicts(change, [], late))
    voting.ask_back(change, reason="改时间", by=cast.office(), at=late)
    with pytest.raises(WrongState, match="请先修改执行时间"):
        proposing.ask(change, by=tech, at=late)
    with pytest.raises(BadInput, match="结束时间已过"):
        proposing.edit(change, head(), by=tech, at=late)
    proposing.edit(change, head(window=(late, late + timedelta(hours=2))), by=tech, at=late)
    assert proposing.ask(change, note="改到今晚", by=tech, at=late).state == State.ASKED


def test_what_came_to_nothing_is_drafted_again_with_its_values_and_differences() -> None:
    tech, device, place = cast.technician(), builders.device(), builders.place("桂子大学/二食堂")
    builders.contract()
    found = noticing.note_difference(device, "place", place.pk, by=tech, at=NOON)
    change = noticing.propose([found], by=tech, at=NOON)
    proposing.ask(change, by=tech, at=NOON)
    voting.consent(change, by=cast.office(), at=NOON)
    late = NOON + timedelta(days=30)
    again = proposing.draft_again(change, (late, late + timedelta(days=1)), by=tech, at=late)
    line = again.lines.get()
    assert (line.device, line.field, line.after) == (device, "place", place.pk)
    assert (again.reason, again.title, again.state) == (change.reason, change.title, State.DRAFT)
    assert Change.objects.get(pk=change.pk).state == State.WITHDRAWN
    found.refresh_from_db()
    assert found.change == again
    device.place = place
    device.save(update_fields=["place"])
    assert not proposing.draft_again(again, WINDOW_LATER, by=tech, at=late).lines.exists()


def test_a_difference_waits_again_once_its_change_came_to_nothing() -> None:
    tech, device, place = cast.technician(), builders.device(), builders.place("桂子大学/二食堂")
    builders.contract()
    found = noticing.note_difference(device, "place", place.pk, by=tech, at=NOON)
    change = noticing.propose([found], by=tech, at=NOON)
    rows = queries.differences(cast.office())
    assert not queries.unmended(rows).exists()
    proposing.withdraw(change, reason="", by=tech, at=NOON)
    assert queries.unmended(rows).get() == found
    assert noticing.propose([found], by=tech, at=NOON) != change


def test_a_draft_is_dropped_without_a_reason_but_nothing_else_is() -> None:
    draft, asked = a_change(State.DRAFT), a_change()
    assert proposing.withdraw(draft, reason=" ", by=draft.asked_by, at=NOON).state == State.WITHDRAWN
    with pytest.raises(BadInput):
        proposing.withdraw(asked, reason=" ", by=asked.asked_by, at=NOON)


def test_the_office_is_told_before_it_consents_that_a_value_was_changed_meanwhile() -> None:
    change = a_change()
    line = change.lines.select_related("device").get()
    Device.objects.filter(pk=line.device_id).update(place=builders.place("桂子大学/三食堂"))
    said = [one.words for one in queries.conflicts(change, [line.device], NOON)]
    assert any("已被改为“桂子大学/三食堂”" in words for words in said)


def test_a_spare_that_another_change_wants_or_that_is_faulty_still_is_marked() -> None:
    old = builders.device("XF-1")
    wanted = builders.device("XF-8", at="桂子大学/库房", in_use=False)
    faulty = builders.device("XF-9", at="桂子大学/库房", in_use=False)
    change = a_draft(swap(old, wanted), kind=Kind.SWAP)
    proposing.ask(change, by=change.asked_by, at=NOON)
    fault = builders.fault(of=faulty)
    spares = list(queries.spares_for(builders.device("XF-2")))
    assert queries.warnings_of(spares) == {
        wanted.pk: f"已列入 {change.number}",
        faulty.pk: f"故障 {fault.number} 未办结",
    }


def test_what_is_found_different_is_recorded_and_never_typed_over() -> None:
    tech, device, place = cast.technician(), builders.device(), builders.place("桂子大学/二食堂")
    builders.contract()
    found = noticing.note_difference(device, "place", place.pk, note="已搬", by=tech, at=NOON)
    assert found.recorded_words == device.place.full_name
    assert Device.objects.get(pk=device.pk).place_id == device.place_id
    change = noticing.propose([found], by=tech, at=NOON)
    assert change.lines.get().after == place.pk
    with pytest.raises(WrongState, match="已提出变更"):
        noticing.propose([found], by=tech, at=NOON)
    with pytest.raises(BadInput, match="没有差异"):
        noticing.note_difference(device, "place", device.place_id, by=tech, at=NOON)


def test_nobody_asks_for_a_change_of_nothing() -> None:
    tech, device = cast.technician(), builders.device()
    empty = a_draft([], by=tech, kind=Kind.UPGRADE)
    with pytest.raises(WrongState, match="涉及的设备"):
        proposing.ask(empty, by=tech, at=NOON)
    proposing.edit(empty, head(Kind.UPGRADE), devices=[device], by=tech, at=NOON)
    assert proposing.ask(empty, by=tech, at=NOON).state == State.ASKED


def test_a_window_is_no_longer_than_thirty_days() -> None:
    a_draft(window=(NOON, NOON + timedelta(days=30)))
    with pytest.raises(BadInput, match="最长 30 天") as refused:
        a_draft(window=(NOON, NOON + timedelta(days=31)))
    assert refused.value.field == "until_at"


def test_what_would_change_nothing_or_is_nonsense_is_not_taken() -> None:
    device = builders.device()
    for field, value in (("place", device.place_id), ("place", 10**9), ("life", "sold"), ("colour", "red")):
        with pytest.raises(BadInput):
            a_draft([Proposed(device, field, value)])
    with pytest.raises(WrongState, match="还没有变更内容"):
        tech = cast.technician()
        proposing.ask(a_draft([], by=tech, kind=Kind.SWAP), by=tech, at=NOON)
