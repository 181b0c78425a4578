"""Sending a unit, what the factory finds, receiving it, testing it. Source: 4.2.3."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.actions.devices import set_life
from yika.assets.rules import Life
from yika.changes.actions.executing import filled
from yika.changes.queries import answered
from yika.changes.rules import State as ChangeState
from yika.changes.rules import Tried, Word, latest, passed_at
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.lib.text import moment
from yika.people.models import User
from yika.returns.actions.moving import insist_move, kept, moved, tell_office
from yika.returns.models import Return, Trial, Trip
from yika.returns.policies import can_handle
from yika.returns.rules import (
    MOST_FEN,
    MOST_RECORDS,
    TEXT_LENGTH,
    WORD_LENGTH,
    Psam,
    State,
    Verb,
)


@dataclass(frozen=True)
class Parcel:
    """What goes where by whom; ``sent_at`` None is now."""

    factory: str
    courier: str
    waybill: str
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Proof:
    """What is proven before the unit leaves: data exported (or why not), the PSAM card out."""

    records: int | None
    not_exported: str
    psam: Psam


def send(one: Return, parcel: Parcel, proof: Proof | None = None, *, by: User, at: datetime) -> Return:
    """寄出: the first time with the proof, again after a test that failed without.

    Raises: BadInput naming the field; WrongState before the consented change was carried out.
    """
    require(can_handle(by, one))
    parcel = _checked(parcel)
    with transaction.atomic():
        row = lock(one)
        to = insist_move(row, Verb.SEND)
        first = State(row.state) is State.PREPARING
        sent_at = parcel.sent_at or at
        if first:
            _insist_out(row)
            _prove(row, proof)
        _insist_order(row, sent_at, at)
        Trip.objects.create(
            of=row,
            factory=parcel.factory,
            courier=parcel.courier,
            waybill=parcel.waybill,
            sent_at=sent_at,
            sent_by=by,
        )
        row.save(update_fields=[*moved(row, to, at=at), "records_exported", "not_exported", "psam"])
        kept(row, by=by, at=at)
        record(
            "returns.send",
            ("return", row.pk),
            by=by,
            at=at,
            number=row.number,
            factory=parcel.factory,
            courier=parcel.courier,
            waybill=parcel.waybill,
            export=exported(row),
            psam=row.psam,
            sent_at=sent_at.isoformat(),
        )
        tell_office(row, gettext_lazy("返厂设备已寄出：%(number)s %(device)s"), at=at)
    return row


def exported(row: Return) -> str:
    """What became of the data, as the journal keeps it."""
    if row.records_exported is None:
        return f"数据未导出（{row.not_exported}）"
    return f"数据已导出 {row.records_exported} 条"


def _checked(parcel: Parcel) -> Parcel:
    words = {}
    for name in ("factory", "courier", "waybill"):
        words[name] = getattr(parcel, name).strip()
        if not words[name] or len(words[name]) > WORD_LENGTH:
            raise BadInput(_("请填写，不超过 %(length)d 个字") % {"length": WORD_LENGTH}, field=name)
    return Parcel(**words, sent_at=parcel.sent_at)


def _insist_out(row: Return) -> None:
    """The unit was taken out with consent, and by whatever came since it still is out."""
    change = row.change
    if change and ChangeState(change.state) not in (ChangeState.EXECUTED, ChangeState.VERIFIED):
        said = {"number": change.number}
        raise WrongState(_("变更 %(number)s 尚未执行，设备不能寄出（4.1.4）") % said)
    if change and answered(change) is Word.DECLINE:
        said = {"number": change.number}
        raise WrongState(_("信息化办公室不予确认变更 %(number)s，须回退，设备不能寄出（4.1.4）") % said)
    if row.device.life != Life.AT_FACTORY:
        said = {"number": row.device.number, "life": row.device.life_word}
        raise WrongState(_("%(number)s 现为“%(life)s”，不是返厂，不能寄出") % said)


def _prove(row: Return, proof: Proof | None) -> None:
    if proof is None:
        raise BadInput(_("请填写导出的流水条数和PSAM卡"), field="records")
    reason = proof.not_exported.strip()
    if proof.records is None and not reason:
        raise BadInput(_("请填写导出的流水条数；没有导出的，请写明原因"), field="records")
    if proof.records is not None and not 0 <= proof.records <= MOST_RECORDS:
        raise BadInput(_("请填写 0 至 %(most)d 的整数") % {"most": MOST_RECORDS}, field="records")
    row.records_exported = proof.records
    row.not_exported = "" if proof.records is not None else reason[:TEXT_LENGTH]
    row.psam = proof.psam


def _insist_order(row: Return, sent_at: datetime, at: datetime) -> None:
    earlier = row.trips.order_by("pk").last()
    bound = earlier.back_at if earlier else row.change.executed_at if row.change else None
    if sent_at > at:
        raise BadInput(_("寄出时间不能晚于现在"), field="sent_at")
    if bound and sent_at < bound:
        raise BadInput(
            _("寄出时间不能早于设备拆下或上次返回的时间 %(at)s") % {"at": moment(bound)}, field="sent_at"
        )


def diagnose(
    one: Return, *, diagnosis: str, in_warranty: bool, cost_fen: int | None, by: User, at: datetime
) -> Return:
    """What the factory found, and who pays; said again, it replaces what was said before.

    Raises: BadInput naming the field; WrongState while nothing was sent, and once the return has ended.
    """
    require(can_handle(by, one))
    if not diagnosis.strip():
        raise BadInput(_("请填写"), field="diagnosis")
    if in_warranty and cost_fen:
        raise BadInput(_("保内维修不收费，请核对"), field="cost")
    if not in_warranty and cost_fen is None:
        raise BadInput(_("保外维修请填写费用"), field="cost")
    if cost_fen is not None and not 0 <= cost_fen <= MOST_FEN:
        raise BadInput(_("费用超出范围"), field="cost")
    with transaction.atomic():
        row = lock(one)
        trip = _trip(row, State.SENT, State.BACK)
        trip.diagnosis, trip.in_warranty = diagnosis.strip()[:TEXT_LENGTH], in_warranty
        trip.cost_fen = 0 if in_warranty else cost_fen
        trip.diagnosed_at, trip.diagnosed_by = at, by
        trip.save(update_fields=["diagnosis", "in_warranty", "cost_fen", "diagnosed_at", "diagnosed_by"])
        record(
            "returns.diagnose",
            ("return", row.pk),
            by=by,
            at=at,
            number=row.number,
            diagnosis=trip.diagnosis,
            cost="保内" if in_warranty else f"保外 {(cost_fen or 0) / 100:.2f} 元",
        )
    return row


def _trip(row: Return, *states: State) -> Trip:
    """The latest shipment. Raises: WrongState unless the return is in one of the states."""
    trip = row.trips.order_by("pk").last()
    if trip is None or State(row.state) not in states:
        raise WrongState(_("%(number)s 现在不能这样办理") % {"number": row.number})
    return trip


def receive(one: Return, *, back_at: datetime | None = None, by: User, at: datetime) -> Return:
    """收到返回: the unit is here again, to be tested. Raises: BadInput for a moment out of order."""
    require(can_handle(by, one))
    with transaction.atomic():
        row = lock(one)
        to = insist_move(row, Verb.RECEIVE)
        trip = _trip(row, State.SENT)
        back_at = back_at or at
        if not trip.sent_at <= back_at <= at:
            raise BadInput(_("返回时间须在寄出之后，且不晚于现在"), field="back_at")
        trip.back_at, trip.received_by = back_at, by
        trip.save(update_fields=["back_at", "received_by"])
        row.save(update_fields=moved(row, to, at=at))
        record(
            "returns.receive",
            ("return", row.pk),
            by=by,
            at=at,
            number=row.number,
            back_at=back_at.isoformat(),
        )
    return row


def add_trial(
    one: Return, *, item: str, expected: str, result: str, passed: bool, by: User, at: datetime
) -> Trial:
    """Record one test of a unit that came back. Raises: BadInput for what is not filled in."""
    require(can_handle(by, one))
    said = filled(item=item, expected=expected, result=result)
    with transaction.atomic():
        row = lock(one)
        trip = _trip(row, State.BACK)
        trial = Trial.objects.create(trip=trip, **said, passed=passed, by=by, at=at)
        record(
            "returns.test",
            ("return", row.pk),
            by=by,
            at=at,
            number=row.number,
            item=trial.item,
            result=trial.result,
            passed=passed,
        )
    return trial


def finish(one: Return, *, by: User, at: datetime) -> Return:
    """测试合格入库: settles the promise at the moment of the last test that passed. Source: 4.2.3.

    Raises: WrongState without a test since it came back, when an item's last test failed, or when nobody has
    said yet what the factory found and who pays.
    """
    require(can_handle(by, one))
    with transaction.atomic():
        row = lock(one)
        to = insist_move(row, Verb.FINISH)
        trip = _trip(row, State.BACK)
        tests = [Tried(trial.item, trial.at, trial.passed) for trial in trip.trials.all()]
        settled_at = passed_at(tests)
        if settled_at is None:
            failed = [test.item for test in latest(tests) if not test.passed]
            raise WrongState(
                _("测试未通过：%(items)s，请重测或再次寄出") % {"items": _("、").join(failed)}
                if failed
                else _("还没有测试记录，请先登记")
            )
        if trip.diagnosed_at is None:
            raise WrongState(_("请先登记厂家诊断、保修和费用，再办理入库"))
        row.settled_at = settled_at
        row.save(update_fields=[*moved(row, to, at=at), "settled_at"])
        device = lock(row.device)
        if device.life == Life.AT_FACTORY:
            set_life(device, Life.IN_STOCK, f"返厂单 {row.number} 测试合格", by=by, at=at)
        kept(row, by=by, at=at)
        record("returns.finish", ("return", row.pk), by=by, at=at, number=row.number, device=device.number)
        tell_office(row, gettext_lazy("返厂设备已返回并测试合格：%(number)s %(device)s"), at=at)
    return row
