"""A report comes in: from a label, the public page, the telephone, a round."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device, Place
from yika.faults.actions.classifying import Found, state_impact
from yika.faults.actions.clocks import bring
from yika.faults.actions.joining import still_out, take_in
from yika.faults.actions.telling import tell_desk
from yika.faults.actions.words import index_again, index_new
from yika.faults.models import NEVER, Channel, Fault, Photo, Report, Symptom
from yika.faults.policies import can_report
from yika.faults.queries.outages import current_beside, outage_behind
from yika.faults.rules import OUT_OF_CLOCKS, RESTORED_STATES, Facts, State, Statement
from yika.files.models import StoredFile
from yika.journal.actions import Actor, record, together
from yika.lib.bulk import take_keys, write
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.network.queries import impact_of_carriers
from yika.people.models import User
from yika.standards.rules import Impact

OLDEST_CLAIM = timedelta(days=30)


def report(
    *,
    channel: Channel,
    symptom: Symptom,
    submission: uuid.UUID,
    by: Actor,
    at: datetime,
    place: Place | None = None,
    device: Device | None = None,
    description: str = "",
    reporter_name: str = "",
    reporter_phone: str = "",
    reported_at: datetime | None = None,
    terminals: int | None = None,
    cardholders: int | None = None,
    devices: Sequence[Device] = (),
    photos: Sequence[StoredFile] = (),
    follows: Fault | None = None,
    language: str = "zh-hans",
) -> Report:
    """Open a fault with its first report; its clocks run from ``reported_at``, or now.

    Without counts the impact is what the report itself shows: the devices named, or one card. If others hang
    on a device named that is no terminal, the network says what goes down with it.
    A physically damaged card becomes a card replacement without a clock (clause 2, reading). A report of
    machines that a known outage has taken down, without counts of its own, is merged into it at once.
    The same ``submission`` again gives the report it made.
    Raises: NotAllowed, BadInput (no place, a claimed time in the future or too old, fewer terminals than
    devices named), WrongState (no contract).
    """
    if isinstance(by, User):
        require(can_report(by))
    claimed = _claimed(reported_at, at)
    place = device.place if device else place
    if place is None:
        raise BadInput(_("请选择报修地点或设备"), field="place")
    shown = devices or ([device] if device else [])
    named = sum(1 for one in devices if one.kind.is_terminal)
    if terminals is not None and named > terminals:
        raise BadInput(
            _("列明的终端有 %(named)d 台，多于填写的终端数 %(count)d") % {"named": named, "count": terminals},
            field="terminals",
        )
    contract, beside_outage = current_beside(at)
    referred = symptom == Symptom.CARD_DAMAGED
    found = _found(shown, claimed)
    outage = None
    if beside_outage and follows is None and terminals is None and cardholders is None:
        outage = outage_behind(shown, symptom, contract=contract, claimed=claimed, at=at)
    try:
        with transaction.atomic(), together():
            into = still_out(outage)
            # Its number stands in everything written about it; the row itself comes last and whole.
            fault = Fault(
                pk=take_keys(Fault, 1)[0],
                contract=contract,
                standard=contract.standard,
                state=State.MERGED if into else State.REFERRED if referred else State.REPORTED,
                merged_into=into,
                place=place,
                device=device,
                symptom=symptom,
                description=description.strip()[:500],
                reported_at=claimed,
                severity="",
                urgent_at=NEVER,
                follows=follows,
                rooted=found is not None,
                created_at=at,
                ended_at=at if referred or into else None,
            )
            made = _add_report(
                fault,
                channel,
                claimed,
                at,
                by,
                submission,
                description,
                reporter_name,
                reporter_phone,
                language,
                photos,
            )
            index_new(fault)
            record(
                "faults.report",
                ("fault", fault.pk),
                by=by,
                at=at,
                happened_at=claimed,
                channel=channel,
                symptom=symptom,
                place=place.full_name,
                device=device.number if device else "",
            )
            shows = _shows(shown, symptom, found)
            stated = state_impact(
                fault,
                terminals=shows.terminals if terminals is None else terminals,
                cardholders=shows.cardholders if cardholders is None else cardholders,
                devices=shown,
                reason="",
                by=by,
                at=at,
                found=found,
            )
            first = Statement(
                Impact(stated.terminals, stated.cardholders),
                at,
                stated.ruled,
                named=shows.terminals,
                estimated=shows.cardholders if found else 0,
            )
            bring(fault, by=by, at=at, facts=Facts(claimed, (first,), out_of_clocks=referred or bool(into)))
            if into:
                take_in(fault, into, at=at)
            elif not referred:
                tell_desk(
                    fault, gettext_lazy("新报修 %(number)s：%(where)s %(symptom)s"), at=at, urgent=False
                )
    except IntegrityError:
        existing = _made_before(submission)
        if existing is None:
            raise
        return existing
    return made


def join(
    fault: Fault,
    *,
    channel: Channel,
    submission: uuid.UUID,
    by: Actor,
    at: datetime,
    description: str = "",
    reporter_name: str = "",
    reporter_phone: str = "",
    reported_at: datetime | None = None,
    photos: Sequence[StoredFile] = (),
    language: str = "zh-hans",
) -> Report:
    """Add a reporter to a known outage; an earlier report moves the start of its clocks.

    Raises: NotAllowed, BadInput, WrongState when the outage is over meanwhile.
    Source: 4.2.2, reading (e).
    """
    if isinstance(by, User):
        require(can_report(by))
    claimed = _claimed(reported_at, at)
    try:
        with transaction.atomic():
            row = lock(fault)
            if row.ended_at is not None or State(row.state) in RESTORED_STATES | OUT_OF_CLOCKS:
                raise WrongState(_("这起故障已经结束，请另行报修"))
            made = _add_report(
                row,
                channel,
                claimed,
                at,
                by,
                submission,
                description,
                reporter_name,
                reporter_phone,
                language,
                photos,
            )
            if made.description:
                index_again(row)
            record(
                "faults.join",
                ("fault", row.pk),
                by=by,
                at=at,
                happened_at=claimed,
                channel=channel,
            )
            bring(row, by=by, at=at)
    except IntegrityError:
        existing = _made_before(submission)
        if existing is None:
            raise
        return existing
    return made


def _made_before(submission: uuid.UUID) -> Report | None:
    return Report.objects.filter(submission=submission).first()


def _found(devices: Sequence[Device], at: datetime) -> Found | None:
    """What the network says goes down with these devices, if anything hangs on them.

    Terminals count as themselves, so most reports ask nothing. Source: the reading on counts.
    """
    if all(one.kind.is_terminal for one in devices):
        return None
    impact = impact_of_carriers(devices, at)
    return Found(impact, at) if impact else None


def _shows(devices: Sequence[Device], symptom: Symptom, found: Found | None) -> Impact:
    """How large a report shows the fault to be."""
    if found is not None:
        return Impact(found.impact.terminal_count, found.impact.counted_cardholders)
    named = sum(1 for one in devices if one.kind.is_terminal)
    return Impact(named, int(symptom == Symptom.CARD_UNREADABLE))


def _claimed(reported_at: datetime | None, at: datetime) -> datetime:
    """The time a report counts from: an earlier claim is to the reporter's good and counts at once."""
    if reported_at is None:
        return at
    reported_at = reported_at.replace(microsecond=0)
    if reported_at > at:
        raise BadInput(_("报修时间不能晚于现在"), field="reported_at")
    if reported_at < at - OLDEST_CLAIM:
        raise BadInput(_("报修时间不能早于 30 天前"), field="reported_at")
    return reported_at


def _add_report(
    fault: Fault,
    channel: Channel,
    claimed: datetime,
    at: datetime,
    by: Actor,
    submission: uuid.UUID,
    description: str,
    name: str,
    phone: str,
    language: str,
    photos: Sequence[StoredFile],
) -> Report:
    made = Report(
        fault=fault,
        channel=channel,
        reported_at=claimed,
        recorded_at=at,
        description=description.strip()[:500],
        reporter_name=name.strip()[:40],
        reporter_phone=phone.strip()[:20],
        submission=submission,
        taken_by=by if isinstance(by, User) else None,
        language=language,
    )
    write([made])
    write([Photo(fault=fault, report=made, file=file, at=at) for file in photos])
    return made
