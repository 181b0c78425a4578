"""The desk: what burns, the list, a new report, one fault."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yika.assets import policies as assets
from yika.assets.queries import subtree
from yika.assets.views.parts import panel
from yika.commitments.policies import can_claim_exemption, can_rule_outcome
from yika.commitments.policies import visible as visible_commitments
from yika.contracts.policies import visible as contracts
from yika.faults import forms, queries
from yika.faults.actions import intake
from yika.faults.models import Channel, Classification, Fault, Symptom
from yika.faults.policies import (
    RIGHTS,
    can_act_on_several,
    can_ask,
    can_classify,
    can_decide,
    can_import,
    can_report,
    can_reveal,
    can_share_filter,
    visible,
)
from yika.faults.rules import CLASSIFIABLE, OUT_OF_CLOCKS, RESTORED_STATES, TOGETHER, RulingKind, State, Verb
from yika.faults.words import STATES, VERBS
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go, show
from yika.lib.paging import page
from yika.people.forms import blame
from yika.people.models import SKILL_NAMES, User
from yika.people.policies import may, person
from yika.people.policies import visible as visible_people
from yika.people.queries import on_duty as on_duty_at
from yika.people.rules import Right, Role, Side
from yika.standards.queries import standard_of


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """调度台: faults by urgency, the chosen one beside them, who is on duty above."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    rows, order = queries.listing(user, queries.Filters(state="open"))
    listed = page(rows, order, request.GET.get("after", ""), size=40)
    chosen = _chosen(request, user, [row.pk for row in listed.rows])
    vendor = user.organisation_id if user.side is Side.VENDOR else None
    context: dict[str, Any] = {
        "at": at,
        "page": listed,
        "duty": queries.duty_board(vendor, at),
        "desk": queries.dispatchers_on_duty(vendor, at),
        "counts": queries.board_counts(user, at),
        "chosen": chosen,
        "can_report": can_report(user),
    }
    if chosen:
        context |= summary(user, chosen, at)
        if may(user, Right.MERGE) and getattr(chosen, "outage", False):
            known = queries.outages(visible(user).filter(contract=chosen.contract))
            context["same_root"] = queries.related(user, chosen, at, known)
    return show(request, "faults/board.html", "faults/_board.html", context)


def _chosen(request: HttpRequest, user: User, listed: list[int]) -> Fault | None:
    """The fault asked for, or the most urgent one."""
    asked = request.GET.get("fault", "")
    key = int(asked) if asked.isdecimal() and len(asked) < 18 else (listed[0] if listed else None)
    rows = queries.open_page(user).annotate(outage=queries.BESIDE_OUTAGE)
    return rows.filter(pk=key).first() if key is not None else None


def summary(user: User, fault: Fault, at: datetime, last: Classification | None = None) -> dict[str, Any]:
    """What the head of a fault shows wherever it stands: level, clocks, steps, whom to send.

    ``last`` is the latest classification, if it has been read already.
    """
    steps = queries.steps(user, fault, at)
    sendable = {step.verb for step in steps} & {Verb.DISPATCH, Verb.HAND_OVER}
    return {
        "fault": fault,
        "steps": steps,
        "candidates": queries.candidates([fault], at) if sendable else [],
        "waiting_for": queries.waiting_for(fault),
        "recurrences": queries.recurrences(fault),
        "recurrence_days": standard_of(fault.standard).readings.recurrence_days,
        "impact": last or queries.statements(fault).last(),
        "log_form": forms.LogForm(standard=standard_of(fault.standard)),
        "feedback_form": forms.FeedbackForm(),
        "returns_url": panel("returns:panel_fault", fault=fault.pk) if fault.device_id else "",
    }


def filters_of(request: HttpRequest, user: User, at: datetime) -> queries.Filters:
    """What the address narrows the list of faults to."""
    form = forms.ListForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    place = assets.visible_places(user).filter(pk=asked["place"]).first() if asked.get("place") else None
    technicians = _technicians(user)
    return queries.Filters(
        state=asked.get("state") or "open",
        severity=asked.get("severity") or "",
        place=place,
        technician=technicians.filter(pk=asked["technician"]).first() if asked.get("technician") else None,
        text=asked.get("q") or "",
        overdue_at=at if asked.get("overdue") else None,
        contract=contracts(user).filter(pk=asked["contract"]).first() if asked.get("contract") else None,
        since=asked.get("since"),
        until=asked.get("until"),
    )


