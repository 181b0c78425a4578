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
            rows = list(SavedFilter.objects.filter(owner=lock(by)))
            if len(rows) >= MOST:
                raise BadInput(
                    _("最多保存 %(most)d 个常用筛选，请先删去不用的") % {"most": MOST}, field="name"
                )
            position = rows[-1].position + 1 if rows else 0
            row = SavedFilter.objects.create(
                owner=by, name=name, query=query, shared=shared, position=position
            )
            if shared:
                record("faults.share_filter", ("fault_filter", row.pk), by=by, at=at, name=row.name)
    except IntegrityError as error:
        raise BadInput(_("已有同名的常用筛选"), field="name") from error
    return row


def change_filter(
    kept: SavedFilter, *, name: str, shared: bool, default: bool = False, by: User, at: datetime
) -> SavedFilter:
    """Rename a filter, share it or not, let the owner's list open with it. Raises: as ``save_filter``."""
    require(can_change_filter(by, kept))
    name = _name(name)
    try:
        with transaction.atomic():
            mine = SavedFilter.objects.filter(owner=lock(by))
            row = lock(kept)
            if shared and not row.shared:
                require(can_share_filter(by))
            if default:
                mine.filter(default=True).exclude(pk=row.pk).update(default=False)
            before, row.name, row.shared, row.default = row.shared, name, shared, default
            row.save(update_fields=["name", "shared", "default"])
            if shared and not before:
                record("faults.share_filter", ("fault_filter", row.pk), by=by, at=at, name=row.name)
            if before and not shared:
                record("faults.unshare_filter", ("fault_filter", row.pk), by=by, at=at, name=row.name)
    except IntegrityError as error:
        raise BadInput(_("已有同名的常用筛选"), field="name") from error
    return row


def move_filter_forward(kept: SavedFilter, *, by: User, at: datetime) -> SavedFilter:
    """One place to the front among the owner's; the first stays first."""
    require(can_change_filter(by, kept))
    with transaction.atomic():
        rows = list(SavedFilter.objects.filter(owner=lock(by)))
        here = rows.index(kept)
        if here:
            rows[here - 1], rows[here] = rows[here], rows[here - 1]
        for position, row in enumerate(rows):
            row.position = position
            row.save(update_fields=["position"])
    return rows[max(here - 1, 0)]


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
