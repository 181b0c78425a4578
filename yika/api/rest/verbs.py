"""The verbs of a fault. Each is the action its page calls, and answers with the fault as it stands then."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from pydantic import Field

from yika.api.rest.door import Bearer, answers, need, owner, said
from yika.api.rest.faults import _devices, fault_of, rows_of
from yika.api.rest.kinds import Asked, BodyKey, Count, Key, Moment, Some, Text
from yika.api.rest.shapes.faults import FaultRow
from yika.api.rules import Scope
from yika.assets.models import Device
from yika.faults.actions import asking, classifying, dispatching, finishing, working
from yika.faults.models import Fault, Feedback
from yika.faults.policies import visible
from yika.faults.rules import Verb
from yika.lib import clock
from yika.lib.decisions import BadInput, WrongState
from yika.people.models import User
from yika.people.queries import with_role
from yika.people.rules import Role, Side

router = Router(tags=["verbs"])
ANSWERS = answers(FaultRow, body=True, found=True)


class Nothing(Asked):
    """Nothing more needs to be said; ``{}`` or no body at all."""


class Noted(Asked):
    """A few words; verbs that need a reason refuse without."""

    note: Text = ""


class Claimed(Noted):
    """``happened_at``: earlier than now it waits for the Office before it counts."""

    happened_at: Moment | None = None


class Arriving(Claimed):
    """With the token of a device's label it is proven; without, a reason is needed."""

    label: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class Sending(Noted):
    """Whom to send."""

    to: BodyKey


class Merging(Noted):
    """Which fault this one belongs to."""

    into: BodyKey


class Feeding(Asked):
    """How the reporter was told, and what."""

    way: Feedback.Way
    told: Some


class Logging(Asked):
    """The fields that the fault's standard demands, by key."""

    entries: dict[Annotated[str, Field(max_length=40)], Annotated[Text, Field(max_length=1000)]]


class Sizing(Asked):
    """The largest impact as now understood."""

    terminals: Count
    cardholders: Count
    devices: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field([], max_length=200)
    reason: Some


class Failing(Asked):
    """Numbers of the devices that failed, as opposed to those that went down with them."""

    devices: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(min_length=1, max_length=200)


class Proposing(Asked):
    """A cause outside the contract, by its key in the standard."""

    cause: Annotated[str, Field(max_length=40)]
    claim: Some


class Claiming(Asked):
    """Why."""

    claim: Some


class Exempting(Asked):
    """An interval that should not count."""

    commitment: Literal["response", "repair"]
    from_at: Moment
    until_at: Moment
    reason: Some


def _answer(user: User, fault: Fault) -> HttpResponse:
    (row,) = rows_of(user, clock.now(), fault.pk)
    return said(row)


def _route(verb: str, scope: Scope, words: object, **more: Any) -> Callable[[Any], Any]:
    """A verb's address, from its name."""
    return router.post(
        f"/faults/{{int:pk}}/{verb.replace('_', '-')}",
        auth=Bearer(scope, *more.pop("or_scope", ())),
        response=ANSWERS,
        operation_id=verb,
        url_name=verb,
        summary=str(words),
    )


def _plain(verb: Verb, act: Callable[..., Fault], scope: Scope, words: str) -> None:
    @_route(verb.value, scope, words)
    def plain(request: HttpRequest, pk: Path[Key], body: Body[Nothing] = Nothing()) -> HttpResponse:  # noqa: B008
        user = owner(request)
        return _answer(user, act(fault_of(user, pk), by=user, at=clock.now()))


def _noted(verb: Verb, act: Callable[..., Fault], scope: Scope, words: str) -> None:
    @_route(verb.value, scope, words)
    def noted(request: HttpRequest, pk: Path[Key], body: Body[Noted]) -> HttpResponse:
        user = owner(request)
        return _answer(user, act(fault_of(user, pk), by=user, at=clock.now(), note=body.note))


