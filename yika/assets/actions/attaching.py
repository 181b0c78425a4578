"""Files kept with a device 附件."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yika.assets.models import Attachment, Device
from yika.assets.policies import can_attach
from yika.assets.rules import has_invisible, tidy
from yika.files.models import StoredFile
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User

TITLE_LENGTH = 60
MOST_KEPT = 50


def attach(device: Device, *, file: StoredFile, title: str = "", by: User, at: datetime) -> Attachment:
    """Keep a stored file with a device; without a title it is called as the file is.

    Raises: BadInput for a title that is too long, WrongState when there are too many.
    """
    require(can_attach(by))
    title = tidy(title) or file.name[:TITLE_LENGTH]
    if len(title) > TITLE_LENGTH or has_invisible(title):
        raise BadInput(_("不能超过 %(length)d 个字") % {"length": TITLE_LENGTH}, field="title")
    with transaction.atomic():
        row = lock(device)
        if row.attachments.filter(removed_at=None).count() >= MOST_KEPT:
            raise WrongState(_("每台设备最多 %(most)d 个附件，请先删去不用的") % {"most": MOST_KEPT})
        made = Attachment.objects.create(device=row, file=file, title=title, by=by, at=at)
        record("assets.attach", ("device", row.pk), by=by, at=at, number=row.number, title=title)
    return made


def detach(attachment: Attachment, *, reason: str, by: User, at: datetime) -> Attachment:
    """Keep a file no longer with its device; that it was there stays on record.

    Raises: BadInput without a reason, WrongState when it is gone already.
    """
    require(can_attach(by))
    reason = tidy(reason)[:200]
    if not reason:
        raise BadInput(_("请写明理由"), field="reason")
    with transaction.atomic():
        row = lock(attachment)
        if row.removed_at is not None:
            raise WrongState(_("附件已删除"))
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        record(
            "assets.detach",
            ("device", row.device_id),
            by=by,
            at=at,
            number=row.device.number,
            title=row.title,
            reason=reason,
        )
    return row
