"""The kinds of device every campus has."""

from datetime import datetime

from django.db import transaction

from yika.assets.models import DeviceKind
from yika.assets.policies import can_manage
from yika.assets.rules import PAYMENT_TERMINAL
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.decisions import require
from yika.people.models import User
from yika.people.rules import Skill

# code, Chinese name, English name, counts as a terminal, skill. Source: clauses 2.1-2.4, 4.3.1-4.3.2
KINDS = (
    (PAYMENT_TERMINAL, "消费机", "Payment terminal", True, Skill.TERMINAL),
    ("top-up-machine", "圈存机", "Top-up machine", True, Skill.TERMINAL),
    ("self-service-machine", "自助机", "Self-service machine", True, Skill.TERMINAL),
    ("reissue-machine", "补卡机", "Card re-issue machine", True, Skill.TERMINAL),
    ("business-machine", "业务机", "Business machine", True, Skill.TERMINAL),
    ("door-controller", "门禁控制器", "Door controller", True, Skill.DOOR),
    ("water-controller", "水控", "Water controller", True, Skill.TERMINAL),
    ("electricity-controller", "电控", "Electricity controller", True, Skill.TERMINAL),
    ("on-board-terminal", "车载机", "On-board terminal", True, Skill.TERMINAL),
    ("gateway", "网关", "Gateway", False, Skill.NETWORK),
    ("serial-server", "串口服务器", "Serial server", False, Skill.NETWORK),
    ("switch", "交换机", "Switch", False, Skill.NETWORK),
    ("fibre", "光纤", "Fibre", False, Skill.NETWORK),
    ("ups", "UPS", "UPS", False, Skill.SERVER),
    ("front-end", "前置机", "Front-end processor", False, Skill.SERVER),
    ("server", "服务器", "Server", False, Skill.SERVER),
    ("database", "数据库", "Database", False, Skill.SERVER),
    ("application", "应用系统", "Application system", False, Skill.APPLICATION),
    ("service", "服务", "Service", False, Skill.APPLICATION),
)


def seed_kinds(*, by: User | SystemActor, at: datetime) -> None:
    """Make sure that the usual kinds are there; those that are stay as they are."""
    require(can_manage(by))
    with transaction.atomic():
        there = set(DeviceKind.objects.values_list("code", flat=True))
        missing = [
            DeviceKind(code=code, name=name, name_en=name_en, is_terminal=is_terminal, skill=skill.value)
            for code, name, name_en, is_terminal, skill in KINDS
            if code not in there
        ]
        if missing:
            DeviceKind.objects.bulk_create(missing)
            names = "、".join(kind.name for kind in missing)
            record("assets.seed_kinds", ("device_kinds", "all"), by=by, at=at, names=names)
