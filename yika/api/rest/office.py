"""What the Office decides."""

from typing import Annotated, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from ninja.params.functions import Query
from pydantic import Field

from yika.api.rest import telling
from yika.api.rest.door import Bearer, answers, owner, said
from yika.api.rest.faults import fault_of, rows_of
from yika.api.rest.kinds import Asked, Cursor, Key, Limit, Some, Yes
from yika.api.rest.shapes.faults import FaultRow, Listing, RulingShape
from yika.api.rules import Scope
from yika.commitments.models import Exemption
from yika.commitments.rules import Outcome
from yika.faults.actions import asking
from yika.faults.policies import visible, visible_rulings
from yika.lib import clock
from yika.lib.decisions import WrongState, require
from yika.lib.paging import page
from yika.people.policies import may
from yika.people.rules import Right

router = Router(tags=["decisions"])
ANSWERS = answers(FaultRow, body=True, found=True)


class Deciding(Asked):
    """Yes or no, and why."""

    granted: Yes
    decision: Some


class RulingSpecial(Asked):
    """Whether the cause lies outside the contract; then which one, by its key in the standard."""

    special: Yes
    cause: Annotated[str, Field(max_length=40)] = ""
    decision: Some


class RulingOutcome(Asked):
    """What the outcome of one of the clocks is to be."""

    commitment: Literal["response", "repair"]
    outcome: Literal["met", "missed"]
    reason: Some


@router.get(
    "/rulings",
    auth=Bearer(Scope.READ),
    response=answers(Listing[RulingShape]),
    operation_id="list_rulings",
    summary="List what was asked of the Office",
)
def list_rulings(
    request: HttpRequest,
    decided: bool | None = Query(None, description="false: what waits; true: what is decided"),
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """The latest first."""
    user = owner(request)
    require(may(user, Right.SEE_FAULTS))
    rows = visible_rulings(user).select_related("asked_by", "decided_by")
    if decided is not None:
        rows = rows.filter(decided_at__isnull=not decided)
    listed = page(rows, ("-id",), cursor, limit)
    return said({"items": [telling.ruling(row) for row in listed.rows], "next": listed.next_cursor or None})


@router.post(
    "/rulings/{int:pk}/decide",
    auth=Bearer(Scope.DECIDE),
    response=ANSWERS,
    operation_id="decide_ruling",
    summary="Answer what was asked",
)
def decide_ruling(request: HttpRequest, pk: Path[Key], body: Body[Deciding]) -> HttpResponse:
    """An answer once given stands; the clocks follow at once. Answers with the fault."""
    user, at = owner(request), clock.now()
    ruling = get_object_or_404(
        visible_rulings(user).select_related("fault__contract", "fault__standard"), pk=pk
    )
    asking.decide(ruling, granted=body.granted, decision=body.decision, by=user, at=at)
    return said(rows_of(user, at, ruling.fault_id)[0])


@router.post(
    "/exemptions/{int:pk}/decide",
    auth=Bearer(Scope.DECIDE),
    response=ANSWERS,
    operation_id="decide_exemption",
    summary="Answer a claim that time be not counted",
)
def decide_exemption(request: HttpRequest, pk: Path[Key], body: Body[Deciding]) -> HttpResponse:
    """Both figures stay. Answers with the fault."""
    user, at = owner(request), clock.now()
    exemption = get_object_or_404(Exemption.objects.select_related("commitment"), pk=pk)
    clocks = Q(response=exemption.commitment_id) | Q(repair=exemption.commitment_id)
    fault = get_object_or_404(visible(user).filter(clocks).select_related("contract", "standard"))
    asking.decide_exemption(fault, exemption, granted=body.granted, decision=body.decision, by=user, at=at)
    return said(rows_of(user, at, fault.pk)[0])


@router.post(
    "/faults/{int:pk}/rule-special",
    auth=Bearer(Scope.DECIDE),
    response=ANSWERS,
    operation_id="rule_special",
    summary="Rule on the cause unasked",
)
def rule_special(request: HttpRequest, pk: Path[Key], body: Body[RulingSpecial]) -> HttpResponse:
    """Or take an earlier ruling back."""
    user, at = owner(request), clock.now()
    fault = fault_of(user, pk)
    asking.rule_special(fault, special=body.special, cause=body.cause, decision=body.decision, by=user, at=at)
    return said(rows_of(user, at, fault.pk)[0])


@router.post(
    "/faults/{int:pk}/rule-outcome",
    auth=Bearer(Scope.DECIDE),
    response=ANSWERS,
    operation_id="rule_outcome",
    summary="Override the outcome of a clock",
)
def rule_outcome(request: HttpRequest, pk: Path[Key], body: Body[RulingOutcome]) -> HttpResponse:
    """With a reason; the computed one stays beside it."""
    user, at = owner(request), clock.now()
    fault = fault_of(user, pk)
    commitment = fault.response if body.commitment == "response" else fault.repair
    if commitment is None:
        raise WrongState(_("这起故障没有这项时限"))
    asking.rule_outcome(fault, commitment, outcome=Outcome(body.outcome), reason=body.reason, by=user, at=at)
    return said(rows_of(user, at, fault.pk)[0])
