"""What is found different in the field: recorded, and turned into a change, never typed over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yika.assets.models import Device
from yika.changes.actions.proposing import Head, Proposed, draft
from yika.changes.doors import door
from yika.changes.models import Change, Difference
from yika.changes.policies import can_propose
from yika.changes.rules import TITLE_LENGTH, UNDONE, Json, Kind, Mode, State, family
from yika.changes.words import field_name
from yika.files.models import StoredFile
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User

WINDOW = timedelta(days=3)
KIND_OF = {
    "place": Kind.DATA,
    "life": Kind.DATA,
    "parameters": Kind.PARAMETER,
    "configuration": Kind.PARAMETER,
}


def note_difference(
    device: Device,
    field: str,
    found: Json,
    *,
    note: str = "",
    photo: StoredFile | None = None,
    by: User,
    at: datetime,
) -> Difference:
    """Record what a field really is. Raises: BadInput when it cannot be, or is what is recorded."""
    require(can_propose(by))
    keeper = door(field)
    wrong = keeper.problems(device, field, found)
    if wrong:
        raise BadInput(*wrong, field="value")
    recorded = keeper.current(device, field)
    if recorded == found:
        raise BadInput(_("与登记的一致，没有差异"), field="value")
    with transaction.atomic():
        with override(settings.LANGUAGE_CODE):
            words = keeper.words(field, recorded), keeper.words(field, found)
            name = field_name(field)
        made = Difference.objects.create(
            device=device,
            field=field,
            recorded_words=words[0],
            found=found,
            found_words=words[1],
            note=note.strip()[:500],
            photo=photo,
            by=by,
            at=at,
        )
        record(
            "changes.note_difference",
            ("device", device.pk),
            by=by,
            at=at,
            number=device.number,
            field=name,
            recorded=words[0],
            found=words[1],
        )
    return made


def note_differences(
    device: Device,
    found: Mapping[str, Json],
    *,
    note: str = "",
    photo: StoredFile | None = None,
    by: User,
    at: datetime,
) -> list[Difference]:
    """Record what several fields of a device really are, all or none. Raises: as ``note_difference``."""
    with transaction.atomic():
        return [
            note_difference(device, field, value, note=note, photo=photo, by=by, at=at)
            for field, value in found.items()
        ]


def propose(differences: Sequence[Difference], *, by: User, at: datetime) -> Change:
    """Draft the change that brings the record of one device in line with what was found.

    Raises: WrongState when a change was proposed already and did not come to nothing.
    """
    require(can_propose(by))
    with transaction.atomic():
        rows = [lock(one) for one in differences]
        if any(row.change and State(row.change.state) not in UNDONE for row in rows):
            raise WrongState(_("已提出变更"))
        first = rows[0]
        with override(settings.LANGUAGE_CODE):
            title = _("登记更正：%(number)s %(field)s") % {
                "number": first.device.number,
                "field": _("、").join(field_name(row.field) for row in rows),
            }
            reason = _("现场核实与登记不一致。%(note)s") % {"note": first.note}
            risk, plan = _("只更正登记，不动设备"), _("按现场情况更正登记")
            back_out = _("恢复原登记")
        kind = KIND_OF.get(family(first.field), Kind.NETWORK)
        head = Head(kind, Mode.NORMAL, title[:TITLE_LENGTH], reason, risk, plan, back_out, at, at + WINDOW)
        lines = [Proposed(row.device, row.field, row.found) for row in rows]
        made = draft(head, submission=uuid4(), lines=lines, by=by, at=at)
        for row in rows:
            row.change = made
            row.save(update_fields=["change"])
    return made
