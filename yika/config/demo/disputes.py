"""What vendor and Office had to settle between them: exemptions, special causes, the factory's ten days."""

from datetime import datetime, timedelta

from yika.config.demo.case import reported
from yika.config.demo.stage import Stage, Story, hours, minutes
from yika.config.demo.words import OF_KIND, Words
from yika.faults.actions import asking, reporting, working
from yika.faults.models import Channel, Symptom


def locked_out(stage: Stage, at: datetime) -> Story:
    """The dormitory was locked over night: exemption claimed, granted; missed by the raw figure only."""
    case = reported(stage, at, stage.devices["MJ-0003"], channel=Channel.PHONE)
    at = yield from case.reach(at)
    at = yield minutes(30)
    working.wait_part(case.fault, by=case.to, at=at, note="需更换电磁锁，回库房取件；23:00 楼栋落锁")
    from_at = at + minutes(20)
    at = yield hours(12)
    working.resume(case.fault, by=case.to, at=at, note="楼栋开门，继续安装")
    until_at = at
    at = yield from case.finish(at, minutes(35))
    exemption = asking.claim_exemption(
        case.fault,
        case.repair,
        from_at=from_at,
        until_at=until_at,
        reason="楼栋夜间落锁，宿管按规定不予进入，附宿管值班记录",
        by=stage.people["manager"],
        at=at,
    )
    at = yield hours(5)
    asking.decide_exemption(
        case.fault, exemption, granted=True, decision="宿管值班记录属实，落锁时段不计", by=case.office, at=at
    )


def no_excuse(stage: Stage, at: datetime) -> Story:
    """An exemption refused: stock is the vendor's own affair. The reporter rated it low."""
    case = reported(stage, at, stage.devices["XF-0045"])
    at = yield from case.reach(at)
    at = yield minutes(20)
    working.wait_part(case.fault, by=case.to, at=at, note="读卡模块无库存")
    from_at = at
    at = yield hours(14)
    working.resume(case.fault, by=case.to, at=at, note="配件已到")
    until_at = at
    at = yield minutes(25)
    case.restore(at)
    at = yield minutes(5)
    case.feed_back(at)
    at = yield minutes(15)
    case.rate(at, 2)
    at = yield minutes(10)
    case.write_log(at)
    at = yield minutes(30)
    case.close(at)
    exemption = asking.claim_exemption(
        case.fault,
        case.repair,
        from_at=from_at,
        until_at=until_at,
        reason="厂家缺货，非我方原因",
        by=stage.people["manager"],
        at=at,
    )
    at = yield hours(20)
    asking.decide_exemption(
        case.fault,
        exemption,
        granted=False,
        decision="备件储备是运维方职责，不予豁免",
        by=stage.people["lintao"],
        at=at,
    )


def not_special(stage: Stage, at: datetime) -> Story:
    """Said to be the backbone fibre; it was a patch cord. Refused."""
    words = Words(Symptom.SYSTEM, "一楼终端全部离线", "更换光纤跳线", "弱电间光纤跳线松动", "光纤跳线 1 根")
    case = reported(stage, at, stage.devices["JH-0007"], channel=Channel.MONITORING, words=words)
    case.to = stage.people["zhao"]
    at = yield minutes(3)
    floor = [d for d in stage.devices.values() if "清真餐厅/一楼/" in d.place.full_name]
    named = [device for device in floor if device.kind.is_terminal]
    case.classify(at, len(named), 0, "清真餐厅一楼全部终端", named)
    at = yield from case.reach(at, within=22)
    at = yield minutes(15)
    ruling = asking.propose_special(
        case.fault, cause="trunk_fibre", claim="疑似主干光缆中断，光功率过低", by=case.to, at=at
    )
    at = yield minutes(50)
    asking.decide(
        ruling, granted=False, decision="主干光缆监测正常，故障在弱电间跳线，不属特殊", by=case.office, at=at
    )
    yield from case.finish(at)


def to_the_factory(stage: Stage, at: datetime) -> Story:
    """No spare of its kind: the factory's ten days, with consent. Back after a week."""
    words = Words(
        Symptom.TERMINAL_DEAD,
        "补卡机不出卡，报机械故障",
        "返厂更换出卡机芯",
        "出卡机芯磨损",
        "机芯 1 套（厂家更换）",
    )
    case = reported(stage, at, stage.devices["BK-0001"], channel=Channel.IN_PERSON, words=words)
    at = yield from case.reach(at)
    at = yield minutes(40)
    ruling = asking.ask_factory_limit(
        case.fault, claim="全校仅此一台，无备机；服务中心改为人工补卡", by=stage.people["manager"], at=at
    )
    at = yield hours(2)
    asking.decide(ruling, granted=True, decision="同意按返厂时限，期间保证人工补卡", by=case.office, at=at)
    at = yield hours(3)
    working.send_to_factory(case.fault, by=case.to, at=at, note="已交快递，单号 SF10020030040")
    at = yield timedelta(days=7)
    working.resume(case.fault, by=case.to, at=at, note="设备返回，开始测试")
    yield from case.finish(at, minutes(90))


def no_factory_limit(stage: Stage, at: datetime) -> Story:
    """There was a spare: the ten days are refused, the spare is put in."""
    case = reported(stage, at, stage.devices["XF-0014"])
    at = yield from case.reach(at)
    at = yield minutes(20)
    ruling = asking.ask_factory_limit(
        case.fault, claim="主板故障需返厂，备机紧张", by=stage.people["manager"], at=at
    )
    at = yield minutes(45)
    asking.decide(ruling, granted=False, decision="库房尚有同型号备机，请先以备机恢复", by=case.office, at=at)
    at = yield minutes(30)
    case.restore(at, "以备机替换")
    yield from case.wrap_up(at)


def not_so_late(stage: Stage, at: datetime) -> Story:
    """An arrival claimed earlier than recorded, refused: the recorded time stands."""
    case = reported(stage, at, stage.devices["ZZ-0004"])
    at = yield minutes(5)
    case.dispatch(at)
    at = yield minutes(5)
    case.accept(at)
    at = yield minutes(75)
    case.arrive(at, note="到场时忘记扫码", happened_at=at - minutes(40))
    ruling = case.fault.rulings.get(decided_at__isnull=True)
    at = yield from case.finish(at, minutes(15))
    at = yield hours(3)
    asking.decide(ruling, granted=False, decision="无其他证据，以系统记录时间为准", by=case.office, at=at)


def still_to_decide(stage: Stage, at: datetime) -> Story:
    """Yesterday's exemption and complaint still lie with the Office."""
    case = reported(stage, at, stage.devices["SK-0010"], words=OF_KIND["水控"][0])
    at = yield from case.reach(at, within=90)
    at = yield from case.finish(at)
    at = yield minutes(10)
    reporting.complain(case.report, text="师傅说半小时到，等了一个多小时", at=at)
    at = yield minutes(40)
    asking.claim_exemption(
        case.fault,
        case.response,
        from_at=case.fault.reported_at + minutes(10),
        until_at=case.fault.reported_at + minutes(60),
        reason="桂苑5栋当日消毒封闭，宿管不予进入",
        by=stage.people["manager"],
        at=at,
    )


DISPUTES = (
    (23, "21:10", locked_out),
    (19, "17:05", no_excuse),
    (14, "10:44", not_special),
    (11, "09:15", to_the_factory),
    (4, "12:31", no_factory_limit),
    (3, "08:26", not_so_late),
    (2, "10:20", still_to_decide),
)
