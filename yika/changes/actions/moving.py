"""What every verb of a change shares: the move, and whom to tell."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yika.changes.models import Change
from yika.changes.rules import ENDED, MOVES, State, Verb
from yika.changes.words import STATES, VERBS
from yika.lib.decisions import WrongState
from yika.lib.moves import target
from yika.notices.actions import tell
from yika.people.models import User
from yika.people.rules import Role


def insist_move(change: Change, verb: Verb) -> State:
    """Where a verb leads. Raises: WrongState when it leads nowhere from where the change stands."""
    to = target(MOVES, State(change.state), verb)
    if to is None:
        said = {"number": change.number, "state": STATES[State(change.state)], "verb": VERBS[verb]}
        raise WrongState(_("%(number)s现为“%(state)s”，不能%(verb)s") % said)
    return to


def moved(change: Change, to: State, *, at: datetime) -> list[str]:
    """Set the state and when it ended; the names of the fields to save."""
    change.state = to
    change.ended_at = at if to in ENDED else None
    return ["state", "ended_at"]


def tell_office(change: Change, words: Promise, *, at: datetime, urgent: bool = False) -> None:
    """The Office's supervisors, but not whoever proposed."""
    office = User.objects.active().filter(organisation=change.contract.office_id, role=Role.OFFICE)
    tell_people(office.exclude(pk=change.asked_by_id), change, words, at=at, urgent=urgent)


def tell_people(
    people: Iterable[User], change: Change, words: Promise, *, at: datetime, urgent: bool = False
) -> None:
    """Some people, in words that have places for number and title."""
    values = {"number": change.number, "title": change.title}
    tell(people, words, values, at=at, url=f"/changes/{change.pk}/", urgent=urgent)