def _technicians(user: User) -> QuerySet[User]:
    technicians = User.objects.filter(role=Role.TECHNICIAN).order_by("name")
    if user.side is Side.VENDOR:
        technicians = technicians.filter(organisation=user.organisation_id)
    return technicians


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """故障: every fault a person may see, filtered, paged by key."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    filters = filters_of(request, user, at)
    rows, order = queries.listing(user, filters)
    asked = forms.ListForm.kept(request.GET)
    tabs = queries.tabs(user, asked)
    opens_with = next((tab.query for tab in tabs if tab.kept and tab.kept.default), "")
    if opens_with and not request.GET:
        return redirect(f"{request.path}?{opens_with}")
    listed = page(rows, order, request.GET.get("after", ""))
    context = {
        "at": at,
        "page": listed,
        "ended": queries.ended_how(listed.rows, at),
        "filters": filters,
        "contracts": contracts(user).order_by("-starts_on", "-id"),
        "states": STATES.items(),
        "levels": queries.levels_in_use(),
        "technicians": _technicians(user),
        "can_report": can_report(user),
        "can_import": can_import(user),
        "tabs": tabs,
        "new_filter": bool(asked) and not any(tab.current for tab in tabs),
        "asked": asked,
        "typed": request.GET.get("typed", "")[:40],
        "can_share": can_share_filter(user),
        "markable": bool(can_act_on_several(user)),
        "together": [(verb, VERBS[verb]) for verb in TOGETHER if may(user, RIGHTS[verb])],
    }
    return show(request, "faults/list.html", "faults/_list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """登记报修: a call, a walk-in, something found by monitoring or on a round."""
    user, at = person(request), clock.now()
    require(can_report(user))
    if request.method == "GET":
        initial = {key: request.GET[key] for key in ("place", "devices") if key in request.GET}
        form = forms.ReportForm(initial=initial)
        return render(request, "faults/new.html", {"at": at, "form": form})
    form = forms.ReportForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        devices = asked["devices"]
        try:
            made = intake.report(
                channel=Channel(asked["channel"]),
                symptom=Symptom(asked["symptom"]),
                submission=asked["submission"],
                by=user,
                at=at,
                place=asked["place"],
                device=devices[0] if devices else None,
                devices=devices,
                description=asked["description"],
                reporter_name=asked["reporter_name"],
                reporter_phone=asked["reporter_phone"],
                reported_at=asked["reported_at"],
                terminals=asked["terminals"],
                cardholders=asked["cardholders"],
            )
        except BadInput as refusal:
            blame(form, refusal)
        else:
            into = made.fault.merged_into
            said = _("已登记 %(number)s")
            if into:
                said = _("已登记 %(number)s，属于已知故障 %(into)s 的影响范围，已自动并入")
            messages.success(request, said % {"number": made.fault.number, "into": into})
            return go(request, "faults:page", made.fault_id)
    return render(request, "faults/new.html", {"at": at, "form": form}, status=422)


@require_GET
def fault_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One fault: level with its reason, clocks, people, next step, story."""
    user, at = person(request), clock.now()
    fault = get_object_or_404(queries.open_page(user), pk=pk)
    return render(request, "faults/page.html", page_context(user, fault, at))


