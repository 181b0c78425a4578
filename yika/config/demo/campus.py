"""The invented campus: its places and devices as the list that the import takes."""

from collections.abc import Iterator
from random import Random

from yika.faults.simulating import Machine

SCHOOL = "桂子大学"

CANTEENS: dict[str, dict[str, tuple[str, ...]]] = {
    "学子餐厅": {
        "一楼": ("豆浆油条", "热干面", "包子馒头", "自选快餐1", "自选快餐2", "自选快餐3", "麻辣烫", "盖浇饭", "水饺", "水果饮品"),
        "二楼": ("小碗菜1", "小碗菜2", "铁板烧", "石锅拌饭", "煲仔饭", "砂锅米线", "重庆小面", "瓦罐汤", "鸡排饭"),
    },
    "沁园餐厅": {
        "一楼": ("早点1", "早点2", "自选快餐1", "自选快餐2", "蒸菜", "卤味", "牛肉粉", "炸酱面", "馄饨", "奶茶"),
        "二楼": ("川菜", "湘菜", "烤鱼", "黄焖鸡", "刀削面", "煎饼", "小火锅", "甜品"),
    },
    "博雅餐厅": {
        "一楼": ("自选快餐1", "自选快餐2", "自选快餐3", "粥铺", "面点", "凉菜", "炖汤"),
        "二楼": ("教工自助1", "教工自助2", "点餐台"),
    },
    "清真餐厅": {"一楼": ("拉面", "大盘鸡", "烤肉", "手抓饭", "凉皮")},
}  # fmt: skip
DORMITORIES = 8  # 桂苑1栋 …

MODELS = {
    "消费机": ("GK-300", "GK-300", "GK-320W"),
    "圈存机": ("QC-15",),
    "自助机": ("ZZ-21",),
    "补卡机": ("BK-7",),
    "业务机": ("YW-PC",),
    "门禁控制器": ("MC-4",),
    "水控": ("SW-2",),
    "电控": ("DK-1",),
    "车载机": ("CZ-5G",),
    "网关": ("GW-16",),
    "串口服务器": ("CK-8",),
    "交换机": ("S-24", "S-48"),
    "光纤": ("",),
    "UPS": ("UPS-6K",),
    "前置机": ("QZ-2U",),
    "服务器": ("R-740",),
    "数据库": ("",),
    "应用系统": ("",),
    "服务": ("",),
}
PREFIXES = {
    "消费机": "XF",
    "圈存机": "QC",
    "自助机": "ZZ",
    "补卡机": "BK",
    "业务机": "YW",
    "门禁控制器": "MJ",
    "水控": "SK",
    "电控": "DK",
    "车载机": "CZ",
    "网关": "WG",
    "串口服务器": "CK",
    "交换机": "JH",
    "光纤": "GX",
    "UPS": "UPS",
    "前置机": "QZ",
    "服务器": "FW",
    "数据库": "SJ",
    "应用系统": "YY",
    "服务": "FU",
}
OVER = {f"{SCHOOL}/{canteen}": "JH-0011" for canteen in ("学子餐厅", "沁园餐厅", "清真餐厅")}
"""The switch that joins some canteens to the core, in place of a line of their own."""
HEADINGS = "地点,设备编号,类型,型号,序列号"


def machines() -> Iterator[Machine]:
    """All devices with their numbers."""
    numbers = dict.fromkeys(PREFIXES, 0)
    for path, kind in _devices():
        numbers[kind] += 1
        yield Machine(f"{PREFIXES[kind]}-{numbers[kind]:04d}", kind, f"{SCHOOL}/{path}")


def table(chance: Random) -> str:
    """The list of all places and devices, one device a line; the same for the same chance."""
    lines = [HEADINGS]
    for one in machines():
        serial = f"{chance.randrange(10**9):09d}"
        lines.append(f"{one.path},{one.number},{one.kind},{chance.choice(MODELS[one.kind])},{serial}")
    return "\n".join(lines) + "\n"


def merchants() -> str:
    """The list of who takes money with which machine: windows of one dish in one canteen are one merchant."""
    lines = ["设备编号,商户"]
    for one in machines():
        hall, *_rest, window = one.path.removeprefix(f"{SCHOOL}/").split("/")
        if one.kind == "消费机" and (hall in CANTEENS or window == "超市"):
            lines.append(f"{one.number},{hall}{window.rstrip('123')}")
    return "\n".join(lines) + "\n"


def _devices() -> Iterator[tuple[str, str]]:
    for canteen, floors in CANTEENS.items():
        for floor, windows in floors.items():
            yield f"{canteen}/{floor}/弱电间", "交换机"
            yield f"{canteen}/{floor}/弱电间", "网关"
            yield from ((f"{canteen}/{floor}/{window}", "消费机") for window in windows)
        yield f"{canteen}/一楼/大厅", "圈存机"
    for number in range(1, DORMITORIES + 1):
        yield f"桂苑{number}栋/门厅", "门禁控制器"
        yield f"桂苑{number}栋/开水房", "水控"
        yield f"桂苑{number}栋/浴室", "水控"
        yield f"桂苑{number}栋/配电间", "电控"
        yield f"桂苑{number}栋/配电间", "串口服务器"
    for shop in ("桂苑1栋/超市", "桂苑4栋/超市", "桂苑7栋/超市", "桂苑7栋/洗衣房"):
        yield shop, "消费机"
    for lane in ("东通道1", "东通道2", "西通道1", "西通道2"):
        yield f"图书馆/一楼/{lane}", "门禁控制器"
    yield "图书馆/一楼/服务台", "消费机"
    yield "图书馆/一楼/大厅", "自助机"
    yield "图书馆/二楼/文印室", "消费机"
    yield "图书馆/一楼/弱电间", "交换机"
    for window in ("挂号窗口", "收费窗口", "药房"):
        yield f"校医院/一楼/{window}", "消费机"
    yield "校医院/一楼/大厅", "圈存机"
    yield "体育馆/游泳馆/售票处", "消费机"
    yield "体育馆/羽毛球馆/服务台", "消费机"
    yield "体育馆/健身房/入口", "门禁控制器"
    for building in ("一号教学楼", "二号教学楼", "理科楼"):
        yield f"{building}/一楼/大厅", "自助机"
        yield f"{building}/开水间", "水控"
    yield "理科楼/实验室通道", "门禁控制器"
    for line in ("1 号线", "2 号线", "3 号线"):
        yield f"校园巴士/{line}", "车载机"
    for window in ("1 号窗口", "2 号窗口", "3 号窗口"):
        yield f"校园卡服务中心/{window}", "业务机"
    yield "校园卡服务中心/大厅", "圈存机"
    yield "校园卡服务中心/大厅", "自助机"
    yield "校园卡服务中心/大厅", "补卡机"
    kinds = (
        "交换机",
        "交换机",
        "网关",
        "UPS",
        "前置机",
        "前置机",
        "服务器",
        "服务器",
        "服务器",
        "数据库",
        "数据库",
    )
    for kind in (*kinds, "光纤", "服务"):
        yield "信息楼/一卡通机房", kind
    for _application in ("一卡通平台", "银行对接前置", "门户与缴费"):
        yield "信息楼/一卡通机房", "应用系统"
    yield "信息楼/汇聚间", "交换机"
