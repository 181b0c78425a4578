"""Units at the factory: one away with consent, one come back, one that waits to be taken out."""

from datetime import datetime

from yika.assets.actions import create_device, create_place
from yika.assets.models import Device, Place
from yika.assets.rules import Life
from yika.changes.actions import executing, voting
from yika.changes.rules import Mode
from yika.config.demo.campus import SCHOOL
from yika.config.demo.case import Case, reported
from yika.config.demo.stage import Part, Stage, Story, hours, minutes
from yika.config.demo.words import Words
from yika.faults.actions import asking
from yika.faults.models import Channel, Symptom
from yika.people.models import User
from yika.returns.actions import opening, shipping
from yika.returns.actions.opening import Asked
from yika.returns.actions.shipping import Parcel, Proof
from yika.returns.models import Return
from yika.returns.rules import Psam

STORE = "备件库房"
SPARES = {"XF-9001": "XF-0001", "XF-9002": "XF-0001", "MJ-9001": "MJ-0001"}  # each like one in use
FACTORY = "桂新电子有限公司"


def stock(devices: dict[str, Device], places: dict[str, Place], *, by: User, at: datetime) -> None:
    """Put the spares into the store room, as the desk would."""
    room = create_place(places[f"{SCHOOL}/信息楼"], name=STORE, by=by, at=at)
    places[room.full_name] = room
    for number, like in SPARES.items():
        old = devices[like]
        devices[number] = create_device(
            number=number, kind=old.kind, model=old.model_name, place=room, life=Life.IN_STOCK, by=by, at=at
        )


def away(stage: Stage, at: datetime) -> Story:
    """At the factory for five days with no spare, the factory's limit in place of the repair's."""
    words = Words(Symptom.TERMINAL_DEAD, "三号窗口业务机主板烧毁", "", "")
    case = reported(stage, at, stage.devices["YW-0003"], channel=Channel.IN_PERSON, words=words)
    at = yield from case.reach(at)
    at = yield minutes(35)
    one = _opened(stage, case, at, "主板烧毁，该型号无备机，一、二号窗口可正常办理", instead_of_repair=True)
    at = yield hours(2)
    ruling = case.fault.rulings.get(decided_at__isnull=True)
    asking.decide(ruling, granted=True, decision="同意", by=case.office, at=at)
    at = yield from _out(case, one, at)
    parcel = Parcel(FACTORY, "顺丰速运", "SF10020030077")
    proof = Proof(None, "主板烧毁，无法读取；平台已采集至当日零时", Psam.ABSENT)
    shipping.send(_fresh(one), parcel, proof, by=case.to, at=at)
    at = yield hours(50)
    words_of_factory = "主板电源芯片击穿，更换主板"
    shipping.diagnose(
        _fresh(one), diagnosis=words_of_factory, in_warranty=False, cost_fen=68_000, by=case.to, at=at
    )


def back_again(stage: Stage, at: datetime) -> Story:
    """A spare served meanwhile; the unit came back in eight days, passed its tests and lies in stock."""
    words = Words(Symptom.CANNOT_PAY, "刷卡无反应，指示灯常红", "读卡模块损坏", "换上备机，原机返厂")
    case = reported(stage, at, stage.devices["XF-0021"], words=words, to=stage.people["wang"])
    at = yield from case.reach(at)
    at = yield minutes(20)
    one = _opened(stage, case, at, "读卡模块损坏，现场无法更换", spare=stage.devices["XF-9001"])
    at = yield from _out(case, one, at)
    case.restore(at, "换上备机 XF-9001，刷卡正常")
    at = yield from case.wrap_up(at)
    at = yield hours(3)
    parcel, proof = Parcel(FACTORY, "顺丰速运", "SF10020030012"), Proof(1836, "", Psam.REMOVED)
    shipping.send(_fresh(one), parcel, proof, by=case.to, at=at)
    at = yield hours(70)
    shipping.diagnose(
        _fresh(one), diagnosis="读卡模块老化，更换", in_warranty=True, cost_fen=None, by=case.to, at=at
    )
    at = yield hours(110)
    shipping.receive(_fresh(one), by=case.to, at=at)
    at = yield minutes(40)
    for item, expected in (("刷卡消费", "扣款成功，余额正确"), ("联网", "流水实时上传")):
        shipping.add_trial(
            _fresh(one), item=item, expected=expected, result=expected, passed=True, by=case.to, at=at
        )
    at = yield minutes(5)
    shipping.finish(_fresh(one), by=case.to, at=at)


def waiting(stage: Stage, at: datetime) -> Story:
    """The spare is chosen; the Office has not consented yet that the unit be taken out."""
    words = Words(Symptom.OTHER, "小票打印机卡纸后不走纸", "", "")
    case = reported(stage, at, stage.devices["XF-0060"], words=words, to=stage.people["liu"])
    at = yield from case.reach(at)
    at = yield minutes(15)
    _opened(stage, case, at, "打印机构断裂，须返厂更换", spare=stage.devices["XF-9002"])


def _opened(
    stage: Stage,
    case: Case,
    at: datetime,
    reason: str,
    *,
    spare: Device | None = None,
    instead_of_repair: bool = False,
) -> Return:
    assert case.fault.device
    asked = Asked(Mode.NORMAL, "拆装约十分钟，该处暂停使用", at, at + hours(24))
    return opening.open_return(
        case.fault.device,
        asked,
        submission=stage.key(),
        reason=reason,
        fault=case.fault,
        spare=spare,
        instead_of_repair=instead_of_repair,
        by=case.to,
        at=at,
    )


def _out(case: Case, one: Return, at: datetime) -> Part:
    """The Office consents, the technician does it and tests."""
    change = one.change
    assert change
    voting.consent(change, by=case.office, at=at)
    at = yield minutes(30)
    executing.execute(change, note="已按申请办理", by=case.to, at=at)
    at = yield minutes(5)
    executing.add_trial(
        change, item="现场核对", expected="与申请一致", result="一致", passed=True, by=case.to, at=at
    )
    executing.verify(change, by=case.to, at=at)
    return at


def _fresh(one: Return) -> Return:
    return Return.objects.select_related("contract", "device__kind").get(pk=one.pk)
