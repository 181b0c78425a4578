"""The verbs of a return: each leads back to its page; what is refused stands in its form again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yika.assets.views.parts import tell
from yika.changes.forms import TrialForm
from yika.commitments.models import Exemption
from yika.commitments.rules import Outcome
from yika.faults.forms import DecisionForm, OutcomeForm
from yika.files.actions import store
from yika.files.rules import Kind
from yika.files.views import respond
from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.lib.htmx import go
from yika.people.models import User
from yika.people.policies import person
from yika.returns import forms, queries
from yika.returns.actions import ending, exempting, shipping
from yika.returns.models import Return
from yika.returns.policies import visible
from yika.returns.rules import State
from yika.returns.views.page import shown
from yika.returns.words import STATES


def _send(one: Return, form: Any, **who: Any) -> object:
    return shipping.send(one, form.parcel, form.proof, **who)


def _diagnose(one: Return, form: Any, **who: Any) -> object:
    return shipping.diagnose(one, **form.values, **who)


def _plain(action: Callable[..., object]) -> Callable[..., object]:
    def done(one: Return, form: Any, **who: Any) -> object:
        return action(one, **form.cleaned_data, **who)

    return done


def _exempt(one: Return, form: Any, **who: Any) -> object:
    sent = dict(form.cleaned_data)
    file = sent.pop("evidence")
    evidence = store(file, kinds=(Kind.IMAGE, Kind.PDF), at=who["at"]) if file else None
    return exempting.claim_exemption(one, **sent, evidence=evidence, **who)


def _rule(one: Return, form: Any, **who: Any) -> object:
    sent = form.cleaned_data
    return exempting.rule_outcome(one, outcome=Outcome(sent["outcome"]), reason=sent["reason"], **who)


VERBS: dict[str, tuple[type[django_forms.Form], Callable[..., object]]] = {
    "send": (forms.SendForm, _send),
    "diagnose": (forms.DiagnosisForm, _diagnose),
    "receive": (forms.ReceiveForm, _plain(shipping.receive)),
    "test": (TrialForm, _plain(shipping.add_trial)),
    "finish": (django_forms.Form, _plain(shipping.finish)),
    "cancel": (forms.ReasonForm, _plain(ending.cancel)),
    "exempt": (forms.ExemptForm, _exempt),
    "rule": (OutcomeForm, _rule),
    "write-off": (forms.ReasonForm, _plain(ending.write_off)),
}


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Every verb that its form on the page says whole."""
    user, at = person(request), clock.now()
    one = get_object_or_404(queries.open_page(user), pk=pk)
    if verb not in VERBS:
        raise Http404
    kind, action = VERBS[verb]
    if verb == "send" and State(one.state) is not State.PREPARING:
        kind = forms.ParcelForm
    form = kind(request.POST, request.FILES)
    if not form.is_valid() or not _done(action, one, form, user, at):
        return shown(request, user, one, at, {verb: form})
    one.refresh_from_db(fields=["state"])
    said = {"number": one.number, "state": STATES[State(one.state)]}
    messages.success(request, _("%(number)s：%(state)s") % said)
    return go(request, "returns:page", one.pk)


def _done(
    action: Callable[..., object], one: Return, form: django_forms.Form, user: User, at: datetime
) -> bool:
    """Whether the action took the form; what it refuses is told in it."""
    try:
        action(one, form, by=user, at=at)
    except BadInput as refusal:
        tell(form, refusal)
        return False
    return True


def _claimed(request: HttpRequest, pk: int) -> tuple[User, Return, Exemption]:
    """A claim about a visible return."""
    user = person(request)
    rows = Exemption.objects.select_related("commitment__factory_return", "claimed_by", "evidence")
    claim = get_object_or_404(rows, pk=pk, commitment__factory_return__in=visible(user))
    return user, claim.commitment.factory_return, claim


@require_POST
def decide_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """The Office grants or refuses a claim."""
    user, one, claim = _claimed(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("请写明认定理由"), field="decision")
    exempting.decide_exemption(one, claim, **form.cleaned_data, by=user, at=clock.now())
    messages.success(request, _("已认定"))
    return go(request, "returns:page", one.pk)


@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was handed in with a claim."""
    _user, _one, claim = _claimed(request, pk)
    if claim.evidence is None:
        raise Http404
    return respond(request, claim.evidence)
