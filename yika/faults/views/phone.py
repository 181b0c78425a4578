"""The technician's pages, made for a phone in one hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from yika.assets.policies import visible_devices
from yika.faults import forms, queries
from yika.faults.rules import RESPONSES, State
from yika.faults.views.desk import summary
from yika.lib import clock
from yika.lib.decisions import require
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """我的工单: where do I go next? The most urgent first."""
    user, at = person(request), clock.now()
    require(may(user, Right.WORK))
    return render(
        request, "faults/phone/my_work.html", {"at": at, "faults": list(queries.work_of(user)[:100])}
    )


@require_GET
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work: where it is, what it is, the next step under the thumb."""
    user, at = person(request), clock.now()
    require(may(user, Right.WORK))
    fault = get_object_or_404(queries.open_page(user), pk=pk)
    if fault.technician_id != user.pk:
        return redirect("faults:page", fault.pk)
    context = summary(user, fault, at) | {
        "at": at,
        "next": request.path,
        "reports": queries.reports_of(fault).prefetch_related("photos__file"),
        "photo_form": forms.PhotoForm(),
        "photos": fault.photos.filter(report__isnull=True),
        "arrived": fault.moves.filter(verb__in=RESPONSES).exists(),
        "done": State(fault.state) in (State.LOGGED, State.CLOSED),
        "can_reveal": True,
    }
    steps: list[queries.Step] = context["steps"]
    context["main_steps"] = [step for step in steps if step.main]
    context["others"] = [step for step in steps if not step.main]
    return render(request, "faults/phone/work.html", context)


@require_GET
def arriving(request: HttpRequest) -> HttpResponse:
    """我已到场, on a device's page: of the work orders here, proven by the label just scanned or stated."""
    user = person(request)
    require(may(user, Right.WORK))
    asked = request.GET.get("device", "")
    device = get_object_or_404(
        visible_devices(user), pk=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0
    )
    context = {
        "device": device,
        "faults": queries.arriving(user, device),
        "proven": request.GET.get("label") == device.token,
        "typed": "typed" in request.GET,
    }
    return render(request, "faults/phone/_arriving.html", context)
