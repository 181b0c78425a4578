"""The demonstration campus: who signs in, and what there is to see. Only into an empty database."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yika.journal.rules import COMMAND_LINE
from yika.people import actions as people
from yika.people.models import Organisation, User
from yika.people.rules import SIDE_OF, Role, Side, Skill
from yika.standards import actions as standards

PASSWORD = "Yika-demo-2026"  # noqa: S105 - printed on every start; never in production


@dataclass(frozen=True)
class Account:
    """A sign-in of the demonstration, and who it is."""

    username: str
    name: str
    role: Role
    label: str
    badge_number: str = ""
    skills: tuple[Skill, ...] = ()
    password: str = PASSWORD


ACCOUNTS = (
    Account("office", "周敏", Role.OFFICE, "信息化办公室 / Office"),
    Account("auditor", "郑洁", Role.AUDITOR, "审计 / auditor"),
    Account("admin", "何平", Role.ADMINISTRATOR, "系统管理员 / administrator"),
    Account("manager", "陈立", Role.MANAGER, "项目经理 / vendor manager", "Y001"),
    Account("dispatch", "李娜", Role.DISPATCHER, "调度 / dispatcher", "Y002"),
    Account("wang", "王强", Role.TECHNICIAN, "维护：终端 / technician", "Y011", (Skill.TERMINAL, Skill.DOOR)),
    Account(
        "zhao", "赵伟", Role.TECHNICIAN, "维护：网络 / technician", "Y012", (Skill.NETWORK, Skill.SERVER)
    ),
)


def load(at: datetime) -> tuple[Account, ...]:
    """Fill an empty database, all of it or nothing; the sign-ins that were made."""
    with transaction.atomic():
        standards.builtin(at)
        parties = {
            Side.OFFICE: _organisation("信息化办公室", Side.OFFICE, at),
            Side.VENDOR: _organisation("一卡通运维服务商", Side.VENDOR, at),
        }
        for account in ACCOUNTS:
            _person(account, parties[SIDE_OF[account.role]], at)
    return ACCOUNTS


def _organisation(name: str, side: Side, at: datetime) -> Organisation:
    return people.add_organisation(name, side, by=COMMAND_LINE, at=at)


def _person(account: Account, organisation: Organisation, at: datetime) -> User:
    """A person with a known password, which need not be changed first: this is a demonstration."""
    card = people.NewPerson(
        name=account.name,
        role=account.role,
        organisation=organisation,
        badge_number=account.badge_number,
        skills=account.skills,
    )
    user, _one_time = people.create(account.username, card, by=COMMAND_LINE, at=at)
    user.set_password(account.password)
    user.must_change_password = False
    user.password_changed_at = at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    return user
