"""Keeping versions of the diagrams."""

from datetime import datetime

from django.db import transaction

from yika.journal.actions import record
from yika.journal.rules import SystemActor
from yika.lib.decisions import require
from yika.network.models import Snapshot
from yika.network.policies import can_manage
from yika.network.queries import standing
from yika.people.models import User


def keep_snapshot(*, by: User | SystemActor, at: datetime) -> Snapshot:
    """Keep what hangs on what now as a version; the one of the same second if there is one."""
    require(can_manage(by))
    moment = at.replace(microsecond=0)
    there = standing(moment)
    with transaction.atomic():
        kept, made = Snapshot.objects.get_or_create(
            at=moment,
            defaults={
                "kept_by": by.actor_name,
                "devices": there.devices,
                "links": there.links,
                "sha256": there.sha256,
            },
        )
        if made:
            record(
                "network.keep_snapshot",
                ("network", "versions"),
                by=by,
                at=at,
                version=kept.pk,
                links=kept.links,
                devices=kept.devices,
                sha256=kept.sha256,
            )
    return kept
