"""What an address can be, and what is done to it."""

from dataclasses import dataclass
from enum import StrEnum

PURPOSE_LENGTH = 100
NOTE_LENGTH = 200
VLAN_NAME_LENGTH = 40
VLANS = range(1, 4095)


class State(StrEnum):
    """What an address is. A free one has no row."""

    FREE = "free"
    RESERVED = "reserved"
    IN_USE = "in_use"
    DEPRECATED = "deprecated"  # not to be given out


class Verb(StrEnum):
    """What is done to an address."""

    RESERVE = "reserve"
    ASSIGN = "assign"
    DESCRIBE = "describe"
    DEPRECATE = "deprecate"
    RELEASE = "release"


MOVES: dict[tuple[State, Verb], State] = {
    (State.FREE, Verb.RESERVE): State.RESERVED,
    (State.FREE, Verb.ASSIGN): State.IN_USE,
    (State.FREE, Verb.DEPRECATE): State.DEPRECATED,
    (State.RESERVED, Verb.ASSIGN): State.IN_USE,
    (State.RESERVED, Verb.DESCRIBE): State.RESERVED,
    (State.RESERVED, Verb.DEPRECATE): State.DEPRECATED,
    (State.RESERVED, Verb.RELEASE): State.FREE,
    (State.IN_USE, Verb.DESCRIBE): State.IN_USE,
    (State.IN_USE, Verb.RELEASE): State.FREE,
    (State.DEPRECATED, Verb.DESCRIBE): State.DEPRECATED,
    (State.DEPRECATED, Verb.RELEASE): State.FREE,
}


@dataclass(frozen=True)
class Held:
    """Who has an address, and what for: what a line of the update table says before and after."""

    state: State
    device: str = ""  # its number
    purpose: str = ""


FREE = Held(State.FREE)
