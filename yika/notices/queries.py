"""The inbox."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from yika.notices.models import Notice
from yika.notices.policies import visible
from yika.people.models import User

MOST = 100


def unread(user: User) -> int:
    """How many notices wait to be read, counted up to 100."""
    return Notice.objects.filter(to=user, read_at__isnull=True)[:MOST].count()


def inbox(user: User) -> QuerySet[Notice]:
    """A person's notices with ``was_read`` (0 or 1), so that lists can put the unread first."""
    was_read = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return visible(user).annotate(was_read=was_read)
