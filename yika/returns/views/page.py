"""One return on one page: where it is, what is promised, what may be done now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from yika.changes.forms import TrialForm
from yika.changes.rules import State as ChangeState
from yika.changes.words import STATES as CHANGE_STATES
from yika.changes.words import TONES as CHANGE_TONES
from yika.commitments.policies import can_claim_exemption, can_decide_exemption, can_rule_outcome
from yika.commitments.policies import visible as visible_commitments
from yika.commitments.rules import Outcome
from yika.faults.forms import OutcomeForm
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.clock import campus_date
from yika.people.models import User
from yika.people.policies import person
from yika.returns import forms, queries
from yika.returns.actions.ending import can_put_back, goes_back, stands_in
from yika.returns.actions.opening import can_ask_again
from yika.returns.models import Return
from yika.returns.policies import can_handle, can_write_off, visible
from yika.returns.rules import Psam, State, days_used
from yika.returns.words import PSAM, STATES, TONES

WORDS = {"states": STATES, "tones": TONES}


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a return."""
    user, at = person(request), clock.now()
    one = get_object_or_404(queries.open_page(user), pk=pk)
    return shown(request, user, one, at)


def shown(
    request: HttpRequest,
    user: User,
    one: Return,
    at: datetime,
    bound: Mapping[str, django_forms.Form] | None = None,
) -> HttpResponse:
    """The page; ``bound`` are forms that were sent and refused, by their verb."""
    context = context_of(user, one, at, bound or {})
    return render(request, "returns/page.html", context, status=422 if bound else 200)


def context_of(
    user: User, one: Return, at: datetime, bound: Mapping[str, django_forms.Form]
) -> dict[str, Any]:
    """What the page of a return shows."""
    state, handling = State(one.state), bool(can_handle(user, one))
    trips = queries.trips_of(one)
    last = trips[-1] if trips else None
    out = one.change is None or ChangeState(one.change.state) in (
        ChangeState.EXECUTED,
        ChangeState.VERIFIED,
    )
    again = {"factory": last.factory, "courier": last.courier} if last else None
    offered: dict[str, django_forms.Form] = {}
    if handling and state is State.PREPARING and out:
        offered["send"] = forms.SendForm()
    elif handling and state is State.BACK:
        offered["test"] = TrialForm()
        offered["send"] = forms.ParcelForm(initial=again)
    if handling and state is State.SENT:
        offered["receive"] = forms.ReceiveForm()
    if handling and last and state in (State.SENT, State.BACK):
        offered["diagnose"] = forms.DiagnosisForm(initial=_said(last))
    if handling and state is State.PREPARING:
        offered["cancel"] = forms.ReasonForm()
    tested = handling and state is State.BACK and bool(last and last.trials.all())
    undiagnosed = tested and last is not None and last.diagnosed_at is None
    limit = one.commitment if one.commitment and one.commitment.voided_at is None else None
    if limit and can_claim_exemption(user, limit):
        offered["exempt"] = forms.ExemptForm(auto_id="exempt_%s")
    if limit and can_rule_outcome(user, limit) and limit.excused_outcome(at) is not Outcome.OPEN:
        offered["rule"] = OutcomeForm(auto_id="rule_%s")
    if can_write_off(user, one) and state in (State.SENT, State.BACK):
        offered["write-off"] = forms.ReasonForm(auto_id="off_%s")
    return {
        **WORDS,
        "one": one,
        "trips": trips,
        "last": last,
        "psam": PSAM[Psam(one.psam)] if one.psam else "",
        "exemptions": limit.exemptions.select_related("claimed_by", "decided_by", "evidence")
        if limit
        else [],
        "deciding": limit is not None and can_decide_exemption(user, limit),
        "forms": offered | {verb: form for verb, form in bound.items() if verb in offered},
        "next": "diagnose"
        if undiagnosed
        else next((verb for verb in ("test", "receive", "send") if verb in offered), ""),
        "bound": set(bound),
        "waiting": handling and state is State.PREPARING and not out,
        "goes_back": goes_back(one),
        "can_ask_again": handling and can_ask_again(one),
        "can_put_back": handling and can_put_back(one),
        "can_finish": tested and not undiagnosed,
        "undiagnosed": undiagnosed,
        "stands_in": stands_in(one),
        "change_states": CHANGE_STATES,
        "change_tones": CHANGE_TONES,
        "days": days_used(campus_date(one.reported_at), campus_date(one.settled_at or one.ended_at or at)),
        "timeline": timeline("return", one.pk, limit=100),
        "at": at,
    }


def _said(last: Any) -> dict[str, Any] | None:
    if last.diagnosed_at is None:
        return None
    return {
        "diagnosis": last.diagnosis,
        "warranty": "yes" if last.in_warranty else "no",
        "cost": last.cost if last.cost_fen else None,
    }


@require_GET
def of_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """From a commitment to the return that made it."""
    user = person(request)
    commitment = get_object_or_404(visible_commitments(user), pk=pk)
    one = visible(user).filter(commitment=commitment).first()
    if one is None:
        raise Http404
    return redirect("returns:page", one.pk)
