"""模拟: an invented campus with years of faults, for demonstration and measurement, marked as such."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from random import Random

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from yika.assets import actions as assets
from yika.assets.models import Device, Place
from yika.assets.queries import world
from yika.assets.rules import PlaceKind, fingerprint, parse, plan
from yika.contracts import actions as contracts
from yika.contracts.models import Contract
from yika.faults.actions.bulk import write
from yika.faults.lives import Life
from yika.faults.policies import can_simulate
from yika.faults.simulating import (
    Machine,
    Scene,
    Terminal,
    daily_users,
    faults_for,
    lives,
    machines,
    table,
    tables,
)
from yika.faults.simulating.words import GIVEN, SURNAMES
from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib import clock
from yika.lib.bulk import roomy
from yika.lib.decisions import WrongState, require
from yika.lib.office.bringing import looked_at
from yika.network import actions as network
from yika.network.bringing import LINKS, planned_links
from yika.people import actions as people
from yika.people.models import Shift, User
from yika.people.rules import Role, Side, Skill
from yika.standards import actions as standards
from yika.standards.queries import standard_of

MARK = "（模拟）"
COMMIT = 20_000  # faults of one transaction
MOST_DEVICES = 15_000


@dataclass(frozen=True)
class Simulated:
    """What was made; ``password`` opens every account of ``people``."""

    contract: Contract
    people: list[User]
    password: str
    devices: int
    faults: int


def simulate(
    *,
    devices: int,
    months: int,
    seed: int,
    faults: int | None = None,
    due: int = 0,
    beside_real: bool = False,
    by: SystemActor,
    at: datetime,
    progress: Callable[[int], object] = lambda done: None,
) -> Simulated:
    """Make a campus and its past up to a moment; the same for the same numbers, seed and moment.

    ``faults``: how many, or as many as so many devices have. ``due``: besides these, open faults of which
    a limit has run out and nobody was told yet. Faults are committed in stretches, so memory stays small.
    Raises: WrongState when a contract is there that is not simulated, unless ``beside_real``; or when this
    seed has been used. Beside a real contract the simulated one has ended, and takes no reports.
    """
    require(can_simulate(by))
    chance = Random(seed)  # noqa: S311 - not for secrets: the same campus every time
    root, mark = f"模拟大学{seed}", f"MN{seed}"
    months, count = max(months, 1), faults_for(devices, months) if faults is None else faults
    opening = clock.day_start(clock.campus_date(at) - timedelta(days=round(months * 30.4375)))
    with transaction.atomic():
        real = Contract.objects.exclude(name__endswith=MARK).order_by("pk").first()
        if real and not beside_real:
            raise WrongState(_("数据库里有真实合同 %(number)s，不能加入模拟数据") % {"number": real.number})
        if Contract.objects.filter(number=mark).exists():
            raise WrongState(_("种子 %(seed)d 的模拟数据已经在了，请换一个种子") % {"seed": seed})
        # Set up before any contract begins: under one, linking devices in use needs consent (4.1.4).
        first = Contract.objects.aggregate(day=Min("starts_on"))["day"]
        set_up = min(opening, clock.day_start(first)) if first else opening
        _campus(root, mark, devices, chance, by=by, at=set_up - timedelta(days=2))
        contract = _contract(root, mark, opening, real is not None, by=by, at=at)
        staff, password = _staff(contract, mark, devices, chance, by=by, at=at)
        _on_duty(staff, at=at)
        record(
            "faults.simulate_campus",
            ("contract", contract.pk),
            by=by,
            at=at,
            devices=devices,
            months=months,
            seed=seed,
            faults=count + due,
        )
    scene = _scene(contract, mark, staff, at)
    told = lives(scene, months=months, faults=count, due=due, seed=seed)
    with roomy():
        for stretch in _stretches(told):
            with transaction.atomic():
                for done in write(stretch, contract=contract, by=by, at=at):
                    progress(done)
    return Simulated(contract, staff, password, len(scene.devices), count + due)


def _stretches(told: Iterator[Life]) -> Iterator[Iterable[Life]]:
    for first in told:
        yield chain([first], islice(told, COMMIT - 1))


def _contract(
    root: str, mark: str, opening: datetime, beside: bool, *, by: SystemActor, at: datetime
) -> Contract:
    today = clock.campus_date(at)
    return contracts.create(
        mark,
        name=f"{root}校园一卡通基础运维外包合同{MARK}",
        office=people.add_organisation(f"{root}信息化办公室{MARK}", Side.OFFICE, by=by, at=at),
        vendor=people.add_organisation(f"{root}运维公司{MARK}", Side.VENDOR, by=by, at=at),
        version=standards.builtin(at),
        starts_on=clock.campus_date(opening) - timedelta(days=1),
        ends_on=today - timedelta(days=1) if beside else today + timedelta(days=730),
        by=by,
        at=at,
    )


def _staff(
    contract: Contract, mark: str, devices: int, chance: Random, *, by: SystemActor, at: datetime
) -> tuple[list[User], str]:
    """Office, auditor, manager, dispatchers and technicians, all behind one password."""
    roles = [
        (Role.OFFICE, "office", contract.office),
        (Role.AUDITOR, "auditor", contract.office),
        (Role.MANAGER, "manager", contract.vendor),
        *((Role.DISPATCHER, f"desk{n}", contract.vendor) for n in (1, 2, 3)),
        *(
            (Role.TECHNICIAN, f"tech{n}", contract.vendor)
            for n in range(1, min(max(devices // 150, 6), 24) + 1)
        ),
    ]
    made: list[User] = []
    password = stored = ""
    for number, (role, name, organisation) in enumerate(roles, 1):
        card = people.NewPerson(
            name=_name(chance),
            role=role,
            organisation=organisation,
            badge_number=f"{mark}-{number:03d}",
            phone=f"138{chance.randrange(10**8):08d}",
            skills=_skills(role, number),
        )
        user, one_time = people.create(f"{mark.lower()}-{name}", card, by=by, at=at)
        password, stored = password or one_time, stored or user.password
        user.password, user.must_change_password, user.password_changed_at = stored, False, at
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        made.append(user)
    return made, password


def _name(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _n in range(chance.choice((1, 2, 2))))


def _skills(role: Role, number: int) -> tuple[Skill, ...]:
    if role is not Role.TECHNICIAN:
        return ()
    second = (Skill.NETWORK, Skill.DOOR, Skill.SERVER, Skill.APPLICATION)[number % 4]
    return (Skill.TERMINAL, second)


def _on_duty(staff: list[User], *, at: datetime) -> None:
    """Half of the desk and of the technicians by day, the others by night, for the week around now."""
    monday = clock.campus_date(at) - timedelta(days=7)
    shifts = []
    for number, user in enumerate(one for one in staff if one.role in (Role.DISPATCHER, Role.TECHNICIAN)):
        for day in range(14):
            begins = clock.day_start(monday + timedelta(days=day)) + timedelta(hours=8 + 12 * (number % 2))
            shifts.append(Shift(person=user, starts_at=begins, ends_at=begins + timedelta(hours=12)))
    Shift.objects.bulk_create(shifts, batch_size=500)


def _campus(root: str, mark: str, devices: int, chance: Random, *, by: SystemActor, at: datetime) -> None:
    """Places and devices, and what they hang on, imported as anybody would import them."""
    assets.seed_kinds(by=by, at=at)
    there = list(machines(root, mark, devices))
    text = table(there, chance)
    assets.import_list(
        text,
        terminals=False,
        shown=fingerprint(plan(parse(text), world())),
        file_name=f"{root}{MARK}.csv",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        by=by,
        at=at,
    )
    link_up(there, file_name=f"{root}网络连接{MARK}.csv", by=by, at=at)


def link_up(
    there: Sequence[Machine],
    *,
    over: Mapping[str, str] | None = None,
    file_name: str,
    by: User | SystemActor,
    at: datetime,
) -> None:
    """Import what hangs on what on an invented campus, and how many use its places; ``over`` as ``wires``."""
    for text in tables(there, LINKS.most, over):
        network.import_links(looked_at(LINKS, text, file_name, planned_links), by=by, at=at)
    users = daily_users(there)
    for place in Place.objects.filter(full_name__in=users):
        assets.describe_place(
            place, kind=PlaceKind(place.kind), daily_users=users[place.full_name], by=by, at=at
        )


def _scene(contract: Contract, mark: str, staff: list[User], at: datetime) -> Scene:
    def of(role: Role) -> list[int]:
        return [user.pk for user in staff if user.role == role]

    rows = Device.objects.filter(number__startswith=mark).order_by("number")
    fields = ("pk", "place", "kind__code", "place__full_name", "kind__is_terminal")
    return Scene(
        standard=standard_of(contract.standard),
        devices=[
            Terminal(key, place, kind, "/".join(path.split("/")[-3:]), is_terminal)
            for key, place, kind, path, is_terminal in rows.values_list(*fields)
        ],
        technicians=of(Role.TECHNICIAN),
        desks=of(Role.DISPATCHER),
        manager=of(Role.MANAGER)[0],
        office=of(Role.OFFICE)[0],
        at=at,
    )
