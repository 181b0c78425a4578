"""What people say about simulated faults: symptom, what was seen, what was done, why. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One kind of fault in words."""

    symptom: str
    seen: str
    done: str
    cause: str


TERMINAL = (
    Said("terminal_dead", "开机没有反应，屏幕是黑的", "更换电源适配器", "电源适配器损坏"),
    Said("terminal_dead", "用着用着死机，按键没有反应", "重启后更新终端程序", "终端程序异常"),
    Said("terminal_offline", "屏幕一直显示“脱机”", "重新压接网线水晶头", "网线接头氧化"),
    Said("terminal_offline", "连不上网，流水传不上去", "更换网线后补传流水", "网线破损"),
    Said("cannot_pay", "学生刷卡没有反应", "更换读卡模块", "读卡模块老化"),
    Said("cannot_pay", "同一笔扣了两次款", "核对流水后冲正，更新终端参数", "终端参数未更新"),
    Said("other", "按键失灵，金额输不进去", "更换按键板", "按键板进水"),
)
BY_KIND: dict[str, tuple[Said, ...]] = {
    "top-up-machine": (
        Said("cannot_top_up", "圈存时提示“交易超时”", "重启圈存程序并核对银行对账", "与前置连接中断"),
        Said("terminal_dead", "触摸屏点不动", "校准触摸屏", "触摸屏偏移"),
    ),
    "self-service-machine": (Said("other", "小票打印不出来", "清理卡纸并更换打印头", "打印头老化"),),
    "door-controller": (
        Said("door", "刷卡灯亮但门不开", "更换电磁锁", "电磁锁老化"),
        Said("door", "有的人能刷开，有的人刷不开", "重新下载授权名单", "授权名单未同步"),
    ),
    "water-controller": (
        Said("cannot_pay", "刷卡后不出水", "更换电磁阀", "电磁阀堵塞"),
        Said("cannot_pay", "不刷卡也出水", "更换水控主板", "继电器粘连"),
    ),
    "switch": (Said("system", "整层都刷不了卡", "更换光模块，恢复上联", "光模块故障"),),
    "gateway": (Said("system", "本楼终端时断时续", "升级网关固件", "网关固件缺陷"),),
    "application": (Said("system", "门户里查不到今天的消费记录", "重启同步服务并补跑任务", "同步任务挂起"),),
}
BY_KIND |= {
    "front-end": (Said("system", "好几个食堂同时交易不上传", "重启前置服务，补传流水", "前置服务挂死"),),
    "database": (Said("system", "挂失要等很久才生效", "清理慢查询并扩容表空间", "表空间不足"),),
    "ups": (Said("system", "机房市电闪断后前置机重启", "更换蓄电池组", "蓄电池老化"),),
}
BANK = Said("cannot_top_up", "所有圈存机都提示“银行系统维护”", "银行恢复服务后逐台试圈存", "银行端系统升级")
PRAISE = ("", "", "", "来得很快", "师傅很耐心", "修好了，谢谢")
BLAME = ("等太久了", "修好又坏", "没人接电话")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静强磊洋勇艳杰娟涛明超秀霞平刚桂英华文斌"
