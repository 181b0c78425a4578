"""A notice is for one person only."""

from django.db.models import QuerySet

from yika.notices.models import Notice
from yika.people.models import User


def visible(viewer: User) -> QuerySet[Notice]:
    """One's own notices."""
    return Notice.objects.filter(to=viewer)
