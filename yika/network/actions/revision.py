"""Telling every process that what it knows of the network is out of date."""

from uuid import uuid4

from django.db import connection

from yika.network.models import Revision

_ROW = 1


def renew_revision() -> None:
    """Put another token: the last thing a writing transaction does, since its writers wait for each other."""
    assert connection.in_atomic_block, "renew_revision() only inside transaction.atomic()"
    if not Revision.objects.filter(pk=_ROW).update(token=uuid4()):
        Revision.objects.bulk_create([Revision(pk=_ROW)], ignore_conflicts=True)
        Revision.objects.filter(pk=_ROW).update(token=uuid4())
