"""How large a fault is: stated by the vendor, ruled by the Office; every statement is kept."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device
from yika.faults.actions.asking import ask_within, supersede
from yika.faults.actions.clocks import bring
from yika.faults.models import Classification, Fault
from yika.faults.policies import can_classify
from yika.faults.queries import facts_of
from yika.faults.rules import CLASSIFIABLE, RulingKind, State, Statement, needs_consent, repair_level
from yika.faults.words import STATES
from yika.journal.actions import Actor, record
from yika.lib.bulk import insert, write
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.rules import Side
from yika.standards.queries import standard_of
from yika.standards.rules import Impact
from yika.standards.rules import classify as severity_of


def classify(
    fault: Fault,
    *,
    terminals: int,
    cardholders: int,
    devices: Sequence[Device] = (),
    reason: str,
    by: User,
    at: datetime,
) -> Classification:
    """State the largest impact as now understood; deadlines are computed anew from the report.

    A raise that lengthens the repair limit shortens the response at once, but lengthens the repair only
    with named devices that bear the level, or with the Office's consent, which is asked for here.
    What the Office states is a ruling and stands.
    Raises: NotAllowed, BadInput (negative counts, fewer terminals than named, no reason), WrongState.
    Source: 2.1-2.4, 4.2.2 readings (a) and (b), 1.3.
    """
    require(can_classify(by, fault))
    named = sum(1 for device in devices if device.kind.is_terminal)
    if terminals < 0:
        raise BadInput(_("终端数不能为负"), field="terminals")
    if cardholders < 0:
        raise BadInput(_("持卡人数不能为负"), field="cardholders")
    if named > terminals:
        raise BadInput(
            _("列明的终端有 %(named)d 台，多于填写的终端数 %(count)d") % {"named": named, "count": terminals},
            field="terminals",
        )
    if not reason.strip():
        raise BadInput(_("请写明分级依据"), field="reason")
    by_office = by.side is Side.OFFICE
    with transaction.atomic():
        row = lock(fault)
        require(can_classify(by, row))
        if State(row.state) not in CLASSIFIABLE:
            raise WrongState(
                _("故障 %(number)s 现在是“%(state)s”，不能再改分级")
                % {"number": row.number, "state": STATES[State(row.state)]}
            )
        if not by_office and row.classifications.filter(ruled=True).exists():
            raise WrongState(_("信息化办公室已认定分级，运维服务供应商不能再改"))
        standard = standard_of(row.standard)
        before = repair_level(facts_of(row, standard).statements, standard)
        made = state_impact(
            row, terminals=terminals, cardholders=cardholders, devices=devices, reason=reason, by=by, at=at
        )
        supersede(row, at=at, words=gettext_lazy("已被新的分级取代"), kind=RulingKind.LENGTHEN)
        statement = Statement(Impact(terminals, cardholders), at, by_office, named)
        if needs_consent(statement, before, standard):
            ask_within(row, RulingKind.LENGTHEN, claim=reason, by=by, at=at, classification=made)
        bring(row, by=by, at=at)
    fault.refresh_from_db()
    return made


def state_impact(
    fault: Fault,
    *,
    terminals: int,
    cardholders: int,
    devices: Sequence[Device],
    reason: str,
    by: Actor,
    at: datetime,
) -> Classification:
    """Write one statement inside the caller's transaction; the caller brings the clocks up to date."""
    level = severity_of(Impact(terminals, cardholders), standard_of(fault.standard))
    made = Classification(
        fault=fault,
        terminals=terminals,
        cardholders=cardholders,
        severity=level.key,
        reason=reason.strip()[:500],
        ruled=isinstance(by, User) and by.side is Side.OFFICE and bool(reason),
        by=by if isinstance(by, User) else None,
        at=at,
    )
    write([made])
    named = [(made.pk, device.pk) for device in dict.fromkeys(devices)]
    insert(Classification.devices.through, ("classification", "device"), named)
    record(
        "faults.rule_class" if made.ruled else "faults.classify",
        ("fault", fault.pk),
        by=by,
        at=at,
        terminals=terminals,
        cardholders=cardholders,
        severity=level.key,
        devices=[device.number for device in devices],
        reason=made.reason,
    )
    return made
