"""Who may read and load standards."""

from django.db.models import QuerySet

from yika.lib.decisions import Decision
from yika.people.policies import Doer, may
from yika.people.rules import Right
from yika.standards.models import StandardVersion


def visible(viewer: Doer) -> QuerySet[StandardVersion]:
    """Both sides read every version: it binds both."""
    rows = StandardVersion.objects.all()
    return rows if may(viewer, Right.SEE_STANDARD) else rows.none()


def can_load(by: Doer) -> Decision:
    """Load a new version."""
    return may(by, Right.ADOPT_STANDARD)
