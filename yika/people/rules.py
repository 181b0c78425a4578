"""Who there is: sides, roles, skills."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}")


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


class Right(StrEnum):
    """Something that not everybody may do. Who may stands in HOLDERS and nowhere else."""

    # reading
    SEE_FAULTS = "see_faults"
    SEE_DUE = "see_due"
    SEE_COMPLIANCE = "see_compliance"
    SEE_COMPLAINTS = "see_complaints"
    SEE_RULINGS = "see_rulings"  # what waits for the Office, and its word
    SEE_ASSETS = "see_assets"
    SEE_CHANGES = "see_changes"
    SEE_RETURNS = "see_returns"
    SEE_STANDARD = "see_standard"
    SEE_PEOPLE = "see_people"
    SEE_STATUS = "see_status"
    READ_JOURNAL = "read_journal"
    SEE_PERSONAL_DATA = "see_personal_data"  # masked, beside the thing it belongs to
    REVEAL_PERSONAL_DATA = "reveal_personal_data"  # in full, with a reason, on record
    # a fault's life
    TAKE_REPORTS = "take_reports"
    CLASSIFY = "classify"  # state the counts and name the devices
    DISPATCH = "dispatch"
    MERGE = "merge"
    WORK = "work"  # accept, arrive, start remotely, wait, restore
    FEED_BACK = "feed_back"
    LOG = "log"
    CLOSE = "close"
    CALL_OFF = "call_off"
    REOPEN = "reopen"
    SHARE_FILTERS = "share_filters"  # a filter of the list of faults, with all colleagues
    # the vendor proposes and claims …
    PROPOSE_SPECIAL = "propose_special"
    CLAIM_EXEMPTION = "claim_exemption"
    ASK_CONSENT = "ask_consent"  # a longer limit, the factory's ten days, a temporary restoration
    PROPOSE_CHANGES = "propose_changes"  # draft, carry out, test, roll back; note what is found different
    HANDLE_RETURNS = "handle_returns"  # send to the factory, receive, test
    # … the Office decides
    RULE_CLASS = "rule_class"
    DECIDE_SPECIAL = "decide_special"
    DECIDE_EXEMPTION = "decide_exemption"
    ACCEPT_TEMPORARY = "accept_temporary"
    GIVE_CONSENT = "give_consent"
    CONSENT_TO_CHANGES = "consent_to_changes"  # clause 4.1.4
    WRITE_OFF_RETURNS = "write_off_returns"  # a unit that will not come back
    RULE_OUTCOME = "rule_outcome"  # clause 1.3
    HANDLE_COMPLAINTS = "handle_complaints"
    ADOPT_STANDARD = "adopt_standard"
    MANAGE_CONTRACT = "manage_contract"
    MANAGE_CALENDAR = "manage_calendar"
    IMPORT_HISTORY = "import_history"  # it counts in the figures, so not by the party they judge
    # keeping the house
    MANAGE_ASSETS = "manage_assets"
    MANAGE_ROSTER = "manage_roster"
    MANAGE_PEOPLE = "manage_people"


_EVERYBODY = frozenset(Role)
_OFFICE = frozenset({Role.OFFICE})
_READERS = frozenset({Role.OFFICE, Role.AUDITOR})
_DESK = frozenset({Role.MANAGER, Role.DISPATCHER})
_VENDOR = frozenset({Role.MANAGER, Role.DISPATCHER, Role.TECHNICIAN})

HOLDERS: dict[Right, frozenset[Role]] = {
    Right.SEE_FAULTS: _READERS | _VENDOR,
    Right.SEE_DUE: _READERS | _VENDOR,
    Right.SEE_COMPLIANCE: _READERS | _DESK,
    Right.SEE_COMPLAINTS: _READERS | {Role.MANAGER},
    Right.SEE_RULINGS: _READERS,
    Right.SEE_ASSETS: _EVERYBODY,
    Right.SEE_CHANGES: _READERS | _VENDOR,
    Right.SEE_RETURNS: _READERS | _VENDOR,
    Right.SEE_STANDARD: _EVERYBODY,
    Right.SEE_PEOPLE: _EVERYBODY,
    Right.SEE_STATUS: _READERS | {Role.ADMINISTRATOR, Role.MANAGER},
    Right.READ_JOURNAL: _READERS | {Role.ADMINISTRATOR},
    Right.SEE_PERSONAL_DATA: _READERS | _VENDOR,
    Right.REVEAL_PERSONAL_DATA: _READERS | _VENDOR,
    Right.TAKE_REPORTS: _OFFICE | _DESK,
    Right.CLASSIFY: _VENDOR,
    Right.DISPATCH: _DESK,
    Right.MERGE: _DESK,
    Right.WORK: _VENDOR,
    Right.FEED_BACK: _VENDOR,
    Right.LOG: _VENDOR,
    Right.CLOSE: _DESK,
    Right.CALL_OFF: _OFFICE | _DESK,
    Right.REOPEN: _OFFICE | _DESK,
    Right.SHARE_FILTERS: _OFFICE | _DESK,
    Right.PROPOSE_SPECIAL: _VENDOR,
    Right.CLAIM_EXEMPTION: _DESK,
    Right.ASK_CONSENT: _VENDOR,
    Right.PROPOSE_CHANGES: _OFFICE | _VENDOR,
    Right.HANDLE_RETURNS: _VENDOR,
    Right.CONSENT_TO_CHANGES: _OFFICE,
    Right.WRITE_OFF_RETURNS: _OFFICE,
    Right.RULE_CLASS: _OFFICE,
    Right.DECIDE_SPECIAL: _OFFICE,
    Right.DECIDE_EXEMPTION: _OFFICE,
    Right.ACCEPT_TEMPORARY: _OFFICE,
    Right.GIVE_CONSENT: _OFFICE,
    Right.RULE_OUTCOME: _OFFICE,
    Right.HANDLE_COMPLAINTS: _OFFICE,
    Right.ADOPT_STANDARD: _OFFICE,
    Right.MANAGE_CONTRACT: _OFFICE,
    Right.MANAGE_CALENDAR: _OFFICE | {Role.ADMINISTRATOR},
    Right.IMPORT_HISTORY: _OFFICE,
    Right.MANAGE_ASSETS: _OFFICE | _DESK | {Role.ADMINISTRATOR},
    Right.MANAGE_ROSTER: _DESK,
    Right.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
}


def holds(role: Role, right: Right) -> bool:
    """Whether a role carries a right."""
    return role in HOLDERS[right]


@dataclass(frozen=True)
class Limit:
    """So many tries in a sliding window; the window is half-open, so the n-th try of old frees at its end."""

    tries: int
    window: timedelta

    def free_at(self, tried_at: Sequence[datetime], at: datetime) -> datetime | None:
        """When the next try is allowed, given earlier ones; None: now."""
        counted = sorted((moment for moment in tried_at if moment > at - self.window), reverse=True)
        return counted[self.tries - 1] + self.window if len(counted) >= self.tries else None


SIGN_IN_BY_NAME = Limit(5, timedelta(minutes=15))
SIGN_IN_BY_ADDRESS = Limit(20, timedelta(minutes=15))

LONGEST_SHIFT = timedelta(hours=24)
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
SESSIONS = 5


def session_over(started_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Whether a session has ended by itself: idle for 12 hours, or 14 days old."""
    return at - seen_at >= IDLE or at - started_at >= LONGEST


