"""Four weeks of service: ordinary days, and once each of what the clauses provide for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

from yika.commitments.rules import Outcome
from yika.config.demo.campus import SCHOOL
from yika.config.demo.case import Case, reported
from yika.config.demo.disputes import DISPUTES
from yika.config.demo.stage import Stage, Story, hours, minutes
from yika.config.demo.words import OF_KIND, Words
from yika.faults.actions import asking, dispatching, finishing, reporting, working
from yika.faults.models import Channel, Symptom
from yika.lib import clock

Telling = Callable[[Stage, datetime], Story]
ORDINARY = 34
OFTEN = "XF-0009"  # the device that failed three times in thirty days


def ordinary(stage: Stage, at: datetime, number: str, channel: Channel) -> Story:
    """From report to closed in good time; or part of an outage that takes it along."""
    case = reported(stage, at, stage.devices[number], channel=channel)
    if case.fault.merged_into_id:
        return
    at = yield from case.reach(at)
    yield from case.finish(at)


def came_late(stage: Stage, at: datetime) -> Story:
    """The response is missed: the technician was across the campus."""
    case = reported(stage, at, stage.devices["XF-0030"])
    at = yield from case.reach(at, within=150)
    yield from case.finish(at)


def repaired_late(stage: Stage, at: datetime) -> Story:
    """The repair is missed by hours, waiting for a part; the reporter complains and is answered."""
    case = reported(stage, at, stage.devices["SK-0004"], words=OF_KIND["水控"][1])
    at = yield from case.reach(at)
    at = yield minutes(15)
    working.wait_part(case.fault, by=case.to, at=at, note="水控主板缺货，已从厂家调货，预计次日到")
    at = yield hours(9)
    complaint = reporting.complain(case.report, text="浴室漏水一整天没人管，打电话也没人接", at=at)
    at = yield hours(3.5)
    working.resume(case.fault, by=case.to, at=at, note="主板已到")
    at = yield from case.finish(at)
    reporting.answer(
        complaint,
        text="已核实：配件到货晚导致超时，已计入考核。给您带来不便，抱歉。",
        by=case.office,
        at=at,
    )


def canteen_floor_down(stage: Stage, at: datetime) -> Story:
    """A switch, and windows that hang on it report one outage: they join it, the network gives the class."""
    floor = [d for n, d in stage.devices.items() if "沁园餐厅/二楼/" in d.place.full_name and n < "XG"]
    words = Words(
        Symptom.TERMINAL_OFFLINE, "整层都刷不了卡", "更换光模块，恢复上联", "交换机光模块故障", "光模块 1 个"
    )
    case = reported(stage, at, floor[0], words=words)
    case.to = stage.people["zhao"]
    at = yield minutes(2)
    reported(stage, at, floor[3], words=words)
    at = yield minutes(1)
    case.join(at, "我们窗口也脱机了")
    at = yield minutes(2)
    at = yield from case.reach(at, within=20)
    yield from case.finish(at, minutes(50))


def platform_down(stage: Stage, at: datetime) -> Story:
    """A severe outage, found by monitoring and mended from afar."""
    words = Words(
        Symptom.SYSTEM,
        "一卡通平台 8080 端口无响应，全部终端转脱机",
        "清理日志磁盘并重启平台服务",
        "日志写满磁盘",
    )
    case = reported(stage, at, stage.devices["YY-0001"], channel=Channel.MONITORING, words=words)
    case.to = stage.people["sun"]
    at = yield minutes(1)
    case.dispatch(at)
    at = yield minutes(2)
    case.accept(at)
    at = yield minutes(3)
    case.start_remotely(at)
    at = yield minutes(44)
    yield from case.finish(at, minutes(26))


def bank_side(stage: Stage, at: datetime) -> Story:
    """A special fault, proposed with evidence and granted; followed until the bank is done."""
    words = Words(
        Symptom.CANNOT_TOP_UP, "所有圈存机都提示“银行系统维护”", "银行恢复服务，逐台试圈存", "银行端系统升级"
    )
    case = reported(stage, at, stage.devices["QC-0001"], channel=Channel.PHONE, words=words)
    case.to = stage.people["sun"]
    at = yield from case.reach(at)
    at = yield minutes(10)
    ruling = asking.propose_special(
        case.fault,
        cause="bank",
        claim="银行公告：圈存接口升级，预计 24 小时，公告编号 YH-0412",
        by=case.to,
        at=at,
    )
    working.wait_third_party(case.fault, by=case.to, at=at, note="等待银行完成升级，联系人：银行值班经理")
    at = yield minutes(95)
    asking.decide(
        ruling, granted=True, decision="情况属实，按特殊故障处理，请每日跟进", by=case.office, at=at
    )
    at = yield hours(22)
    working.resume(case.fault, by=case.to, at=at, note="银行通知升级完成")
    yield from case.finish(at)


def came_back(stage: Stage, at: datetime) -> Story:
    """Reopened by its reporter within the window, mended again."""
    case = reported(stage, at, stage.devices["XF-0041"])
    at = yield from case.reach(at)
    at = yield from case.finish(at)
    at = yield hours(4)
    reporting.still_broken(case.report, note="又死机了", submission=stage.key(), at=at)
    case.fault.refresh_from_db()
    at = yield from case.reach(at, within=25)
    at = yield minutes(25)
    case.restore(at, "更换整机备机")
    yield from case.wrap_up(at)


def called_off(stage: Stage, at: datetime) -> Story:
    """Reported by mistake."""
    case = reported(stage, at, stage.devices["ZZ-0002"])
    at = yield minutes(9)
    dispatching.call_off(case.fault, by=case.desk, at=at, note="报修人来电：操作有误，机器正常")


def called_off_wrongly(stage: Stage, at: datetime) -> Story:
    """The Office takes a call-off back."""
    case = reported(stage, at, stage.devices["MJ-0006"])
    at = yield minutes(12)
    dispatching.call_off(case.fault, by=case.desk, at=at, note="电话核实门能打开")
    at = yield minutes(14)
    dispatching.reinstate(case.fault, by=case.office, at=at, note="宿管反映仍打不开，请现场处理")
    at = yield from case.reach(at, within=20)
    yield from case.finish(at)


def broken_card(stage: Stage, at: datetime) -> Story:
    """No fault of the service: card replacement."""
    words = Words(Symptom.CARD_DAMAGED, "卡从中间裂开了", "", "")
    reported(stage, at, place=stage.places[f"{SCHOOL}/校园卡服务中心"], channel=Channel.WEB, words=words)
    yield minutes(1)


def unreadable_card(stage: Stage, at: datetime) -> Story:
    """Looks like a fault, turns out to be a damaged card."""
    words = Words(Symptom.CARD_UNREADABLE, "我的卡在哪里都刷不出来", "", "")
    place = stage.places[f"{SCHOOL}/图书馆/一楼"]
    case = reported(stage, at, place=place, channel=Channel.WEB, words=words)
    at = yield minutes(16)
    dispatching.refer(case.fault, by=case.desk, at=at, note="核对照片：芯片处有裂纹，请到服务中心换卡")


def passed_on(stage: Stage, at: datetime) -> Story:
    """Refused by one, handed from another to a third."""
    case = reported(stage, at, stage.devices["MJ-0009"], channel=Channel.IN_PERSON)
    crew = stage.people
    at = yield minutes(3)
    case.dispatch(at, crew["liu"])
    at = yield minutes(3)
    working.refuse(case.fault, by=crew["liu"], at=at, note="正在博雅餐厅抢修，半小时内走不开")
    at = yield minutes(2)
    case.dispatch(at, crew["ma"])
    at = yield minutes(2)
    case.accept(at)
    at = yield minutes(4)
    case.to = crew["wang"]
    dispatching.hand_over(case.fault, to=case.to, by=case.desk, at=at, note="王强就在图书馆")
    at = yield minutes(2)
    case.accept(at)
    at = yield minutes(8)
    case.arrive(at)
    yield from case.finish(at)


def noted_afterwards(stage: Stage, at: datetime) -> Story:
    """A call noted late and an arrival noted late; the Office accepts the arrival's claim."""
    early = at - minutes(35)
    case = reported(stage, at, stage.devices["XF-0052"], channel=Channel.PHONE, reported_at=early)
    at = yield minutes(2)
    case.dispatch(at)
    at = yield minutes(3)
    case.accept(at)
    at = yield minutes(45)
    case.arrive(at, note="弱电间无信号，离开后补录", happened_at=at - minutes(29))
    ruling = case.fault.rulings.get(decided_at__isnull=True)
    at = yield from case.finish(at, minutes(10))
    at = yield hours(2)
    asking.decide(ruling, granted=True, decision="监控录像显示到场时间属实", by=case.office, at=at)


