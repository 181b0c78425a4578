"""The Office: what waits for its word, its rulings, and the complaints."""

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.commitments.models import Exemption
from yika.commitments.rules import Outcome
from yika.commitments.words import OUTCOMES
from yika.faults import forms, queries
from yika.faults.actions import asking, reporting
from yika.faults.models import Fault, FaultRows
from yika.faults.policies import can_answer, can_decide, visible, visible_complaints, visible_rulings
from yika.faults.rules import RulingKind
from yika.faults.views.verbs import back, cleaned
from yika.faults.words import RULINGS
from yika.files.views import respond
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.lib.paging import page
from yika.people.forms import blame
from yika.people.policies import may, person
from yika.people.rules import Right
from yika.standards.queries import standard_of


@require_GET
def rulings(request: HttpRequest) -> HttpResponse:
    """认定: everything that waits for the Office's word, oldest first."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_RULINGS))
    open_rulings, exemptions = queries.open_rulings(user), queries.open_exemptions(user)
    context = {
        "at": at,
        "rulings": open_rulings,
        "consequences": queries.consequences(open_rulings),
        "exemptions": exemptions,
        "granted": queries.granted_each(exemptions, at),
        "outcomes": OUTCOMES,
        "complaints": queries.open_complaints(user),
        "called_off": queries.called_off_lately(user, at),
        "stated": queries.stated_without_devices(user, at),
        "decidable": {kind for kind in RulingKind if can_decide(user, kind)},
        "can_decide_exemption": may(user, Right.DECIDE_EXEMPTION),
        "next": request.get_full_path(),
    }
    return render(request, "faults/rulings.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question of the vendor."""
    user = person(request)
    ruling = get_object_or_404(
        visible_rulings(user).select_related("fault__contract", "fault__standard"), pk=pk
    )
    asked = cleaned(forms.DecisionForm(request.POST))
    asking.decide(ruling, granted=asked["granted"], decision=asked["decision"], by=user, at=clock.now())
    said = _("已同意“%(what)s”") if asked["granted"] else _("未同意“%(what)s”")
    fault = get_object_or_404(visible(user), pk=ruling.fault_id)
    return back(request, fault, said % {"what": RULINGS[RulingKind(ruling.kind)]})


@require_POST
def decide_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a claim that time be not counted."""
    user = person(request)
    exemption = get_object_or_404(Exemption.objects.select_related("commitment"), pk=pk)
    fault = get_object_or_404(_of(request, exemption))
    asked = cleaned(forms.DecisionForm(request.POST))
    asking.decide_exemption(
        fault, exemption, granted=asked["granted"], decision=asked["decision"], by=user, at=clock.now()
    )
    return back(request, fault, _("已同意豁免") if asked["granted"] else _("未同意豁免"))


def _of(request: HttpRequest, exemption: Exemption) -> FaultRows:
    """The visible fault whose clock an exemption is about."""
    clocks = Q(response=exemption.commitment_id) | Q(repair=exemption.commitment_id)
    return visible(person(request)).filter(clocks).select_related("contract", "standard")


@require_POST
def rule_special(request: HttpRequest, pk: int) -> HttpResponse:
    """Rule on the cause without being asked."""
    user = person(request)
    fault = get_object_or_404(queries.open_page(user), pk=pk)
    asked = cleaned(forms.RuleSpecialForm(request.POST, standard=standard_of(fault.standard)))
    asking.rule_special(
        fault,
        special=asked["special"],
        cause=asked["cause"],
        decision=asked["decision"],
        by=user,
        at=clock.now(),
    )
    return back(request, fault, _("已认定为特殊故障") if asked["special"] else _("已认定不属特殊故障"))


@require_POST
def rule_outcome(request: HttpRequest, pk: int, commitment: int) -> HttpResponse:
    """Override the outcome of one of a fault's clocks, with a reason."""
    user = person(request)
    fault: Fault = get_object_or_404(queries.open_page(user), pk=pk)
    row = next((one for one in (fault.response, fault.repair) if one and one.pk == commitment), None)
    if row is None:
        raise Http404
    asked = cleaned(forms.OutcomeForm(request.POST))
    asking.rule_outcome(
        fault, row, outcome=Outcome(asked["outcome"]), reason=asked["reason"], by=user, at=clock.now()
    )
    return back(request, fault, _("已认定时限结果"))


@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What a claim rests on."""
    ruling = get_object_or_404(
        visible_rulings(person(request)).select_related("evidence"), pk=pk, evidence__isnull=False
    )
    assert ruling.evidence
    return respond(request, ruling.evidence)


@require_GET
def exemption_evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What an exemption claim rests on."""
    exemption = get_object_or_404(Exemption.objects.select_related("evidence"), pk=pk, evidence__isnull=False)
    get_object_or_404(_of(request, exemption))
    assert exemption.evidence
    return respond(request, exemption.evidence)


@require_GET
def complaints(request: HttpRequest) -> HttpResponse:
    """投诉: the latest first, the unanswered marked."""
    user = person(request)
    require(may(user, Right.SEE_COMPLAINTS))
    rows = visible_complaints(user).select_related(
        "report__fault__place", "report__fault__technician", "answered_by"
    )
    listed = page(rows, ("-at", "-id"), request.GET.get("after", ""))
    return render(request, "faults/complaints.html", {"at": clock.now(), "page": listed})


@require_http_methods(["GET", "POST"])
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint, and the Office's answer."""
    user = person(request)
    require(may(user, Right.SEE_COMPLAINTS))
    row = get_object_or_404(
        visible_complaints(user).select_related(
            "report__fault__place", "report__fault__technician", "answered_by"
        ),
        pk=pk,
    )
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reporting.answer(row, text=form.cleaned_data["answer"], by=user, at=clock.now())
        except BadInput as refusal:
            blame(form, refusal)
        else:
            return go(request, "faults:complaint", row.pk)
    context = {
        "at": clock.now(),
        "complaint": row,
        "form": form if can_answer(user) and row.answered_at is None else None,
    }
    return render(request, "faults/complaint.html", context, status=422 if form.errors else 200)