def running(starts_at: datetime, ends_at: datetime, others: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How long one is on duty without a break, given the other shifts that meet this one's ends."""
    for start, end in sorted(others, reverse=True):
        starts_at = min(starts_at, start) if end >= starts_at else starts_at
    for start, end in sorted(others):
        ends_at = max(ends_at, end) if start <= ends_at else ends_at
    return ends_at - starts_at


def overlap(starts_at: datetime, ends_at: datetime, others: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether a half-open interval meets any of the others."""
    return any(starts_at < end and start < ends_at for start, end in others)


DUTY_ROLES = (Role.DISPATCHER, Role.TECHNICIAN)
"""Who must be there at every hour: faults are taken and mended day and night."""


def uncovered(
    starts_at: datetime, ends_at: datetime, shifts: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """The parts of a half-open interval that no shift covers, in order."""
    found = []
    reached = starts_at
    for begin, end in sorted(shifts):
        if begin >= ends_at:
            break
        if begin > reached:
            found.append((reached, begin))
        reached = max(reached, end)
    if reached < ends_at:
        found.append((reached, ends_at))
    return found


_BROWSERS = {
    "MicroMessenger": "微信",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def browser(agent: str) -> str:
    """A browser's long self-description in two words, enough to know one's own devices apart."""
    parts = [
        next((name for mark, name in table.items() if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(part for part in parts if part) or agent[:40]
