"""Contracts: the list, one with its versions, entering one, putting it under another version."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yika.contracts import actions, queries
from yika.contracts.forms import ContractForm
from yika.contracts.policies import can_adopt, can_create, visible
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.people.policies import person
from yika.standards.policies import visible as visible_versions
from yika.standards.queries import change_rows, in_order, standard_of


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every contract, the one begun last first."""
    viewer, at = person(request), clock.now()
    rows = visible(viewer).select_related("vendor", "standard").defer("standard__source")
    told = {
        "contracts": list(rows.order_by("-starts_on", "-id")[:200]),
        "running": set(queries.running(visible(viewer), at).values_list("pk", flat=True)),
        "may_create": bool(can_create(viewer)),
    }
    return render(request, "contracts/list.html", told)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: its parties, its period, and the versions it ran under."""
    viewer, at = person(request), clock.now()
    contract = get_object_or_404(
        visible(viewer).select_related("office", "vendor", "standard").defer("standard__source"), pk=pk
    )
    may = can_adopt(viewer)
    others = in_order(visible_versions(viewer)).defer("source").exclude(pk=contract.standard_id)
    told = {
        "contract": contract,
        "history": queries.history(contract),
        "running": queries.running(visible(viewer), at).filter(pk=pk).exists(),
        "versions": list(others[:50]) if may else [],
        "may_adopt": bool(may),
    }
    return render(request, "contracts/detail.html", told)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a contract."""
    user = person(request)
    require(can_create(user))
    form = ContractForm(request.POST or None).offer(in_order(visible_versions(user)))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            contract = actions.create(
                told["number"],
                name=told["name"],
                office=user.organisation,
                vendor=told["vendor"],
                version=told["version"],
                starts_on=told["starts_on"],
                ends_on=told["ends_on"],
                by=user,
                at=clock.now(),
            )
        except BadInput as error:
            for problem in error.problems:
                form.add_error(error.field, problem)
        else:
            messages.success(request, _("已登记合同 %(number)s") % {"number": contract.number})
            return redirect("contracts:detail", pk=contract.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
    """What will change if the contract takes up a version; then taking it up."""
    user, at = person(request), clock.now()
    contract = get_object_or_404(visible(user).select_related("standard"), pk=pk)
    version = get_object_or_404(visible_versions(user), pk=version_pk)
    require(can_adopt(user))
    if request.method == "POST":
        actions.adopt(contract, version, by=user, at=at)
        messages.success(request, _("已启用 %(version)s") % {"version": version})
        return redirect("contracts:detail", pk=pk)
    told = {
        "contract": contract,
        "version": version,
        "problems": actions.adoption_problems(contract, version, at),
        "changes": change_rows(
            standard_of(contract.standard), standard_of(version), get_language() or "zh-hans"
        ),
    }
    return render(request, "contracts/adopt.html", told)
