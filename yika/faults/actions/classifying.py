"""How large a fault is: stated by the vendor, ruled by the Office; every statement is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device
from yika.faults.actions.asking import ask_within, supersede
from yika.faults.actions.clocks import bring
from yika.faults.models import Classification, Fault, Reach
from yika.faults.policies import can_classify
from yika.faults.queries import facts_of
from yika.faults.rules import CLASSIFIABLE, RulingKind, State, Statement, needs_consent, repair_level
from yika.faults.words import STATES
from yika.journal.actions import Actor, record
from yika.lib.bulk import insert, write
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.lib.text import exact
from yika.network.queries import affected_keys, impact_of
from yika.network.rules import Impact as Reached
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
        row = _open_to(by, fault)
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


def name_failed(fault: Fault, *, devices: Sequence[Device], by: User, at: datetime) -> Classification:
    """指明故障设备: the network says what went down with these devices when the fault was reported.

    The counts of that are stated; naming what is affected, they bear the level. Nothing is ruled by it.
    Raises: NotAllowed, BadInput (no device, or one that was not in the network), WrongState.
    Source: 2.1-2.4, the reading on counts; 4.2.2 reading (b).
    """
    require(can_classify(by, fault))
    if not devices:
        raise BadInput(_("请选择故障设备"), field="devices")
    moment = fault.reported_at
    impact = impact_of(devices, moment)
    known = impact.fallen.graph.nodes
    absent = [device.number for device in devices if device.pk not in known]
    if absent:
        raise BadInput(_("不在用的设备：%(numbers)s") % {"numbers": "、".join(absent[:5])}, field="devices")
    with transaction.atomic():
        row = _open_to(by, fault)
        made = state_impact(
            row,
            terminals=impact.terminal_count,
            cardholders=impact.counted_cardholders,
            devices=devices,
            reason="",
            by=by,
            at=at,
            found=Found(impact, moment),
        )
        row.rooted = True
        row.device = row.device or devices[0]
        row.save(update_fields=["rooted", "device"])
        supersede(row, at=at, words=gettext_lazy("已被新的分级取代"), kind=RulingKind.LENGTHEN)
        bring(row, by=by, at=at)
    fault.refresh_from_db()
    return made


def _open_to(by: User, fault: Fault) -> Fault:
    """The fault, locked, if somebody may still state how large it is. Raises: NotAllowed, WrongState."""
    row = lock(fault)
    require(can_classify(by, row))
    if State(row.state) not in CLASSIFIABLE:
        raise WrongState(
            _("故障 %(number)s 现在是“%(state)s”，不能再改分级")
            % {"number": row.number, "state": STATES[State(row.state)]}
        )
    if by.side is not Side.OFFICE and row.classifications.filter(ruled=True).exists():
        raise WrongState(_("信息化办公室已认定分级，运维服务供应商不能再改"))
    return row


@dataclass(frozen=True)
class Found:
    """What the network said of a moment."""

    impact: Reached
    at: datetime


def state_impact(
    fault: Fault,
    *,
    terminals: int,
    cardholders: int,
    devices: Sequence[Device],
    reason: str,
    by: Actor,
    at: datetime,
    found: Found | None = None,
) -> Classification:
    """Write one statement inside the caller's transaction; the caller brings the clocks up to date.

    ``found`` is kept beside it: the failed devices are those named.
    """
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
    told: dict[str, Any] = {"terminals": terminals, "cardholders": cardholders, "severity": level.key}
    numbers = [device.number for device in devices]
    if found is not None:
        _keep(made, found)
        told |= {"numbers": "、".join(numbers), "moment": exact(found.at)}
        told |= {"found_terminals": found.impact.terminal_count}
    record(
        "faults.rule_class" if made.ruled else "faults.measure" if found else "faults.classify",
        ("fault", fault.pk),
        by=by,
        at=at,
        devices=numbers,
        reason=made.reason,
        **told,
    )
    return made


def _keep(made: Classification, found: Found) -> None:
    impact = found.impact
    Reach.objects.create(
        classification=made,
        at=found.at,
        terminals=impact.terminal_count,
        cardholders=impact.counted_cardholders,
        others=impact.other_count,
        offline=impact.offline_count,
        unknown=impact.unknown,
        hanging=impact.hanging,
        carried=impact.carried_count,
        kinds={**impact.terminals, **impact.others},
        listed=affected_keys(impact),
    )
