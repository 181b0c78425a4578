"""Returns to the factory. Source: 4.2.3."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from ninja.params.functions import Query
from pydantic import Field

from yika.api import actions
from yika.api.rest import telling
from yika.api.rest.changes import Long, Number, Reasoned, Trying, numbered, trial
from yika.api.rest.door import Bearer, answers, cut, owner, said
from yika.api.rest.faults import Once
from yika.api.rest.kinds import Asked, BodyKey, Cursor, Key, Limit, Moment, Short, Some, Text, Yes
from yika.api.rest.shapes.changes import ReturnRow, ReturnShape
from yika.api.rest.shapes.faults import Listing
from yika.api.rules import Scope, body_digest
from yika.changes.rules import Mode
from yika.faults.policies import visible as visible_faults
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.people.models import User
from yika.returns import queries
from yika.returns.actions import ending, opening, shipping
from yika.returns.actions.shipping import Parcel, Proof
from yika.returns.models import Return
from yika.returns.policies import can_open, can_see
from yika.returns.rules import MOST_FEN, MOST_RECORDS, WORD_LENGTH, Psam, State
from yika.returns.words import STATES

router = Router(tags=["returns"])
Word = Annotated[Some, Field(max_length=WORD_LENGTH)]


class Consent(Asked):
    """How consent to the change is asked for; an ordinary one goes before the Office at once."""

    mode: Mode = Mode.NORMAL
    risk: Long
    from_at: Moment
    until_at: Moment

    @property
    def asked(self) -> opening.Asked:
        """As the actions take it."""
        return opening.Asked(self.mode, self.risk, self.from_at, self.until_at)


class NewReturn(Consent):
    """The unit, why it goes, for which fault, and the spare that takes its place, if any."""

    device: Number
    reason: Some
    fault: BodyKey | None = None
    spare: Number | None = None
    instead_of_repair: Yes = Field(
        False, description="no spare: that the factory's limit take the repair limit's place"
    )


class Sending(Asked):
    """The parcel; the first time with the proof: records exported or why not, and the PSAM card."""

    factory: Word
    courier: Word
    waybill: Word
    sent_at: Moment | None = None
    records: Annotated[int, Field(ge=0, le=MOST_RECORDS, strict=True)] | None = None
    not_exported: Text = ""
    psam: Psam | None = None


class Diagnosing(Asked):
    """What the factory found; ``cost_fen``, hundredths of a yuan, out of warranty."""

    diagnosis: Some
    in_warranty: Yes
    cost_fen: Annotated[int, Field(ge=0, le=MOST_FEN, strict=True)] | None = None


class Receiving(Asked):
    """When it came back; by default now."""

    back_at: Moment | None = None


class AskingAgain(Consent):
    """The spare, if any."""

    spare: Number | None = None


class Nothing(Asked):
    """Nothing more needs to be said; ``{}`` or no body at all."""


def row(one: Return, at: datetime) -> dict[str, Any]:
    """A return as lists show it."""
    return {
        "id": one.pk,
        "number": one.number,
        "state": telling.code(one.state, STATES[State(one.state)]),
        "device": telling.ref(one.device_id, one.device.number),
        "fault": one.fault_id,
        "spare": telling.ref(one.spare_id, one.spare.number if one.spare else None),
        "reported_at": telling.stamp(one.reported_at),
        "removed_from": telling.ref(one.removed_from_id, one.removed_from.full_name),
        "change": one.change_id,
        "put_back": one.put_back_id,
        "limit": telling.clock_of(one.commitment, at),
        "opened_at": telling.stamp(one.opened_at),
        "ended_at": telling.stamp_or_none(one.ended_at),
    }


def _answer(user: User, pk: int, at: datetime, status: int = 200, **headers: str) -> HttpResponse:
    one = get_object_or_404(queries.open_page(user), pk=pk)
    told = row(one, at) | {
        **{name: getattr(one, name) for name in ("reason", "records_exported", "not_exported", "psam")},
        "opened_by": telling.who(one.opened_by),
        "settled_at": telling.stamp_or_none(one.settled_at),
        "ended_reason": one.ended_reason,
        "trips": [
            {
                **{name: getattr(trip, name) for name in ("factory", "courier", "waybill", "diagnosis")},
                "sent_at": telling.stamp(trip.sent_at),
                "in_warranty": trip.in_warranty,
                "cost": trip.cost or None,
                "back_at": telling.stamp_or_none(trip.back_at),
                "tests": [trial(test) for test in trip.trials.all()],
            }
            for trip in queries.trips_of(one)
        ],
        "timeline": [telling.line(event) for event in timeline("return", one.pk, limit=100)],
    }
    return said(told, status, **headers)


@router.get(
    "/returns",
    auth=Bearer(Scope.READ),
    response=answers(Listing[ReturnRow]),
    operation_id="list_returns",
    summary="List returns to the factory",
)
def list_returns(
    request: HttpRequest,
    state: Literal["open", "overdue", "ended", "all"] | State = Query("open"),
    q: Short = Query("", description="a number of a return, fault, device, or a waybill"),
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Open and overdue ones by report, the others the latest first."""
    user, at = owner(request), clock.now()
    require(can_see(user))
    filters = queries.Filters(q, str(state))
    found = queries.listed(user, filters, at)
    order = tuple(name.replace("pk", "id") for name in filters.order)
    keys: QuerySet[Any, Any] = found.values("id", "reported_at")

    def tell(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        shown = {one.pk: one for one in found.filter(pk__in=[line["id"] for line in lines])}
        return [row(shown[line["id"]], at) for line in lines]

    return cut(keys, order, cursor, limit, tell)


@router.get(
    "/returns/{int:pk}",
    auth=Bearer(Scope.READ),
    response=answers(ReturnShape, found=True),
    operation_id="read_return",
    summary="Read a return",
)
def read_return(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Proof, shipments, tests, timeline."""
    return _answer(owner(request), pk, clock.now())


OPENED = actions.Made(
    find=lambda key: Return.objects.filter(submission=key).first(),
    maker=lambda one: one.opened_by_id,
    at=lambda one: one.opened_at,
)


@router.post(
    "/returns",
    auth=Bearer(Scope.WORK),
    response=answers(ReturnShape, status=201, body=True) | {200: ReturnShape},
    operation_id="open_return",
    summary="Open a return",
)
def open_return(request: HttpRequest, body: Body[NewReturn], idempotency_key: Once = None) -> HttpResponse:
    """Drafts the change that takes the unit out and the spare in. 200: the key made it before."""
    user, at = owner(request), clock.now()
    require(can_open(user))
    key = idempotency_key or uuid.uuid4()
    device = numbered(user, [body.device], "device")[body.device]
    spare = numbered(user, [body.spare], "spare")[body.spare] if body.spare else None
    fault = None
    if body.fault is not None:
        rows = visible_faults(user).select_related("contract", "standard")
        fault = rows.filter(pk=body.fault).first()
        if fault is None:
            said_so = _("没有编号为 %(number)s 的故障") % {"number": f"G{body.fault:06d}"}
            raise BadInput(said_so, field="fault")

    def make() -> Return:
        return opening.open_return(
            device,
            body.asked,
            submission=key,
            reason=body.reason,
            fault=fault,
            spare=spare,
            instead_of_repair=body.instead_of_repair,
            by=user,
            at=at,
        )

    digest = body_digest(request.path, request.body)
    made, new = actions.once(key, digest, make, OPENED, by=user, at=at)
    url = reverse("api:v1:read_return", args=[made.pk])
    return _answer(user, made.pk, at, 201 if new else 200, Location=url)


def _route(verb: str, words: str, scope: Scope = Scope.WORK) -> Callable[[Any], Any]:
    return router.post(
        f"/returns/{{int:pk}}/{verb.replace('_', '-')}",
        auth=Bearer(scope),
        response=answers(ReturnShape, body=True, found=True),
        operation_id=f"{verb}_return",
        url_name=f"{verb}_return",
        summary=words,
    )


def _return(request: HttpRequest, pk: int) -> tuple[User, Return, datetime]:
    user = owner(request)
    return user, get_object_or_404(queries.open_page(user), pk=pk), clock.now()


@_route("send", "Send the unit")
def send(request: HttpRequest, pk: Path[Key], body: Body[Sending]) -> HttpResponse:
    """After its change was carried out; again after a test that failed, then without the proof."""
    user, one, at = _return(request, pk)
    parcel = Parcel(body.factory, body.courier, body.waybill, body.sent_at)
    proof = Proof(body.records, body.not_exported, body.psam) if body.psam else None
    shipping.send(one, parcel, proof, by=user, at=at)
    return _answer(user, pk, at)


@_route("diagnose", "Record the factory's diagnosis")
def diagnose(request: HttpRequest, pk: Path[Key], body: Body[Diagnosing]) -> HttpResponse:
    """Said again, it replaces what was said before."""
    user, one, at = _return(request, pk)
    shipping.diagnose(one, **body.model_dump(), by=user, at=at)
    return _answer(user, pk, at)


@_route("receive", "Record that the unit is back")
def receive(request: HttpRequest, pk: Path[Key], body: Body[Receiving]) -> HttpResponse:
    """To be tested."""
    user, one, at = _return(request, pk)
    shipping.receive(one, back_at=body.back_at, by=user, at=at)
    return _answer(user, pk, at)


@_route("test", "Record a test of the unit")
def test(request: HttpRequest, pk: Path[Key], body: Body[Trying]) -> HttpResponse:
    """Since it came back."""
    user, one, at = _return(request, pk)
    shipping.add_trial(one, **body.model_dump(), by=user, at=at)
    return _answer(user, pk, at)


@_route("finish", "Tests passed, into stock")
def finish(request: HttpRequest, pk: Path[Key], body: Body[Nothing] = Nothing()) -> HttpResponse:  # noqa: B008
    """Settles the limit at the moment of the last test."""
    user, one, at = _return(request, pk)
    shipping.finish(one, by=user, at=at)
    return _answer(user, pk, at)


@_route("cancel", "Cancel a return")
def cancel(request: HttpRequest, pk: Path[Key], body: Body[Reasoned]) -> HttpResponse:
    """Before it was sent."""
    user, one, at = _return(request, pk)
    ending.cancel(one, reason=body.reason, by=user, at=at)
    return _answer(user, pk, at)


@_route("write_off", "Write a unit off", Scope.DECIDE)
def write_off(request: HttpRequest, pk: Path[Key], body: Body[Reasoned]) -> HttpResponse:
    """The Office says that it will not come back."""
    user, one, at = _return(request, pk)
    ending.write_off(one, reason=body.reason, by=user, at=at)
    return _answer(user, pk, at)


@_route("ask_again", "Ask for consent again")
def ask_again(request: HttpRequest, pk: Path[Key], body: Body[AskingAgain]) -> HttpResponse:
    """Because the former change came to nothing."""
    user, one, at = _return(request, pk)
    spare = numbered(user, [body.spare], "spare")[body.spare] if body.spare else None
    opening.ask_again(one, body.asked, spare=spare, by=user, at=at)
    return _answer(user, pk, at)


@_route("put_back", "Ask that the unit goes into service again")
def put_back(request: HttpRequest, pk: Path[Key], body: Body[Consent]) -> HttpResponse:
    """Where it was taken out; the spare goes into stock by the same change."""
    user, one, at = _return(request, pk)
    ending.put_back(one, body.asked, by=user, at=at)
    return _answer(user, pk, at)
