"""Bringing in links from a file: everything in one transaction, or nothing."""

from datetime import datetime

from django.db import IntegrityError, transaction

from yika.assets.gate import insist_free, insist_still_free
from yika.assets.models import Device
from yika.assets.rules import Door
from yika.journal.actions import event, record, record_all
from yika.journal.rules import SystemActor
from yika.lib.decisions import require
from yika.lib.locking import lock_all
from yika.lib.office.bringing import Upload, overtaken
from yika.network.actions.making import told
from yika.network.actions.revision import renew_revision
from yika.network.actions.upstreams import moves_of
from yika.network.bringing import planned_links
from yika.network.models import Link, Port
from yika.network.policies import can_manage
from yika.people.models import User

BATCH = 1000


def import_links(upload: Upload, *, by: User | SystemActor, at: datetime) -> tuple[int, int]:
    """Bring in links as the preview showed; how many were made and how many ended.

    Each has its own event as if made by hand, and one tells of the file.
    Raises: BadInput for a line that cannot be used, WrongState when the plan is no longer what was shown,
    NeedsConsent when it touches controlled upstreams.
    """
    require(can_manage(by))
    insist_free(moves_of(planned_links(upload.read)), door=Door.IMPORT, by=by, at=at)
    with transaction.atomic():
        numbers = {row.cells[key] for row in upload.read.rows for key in ("lower", "upper")}
        lock_all([device for device in Device.objects.all() if device.number in numbers])
        plan = planned_links(upload.read)
        plan.insist(upload.shown)
        insist_still_free(moves_of(plan), at=at)
        does = [item.value for item in (*plan.new, *plan.changed)]
        ended = [one.ended for one in does if one.ended]
        for link in ended:
            link.until_at = max(at, link.from_at)
        Link.objects.bulk_update(ended, ["until_at"], batch_size=BATCH)
        made = [
            Link(lower=one.lower, upper=one.upper, medium=one.medium.value, role=one.role.value, from_at=at)
            for one in does
            if one.upper
        ]
        names = [(one.lower_port, one.upper_port) for one in does if one.upper]
        ports = _ports(made, names)
        for link, (lower_port, upper_port) in zip(made, names, strict=True):
            link.lower_port = ports.get((link.lower_id, lower_port))
            link.upper_port = ports.get((link.upper_id, upper_port))
        try:
            with transaction.atomic():
                Link.objects.bulk_create(made, batch_size=BATCH)
        except IntegrityError as error:
            raise overtaken() from error
        said = [
            event("network.disconnect", ("device", link.lower_id), by=by, at=at, **told(link))
            for link in ended
        ]
        said += [
            event("network.connect", ("device", link.lower_id), by=by, at=at, **told(link)) for link in made
        ]
        record_all(said)
        record(
            "network.import_links",
            ("import", upload.sha256[:40]),
            by=by,
            at=at,
            file_name=upload.file_name,
            sha256=upload.sha256,
            added=len(made),
            ended=len(ended),
        )
        renew_revision()
    return len(made), len(ended)


def _ports(links: list[Link], names: list[tuple[str, str]]) -> dict[tuple[int, str], Port]:
    """The named ports by device and name; those that are not there yet are added with the link's medium."""
    wanted: dict[tuple[int, str], str] = {}
    for link, (lower_port, upper_port) in zip(links, names, strict=True):
        for key, name in ((link.lower_id, lower_port), (link.upper_id, upper_port)):
            if name:
                wanted.setdefault((key, name), link.medium)
    known = {
        (port.device_id, port.name): port
        for port in Port.objects.all().iterator()
        if (port.device_id, port.name) in wanted
    }
    new = [
        Port(device_id=device, name=name, medium=medium)
        for (device, name), medium in wanted.items()
        if (device, name) not in known
    ]
    for port in Port.objects.bulk_create(new, batch_size=BATCH):
        known[port.device_id, port.name] = port
    return known
