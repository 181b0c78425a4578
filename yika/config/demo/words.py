"""What people say about faults, by kind of device: what was seen, what was done, what the log says."""

from dataclasses import dataclass

from yika.faults.models import Symptom


@dataclass(frozen=True)
class Words:
    """One fault told from report to log."""

    symptom: Symptom
    seen: str
    done: str
    cause: str
    parts: str = "无"

    @property
    def log(self) -> dict[str, str]:
        """The fault log's fields."""
        return {
            "cause": self.cause,
            "handling": self.done,
            "parts": self.parts,
            "result": "恢复正常，现场试刷成功",
        }


OF_KIND: dict[str, tuple[Words, ...]] = {
    "消费机": (
        Words(Symptom.TERMINAL_DEAD, "开机没有反应，屏幕是黑的", "更换电源适配器", "电源适配器损坏", "电源适配器 1 个"),
        Words(Symptom.TERMINAL_DEAD, "用着用着死机，按键没有反应", "重启后更新终端程序", "终端程序异常"),
        Words(Symptom.TERMINAL_OFFLINE, "屏幕一直显示“脱机”", "重新压接网线水晶头", "网线接头氧化", "水晶头 2 个"),
        Words(Symptom.TERMINAL_OFFLINE, "连不上网，流水传不上去", "更换网线后补传流水", "网线被鼠咬断", "网线 5 米"),
        Words(Symptom.CANNOT_PAY, "学生刷卡没有反应，换几张卡都一样", "更换读卡模块", "读卡模块老化", "读卡模块 1 个"),
        Words(Symptom.CANNOT_PAY, "同一笔扣了两次款", "核对流水后冲正，并更新终端参数", "终端参数未更新"),
        Words(Symptom.OTHER, "按键失灵，金额输不进去", "更换按键板", "按键板进水", "按键板 1 块"),
    ),
    "圈存机": (
        Words(Symptom.CANNOT_TOP_UP, "圈存时提示“交易超时”", "重启圈存程序并核对银行对账", "圈存程序与前置连接中断"),
        Words(Symptom.TERMINAL_DEAD, "触摸屏点不动", "校准并清洁触摸屏", "触摸屏偏移"),
    ),
    "自助机": (
        Words(Symptom.TERMINAL_DEAD, "屏幕卡在启动画面", "重装自助程序", "硬盘坏道", "固态硬盘 1 块"),
        Words(Symptom.OTHER, "查询小票打印不出来", "清理卡纸并更换打印头", "打印头老化", "打印头 1 个"),
    ),
    "门禁控制器": (
        Words(Symptom.DOOR, "刷卡灯亮但门不开", "更换电磁锁并调整间隙", "电磁锁老化", "电磁锁 1 把"),
        Words(Symptom.DOOR, "有的人能刷开，有的人刷不开", "重新下载授权名单", "授权名单未同步"),
    ),
    "水控": (
        Words(Symptom.CANNOT_PAY, "刷卡后不出水", "更换电磁阀", "电磁阀堵塞", "电磁阀 1 个"),
        Words(Symptom.CANNOT_PAY, "不刷卡也出水", "更换水控主板", "主板继电器粘连", "水控主板 1 块"),
    ),
    "车载机": (Words(Symptom.TERMINAL_OFFLINE, "车上刷卡机不上传", "更换物联网卡", "物联网卡欠费停机", "物联网卡 1 张"),),
    "业务机": (Words(Symptom.SYSTEM, "业务窗口读卡器识别不到卡", "更换读卡器并重装驱动", "读卡器故障", "读卡器 1 个"),),
    "网关": (Words(Symptom.SYSTEM, "本楼层终端时断时续", "升级网关固件", "网关固件缺陷"),),
    "应用系统": (Words(Symptom.SYSTEM, "门户里查不到今天的消费记录", "重启同步服务并补跑任务", "同步任务挂起"),),
}  # fmt: skip

REPORTERS = (
    ("张师傅", "13900000001"),
    ("刘阿姨", "13900000002"),
    ("陈同学", "13900000003"),
    ("黄老师", "13900000004"),
    ("杨师傅", "13900000005"),
    ("周同学", "13900000006"),
    ("徐老板", "13900000007"),
    ("", "13900000008"),
    ("胡同学", ""),
    ("", ""),
)
COMMENTS = {
    5: ("来得很快，态度好", "谢谢师傅！", ""),
    4: ("修好了", ""),
    3: ("等得有点久",),
    2: ("中午高峰没法用",),
}
