"""What is due, whether the standard is kept, and the arithmetic behind each commitment."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yika.commitments import queries
from yika.commitments.forms import NOBODY, CountedForm, DueForm
from yika.commitments.models import Commitment, CommitmentRows
from yika.commitments.policies import can_see_compliance, can_see_due, visible
from yika.commitments.rules import Kind, Month, Outcome, Urgency, ends_of_day_and_week, urgency
from yika.commitments.words import CLOCKS, KINDS, OUTCOMES, TOLD, URGENCIES
from yika.contracts.models import Contract
from yika.contracts.policies import visible as visible_contracts
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import show
from yika.lib.paging import page as cut
from yika.people.models import User
from yika.people.policies import person
from yika.standards.comparison import limit_words
from yika.standards.queries import standard_of
from yika.standards.rules import Clock, Limit, Told

WEEK, ALL = "week", "all"


def _lang() -> str:
    return get_language() or "zh-hans"


DUE_ORDER = ("excused_due_at", "pk")
COUNTED_ORDER = ("-started_at", "-pk")


def due_rows(request: HttpRequest, user: User) -> tuple[CommitmentRows, DueForm, str]:
    """The open commitments that the address narrows the page to, its form, and week or all.

    Raises: NotAllowed, BadInput for a filter that does not exist.
    """
    require(can_see_due(user))
    rows = visible(user)
    form = DueForm(request.GET, holders=queries.holders(rows))
    if not form.is_valid():
        raise BadInput(_("筛选条件无效，请重新选择"))
    wanted = form.cleaned_data
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    if wanted["holder"]:
        rows = rows.filter(holder=None if wanted["holder"] == NOBODY else wanted["holder"])
    return rows, form, ALL if request.GET.get("scope") == ALL else WEEK


def due_within(rows: CommitmentRows, scope: str, at: datetime) -> CommitmentRows:
    """Those due until the end of the week, or all."""
    return queries.due_until(rows, ends_of_day_and_week(at)[1] if scope == WEEK else None)


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """What is overdue and what is due this week, and by whom."""
    user, at = person(request), clock.now()
    rows, form, scope = due_rows(request, user)
    shown = cut(due_within(rows, scope, at), DUE_ORDER, request.GET.get("after", ""))
    return render(
        request,
        "commitments/due.html",
        {
            "at": at,
            "form": form,
            "filtered": any(form.cleaned_data.values()),
            "scope": scope,
            "counts": queries.due_counts(rows, at),
            "page": shown,
            "groups": _grouped(shown.rows, at),
            "week_ends": ends_of_day_and_week(at)[1],
        },
    )


def _grouped(rows: list[Commitment], at: datetime) -> list[tuple[Urgency, object, list[dict[str, object]]]]:
    """Rows under their headings, in the order they came."""
    groups: dict[Urgency, list[dict[str, object]]] = {}
    for row in rows:
        line = {"row": row, "kind": KINDS[Kind(row.kind)], "excused": row.excused_due_at > row.due_at}
        groups.setdefault(urgency(row.excused_due_at, at), []).append(line)
    return [(group, URGENCIES[group], lines) for group, lines in groups.items()]


def asked_statement(
    request: HttpRequest, user: User, at: datetime
) -> tuple[Month, list[Contract], Contract | None]:
    """The month the address asks for, the contracts that ran in it, and the one asked for."""
    require(can_see_compliance(user))
    month = _month(request.GET.get("month", ""), at)
    contracts = _contracts(user, month)
    return month, contracts, _chosen(contracts, request.GET.get("contract", ""))


@require_GET
def compliance(request: HttpRequest) -> HttpResponse:
    """Is the standard kept, clause by clause: a month against the six before it."""
    user, at = person(request), clock.now()
    month, contracts, contract = asked_statement(request, user, at)
    told: dict[str, object] = {
        "at": at,
        "month": month,
        "before": month.shifted(-1),
        "after": month.shifted(1) if month < Month.of(at) else None,
        "running": month == Month.of(at),
        "contracts": contracts,
        "contract": contract,
    }
    if contract is not None:
        rows = visible(user).filter(contract=contract)
        in_month = rows.filter(started_at__gte=month.starts_at, started_at__lt=month.ends_at)
        standard = standard_of(contract.standard)
        found = queries.statement(rows, standard, month, as_of=at, lang=_lang())
        told |= {
            "title": standard.title_en if _lang().startswith("en") else standard.title,
            "statement": found,
            "lines": [_statement_line(line, contract, month) for line in found.rows],
            "claims": len(queries.open_claims(in_month)),
        }
    return render(request, "commitments/compliance.html", told)


@require_GET
def panel_clauses(request: HttpRequest) -> HttpResponse:
    """How each limit of a version of the standard is kept this month, for its page."""
    user = person(request)
    require(can_see_compliance(user))
    at = clock.now()
    month = Month.of(at)
    version = request.GET.get("version", "")
    contract = next((one for one in _contracts(user, month) if str(one.standard_id) == version), None)
    told: dict[str, object] = {"at": at, "month": month, "contract": contract}
    if contract is not None:
        rows = visible(user).filter(contract=contract)
        standard = standard_of(contract.standard)
        found = queries.statement(rows, standard, month, as_of=at, lang=_lang())
        told["lines"] = [_statement_line(line, contract, month) for line in found.rows]
    return show(request, "commitments/clauses.html", "commitments/_clauses.html", told)


def _statement_line(line: queries.ComplianceRow, contract: Contract, month: Month) -> dict[str, object]:
    """A line of the statement with its words and the address of what it counts."""
    asked: dict[str, str | int] = {
        "month": str(month),
        "contract": contract.pk,
        "clause": line.clause,
        "kind": line.kind.value,
    }
    level = line.level
    return {
        "row": line,
        "kind": KINDS[line.kind],
        "level": level and (level.name_en if _lang().startswith("en") else level.name),
        "query": f"{reverse('commitments:list')}?{urlencode(asked)}",
    }


def _month(text: str, at: datetime) -> Month:
    """The month asked for, this one if none is."""
    try:
        return Month.read(text) if text else Month.of(at)
    except ValueError:
        raise BadInput(_("月份应写作 2026-03"), field="month") from None


def _contracts(user: User, month: Month) -> list[Contract]:
    """The contracts that ran in a month, the one begun last first."""
    rows = visible_contracts(user).select_related("standard", "office", "vendor")
    return list(
        rows.filter(starts_on__lte=month.last_day, ends_on__gte=month.first_day).order_by("-starts_on", "-id")
    )


def _chosen(contracts: list[Contract], key: str) -> Contract | None:
    """The contract asked for, the first if none is."""
    if not key:
        return contracts[0] if contracts else None
    for contract in contracts:
        if str(contract.pk) == key:
            return contract
    raise BadInput(_("该月份没有这份合同"), field="contract")


def counted_rows(request: HttpRequest, user: User, at: datetime) -> tuple[CommitmentRows, CountedForm]:
    """The commitments that the address asks for, and its form; none where it asks for what does not exist."""
    require(can_see_compliance(user))
    asked = request.GET.copy()
    asked.setdefault("month", str(Month.of(at)))
    form = CountedForm(asked)
    rows = visible(user)
    if contract := asked.get("contract", ""):
        rows = rows.filter(contract_id=int(contract)) if contract.isdecimal() else rows.none()
    valid = form.is_valid()
    return (queries.counted_in(rows, as_of=at, **form.cleaned_data) if valid else rows.none()), form


@require_GET
def counted(request: HttpRequest) -> HttpResponse:
    """The commitments behind a figure of the statement."""
    user, at = person(request), clock.now()
    rows, form = counted_rows(request, user, at)
    shown = cut(rows, COUNTED_ORDER, request.GET.get("after", ""))
    lines = [
        {
            "row": row,
            "kind": KINDS[Kind(row.kind)],
            "raw": OUTCOMES[Outcome(row.raw)],
            "final": OUTCOMES[Outcome(row.final)],
        }
        for row in shown.rows
    ]
    contract = request.GET.get("contract", "")
    told = {"at": at, "form": form, "page": shown, "lines": lines, "contract": contract}
    return render(request, "commitments/list.html", told, status=200 if form.is_valid() else 422)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One commitment with its arithmetic in the open."""
    user = person(request)
    at = clock.now()
    rows = visible(user).select_related("contract", "standard", "holder", "owed_by", "ruled_by")
    row = get_object_or_404(rows, pk=pk)
    standard = standard_of(row.standard)
    clauses = {clause.key: clause for clause in standard.clauses}
    terms = list(row.terms.all())
    return render(
        request,
        "commitments/page.html",
        {
            "at": at,
            "row": row,
            "kind": KINDS[Kind(row.kind)],
            "clause": clauses.get(row.clause),
            "clause_title": _title(clauses.get(row.clause)),
            "standard_title": str(row.standard),
            "limit": _limit(row.limit),
            "clock_words": CLOCKS[Clock(row.clock)],
            "excused_s": int((row.excused_due_at - row.due_at).total_seconds()),
            "raw": _outcome(row.raw_outcome(at)),
            "excused": _outcome(row.excused_outcome(at)),
            "ruled": _outcome(Outcome(row.ruled_outcome)) if row.ruled_outcome else None,
            "exemptions": list(row.exemptions.select_related("claimed_by", "decided_by", "evidence")),
            "terms": [
                {"term": term, "limit": _limit(term.limit), "missed": term.was_missed(row.settled_at)}
                for term in terms
            ],
            "alerts": [
                {"alert": alert, "told": [TOLD[Told(role)] for role in alert.told]}
                for alert in row.alerts.all()
            ],
            "timeline": timeline("commitment", row.pk),
            "producer_url": _producer(row),
        },
    )


def _title(clause: object) -> str:
    return str(getattr(clause, "title_en" if _lang().startswith("en") else "title", ""))


def _limit(limit: Limit) -> str:
    return limit_words(limit).told(_lang())


def _outcome(outcome: Outcome) -> dict[str, object]:
    tones = {Outcome.MET: "tag-green", Outcome.MISSED: "tag-red", Outcome.OPEN: ""}
    return {"key": outcome.value, "word": OUTCOMES[outcome], "tone": tones[outcome]}


# Which upper app made a commitment; named, for none is imported here.
PRODUCERS = {
    Kind.RESPONSE: "faults:of_commitment",
    Kind.REPAIR: "faults:of_commitment",
    Kind.CONFIRMATION: "changes:of_commitment",
    Kind.FACTORY: "returns:of_commitment",
}


def _producer(row: Commitment) -> str:
    """Where the fault, change or return of a commitment is found; empty where nobody provides the page."""
    try:
        return reverse(PRODUCERS[Kind(row.kind)], args=[row.pk])
    except NoReverseMatch:
        return ""
