"""推演: what would have come of the contract's history under a changed standard."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.commitments.rules import Kind, Month, Outcome
from yika.commitments.words import OUTCOMES
from yika.contracts.models import Contract
from yika.contracts.policies import visible
from yika.faults import forms, queries
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.office.tables import Cell, Column
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right
from yika.standards.models import StandardVersion
from yika.standards.queries import standard_of
from yika.standards.rules import Level, Limit, Standard


@require_GET
def simulation(request: HttpRequest) -> HttpResponse:
    """Choose months and a changed standard; see the counts before and after and each fault that differs."""
    user, at = person(request), clock.now()
    asked = _asked(request, user, at)
    if asked is None:
        return render(request, "faults/simulation.html", {"at": at})
    found, form = asked.found, asked.form
    context = {
        "at": at,
        "contract": asked.contract,
        "contracts": asked.contracts,
        "versions": asked.versions,
        "version": asked.version,
        "form": form,
        "levels": [(level, form.of_level(level)) for level in asked.base.levels],
        "found": found,
    }
    if found is not None and not found.faults:
        context["elsewhere"] = _elsewhere(request, queries.latest_month(user, asked.contract))
    elif found is not None:
        context |= {"rows": _rows(found), "page": found.page(request.GET.get("after", ""))}
    return render(request, "faults/simulation.html", context, status=422 if form.errors else 200)


@require_GET
def export_simulation(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every fault that differs, in the order of the page."""
    user, at = person(request), clock.now()
    asked = _asked(request, user, at, at_once=True)
    if asked is None or asked.found is None:
        raise BadInput(_("请先填写月份和时限，推演后再导出"))
    return taken(
        request,
        "simulation",
        form,
        title=_("推演"),
        columns=_columns(),
        rows=map(_line, asked.found.differences()),
        count=asked.found.differing,
        at=at,
    )


@dataclass(frozen=True)
class _Asked:
    """What was asked for, and what came of it; nothing while something is missing or wrong."""

    contract: Contract
    contracts: list[Contract]
    versions: QuerySet[StandardVersion]
    version: StandardVersion
    base: Standard
    form: forms.SimulationForm
    found: queries.Simulation | None


def _asked(request: HttpRequest, user: User, at: datetime, *, at_once: bool = False) -> _Asked | None:
    """None without a contract. ``at_once``: with the months proposed where none are given."""
    require(may(user, Right.SEE_COMPLIANCE))
    contracts = list(visible(user).select_related("standard").order_by("-starts_on", "-id"))
    contract = _chosen(contracts, request.GET.get("contract", ""), at)
    if contract is None:
        return None
    versions = StandardVersion.objects.order_by("-loaded_at", "-pk")
    asked = request.GET.get("version", "")
    version = versions.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    base = standard_of(version or contract.standard)
    last = Month.of(min(at, clock.day_start(contract.ends_on)))
    months = {"first": str(last.shifted(-1)), "last": str(last)}
    form = forms.SimulationForm(
        request.GET if "first" in request.GET else months if at_once else None, standard=base, initial=months
    )
    found = None
    if form.is_bound and form.is_valid():
        faults = queries.faults_between(user, contract, form.cleaned_data["first"], form.cleaned_data["last"])
        if faults[: queries.MOST_SIMULATED + 1].count() > queries.MOST_SIMULATED:
            form.add_error(
                "last", _("所选月份的故障超过 %(most)d 起，请缩短期间") % {"most": queries.MOST_SIMULATED}
            )
        else:
            found = queries.simulate(faults, changed(base, form), at)
    return _Asked(contract, contracts, versions, version or contract.standard, base, form, found)


def _elsewhere(request: HttpRequest, last: Month | None) -> tuple[Month, Month, str] | None:
    """The last months in which there is something to judge, and the address of that question."""
    if last is None:
        return None
    first, asked = last.shifted(-1), request.GET.copy()
    asked["first"], asked["last"] = str(first), str(last)
    asked.pop("after", None)
    return first, last, f"?{asked.urlencode()}"


def _columns() -> list[Column]:
    when = [(_("响应"), _("原")), (_("响应"), _("推演")), (_("修复"), _("原")), (_("修复"), _("推演"))]
    clocks = [
        Column(f"{kind} {said}{_('（')}{which}{_('）')}", 20)
        for kind, which in when
        for said in (_("到期"), _("结果"))
    ]
    return [
        Column(_("编号"), 10),
        Column(_("地点"), 36),
        Column(_("报修"), 20),
        Column(f"{_('等级')}{_('（')}{_('原')}{_('）')}", 10),
        Column(f"{_('等级')}{_('（')}{_('推演')}{_('）')}", 10),
        *clocks,
    ]


def _line(one: queries.Difference) -> list[Cell]:
    english = get_language() == "en"
    levels = [verdict.level for verdict in (one.before, one.after)]
    clocks = (one.before.response, one.after.response, one.before.repair, one.after.repair)
    return [
        one.fault.number,
        one.fault.where,
        one.fault.reported_at,
        *(level.name_en if english else level.name for level in levels),
        *(cell for judged in clocks for cell in (judged.due_at, _said(judged))),
    ]


def _said(judged: queries.Judged) -> str:
    if judged.outcome is None:
        return _("不设时限")
    return str(OUTCOMES[judged.outcome]) + (_("（认定）") if judged.ruled else "")


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