def _claimed(verb: Verb, act: Callable[..., Fault], scope: Scope, words: str) -> None:
    @_route(verb.value, scope, words)
    def claimed(request: HttpRequest, pk: Path[Key], body: Body[Claimed]) -> HttpResponse:
        user = owner(request)
        fault = act(fault_of(user, pk), by=user, at=clock.now(), note=body.note, happened_at=body.happened_at)
        return _answer(user, fault)


_plain(Verb.ACCEPT, working.accept, Scope.WORK, "Accept the work")
_plain(Verb.SET_OUT, working.set_out, Scope.WORK, "Set out")
_plain(Verb.CLOSE, finishing.close, Scope.DESK, "Close")
_noted(Verb.REFUSE, working.refuse, Scope.WORK, "Give the work back")
_noted(Verb.WAIT_PART, working.wait_part, Scope.WORK, "Wait for a part")
_noted(Verb.SEND_TO_FACTORY, working.send_to_factory, Scope.WORK, "Send to the factory")
_noted(Verb.WAIT_THIRD_PARTY, working.wait_third_party, Scope.WORK, "Wait for a third party")
_noted(Verb.RESUME, working.resume, Scope.WORK, "Go on")
_noted(Verb.CALL_OFF, dispatching.call_off, Scope.DESK, "Call off")
_noted(Verb.REFER, dispatching.refer, Scope.DESK, "Refer to card replacement")
_noted(Verb.SPLIT, dispatching.split, Scope.DESK, "Undo a merge")
_noted(Verb.REOPEN, finishing.reopen, Scope.DESK, "Reopen")
_noted(Verb.REINSTATE, dispatching.reinstate, Scope.DECIDE, "Reinstate what was called off")
_claimed(Verb.START_REMOTELY, working.start_remotely, Scope.WORK, "Start remotely")
_claimed(Verb.RESTORE_TEMPORARILY, working.restore_temporarily, Scope.WORK, "Restore temporarily")
_claimed(Verb.RESTORE, working.restore, Scope.WORK, "Restore")


def _technician(key: int) -> User:
    found = with_role(Role.TECHNICIAN).filter(pk=key).first()
    if found is None:
        raise BadInput(_("没有这名维护人员"), field="to")
    return found


@_route("dispatch", Scope.DESK, "Send a technician")
def dispatch(request: HttpRequest, pk: Path[Key], body: Body[Sending]) -> HttpResponse:
    """They are told at once. Whom: `/faults/{pk}/candidates`."""
    user = owner(request)
    fault = fault_of(user, pk)
    to = _technician(body.to)
    return _answer(user, dispatching.dispatch(fault, to=to, by=user, at=clock.now(), note=body.note))


@_route("hand_over", Scope.DESK, "Give the work to somebody else")
def hand_over(request: HttpRequest, pk: Path[Key], body: Body[Sending]) -> HttpResponse:
    """With a reason; they must accept it. An arrival already made stands."""
    user = owner(request)
    fault = fault_of(user, pk)
    to = _technician(body.to)
    return _answer(user, dispatching.hand_over(fault, to=to, by=user, at=clock.now(), note=body.note))


@_route("arrive", Scope.WORK, "Arrive")
def arrive(request: HttpRequest, pk: Path[Key], body: Body[Arriving]) -> HttpResponse:
    """Proven by the token of the device's label (`label`), or with a reason (`note`)."""
    user = owner(request)
    fault = fault_of(user, pk)
    scanned = None
    if body.label:
        scanned = Device.objects.select_related("kind", "place").filter(token=body.label).first()
        if scanned is None:
            raise BadInput(_("没有这张标签"), field="label")
    done = working.arrive(
        fault, by=user, at=clock.now(), scanned=scanned, note=body.note, happened_at=body.happened_at
    )
    return _answer(user, done)


