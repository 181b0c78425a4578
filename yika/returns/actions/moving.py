"""What every verb of a return shares: the move, the promise, and whom to tell."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yika.commitments.actions import keep
from yika.lib.decisions import WrongState
from yika.lib.moves import target
from yika.notices.actions import tell
from yika.notices.words import Value
from yika.people.models import User
from yika.people.rules import Role
from yika.returns.models import Return
from yika.returns.rules import ENDED, MOVES, Facts, State, Verb, promised
from yika.returns.words import STATES, VERBS
from yika.standards.queries import standard_of


def insist_move(row: Return, verb: Verb) -> State:
    """Where a verb leads. Raises: WrongState when it leads nowhere from where the return stands."""
    to = target(MOVES, State(row.state), verb)
    if to is None:
        said = {"number": row.number, "state": STATES[State(row.state)], "verb": VERBS[verb]}
        raise WrongState(_("%(number)s现为“%(state)s”，不能%(verb)s") % said)
    return to


def moved(row: Return, to: State, *, at: datetime) -> list[str]:
    """Set the state and when it ended; the names of the fields to save."""
    row.state = to
    row.ended_at = at if to in ENDED else None
    return ["state", "ended_at"]


def kept(row: Return, *, by: User, at: datetime) -> None:
    """Bring the commitment in line with the facts, inside the caller's transaction. Source: 4.2.3."""
    standard = standard_of(row.standard)
    facts = Facts(
        row.reported_at,
        row.trips.order_by("pk").values_list("sent_at", flat=True).first(),
        row.settled_at,
        State(row.state) is State.CANCELLED,
    )
    (commitment,) = keep(
        [(row.commitment, promised(standard, facts))],
        contract=row.contract,
        standard=standard,
        standard_version_id=row.standard_id,
        holder=row.opened_by,
        subject=f"{row.number} {row.device.number} {row.device.kind.name}",
        by=by,
        at=at,
    )
    if commitment is not None and row.commitment_id != commitment.pk:
        row.commitment = commitment
        row.save(update_fields=["commitment"])


def tell_office(row: Return, words: Promise, *, at: datetime) -> None:
    """The Office's supervisors, in words that have places for number and device."""
    office = User.objects.active().filter(organisation=row.contract.office_id, role=Role.OFFICE)
    tell(office, words, _values(row), at=at, url=f"/returns/{row.pk}/")


def tell_opener(row: Return, words: Promise, *, at: datetime) -> None:
    """Who opened it, in such words."""
    tell([row.opened_by], words, _values(row), at=at, url=f"/returns/{row.pk}/")


def _values(row: Return) -> dict[str, Value]:
    return {"number": row.number, "device": row.device.number}
