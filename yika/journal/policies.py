"""Who may read the whole journal.

People are a floor above: the journal knows a reader only by the name of the role.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yika.journal.models import Event
from yika.lib.decisions import ALLOWED, Decision, Refused

READERS = frozenset({"office", "auditor", "administrator"})


def can_read(by: object) -> Decision:
    """Read everything that happened, and take a copy."""
    if getattr(by, "role", "") in READERS:
        return ALLOWED
    return Refused(_("只有信息化办公室、审计人员和系统管理员可以查阅操作记录"))


def visible(by: object) -> "QuerySet[Event]":
    """Every event for who may read the journal, else none."""
    return Event.objects.all() if can_read(by) else Event.objects.none()