@_route("merge", Scope.DESK, "Merge into another fault")
def merge(request: HttpRequest, pk: Path[Key], body: Body[Merging]) -> HttpResponse:
    """Its reports count there. Answers with the merged fault."""
    user = owner(request)
    fault = fault_of(user, pk)
    into = visible(user).select_related("contract", "standard").filter(pk=body.into).first()
    if into is None:
        raise BadInput(_("没有编号为 %(number)s 的故障") % {"number": f"G{body.into:06d}"}, field="into")
    return _answer(user, dispatching.merge(fault, into=into, by=user, at=clock.now(), note=body.note))


@_route("feedback", Scope.WORK, "Say that the reporter was told")
def feedback(request: HttpRequest, pk: Path[Key], body: Body[Feeding]) -> HttpResponse:
    """How, and what."""
    user = owner(request)
    fault = fault_of(user, pk)
    return _answer(
        user, finishing.give_feedback(fault, way=body.way, told=body.told, by=user, at=clock.now())
    )


@_route("log", Scope.WORK, "Write the fault log")
def log(request: HttpRequest, pk: Path[Key], body: Body[Logging]) -> HttpResponse:
    """The fields stand in `/standards/{pk}` under `log_fields`."""
    user = owner(request)
    fault = fault_of(user, pk)
    return _answer(user, finishing.write_log(fault, entries=body.entries, by=user, at=clock.now()))


@_route("classify", Scope.WORK, "State how large it is", or_scope=(Scope.DECIDE,))
def classify(request: HttpRequest, pk: Path[Key], body: Body[Sizing]) -> HttpResponse:
    """The vendor states (scope `work`); what the Office states is a ruling (scope `decide`)."""
    user = owner(request)
    need(request, Scope.DECIDE if user.side is Side.OFFICE else Scope.WORK)
    fault = fault_of(user, pk)
    classifying.classify(
        fault,
        terminals=body.terminals,
        cardholders=body.cardholders,
        devices=_devices(user, body.devices),
        reason=body.reason,
        by=user,
        at=clock.now(),
    )
    return _answer(user, fault)


@_route("name_failed", Scope.WORK, "Name the devices that failed", or_scope=(Scope.DECIDE,))
def name_failed(request: HttpRequest, pk: Path[Key], body: Body[Failing]) -> HttpResponse:
    """The network says what went down with them; counts and level follow. Ruled is nothing by it."""
    user = owner(request)
    need(request, Scope.DECIDE if user.side is Side.OFFICE else Scope.WORK)
    fault = fault_of(user, pk)
    classifying.name_failed(fault, devices=_devices(user, body.devices), by=user, at=clock.now())
    return _answer(user, fault)


@_route("ask_special", Scope.WORK, "Ask that the cause be ruled outside the contract")
def ask_special(request: HttpRequest, pk: Path[Key], body: Body[Proposing]) -> HttpResponse:
    """Until granted the ordinary clock runs. The causes stand in `/standards/{pk}`."""
    user = owner(request)
    fault = fault_of(user, pk)
    asking.propose_special(fault, cause=body.cause, claim=body.claim, by=user, at=clock.now())
    return _answer(user, fault)


@_route("ask_factory", Scope.WORK, "Ask for the factory's limit")
def ask_factory(request: HttpRequest, pk: Path[Key], body: Body[Claiming]) -> HttpResponse:
    """No spare exists: that the factory's limit take the repair limit's place."""
    user = owner(request)
    fault = fault_of(user, pk)
    asking.ask_factory_limit(fault, claim=body.claim, by=user, at=clock.now())
    return _answer(user, fault)


@_route("claim_exemption", Scope.DESK, "Ask that an interval be not counted")
def claim_exemption(request: HttpRequest, pk: Path[Key], body: Body[Exempting]) -> HttpResponse:
    """Of one of the fault's clocks; the Office decides."""
    user = owner(request)
    fault = fault_of(user, pk)
    commitment = fault.response if body.commitment == "response" else fault.repair
    if commitment is None:
        raise WrongState(_("这起故障没有这项时限"))
    asking.claim_exemption(
        fault,
        commitment,
        from_at=body.from_at,
        until_at=body.until_at,
        reason=body.reason,
        by=user,
        at=clock.now(),
    )
    return _answer(user, fault)
