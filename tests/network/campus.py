"""A small network, linked as a consented change links."""

from datetime import datetime, timedelta

from django.db import transaction

from tests import builders
from tests.cast import AT
from yika.assets.models import Device
from yika.journal.actions import record
from yika.journal.rules import SYSTEM
from yika.lib.locking import lock, lock_all
from yika.network.actions import making
from yika.network.actions.revision import renew_revision
from yika.network.models import Link
from yika.network.rules import LinkRole, Medium

BEFORE = AT - timedelta(days=30)


def hang(
    lower: Device,
    upper: Device,
    *,
    at: datetime = BEFORE,
    medium: Medium = Medium.COPPER,
    role: LinkRole = LinkRole.NETWORK,
    ports: tuple[str, str] = ("", ""),
) -> Link:
    """A link, a month old unless told otherwise, whether or not a contract runs."""
    lower_port, upper_port = ports
    with transaction.atomic():
        lower, upper = lock_all([lower, upper])
        link = making.make_link(
            lower, upper, medium=medium, role=role, lower_port=lower_port, upper_port=upper_port, at=at
        )
        record("network.connect", ("device", lower.pk), by=SYSTEM, at=at, **making.told(link))
        renew_revision()
    return link


def cut(link: Link, *, at: datetime = AT) -> None:
    """End a link as a consented change does."""
    with transaction.atomic():
        making.end_link(lock(link), at=at)
        renew_revision()


def switch(number: str) -> Device:
    """A switch in the machine room."""
    return builders.device(number, of="switch", at=f"{builders.CAMPUS}/网络中心/机房")
