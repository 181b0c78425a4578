"""Who there is: sides, roles, skills."""

from enum import StrEnum


class Side(StrEnum):
    """Which side of the contract an organisation stands on."""

    OFFICE = "office"
    VENDOR = "vendor"


class Role(StrEnum):
    """What a person is here for. One role a person; the side follows from it."""

    OFFICE = "office"  # 信息化办公室 supervisor
    AUDITOR = "auditor"  # reads everything, changes nothing
    ADMINISTRATOR = "administrator"  # accounts and set-up, no say in the contract's matters
    MANAGER = "manager"  # vendor manager
    DISPATCHER = "dispatcher"
    TECHNICIAN = "technician"


class Skill(StrEnum):
    """What a technician can mend; a device kind names the one it needs."""

    TERMINAL = "terminal"
    NETWORK = "network"
    SERVER = "server"
    APPLICATION = "application"
    DOOR = "door"


SIDE_OF = {
    Role.OFFICE: Side.OFFICE,
    Role.AUDITOR: Side.OFFICE,
    Role.ADMINISTRATOR: Side.OFFICE,
    Role.MANAGER: Side.VENDOR,
    Role.DISPATCHER: Side.VENDOR,
    Role.TECHNICIAN: Side.VENDOR,
}
