"""What stages a device's life has, what kinds of place there are, and who answers for a device."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class Life(StrEnum):
    """Where a device is in its life 使用状态."""

    IN_STOCK = "in_stock"
    IN_USE = "in_use"
    AT_FACTORY = "at_factory"
    SCRAPPED = "scrapped"


class LifeVerb(StrEnum):
    """What happens to a device."""

    PUT_IN_USE = "put_in_use"
    STORE = "store"
    SEND = "send"
    SCRAP = "scrap"


TARGETS: Mapping[LifeVerb, Life] = {
    LifeVerb.PUT_IN_USE: Life.IN_USE,
    LifeVerb.STORE: Life.IN_STOCK,
    LifeVerb.SEND: Life.AT_FACTORY,
    LifeVerb.SCRAP: Life.SCRAPPED,
}

# What is scrapped comes back only into stock: found again, or written off by mistake.
MOVES: Mapping[tuple[Life, LifeVerb], Life] = {
    (before, verb): after
    for before in Life
    for verb, after in TARGETS.items()
    if before is not after and (before is not Life.SCRAPPED or after is Life.IN_STOCK)
}


def can_become(before: Life, after: Life) -> bool:
    """Whether a device may go from one stage to another."""
    return after in (to for (start, _verb), to in MOVES.items() if start is before)


class PlaceKind(StrEnum):
    """What a place is."""

    CAMPUS = "campus"
    BUILDING = "building"
    FLOOR = "floor"
    ROOM = "room"
    WINDOW = "window"
    BOX = "box"
    OTHER = "other"


class Responsible(StrEnum):
    """Who answers for a device."""

    VENDOR = "vendor"
    UNIVERSITY = "university"
    BANK = "bank"
    CARRIER = "carrier"
    THIRD_PARTY = "third_party"


def warranty_end(installed: date, months: int) -> date:
    """The last day of a warranty: of the same number, else the last of its month. Source: Civil Code 202."""
    years, month = divmod(installed.month - 1 + months, 12)
    last = monthrange(installed.year + years, month + 1)[1]
    return date(installed.year + years, month + 1, min(installed.day, last))


MOST_MONTHS = 240  # of a warranty
_FLOOR = re.compile(r"(?:负|地下)?[0-9一二三四五六七八九十两]+\s*[楼层Ff]|[BbFf][0-9]+|地下室?|楼顶|夹层")
_ENDINGS = (
    (PlaceKind.CAMPUS, ("校区", "校园")),
    (PlaceKind.BOX, ("箱", "柜", "机架")),
    (PlaceKind.WINDOW, ("窗口", "档口")),
    (PlaceKind.ROOM, ("室", "间", "房", "大厅", "门厅")),
    (PlaceKind.BUILDING, ("楼", "栋", "馆", "餐厅", "食堂", "公寓", "宿舍", "大厦")),
)


def guess_kind(path: str) -> PlaceKind:
    """What a place probably is, by its name: 一楼 is a floor, 桂香园餐厅 a building."""
    name = path.rpartition("/")[2]
    if _FLOOR.fullmatch(name):
        return PlaceKind.FLOOR
    return next((kind for kind, ends in _ENDINGS if name.endswith(ends)), PlaceKind.OTHER)
