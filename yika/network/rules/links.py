"""How devices are linked: what through and what for. Pure."""

import re
from enum import StrEnum
from typing import Any, NamedTuple

PORT_LENGTH = 40
NOTE_LENGTH = 100
MOST_NEEDED = 20


class Medium(StrEnum):
    """What a link runs through."""

    COPPER = "copper"
    FIBRE = "fibre"
    RS485 = "rs485"
    BANK_LINE = "bank_line"
    WIRELESS = "wireless"


class LinkRole(StrEnum):
    """What the lower device has from the upper one."""

    NETWORK = "network"
    SERVICE = "service"
    POWER = "power"


class Upstream(NamedTuple):
    """One upstream of a device: the upper device by key, and through what. ``port`` is the upper device's."""

    to: int
    role: LinkRole
    medium: Medium
    port: str = ""
    own_port: str = ""

    def plain(self) -> dict[str, Any]:
        """As plain JSON."""
        return {**self._asdict(), "role": self.role.value, "medium": self.medium.value}


SHARED = frozenset({Medium.RS485, Medium.BANK_LINE, Medium.WIRELESS})
"""Media of which one port holds many links: a bus, a line shared by machines, a radio."""


def port_taken(medium: str, others: int) -> bool:
    """Whether a port that holds ``others`` open links can take no more of a medium."""
    return others > 0 and medium not in SHARED


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts GE1/0/2 before GE1/0/12."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name) if part]