def patched_up(stage: Stage, at: datetime) -> Story:
    """Restored for the time being, accepted by the Office, mended for good days later."""
    case = reported(stage, at, stage.devices["WG-0003"], channel=Channel.INSPECTION)
    at = yield from case.reach(at)
    at = yield minutes(40)
    working.restore_temporarily(case.fault, by=case.to, at=at, note="临时跨接到相邻楼层网关")
    ruling = case.fault.rulings.get(decided_at__isnull=True)
    at = yield hours(1.5)
    asking.decide(ruling, granted=True, decision="同意，三日内更换网关", by=case.office, at=at)
    yield from case.finish(at, timedelta(days=2))


def overruled(stage: Stage, at: datetime) -> Story:
    """The Office rules the size down, and later an outcome."""
    case = reported(stage, at, stage.devices["QC-0003"], channel=Channel.PHONE)
    at = yield minutes(6)
    case.classify(at, 1, 150, "圈存停用，估计影响 150 人")
    at = yield minutes(20)
    case.classify(at, 1, 0, "相邻餐厅圈存机可用，按 1 台终端计", by=case.office)
    at = yield from case.reach(at, within=60)
    at = yield from case.finish(at)
    at = yield hours(3)
    asking.rule_outcome(
        case.fault,
        case.response,
        outcome=Outcome.MET,
        reason="途中封路，保卫处可作证，按及时计",
        by=case.office,
        at=at,
    )


