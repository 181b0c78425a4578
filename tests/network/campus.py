"""A small network, linked as the product links."""

from datetime import datetime, timedelta

from tests import builders
from tests.cast import AT
from yika.assets.models import Device
from yika.journal.rules import SYSTEM
from yika.network import actions
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
    """A link, a month old unless told otherwise."""
    lower_port, upper_port = ports
    return actions.connect(
        lower,
        upper,
        medium=medium,
        role=role,
        lower_port=lower_port,
        upper_port=upper_port,
        by=SYSTEM,
        at=at,
    )


def switch(number: str) -> Device:
    """A switch in the machine room."""
    return builders.device(number, of="switch", at=f"{builders.CAMPUS}/网络中心/机房")
