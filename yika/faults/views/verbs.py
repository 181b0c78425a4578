"""The verbs of a fault, each a POST that moves it and leads back to where it was pressed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yika.assets.models import Device
from yika.faults import forms, queries
from yika.faults.actions import asking, classifying, dispatching, finishing, reporting, working
from yika.faults.models import Fault, Feedback
from yika.faults.policies import visible, visible_photos
from yika.faults.rules import State, Verb
from yika.faults.words import STATES
from yika.files.actions import store
from yika.files.rules import Kind
from yika.files.views import respond
from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.lib.htmx import show, wants_fragment
from yika.people.models import User
from yika.people.policies import person
from yika.standards.queries import standard_of


def _fault(request: HttpRequest, pk: int) -> tuple[User, Fault]:
    user = person(request)
    return user, get_object_or_404(queries.open_page(user), pk=pk)


def cleaned(form: django_forms.Form) -> dict[str, Any]:
    """The values of a form. Raises: BadInput naming each field that cannot be used."""
    if form.is_valid():
        return form.cleaned_data
    raise BadInput(
        *(
            f"{form.fields[name].label}：{problem}" if name in form.fields else str(problem)
            for name, problems in form.errors.items()
            for problem in problems
        )
    )


def back(request: HttpRequest, fault: Fault, said: str = "", of: Fault | None = None) -> HttpResponse:
    """To where the button stood (``next``), else to the fault's page.

    Says what was done, to ``of`` if that is another fault; without words what the fault is now.
    """
    told = {"number": (of or fault).number, "said": said or STATES[State(fault.state)]}
    messages.success(request, _("%(number)s：%(said)s") % told)
    asked = request.POST.get("next", "")
    url = reverse("faults:page", args=[fault.pk])
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/"):
        url = asked
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


_PLAIN: dict[Verb, Callable[..., Fault]] = {
    Verb.ACCEPT: working.accept,
    Verb.SET_OUT: working.set_out,
    Verb.CLOSE: finishing.close,
}
_NOTED: dict[Verb, Callable[..., Fault]] = {
    Verb.REFUSE: working.refuse,
    Verb.WAIT_PART: working.wait_part,
    Verb.SEND_TO_FACTORY: working.send_to_factory,
    Verb.WAIT_THIRD_PARTY: working.wait_third_party,
    Verb.RESUME: working.resume,
    Verb.CALL_OFF: dispatching.call_off,
    Verb.REFER: dispatching.refer,
    Verb.SPLIT: dispatching.split,
    Verb.REINSTATE: dispatching.reinstate,
    Verb.REOPEN: finishing.reopen,
}
# The state alone would not say what was done.
_UNDOING = {
    Verb.REFUSE: gettext_lazy("已退单，现为“%(state)s”"),
    Verb.SPLIT: gettext_lazy("已取消合并，现为“%(state)s”"),
    Verb.REINSTATE: gettext_lazy("已恢复办理，现为“%(state)s”"),
    Verb.REOPEN: gettext_lazy("已重开，现为“%(state)s”"),
}
_CLAIMED: dict[Verb, Callable[..., Fault]] = {
    Verb.ARRIVE: working.arrive,
    Verb.START_REMOTELY: working.start_remotely,
    Verb.RESTORE_TEMPORARILY: working.restore_temporarily,
    Verb.RESTORE: working.restore,
}


@require_POST
def move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Every verb that needs at most a few words and perhaps the time it really happened."""
    user, fault = _fault(request, pk)
    at = clock.now()
    said = ""
    if verb in _PLAIN:
        _PLAIN[Verb(verb)](fault, by=user, at=at)
    elif verb in _NOTED:
        asked = cleaned(forms.NoteForm(request.POST))
        now = _NOTED[Verb(verb)](fault, by=user, at=at, note=asked["note"])
        if verb in _UNDOING:
            said = _UNDOING[Verb(verb)] % {"state": STATES[State(now.state)]}
    elif verb in _CLAIMED:
        asked = cleaned(forms.ClaimedNoteForm(request.POST))
        _CLAIMED[Verb(verb)](fault, by=user, at=at, note=asked["note"], happened_at=asked["happened_at"])
    else:
        raise Http404
    return back(request, fault, said)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """派单 or 改派, as the fault stands."""
    user, fault = _fault(request, pk)
    at = clock.now()
    people = queries.candidates([fault], at)
    asked = cleaned(forms.SendForm(request.POST, choices=[(c.key, c.name) for c in people]))
    to = User.objects.get(pk=asked["to"])
    if request.POST.get("verb") == Verb.HAND_OVER:
        dispatching.hand_over(fault, to=to, by=user, at=at, note=asked["note"])
        return back(request, fault, _("已改派给 %(name)s") % {"name": to.name})
    dispatching.dispatch(fault, to=to, by=user, at=at, note=asked["note"])
    return back(request, fault, _("已派给 %(name)s") % {"name": to.name})


