"""What can be done to accounts, sessions and the roster. The only writers."""

from yika.people.actions.accounts import (
    NewPerson,
    activate,
    add_organisation,
    create,
    deactivate,
    edit,
    edit_contact,
    reset_password,
    reveal_phone,
)
from yika.people.actions.attempts import Pass, attempt_allowed, forget_attempt, forget_attempts
from yika.people.actions.imports import import_people, import_shifts
from yika.people.actions.roster import add_shift, copy_week, remove_shift
from yika.people.actions.signing import (
    Locked,
    begin_session,
    change_password,
    check_password,
    end_other_sessions,
    end_session,
    seen,
)
from yika.people.actions.swaps import offer_shift, take_shift, withdraw_offer

__all__ = [
    "Locked",
    "NewPerson",
    "Pass",
    "activate",
    "add_organisation",
    "add_shift",
    "attempt_allowed",
    "begin_session",
    "change_password",
    "check_password",
    "copy_week",
    "create",
    "deactivate",
    "edit",
    "edit_contact",
    "end_other_sessions",
    "end_session",
    "forget_attempt",
    "forget_attempts",
    "import_people",
    "import_shifts",
    "offer_shift",
    "remove_shift",
    "reset_password",
    "reveal_phone",
    "seen",
    "take_shift",
    "withdraw_offer",
]
