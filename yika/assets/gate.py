"""The gate before controlled fields: what changes only by a consented change. Source: 4.1.4."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yika.assets.models import Device, RefusedAttempt
from yika.assets.rules import Door, Life, Plan, controlled_as
from yika.assets.sentences import controlled_name
from yika.contracts.models import Contract
from yika.contracts.queries import running
from yika.journal.actions import Actor, record
from yika.lib.decisions import WrongState
from yika.people.models import User
from yika.standards.queries import standard_of

NO_VALUE: Final = object()


@dataclass(frozen=True)
class Wanted:
    """One controlled value somebody wants to write; before and after in words, as the journal tells them.

    ``value`` is the plain value a consented door would take; ``NO_VALUE`` where no change could write it, as
    when a whole part of the campus moves.
    """

    device: Device
    field: str
    before: str
    after: str
    value: Any = NO_VALUE


class NeedsConsent(WrongState):
    """Controlled values, ``wanted``, cannot be written without the Office's consent: 409."""

    def __init__(self, *problems: str, wanted: Sequence[Wanted]) -> None:
        super().__init__(*problems)
        self.wanted = tuple(wanted)
        self.proposal = proposal(wanted)


def controlled(fields: Iterable[str], *, device: Device, at: datetime) -> frozenset[str]:
    """Which of the fields of a device need consent at a moment.

    The standard of the running contract says which; without one nothing is controlled. Of a device in no
    use only its life is, and of that only that it goes into use: that puts a machine into service.
    """
    names = [field for field in fields if device.in_use or field == "life"]
    if not names:
        return frozenset()
    rows = Contract.objects.select_related("standard").defer("standard__source")
    contract = running(rows, at).first()
    if contract is None:
        return frozenset()
    named = standard_of(contract.standard).controlled
    return frozenset(field for field in names if controlled_as(field) in named)


def insist_free(wanted: Sequence[Wanted], *, door: Door, by: Actor, at: datetime) -> None:
    """Call before the action's transaction, so that the attempts stay on record.

    Raises: NeedsConsent naming every value that needs consent.
    """
    kept = held(wanted, at)
    if not kept:
        return
    with transaction.atomic():
        for one in kept:
            with override(settings.LANGUAGE_CODE):
                name = controlled_name(one.field)
            RefusedAttempt.objects.create(
                device=one.device,
                field=one.field,
                before=one.before,
                after=one.after,
                door=door,
                by=by if isinstance(by, User) else None,
                by_name=by.actor_name,
                at=at,
            )
            record(
                "assets.refuse",
                ("device", one.device.pk),
                by=by,
                at=at,
                number=one.device.number,
                field=name,
                before=one.before,
                after=one.after,
                door=door,
            )
    raise _needed(kept)


def insist_still_free(wanted: Sequence[Wanted], *, at: datetime) -> None:
    """The same inside the action's transaction, with the rows locked; nothing goes on record."""
    kept = held(wanted, at)
    if kept:
        raise _needed(kept)


def needs_consent(device: Device, field: str, at: datetime) -> bool:
    """Whether a field of a device changes only with the Office's consent."""
    return bool(controlled([field], device=device, at=at))


def proposal(wanted: Sequence[Wanted]) -> str:
    """What a change would have to say, as its form takes it: a list of [device's key, field, value].

    Empty where no change could say it.
    """
    if not wanted or any(one.value is NO_VALUE for one in wanted):
        return ""
    return json.dumps([[one.device.pk, one.field, one.value] for one in wanted], ensure_ascii=False)


def held(wanted: Sequence[Wanted], at: datetime) -> list[Wanted]:
    """Those that need consent, the contract asked but once."""
    if not wanted:
        return []
    fields = {one.field for one in wanted}
    busy = controlled(fields, device=Device(life=Life.IN_USE), at=at)
    return [one for one in wanted if one.field in busy and (one.device.in_use or _takes_into_use(one))]


def _takes_into_use(one: Wanted) -> bool:
    return one.field == "life" and one.value == Life.IN_USE


def _needed(kept: Sequence[Wanted]) -> NeedsConsent:
    said = _("%(number)s 的%(field)s须经信息化办公室同意才能修改，请先在“变更”中提出申请（4.1.4）")
    names = [(one.device.number, controlled_name(one.field)) for one in kept[:20]]
    return NeedsConsent(*(said % {"number": number, "field": name} for number, name in names), wanted=kept)


def moves_of(planned: Plan) -> list[Wanted]:
    """The moves of known devices that an import would make."""
    moves = {
        change.number: (before, after)
        for change in planned.changes
        for name, before, after in change.fields
        if name == "place"
    }
    devices = Device.objects.filter(number__in=moves).select_related("kind")
    return [Wanted(device, "place", *moves[device.number]) for device in devices]