@require_POST
def arrive_scanned(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """到场, proven by the label of a device at the fault's place."""
    user, fault = _fault(request, pk)
    device = get_object_or_404(Device.objects.select_related("kind", "place"), token=token)
    working.arrive(fault, by=user, at=clock.now(), scanned=device)
    return back(request, fault)


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """并入其他故障."""
    user, fault = _fault(request, pk)
    asked = cleaned(forms.MergeForm(request.POST))
    into = visible(user).select_related("contract", "standard").filter(pk=asked["into"]).first()
    if into is None:
        raise BadInput(
            _("没有编号为 %(number)s 的故障") % {"number": request.POST.get("into", "")}, field="into"
        )
    dispatching.merge(fault, into=into, by=user, at=clock.now(), note=asked["note"])
    return back(request, into, _("已并入 %(into)s") % {"into": into.number}, of=fault)


@require_POST
def classify(request: HttpRequest, pk: int) -> HttpResponse:
    """分级, or the Office's ruling on it."""
    user, fault = _fault(request, pk)
    asked = cleaned(forms.ClassifyForm(request.POST))
    classifying.classify(
        fault,
        terminals=asked["terminals"],
        cardholders=asked["cardholders"],
        devices=asked["devices"],
        reason=asked["reason"],
        by=user,
        at=clock.now(),
    )
    return back(request, fault, _("已修改分级"))


@require_POST
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """反馈报修人."""
    user, fault = _fault(request, pk)
    asked = cleaned(forms.FeedbackForm(request.POST))
    finishing.give_feedback(
        fault, way=Feedback.Way(asked["way"]), told=asked["told"], by=user, at=clock.now()
    )
    return back(request, fault)


@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """填写故障日志."""
    user, fault = _fault(request, pk)
    asked = cleaned(forms.LogForm(request.POST, standard=standard_of(fault.standard)))
    finishing.write_log(fault, entries=asked, by=user, at=clock.now())
    return back(request, fault)


@require_POST
def add_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a picture made at work."""
    user, fault = _fault(request, pk)
    at = clock.now()
    asked = cleaned(forms.PhotoForm(request.POST, request.FILES))
    working.add_photo(fault, file=store(asked["file"], kinds=(Kind.IMAGE,), at=at), by=user, at=at)
    return back(request, fault, _("已添加照片"))


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture of a fault."""
    found = get_object_or_404(visible_photos(person(request)).select_related("file"), pk=pk)
    return respond(request, found.file)


def evidence(request: HttpRequest, asked: dict[str, Any], at: datetime) -> Any:
    """The stored evidence of a claim, if any was sent."""
    if not asked.get("evidence"):
        return None
    return store(asked["evidence"], kinds=(Kind.IMAGE, Kind.PDF), at=at)


@require_POST
def propose_special(request: HttpRequest, pk: int) -> HttpResponse:
    """申请认定特殊故障."""
    user, fault = _fault(request, pk)
    at = clock.now()
    asked = cleaned(forms.SpecialForm(request.POST, request.FILES, standard=standard_of(fault.standard)))
    asking.propose_special(
        fault,
        cause=asked["cause"],
        claim=asked["claim"],
        evidence=evidence(request, asked, at),
        by=user,
        at=at,
    )
    return back(request, fault, _("已申请认定特殊故障"))


@require_POST
def ask_factory(request: HttpRequest, pk: int) -> HttpResponse:
    """申请以返厂时限替代修复时限."""
    user, fault = _fault(request, pk)
    at = clock.now()
    asked = cleaned(forms.FactoryForm(request.POST, request.FILES))
    asking.ask_factory_limit(
        fault, claim=asked["claim"], evidence=evidence(request, asked, at), by=user, at=at
    )
    return back(request, fault, _("已申请以返厂时限替代修复时限"))


@require_POST
def claim_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """申请豁免."""
    user, fault = _fault(request, pk)
    at = clock.now()
    asked = cleaned(forms.ExemptionForm(request.POST, request.FILES, fault=fault))
    commitment = fault.response if fault.response_id == asked["commitment"] else fault.repair
    assert commitment is not None  # the form offers only the fault's own
    asking.claim_exemption(
        fault,
        commitment,
        from_at=asked["from_at"],
        until_at=asked["until_at"],
        reason=asked["reason"],
        evidence=evidence(request, asked, at),
        by=user,
        at=at,
    )
    return back(request, fault, _("已申请豁免"))


@require_POST
def reveal(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Show a reporter's name and phone in full, once, with the reason on record."""
    user, fault = _fault(request, pk)
    found = get_object_or_404(queries.reports_of(fault), pk=report)
    asked = cleaned(forms.RevealForm(request.POST))
    name, phone = reporting.reveal(found, reason=asked["reason"], by=user, at=clock.now())
    context = {"fault": fault, "name": name, "phone": phone}
    answer = show(request, "faults/revealed.html", "faults/_revealed.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer
