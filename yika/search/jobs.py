"""The auditor of the search: proves that nothing is missing from it."""

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from yika.search.actions import KINDS, Kind
from yika.worker.rules import Job, Repeated

HOUR = timedelta(hours=1)
COMPARED = 1000  # rows of each kind at a time


class AuditFailed(Exception):
    """Something cannot be found by its words."""


def audit(at: datetime) -> None:
    """Compare the latest rows of each kind, and a stretch that moves on every hour, with what is kept.

    Raises: AuditFailed naming what is wrong, so that the status page shows it.
    """
    wrong = {kind.name: keys for kind in KINDS if (keys := _wrong(kind, at))}
    if wrong:
        named = _("；").join(f"{name} {'、'.join(map(str, keys[:5]))}" for name, keys in wrong.items())
        raise AuditFailed(_("搜索索引有误或缺失，请运行 yika search rebuild：%(named)s") % {"named": named})


def _wrong(kind: Kind, at: datetime) -> list[int]:
    last = kind.rows.aggregate(last=Max("pk"))["last"] or 0
    after = int(at.timestamp()) // 3600 * COMPARED % (last + 1)
    rows = [*kind.rows.order_by("-pk")[:COMPARED], *kind.stretch(after, COMPARED)]
    return sorted({pk for pk, _words in kind.wrong(rows)})


JOBS: tuple[Job, ...] = (Repeated("search.audit", audit, HOUR),)