def taken_apart(stage: Stage, at: datetime) -> Story:
    """Merged too quickly, split again."""
    case = reported(stage, at, stage.devices["XF-0061"])
    at = yield minutes(4)
    other = reported(stage, at, stage.devices["XF-0058"])
    at = yield minutes(3)
    dispatching.merge(other.fault, into=case.fault, by=case.desk, at=at, note="疑似同一网关")
    at = yield minutes(9)
    dispatching.split(other.fault, by=case.desk, at=at, note="两台机器不在同一网关，分别处理")
    other.fault.refresh_from_db()
    at = yield from other.reach(at, within=30)
    at = yield from other.finish(at)
    at = yield minutes(2)
    case.dispatch(at, other.to)
    at = yield minutes(1)
    case.accept(at)
    at = yield minutes(4)
    case.arrive(at)
    yield from case.finish(at)


def again(stage: Stage, at: datetime) -> Story:
    """The device that keeps failing."""
    case = reported(stage, at, stage.devices[OFTEN], words=OF_KIND["消费机"][1])
    at = yield from case.reach(at)
    at = yield from case.finish(at)


def same_again(stage: Stage, at: datetime) -> Story:
    """After the reopening window it is a new fault that follows the old one."""
    case = reported(stage, at, stage.devices["XF-0024"])
    at = yield from case.reach(at)
    at = yield from case.finish(at)
    at = yield hours(50)
    report = reporting.still_broken(case.report, note="和上次一样", submission=stage.key(), at=at)
    next_case = Case(stage, report, case.words, case.to)
    at = yield from next_case.reach(at)
    yield from next_case.finish(at)


def reopened_by_the_desk(stage: Stage, at: datetime) -> Story:
    """The desk tries the device itself and reopens the fault."""
    case = reported(stage, at, stage.devices["SK-0007"])
    at = yield from case.reach(at)
    at = yield minutes(30)
    case.restore(at)
    at = yield hours(2)
    finishing.reopen(case.fault, by=case.desk, at=at, note="电话回访：仍不出水")
    at = yield from case.reach(at)
    yield from case.finish(at)


COMMON = frozenset({"消费机", "门禁控制器", "水控", "自助机", "车载机", "业务机", "网关"})
# Devices of the stories told by name, here and in present.py: nothing else happens to them.
TOLD_ELSEWHERE = frozenset(
    {
        "XF-0009", "XF-0014", "XF-0024", "XF-0027", "XF-0030", "XF-0033",
        "XF-0038", "XF-0041", "XF-0045", "XF-0048", "XF-0052", "XF-0053", "XF-0056", "XF-0057",
        "XF-0058", "XF-0061",
        "MJ-0003", "MJ-0006", "MJ-0007", "MJ-0009", "MJ-0010", "SK-0002", "SK-0004", "SK-0007",
        "SK-0010", "ZZ-0001", "ZZ-0002", "ZZ-0004", "WG-0003", "YW-0003",
    }
)  # fmt: skip

# How many days ago, at what time of day on campus, and what happened.
TOLD: tuple[tuple[int, str, Telling], ...] = (
    (27, "09:20", again),
    (26, "11:46", canteen_floor_down),
    (25, "08:05", repaired_late),
    (24, "16:30", came_back),
    (22, "10:12", broken_card),
    (21, "07:41", platform_down),
    (20, "13:25", called_off),
    (18, "09:02", overruled),
    (17, "14:40", bank_side),
    (16, "12:08", again),
    (15, "08:50", noted_afterwards),
    (13, "19:15", called_off_wrongly),
    (12, "11:30", came_late),
    (10, "17:22", passed_on),
    (9, "10:05", patched_up),
    (8, "12:20", taken_apart),
    (7, "15:48", unreadable_card),
    (6, "09:33", same_again),
    (5, "18:02", again),
    (3, "20:10", reopened_by_the_desk),
    *DISPUTES,
)


def stories(stage: Stage, at: datetime) -> Iterator[tuple[datetime, Story]]:
    """Everything that began before today, with its start."""
    for days, told_at, tell in TOLD:
        start = _start(at, days, time.fromisoformat(told_at))
        yield start, tell(stage, start)
    chance = stage.chance
    kinds = [
        number
        for number, device in stage.devices.items()
        if device.kind.name in COMMON and number not in TOLD_ELSEWHERE
    ]
    for number in chance.sample(sorted(kinds), ORDINARY):
        hour = time(
            chance.choice((7, 7, 8, 9, 10, 11, 11, 12, 12, 13, 15, 17, 17, 18, 19)), chance.randrange(60)
        )
        start = _start(at, chance.randint(1, 27), hour)
        channel = chance.choice((Channel.QR, Channel.QR, Channel.QR, Channel.PHONE, Channel.IN_PERSON))
        if number.startswith("WG"):
            channel = Channel.MONITORING
        yield start, ordinary(stage, start, number, channel)


def _start(at: datetime, days: int, hour: time) -> datetime:
    day = clock.campus_date(at) - timedelta(days=days)
    return datetime.combine(day, hour, clock.CAMPUS).astimezone(UTC)
