"""推演: what would have come of the contract's history under a changed standard."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.commitments.rules import Kind, Month, Outcome
from yika.contracts.models import Contract
from yika.contracts.queries import running
from yika.faults import forms, queries
from yika.lib import clock
from yika.lib.decisions import require
from yika.people.policies import may, person
from yika.people.rules import Right
from yika.standards.models import StandardVersion
from yika.standards.queries import standard_of
from yika.standards.rules import Level, Limit, Standard


@require_GET
def simulation(request: HttpRequest) -> HttpResponse:
    """Choose months and a changed standard; see the counts before and after and each fault that differs."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_COMPLIANCE))
    contract = running(Contract.objects.select_related("standard"), at).first()
    if contract is None:
        return render(request, "faults/simulation.html", {"at": at})
    versions = StandardVersion.objects.order_by("-loaded_at", "-pk")
    asked = request.GET.get("version", "")
    version = versions.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    base = standard_of(version or contract.standard)
    last = Month.of(at)
    form = forms.SimulationForm(
        request.GET if "first" in request.GET else None,
        standard=base,
        initial={"first": str(last.shifted(-1)), "last": str(last)},
    )
    context = {
        "at": at,
        "contract": contract,
        "versions": versions,
        "version": version or contract.standard,
        "form": form,
        "levels": [(level, form.of_level(level)) for level in base.levels],
    }
    if form.is_bound and form.is_valid():
        faults = queries.faults_between(user, contract, form.cleaned_data["first"], form.cleaned_data["last"])
        if faults[: queries.MOST_SIMULATED + 1].count() > queries.MOST_SIMULATED:
            form.add_error(
                "last", _("所选月份的故障超过 %(most)d 起，请缩短期间") % {"most": queries.MOST_SIMULATED}
            )
        else:
            found = queries.simulate(faults, changed(base, form), at)
            context |= {"found": found, "rows": _rows(found)}
    return render(request, "faults/simulation.html", context, status=422 if form.errors else 200)


def changed(base: Standard, form: forms.SimulationForm) -> Standard:
    """The standard with the limits that were typed in."""
    return replace(base, levels=tuple(_changed(level, form) for level in base.levels))


def _changed(level: Level, form: forms.SimulationForm) -> Level:
    response, repair = form.typed(level)
    return replace(level, response=_limit(level.response, response), repair=_limit(level.repair, repair))


def _limit(limit: Limit | None, seconds: int | None) -> Limit | None:
    return limit if limit is None or seconds is None else replace(limit, seconds=seconds, days=None)


def _rows(found: queries.Simulation) -> list[tuple[Kind, dict[str, dict[str, int]]]]:
    """Counts for the table: by kind, met, missed and open before and after."""
    return [
        (
            kind,
            {name: {o.value: found.outcomes[kind, name, o] for o in Outcome} for name in ("before", "after")},
        )
        for kind in Kind
    ]
