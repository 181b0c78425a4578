"""推演: what would have come of the contract's history under a changed standard."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.commitments.rules import Kind, Month, Outcome
from yika.contracts.models import Contract
from yika.contracts.policies import visible
from yika.faults import forms, queries
from yika.lib import clock
from yika.lib.decisions import BadInput, require
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
    contracts = list(visible(user).select_related("standard").order_by("-starts_on", "-id"))
    contract = _chosen(contracts, request.GET.get("contract", ""), at)
    if contract is None:
        return render(request, "faults/simulation.html", {"at": at})
    versions = StandardVersion.objects.order_by("-loaded_at", "-pk")
    asked = request.GET.get("version", "")
    version = versions.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    base = standard_of(version or contract.standard)
    last = Month.of(min(at, clock.day_start(contract.ends_on)))
    form = forms.SimulationForm(
        request.GET if "first" in request.GET else None,
        standard=base,
        initial={"first": str(last.shifted(-1)), "last": str(last)},
    )
    context = {
        "at": at,
        "contract": contract,
        "contracts": contracts,
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


def _chosen(contracts: list[Contract], key: str, at: datetime) -> Contract | None:
    """The contract asked for; if none is, the one in force, or else the one begun last."""
    if key:
        found = next((one for one in contracts if str(one.pk) == key), None)
        if found is None:
            raise BadInput(_("没有这份合同"), field="contract")
        return found
    day = clock.campus_date(at)
    running = (one for one in contracts if one.starts_on <= day <= one.ends_on)
    return next(running, contracts[0] if contracts else None)


def changed(base: Standard, form: forms.SimulationForm) -> Standard:
    """The standard with the limits that were typed in."""
    return replace(base, levels=tuple(_changed(level, form) for level in base.levels))


def _changed(level: Level, form: forms.SimulationForm) -> Level:
    response, repair = form.typed(level)
    return replace(level, response=_limit(level.response, response), repair=_limit(level.repair, repair))


def _limit(limit: Limit | None, seconds: int | None) -> Limit | None:
    return limit if limit is None or seconds is None else replace(limit, seconds=seconds, days=None)


Counts = dict[str, int]


def _rows(found: queries.Simulation) -> list[tuple[Kind, Counts, Counts]]:
    """Lines of the table of counts: response and repair, before and after, by outcome."""
    return [
        (kind, _counts(found, kind, "before"), _counts(found, kind, "after"))
        for kind in (Kind.RESPONSE, Kind.REPAIR)
    ]


def _counts(found: queries.Simulation, kind: Kind, when: str) -> Counts:
    counts = {outcome.value: found.outcomes[kind, when, outcome] for outcome in Outcome}
    return counts | {"decided": counts["met"] + counts["missed"]}
