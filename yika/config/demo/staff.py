"""The invented people of both sides, and who of them is on duty when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yika.config.demo.stage import Stage, Story
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.people import actions as people
from yika.people.models import Organisation, User
from yika.people.rules import SIDE_OF, Role, Side, Skill

OFFICE = "桂子大学信息化办公室"
VENDOR = "一卡通运维服务公司"


@dataclass(frozen=True)
class Account:
    """A sign-in of the demonstration, and who it is."""

    username: str
    name: str
    role: Role
    label: str
    badge_number: str = ""
    phone: str = ""
    skills: tuple[Skill, ...] = ()


ACCOUNTS = (
    Account("dispatch", "李娜", Role.DISPATCHER, "调度 / dispatcher", "Y002", "13800000002"),
    Account("wudi", "吴迪", Role.DISPATCHER, "调度（夜班） / dispatcher, nights", "Y003", "13800000003"),
    Account(
        "wang",
        "王强",
        Role.TECHNICIAN,
        "维护：终端、门禁 / technician",
        "Y011",
        "13800000011",
        (Skill.TERMINAL, Skill.DOOR),
    ),
    Account(
        "zhao",
        "赵伟",
        Role.TECHNICIAN,
        "维护：网络、服务器 / technician",
        "Y012",
        "13800000012",
        (Skill.NETWORK, Skill.SERVER),
    ),
    Account(
        "liu", "刘洋", Role.TECHNICIAN, "维护：终端 / technician", "Y013", "13800000013", (Skill.TERMINAL,)
    ),
    Account(
        "sun",
        "孙悦",
        Role.TECHNICIAN,
        "维护：应用系统、服务器 / technician",
        "Y014",
        "13800000014",
        (Skill.APPLICATION, Skill.SERVER),
    ),
    Account(
        "ma",
        "马骏",
        Role.TECHNICIAN,
        "维护：终端、门禁、网络 / technician",
        "Y015",
        "13800000015",
        (Skill.TERMINAL, Skill.DOOR, Skill.NETWORK),
    ),
    Account("manager", "陈立", Role.MANAGER, "运维负责人 / vendor manager", "Y001", "13800000001"),
    Account("office", "周敏", Role.OFFICE, "信息化办公室 / Office", "X001", "13800000101"),
    Account("lintao", "林涛", Role.OFFICE, "信息化办公室 / Office", "X002", "13800000102"),
    Account("auditor", "郑洁", Role.AUDITOR, "审计人员 / auditor", "X003", "13800000103"),
    Account("admin", "何平", Role.ADMINISTRATOR, "系统管理员 / administrator", "X009", "13800000109"),
)

# By day and by night, Monday to Sunday; nobody is on duty for two halves in a row.
DAYS = (
    ("wang", "zhao"),
    ("wang", "sun"),
    ("liu", "zhao"),
    ("wang", "sun"),
    ("liu", "sun"),
    ("liu", "zhao"),
    ("wang", "zhao"),
)
NIGHTS = ("ma", "ma", "ma", "zhao", "ma", "sun", "ma")
DESK = ("dispatch", "wudi")
DAY_BEGINS, NIGHT_BEGINS = timedelta(hours=8), timedelta(hours=20)


def parties(at: datetime) -> tuple[Organisation, Organisation]:
    """The Office and the vendor."""
    return (
        people.add_organisation(OFFICE, Side.OFFICE, by=COMMAND_LINE, at=at),
        people.add_organisation(VENDOR, Side.VENDOR, by=COMMAND_LINE, at=at),
    )


def everybody(office: Organisation, vendor: Organisation, at: datetime) -> tuple[dict[str, User], str]:
    """All accounts by sign-in name, and the one password of this installation that opens them.

    It need not be changed first: whoever tries Yika out should get in.
    """
    made: dict[str, User] = {}
    known, stored = "", ""
    for account in ACCOUNTS:
        card = people.NewPerson(
            name=account.name,
            role=account.role,
            organisation=office if SIDE_OF[account.role] is Side.OFFICE else vendor,
            badge_number=account.badge_number,
            phone=account.phone,
            skills=account.skills,
        )
        user, one_time = people.create(account.username, card, by=COMMAND_LINE, at=at)
        known, stored = known or one_time, stored or user.password
        user.password, user.must_change_password, user.password_changed_at = stored, False, at
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        made[account.username] = user
    return made, known


def roster(stage: Stage, at: datetime, weeks: int) -> Story:
    """Somebody on duty at any hour: one week by hand, then week by week each Friday.

    ``at`` is a Monday morning. The last three weeks are copied at once, so that the coming ones are there.
    """
    manager = stage.people["manager"]
    monday = clock.campus_date(at)
    for number, (day, night) in enumerate(zip(DAYS, NIGHTS, strict=True)):
        start = clock.day_start(monday + timedelta(days=number))
        half = NIGHT_BEGINS - DAY_BEGINS
        for name, begins in (
            *((name, DAY_BEGINS) for name in day),
            (night, NIGHT_BEGINS),
            *zip(DESK, (DAY_BEGINS, NIGHT_BEGINS), strict=True),
        ):
            starts_at = start + begins
            people.add_shift(
                stage.people[name], starts_at=starts_at, ends_at=starts_at + half, by=manager, at=at
            )
    pause = timedelta(days=4, hours=9)
    for week in range(1, weeks + 1):
        at = yield pause
        pause = timedelta() if week >= weeks - 3 else timedelta(weeks=1)
        people.copy_week(monday + timedelta(weeks=week), by=manager, at=at)
