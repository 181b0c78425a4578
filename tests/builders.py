"""The things that play in the tests, built straight into the database; people are in ``cast``."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction

from tests import cast
from yika.assets.actions.kinds import KINDS
from yika.assets.actions.stays import keep_stays
from yika.assets.actions.words import index_devices, index_places
from yika.assets.models import Device, DeviceKind, Place
from yika.assets.rules import PAYMENT_TERMINAL, Life, ancestry
from yika.commitments.actions import keep
from yika.commitments.models import Commitment
from yika.commitments.rules import Kind, Promise
from yika.contracts.models import Contract
from yika.faults.actions import dispatching, finishing, intake, working
from yika.faults.models import Channel, Fault, Feedback, Report, Symptom
from yika.faults.rules import State
from yika.journal.actions import Actor
from yika.journal.rules import REPORTER, SYSTEM
from yika.people.models import User
from yika.people.rules import Side
from yika.standards.actions import builtin, load
from yika.standards.queries import standard_of
from yika.standards.rules import Limit

CAMPUS = "桂子大学"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_device_numbers = count(1)


# Places and devices


def kind(code: str = PAYMENT_TERMINAL) -> DeviceKind:
    """A device kind by its code, as the product seeds it."""
    name, name_en, is_terminal, skill = next(row[1:] for row in KINDS if row[0] == code)
    known = {"name": name, "name_en": name_en, "is_terminal": is_terminal, "skill": skill.value}
    return DeviceKind.objects.get_or_create(code=code, defaults=known)[0]


def place(path: str = f"{CAMPUS}/一食堂/一楼/豆浆") -> Place:
    """A place by its path, with everything above it."""
    here: Place | None = None
    for full_name in ancestry(path):
        known = {"parent": here, "name": full_name.rpartition("/")[2]}
        here, made = Place.objects.get_or_create(full_name=full_name, defaults=known)
        if made:
            index_places([here])
    assert here
    return here


def device(
    number: str = "", *, at: Place | str | None = None, of: str = PAYMENT_TERMINAL, in_use: bool = True
) -> Device:
    """A device, numbered if no number is given, at a place or path; in use there for ever, or in stock."""
    where = at if isinstance(at, Place) else place(at) if at else place()
    made = Device.objects.create(
        number=number or f"T-{next(_device_numbers):05d}",
        kind=kind(of),
        place=where,
        life=Life.IN_USE if in_use else Life.IN_STOCK,
    )
    keep_stays([made], at=LONG_AGO)
    index_devices([made])
    return made


# The contract, its commitments and faults


def contract(*, standard: str = "") -> Contract:
    """The contract in force at ``cast.AT``, under the built-in standard or a given text."""
    version = load(standard, by=SYSTEM, at=cast.AT) if standard else builtin(cast.AT)
    return Contract.objects.get_or_create(
        number="HT-2026-01",
        defaults={
            "name": "校园一卡通基础运维外包合同",
            "office": cast.organisation(Side.OFFICE),
            "vendor": cast.organisation(Side.VENDOR),
            "standard": version,
            "starts_on": date(2020, 1, 1),
            "ends_on": date(2099, 12, 31),
        },
    )[0]


HOUR = Limit("4.2.2.1", 3600)


def kept(
    row: Commitment | None,
    promise: Promise | None,
    *,
    at: datetime = cast.AT,
    holder: User | None = None,
    by: Actor = SYSTEM,
    under: Contract | None = None,
    subject: str = "G000001 一食堂/一楼 机器不开机",
) -> Commitment | None:
    """What the engine makes of a promise, as a producer would call it."""
    parties = under or contract()
    with transaction.atomic():
        return keep(
            [(row, promise)],
            contract=parties,
            standard=standard_of(parties.standard),
            standard_version_id=parties.standard_id,
            holder=holder,
            subject=subject,
            by=by,
            at=at,
        )[0]


def commitment(
    limit: Limit = HOUR,
    *,
    kind: Kind = Kind.RESPONSE,
    started_at: datetime = cast.AT,
    settled_at: datetime | None = None,
    holder: User | None = None,
    under: Contract | None = None,
    subject: str = "G000001 一食堂/一楼 机器不开机",
) -> Commitment:
    """An hour's response commitment from ``cast.AT``, unless told otherwise."""
    row = kept(
        None,
        Promise(kind, limit, started_at, settled_at, "一般故障（2.1）"),
        at=started_at,
        holder=holder,
        under=under,
        subject=subject,
    )
    assert row
    return row


def report(
    *,
    at: datetime = cast.AT,
    by: Actor = REPORTER,
    symptom: Symptom = Symptom.TERMINAL_DEAD,
    channel: Channel = Channel.QR,
    of: Device | None = None,
    where: Place | None = None,
    **more: Any,
) -> Report:
    """A report of a device (a fresh one unless a device or place is given), as the product takes it."""
    contract()
    if of is None and where is None:
        of = device()
    return intake.report(
        channel=channel,
        symptom=symptom,
        submission=more.pop("submission", None) or uuid.uuid4(),
        by=by,
        at=at,
        device=of,
        place=where,
        **more,
    )


def fault(
    state: State = State.REPORTED, *, at: datetime = cast.AT, to: User | None = None, **more: Any
) -> Fault:
    """A fault carried to a state, a minute a step, by who would do it; ``to`` is the technician."""
    made = report(at=at, **more).fault
    if state is State.REPORTED:
        return made
    desk, to = cast.dispatcher(), to or cast.technician()
    moments = (at + timedelta(minutes=n) for n in count(1))
    steps: list[tuple[State, Callable[[datetime], object]]] = [
        (State.DISPATCHED, lambda at: dispatching.dispatch(made, to=to, by=desk, at=at)),
        (State.ACCEPTED, lambda at: working.accept(made, by=to, at=at)),
        (State.ON_THE_WAY, lambda at: working.set_out(made, by=to, at=at)),
        (State.WORKING, lambda at: working.arrive(made, by=to, at=at, note="标签脱落")),
        (State.RESTORED, lambda at: working.restore(made, by=to, at=at, note="更换读卡模块")),
        (
            State.FED_BACK,
            lambda at: finishing.give_feedback(made, way=Feedback.Way.PHONE, told="已修复", by=to, at=at),
        ),
        (State.LOGGED, lambda at: finishing.write_log(made, entries=LOG, by=to, at=at)),
        (State.CLOSED, lambda at: finishing.close(made, by=desk, at=at)),
    ]
    for reached, step in steps:
        step(next(moments))
        if reached is state:
            return made
    raise ValueError(f"no straight way to {state}")


LOG = {"cause": "读卡模块老化", "handling": "更换读卡模块", "parts": "读卡模块 1 个", "result": "恢复正常"}