def page_context(user: User, fault: Fault, at: datetime) -> dict[str, Any]:
    """Everything the page of a fault shows to a person."""
    standard = standard_of(fault.standard)
    state = State(fault.state)
    running = state not in OUT_OF_CLOCKS
    asking = running and bool(can_ask(user, fault, RulingKind.SPECIAL))
    commitments = [row for row in (fault.response, fault.repair) if row and not row.voided_at]
    open_kinds = set()
    shown = queries.page_of(fault, at)
    for ruling in shown.rulings:
        if ruling.decided_at is None:
            open_kinds.add(ruling.kind)
    context = summary(user, fault, at, shown.classifications[-1]) | {
        "at": at,
        "shown": shown,
        "standard": standard,
        "causes": {cause.key: cause for cause in standard.causes},
        "logs": shown.logs,
        "feedbacks": shown.feedbacks,
        "work_photos": shown.photos,
        "consequences": queries.consequences([r for r in shown.rulings if r.decided_at is None]),
        "decidable": {kind for kind in RulingKind if can_decide(user, kind)},
        "can_decide_exemption": may(user, Right.DECIDE_EXEMPTION),
        "can_see_complaints": may(user, Right.SEE_COMPLAINTS),
        "can_rule_class": may(user, Right.RULE_CLASS),
        "can_reveal": can_reveal(user, fault),
        "outcome_forms": [
            (row, forms.OutcomeForm(auto_id=f"outcome-{row.kind}-%s"))
            for row in commitments
            if can_rule_outcome(user, row)
        ],
        "restored": state in RESTORED_STATES,
        "affected": queries.affected(shown.classifications),
    }
    if may(user, Right.MERGE) and fault.ended_at is None:
        context["likely_same"], context["same_root"] = queries.likely_same(fault, user, at)
    if can_classify(user, fault) and state in CLASSIFIABLE:
        last = shown.classifications[-1]
        context["classify_form"] = forms.ClassifyForm(
            initial={
                "terminals": last.terminals,
                "cardholders": last.cardholders,
                "devices": [] if last.by_network else [device.pk for device in last.devices.all()],
            }
        )
        named = context["affected"].failed if context["affected"] else [fault.device_id or 0]
        context["failed_form"] = forms.FailedForm(initial={"devices": named} if any(named) else {})
    if asking and RulingKind.SPECIAL not in open_kinds and not shown.level.by_cause:
        context["special_form"] = forms.SpecialForm(standard=standard)
    if asking and RulingKind.FACTORY not in open_kinds and state is State.AT_FACTORY and fault.repair:
        context["factory_form"] = forms.FactoryForm()
    if commitments and all(can_claim_exemption(user, row) for row in commitments):
        context["exemption_form"] = forms.ExemptionForm(fault=fault)
    if running and can_decide(user, RulingKind.SPECIAL) and RulingKind.SPECIAL not in open_kinds:
        context["rule_special_form"] = forms.RuleSpecialForm(standard=standard)
    return context


@require_GET
def of_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """From a commitment to the fault that made it."""
    commitment = get_object_or_404(visible_commitments(person(request)), pk=pk)
    fault = visible(person(request)).filter(response=commitment).first()
    fault = fault or visible(person(request)).filter(repair=commitment).first()
    if fault is None:
        raise Http404
    return redirect("faults:page", fault.pk)


@require_GET
def panel_device(request: HttpRequest) -> HttpResponse:
    """The faults of a device, for its page."""
    return _panel(request, "device")


@require_GET
def panel_place(request: HttpRequest) -> HttpResponse:
    """The open faults of a place and everything below it, for its page."""
    return _panel(request, "place")


@require_GET
def panel_load(request: HttpRequest) -> HttpResponse:
    """在手: the open faults of a person, for their page; without one everybody's count and skills."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    asked = request.GET.get("person", "")
    told: dict[str, Any] = {"at": at, "skills": list(SKILL_NAMES.items())}
    if asked:
        whose = get_object_or_404(
            visible_people(user).filter(role=Role.TECHNICIAN), pk=int(asked) if _is_key(asked) else 0
        )
        rows = queries.in_lists(visible(user)).open().filter(technician=whose)
        told |= {"whose": whose, "rows": rows.order_by(*queries.URGENCY)[:20], "load": rows.count()}
    else:
        on_duty = set(on_duty_at(at).values_list("pk", flat=True))
        told["crew"] = [
            (one, one.pk in on_duty, [skill.value in one.skills for skill in SKILL_NAMES])
            for one in queries.crew(user)[:200]
        ]
    return show(request, "faults/load.html", "faults/_load.html", told)


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18


def _panel(request: HttpRequest, of: str) -> HttpResponse:
    user = person(request)
    asked = request.GET.get(of, "")
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    rows = queries.in_lists(visible(user))
    if of == "device":
        rows, heading = rows.filter(device=int(asked)).order_by(*queries.LATEST), _("此设备的故障")
    else:
        place = get_object_or_404(assets.visible_places(user), pk=int(asked))
        rows, heading = rows.open().filter(place__in=subtree(place)), _("此处未办结的故障")
        rows = rows.order_by(*queries.URGENCY)
    context = {"at": clock.now(), "heading": heading, "rows": rows[:20], "with_spot": of == "place"}
    return render(request, "faults/_panel.html", context)
