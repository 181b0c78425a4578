"""What is open at this moment: some of it burning."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from yika.config.demo import returned
from yika.config.demo.campus import SCHOOL
from yika.config.demo.case import reported
from yika.config.demo.stage import Stage, Story, hours, minutes
from yika.config.demo.words import OF_KIND, Words
from yika.faults.actions import asking, working
from yika.faults.models import Channel, Symptom

Telling = Callable[[Stage, datetime], Story]


def just_in(stage: Stage, at: datetime) -> Story:
    """Nobody has seen it yet."""
    reported(stage, at, stage.devices["XF-0057"])
    yield minutes(1)


def nobody_sent(stage: Stage, at: datetime) -> Story:
    """Almost an hour old, still on the desk."""
    reported(stage, at, stage.devices["XF-0033"], channel=Channel.PHONE)
    yield minutes(1)


def floor_offline(stage: Stage, at: datetime) -> Story:
    """Half an hour is all there is; the technician has set out."""
    words = Words(Symptom.TERMINAL_OFFLINE, "博雅一楼所有窗口都刷不了卡", "", "")
    case = reported(stage, at, stage.devices["XF-0038"], words=words, to=stage.people["zhao"])
    at = yield minutes(2)
    case.join(at, "面点窗口也不行")
    floor = [d for d in stage.devices.values() if "博雅餐厅/一楼/" in d.place.full_name]
    named = [device for device in floor if device.kind.is_terminal]
    at = yield minutes(3)
    case.classify(at, len(named), 0, "一楼各窗口均脱机，按设备清单点名", named)
    at = yield minutes(1)
    case.dispatch(at)
    at = yield minutes(2)
    case.accept(at)
    at = yield minutes(3)
    case.set_out(at)


def canteens_down(stage: Stage, at: datetime) -> Story:
    """Severe: one switch takes three canteens down, as the network knows; reports join, work goes on."""
    words = Words(Symptom.SYSTEM, "学子、沁园、清真餐厅终端大面积脱机", "", "")
    case = reported(
        stage, at, stage.devices["JH-0011"], channel=Channel.MONITORING, words=words, to=stage.people["zhao"]
    )
    for number in ("XF-0003", "XF-0012", "XF-0024"):
        at = yield minutes(0.4)
        reported(stage, at, stage.devices[number], words=words)
    at = yield minutes(1)
    case.join(at, "学子餐厅二楼全部刷不了", Channel.QR)
    case.dispatch(at)
    at = yield minutes(2)
    case.accept(at)
    at = yield minutes(1)
    case.set_out(at)
    at = yield minutes(13)
    case.arrive(at)


def running_late(stage: Stage, at: datetime) -> Story:
    """Overdue: accepted, on the way, the hour is over."""
    case = reported(stage, at, stage.devices["MJ-0007"], to=stage.people["wang"])
    at = yield minutes(28)
    case.dispatch(at)
    at = yield minutes(9)
    case.accept(at)
    at = yield minutes(12)
    case.set_out(at)


def no_part(stage: Stage, at: datetime) -> Story:
    """The repair is overdue for want of a part."""
    case = reported(stage, at, stage.devices["SK-0002"], words=OF_KIND["水控"][1], to=stage.people["liu"])
    at = yield from case.reach(at)
    at = yield minutes(25)
    working.wait_part(case.fault, by=case.to, at=at, note="水控主板今天下午到货")


def sent(stage: Stage, at: datetime) -> Story:
    """Dispatched, not accepted yet."""
    case = reported(stage, at, stage.devices["XF-0053"], to=stage.people["wang"])
    at = yield minutes(4)
    case.dispatch(at)


def under_way(stage: Stage, at: datetime) -> Story:
    """Accepted."""
    case = reported(stage, at, stage.devices["ZZ-0001"], channel=Channel.IN_PERSON, to=stage.people["wang"])
    at = yield minutes(5)
    case.dispatch(at)
    at = yield minutes(3)
    case.accept(at)


def at_work(stage: Stage, at: datetime) -> Story:
    """Arrived, being mended."""
    case = reported(stage, at, stage.devices["XF-0056"], to=stage.people["wang"])
    yield from case.reach(at, within=24)


def how_large(stage: Stage, at: datetime) -> Story:
    """Said to be larger than can be named: the longer repair limit waits for consent."""
    case = reported(stage, at, stage.devices["YY-0003"], channel=Channel.PHONE, to=stage.people["sun"])
    at = yield minutes(6)
    case.dispatch(at)
    at = yield minutes(2)
    case.accept(at)
    at = yield minutes(4)
    case.start_remotely(at)
    at = yield minutes(20)
    case.classify(at, 0, 300, "门户缴费不可用，按在线人数估计约 300 人", by=case.to)


def bank_again(stage: Stage, at: datetime) -> Story:
    """A special cause proposed, not decided."""
    words = Words(Symptom.CANNOT_TOP_UP, "圈存提示“银行拒绝交易”", "", "")
    case = reported(stage, at, stage.devices["QC-0005"], words=words, to=stage.people["sun"])
    at = yield from case.reach(at)
    at = yield minutes(18)
    asking.propose_special(
        case.fault, cause="bank", claim="前置日志显示银行侧返回 91，附日志截图", by=case.to, at=at
    )
    working.wait_third_party(case.fault, by=case.to, at=at, note="已报银行科技部，等待回复")


def patched(stage: Stage, at: datetime) -> Story:
    """Works for the time being; the Office has not said whether that will do."""
    case = reported(stage, at, stage.devices["MJ-0010"], channel=Channel.PHONE, to=stage.people["ma"])
    at = yield from case.reach(at)
    at = yield minutes(45)
    working.restore_temporarily(case.fault, by=case.to, at=at, note="通道临时常开，安排保安查验")


def to_log(stage: Stage, at: datetime) -> Story:
    """Mended and told; the log is missing."""
    case = reported(stage, at, stage.devices["XF-0048"], to=stage.people["wang"])
    at = yield from case.reach(at)
    at = yield minutes(22)
    case.restore(at)
    at = yield minutes(6)
    case.feed_back(at)


def to_tell(stage: Stage, at: datetime) -> Story:
    """Mended; the reporter does not know."""
    case = reported(stage, at, stage.devices["XF-0027"], channel=Channel.PHONE, to=stage.people["liu"])
    at = yield from case.reach(at, within=30)
    at = yield minutes(12)
    case.restore(at)


def unplaced(stage: Stage, at: datetime) -> Story:
    """Reported for a place, without a device."""
    words = Words(Symptom.OTHER, "打印机旁边的机器一直滴滴响", "", "")
    place = stage.places[f"{SCHOOL}/图书馆/二楼"]
    reported(stage, at, place=place, channel=Channel.WEB, words=words)
    yield minutes(1)


# How long ago it was reported, and how it stands.
OPEN: tuple[tuple[timedelta, Telling], ...] = (
    (timedelta(days=9), returned.back_again),
    (timedelta(days=5, hours=2), returned.away),
    (hours(13.4), no_part),
    (hours(9), patched),
    (hours(5.5), bank_again),
    (hours(3.2), to_log),
    (hours(1.6), to_tell),
    (hours(1.5), returned.waiting),
    (minutes(78), running_late),
    (minutes(64), how_large),
    (minutes(53), nobody_sent),
    (minutes(47), at_work),
    (minutes(34), canteens_down),
    (minutes(25), floor_offline),
    (minutes(22), under_way),
    (minutes(14), unplaced),
    (minutes(9), sent),
    (minutes(2), just_in),
)


def stories(stage: Stage, at: datetime) -> Iterator[tuple[datetime, Story]]:
    """Everything that is open now, with its start."""
    for ago, tell in OPEN:
        yield at - ago, tell(stage, at - ago)
