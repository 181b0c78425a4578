"""The places and devices of an invented campus of any size, as the list that the import takes. Pure."""

from collections.abc import Iterable, Iterator
from itertools import count, islice
from random import Random

from yika.faults.simulating.wiring import Machine

HEADINGS = "地点,设备编号,类型,型号,序列号"
FOOD = (
    "豆浆油条", "热干面", "包子馒头", "自选快餐", "麻辣烫", "盖浇饭", "水饺", "小碗菜", "铁板烧",
    "石锅拌饭", "煲仔饭", "砂锅米线", "重庆小面", "瓦罐汤", "鸡排饭", "蒸菜", "卤味", "牛肉粉",
    "炸酱面", "馄饨", "川菜", "湘菜", "黄焖鸡", "刀削面", "拉面", "凉皮", "粥铺", "奶茶", "水果", "面点",
)  # fmt: skip
FLOORS = ("一楼", "二楼", "三楼")
GARDENS = ("桂", "榕", "樟", "枫", "梅", "兰", "竹", "荷")
PREFIXES = {
    "消费机": "X",
    "圈存机": "Q",
    "自助机": "Z",
    "门禁控制器": "M",
    "水控": "S",
    "交换机": "J",
    "网关": "G",
    "业务机": "Y",
    "应用系统": "P",
    "前置机": "F",
    "数据库": "D",
    "UPS": "U",
}
MODELS = {
    "消费机": ("GK-300", "GK-320W"),
    "门禁控制器": ("MC-4",),
    "水控": ("SW-2",),
    "交换机": ("S-24", "S-48"),
}


def machines(root: str, mark: str, devices: int) -> Iterator[Machine]:
    """So many devices; ``mark`` begins every number, so that two campuses never clash."""
    numbers = dict.fromkeys(PREFIXES, 0)
    for path, kind in islice(_devices(), devices):
        numbers[kind] += 1
        yield Machine(f"{mark}{PREFIXES[kind]}-{numbers[kind]:05d}", kind, f"{root}/{path}")


def table(of: Iterable[Machine], chance: Random) -> str:
    """Devices, one a line."""
    lines = [HEADINGS]
    for one in of:
        model = chance.choice(MODELS.get(one.kind, ("T-1",)))
        lines.append(f"{one.path},{one.number},{one.kind},{model},{chance.randrange(10**9):09d}")
    return "\n".join(lines) + "\n"


def _devices() -> Iterator[tuple[str, str]]:
    """Devices without end: a centre, then by turns a canteen, dormitories, teaching buildings."""
    centre = "信息楼/一卡通机房"
    yield from ((centre, kind) for kind in ("应用系统", "应用系统", "交换机", "交换机", "网关"))
    yield from ((centre, kind) for kind in ("前置机", "前置机", "数据库", "UPS"))
    yield "饮食中心/汇聚间", "交换机"
    yield from ((f"校园卡服务中心/{n} 号窗口", "业务机") for n in range(1, 5))
    for number in count(1):
        yield from _canteen(number)
        yield f"{GARDENS[number % 8]}苑{number}区/汇聚间", "交换机"
        for house in range(1, 5):
            yield from _dormitory(f"{GARDENS[number % 8]}苑{number}区/{house}栋")
        yield from _teaching(f"第{number}教学楼")


def _canteen(number: int) -> Iterator[tuple[str, str]]:
    for place, floor in enumerate(FLOORS):
        here = f"饮食中心/第{number}食堂/{floor}"
        yield f"{here}/弱电间", "交换机"
        for window in range(14):
            name = FOOD[(number * 7 + place * 14 + window) % len(FOOD)]
            yield f"{here}/{window + 1:02d} {name}", "消费机"
    yield f"饮食中心/第{number}食堂/一楼/大厅", "圈存机"


def _dormitory(path: str) -> Iterator[tuple[str, str]]:
    yield f"{path}/弱电间", "交换机"
    yield f"{path}/弱电间", "网关"
    yield f"{path}/门厅", "门禁控制器"
    yield f"{path}/门厅", "自助机"
    for floor in range(1, 5):
        yield f"{path}/{floor} 层/开水间", "水控"
        yield f"{path}/{floor} 层/浴室", "水控"


def _teaching(path: str) -> Iterator[tuple[str, str]]:
    yield f"{path}/一楼/弱电间", "交换机"
    for floor in FLOORS:
        yield f"{path}/{floor}/弱电间", "网关"
        yield f"{path}/{floor}/开水间", "水控"
        yield f"{path}/{floor}/东门", "门禁控制器"
        yield f"{path}/{floor}/西门", "门禁控制器"
    yield f"{path}/一楼/小卖部", "消费机"
