"""Keeping a filter of the list of faults under a name, and sharing it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yika.faults.models import SavedFilter
from yika.faults.policies import can_change_filter, can_share_filter
from yika.journal.actions import record
from yika.lib.decisions import BadInput, require
from yika.lib.locking import lock
from yika.people.models import User

MOST = 12
"""Filters that one person keeps: more than a row of them is no shorter way."""


def save_filter(name: str, query: str, *, shared: bool, by: User, at: datetime) -> SavedFilter:
    """Keep what the list is narrowed to. ``query`` is the address's, as ``ListForm.kept`` writes it.

    Raises: NotAllowed to share; BadInput for no name, a name used already, no narrowing, too many.
    """
    name = _name(name)
    if not query:
        raise BadInput(_("请先筛选，再保存"), field="name")
    if shared:
        require(can_share_filter(by))
    try:
        with transaction.atomic():
            if SavedFilter.objects.filter(owner=lock(by)).count() >= MOST:
                raise BadInput(
                    _("最多保存 %(most)d 个常用筛选，请先删去不用的") % {"most": MOST}, field="name"
                )
            row = SavedFilter.objects.create(owner=by, name=name, query=query, shared=shared)
            if shared:
                record("faults.share_filter", ("fault_filter", row.pk), by=by, at=at, name=row.name)
    except IntegrityError as error:
        raise BadInput(_("已有同名的常用筛选"), field="name") from error
    return row


def change_filter(kept: SavedFilter, *, name: str, shared: bool, by: User, at: datetime) -> SavedFilter:
    """Rename a filter, share it or take it back. Raises: as ``save_filter``."""
    require(can_change_filter(by, kept))
    name = _name(name)
    try:
        with transaction.atomic():
            row = lock(kept)
            if shared and not row.shared:
                require(can_share_filter(by))
            before, row.name, row.shared = row.shared, name, shared
            row.save(update_fields=["name", "shared"])
            if shared and not before:
                record("faults.share_filter", ("fault_filter", row.pk), by=by, at=at, name=row.name)
            if before and not shared:
                record("faults.unshare_filter", ("fault_filter", row.pk), by=by, at=at, name=row.name)
    except IntegrityError as error:
        raise BadInput(_("已有同名的常用筛选"), field="name") from error
    return row


def remove_filter(kept: SavedFilter, *, by: User, at: datetime) -> None:
    """Forget a filter; colleagues it was shared with lose it too."""
    require(can_change_filter(by, kept))
    with transaction.atomic():
        row = lock(kept)
        if row.shared:
            record("faults.unshare_filter", ("fault_filter", row.pk), by=by, at=at, name=row.name)
        row.delete()


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise BadInput(_("请填写名称"), field="name")
    if len(name) > 20:
        raise BadInput(_("名称最多 20 个字"), field="name")
    return name
