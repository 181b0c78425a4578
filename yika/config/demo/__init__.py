"""The demonstration campus: an invented university and four weeks of its card service.

All of it goes through the product's own actions, each at its own time, so that journal, deadlines and
alerts are what they would have been.
"""

import hashlib
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from yika.assets.actions import import_list, seed_kinds
from yika.assets.actions.bringing import import_details
from yika.assets.bringing import DETAILS, planned_details
from yika.assets.models import Device, Place
from yika.assets.queries import world
from yika.assets.rules import fingerprint, parse, plan
from yika.config.demo import campus, past, present, returned
from yika.config.demo.staff import ACCOUNTS, Account, everybody, parties, roster
from yika.config.demo.stage import Stage, play
from yika.contracts import actions as contracts
from yika.contracts.models import Contract
from yika.faults.actions.simulating import link_up
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.lib.decisions import WrongState
from yika.lib.office.bringing import looked_at
from yika.notices.actions import mark_all_read
from yika.people.models import User
from yika.standards import actions as standards

__all__ = ["ACCOUNTS", "Account", "is_empty", "is_here", "load"]

CONTRACT = "YS-2026-01"
WEEKS_BACK, WEEKS_AHEAD = 4, 3
UNREAD = timedelta(minutes=45)
SEED = 2026


def is_empty() -> bool:
    """Whether nobody and nothing is there that a demonstration could disturb."""
    return not User.objects.exists() and not Contract.objects.exists()


def is_here() -> bool:
    """Whether this database holds the demonstration."""
    return Contract.objects.filter(number=CONTRACT).exists()


def load(at: datetime) -> str:
    """Fill an empty database as of a moment, all of it or nothing; the password of every account.

    The same moment gives the same campus and the same service, but for secrets.
    Raises: WrongState when the database is not empty.
    """
    if not is_empty():
        raise WrongState("数据库不是空的，未载入演示数据")
    monday = clock.campus_date(at) - timedelta(weeks=WEEKS_BACK)
    monday -= timedelta(days=monday.weekday())
    opening = clock.day_start(monday) + timedelta(hours=7)
    with transaction.atomic():
        version = standards.builtin(opening)
        office, vendor = parties(opening)
        people, password = everybody(office, vendor, opening)
        stage = _stage(people, opening)
        contracts.create(
            CONTRACT,
            name=f"{campus.SCHOOL}校园一卡通基础运维外包合同（演示）",
            office=office,
            vendor=vendor,
            version=version,
            starts_on=monday - timedelta(days=150),
            ends_on=monday + timedelta(days=580),
            by=people["office"],
            at=opening,
        )
        play(
            [
                (opening, roster(stage, opening, WEEKS_BACK + WEEKS_AHEAD)),
                *past.stories(stage, at),
                *present.stories(stage, at),
            ],
            until=at,
        )
        for user in people.values():
            mark_all_read(user, by=user, at=at - UNREAD)
    return password


def _stage(people: dict[str, User], at: datetime) -> Stage:
    """The campus, imported as anybody would import it, with who works there."""
    chance = Random(SEED)  # noqa: S311 - not for secrets: the same campus every time
    seed_kinds(by=COMMAND_LINE, at=at)
    text = campus.table(chance)
    import_list(
        text,
        terminals=False,
        shown=fingerprint(plan(parse(text), world())),
        file_name=f"{campus.SCHOOL}设备清单.csv",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        by=people["manager"],
        at=at,
    )
    link_up(
        list(campus.machines()),
        over=campus.OVER,
        file_name=f"{campus.SCHOOL}网络连接.csv",
        by=people["manager"],
        at=at,
    )
    merchants = looked_at(DETAILS, campus.merchants(), f"{campus.SCHOOL}商户.csv", planned_details)
    import_details(merchants, by=people["manager"], at=at)
    rows = Device.objects.select_related("kind", "place", "model").order_by("number")
    devices = {one.number: one for one in rows}
    places = {place.full_name: place for place in Place.objects.all()}
    returned.stock(devices, places, by=people["manager"], at=at)
    return Stage(people, devices, places, chance)
