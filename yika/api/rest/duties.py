"""Commitments and the figures made of them."""

from dataclasses import asdict
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Path, Router
from ninja.params.functions import Query

from yika.api.rest import telling
from yika.api.rest.door import Bearer, answers, cut, owner, said
from yika.api.rest.kinds import Cursor, Key, Limit, MonthText, Word
from yika.api.rest.shapes.faults import Listing
from yika.api.rest.shapes.house import CommitmentRow, CommitmentShape, ComplianceShape
from yika.api.rules import Scope
from yika.commitments import queries
from yika.commitments.policies import can_see_compliance, can_see_due, visible
from yika.commitments.rules import Kind, Month
from yika.commitments.words import KINDS
from yika.contracts.policies import visible as visible_contracts
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.standards.queries import standard_of

router = Router(tags=["commitments"])


@router.get(
    "/commitments",
    auth=Bearer(Scope.READ),
    response=answers(Listing[CommitmentRow]),
    operation_id="list_commitments",
    summary="List commitments",
)
def list_commitments(
    request: HttpRequest,
    state: Literal["open", "overdue", "all"] = Query("open", description="all: void ones too"),
    clause: Word = "",
    kind: Literal["", "response", "repair", "confirmation", "factory"] = "",
    month: MonthText | None = Query(None, description="in which they started, e.g. 2026-03"),
    contract: Key | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Open and overdue ones by due time, all of them the latest first."""
    user, at = owner(request), clock.now()
    require(can_see_due(user))
    rows = visible(user)
    order: tuple[str, ...] = ("-started_at", "-id")
    if state != "all":
        rows, order = rows.open(), ("excused_due_at", "id")
    if state == "overdue":
        rows = rows.filter(excused_due_at__lt=at)
    if clause:
        rows = rows.filter(clause=clause)
    if kind:
        rows = rows.filter(kind=kind)
    if month:
        wanted = Month.read(month)
        rows = rows.filter(started_at__gte=wanted.starts_at, started_at__lt=wanted.ends_at)
    if contract is not None:
        rows = rows.filter(contract=contract)
    plain = rows.values(*telling.COMMITMENT_FIELDS)
    return cut(plain, order, cursor, limit, lambda found: telling.commitment_rows(found, at))


@router.get(
    "/commitments/{int:pk}",
    auth=Bearer(Scope.READ),
    response=answers(CommitmentShape, found=True),
    operation_id="read_commitment",
    summary="Read a commitment",
)
def read_commitment(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """With its arithmetic: allowances, exemptions, alerts, ruling, timeline."""
    user, at = owner(request), clock.now()
    row = get_object_or_404(visible(user).select_related("contract", "owed_by", "ruled_by"), pk=pk)
    plain = visible(user).filter(pk=pk).values(*telling.COMMITMENT_FIELDS)
    (told,) = telling.commitment_rows(plain, at)
    return said(telling.commitment(told, row, timeline("commitment", row.pk)))


def _figure(figure: queries.Figure) -> dict[str, Any]:
    counts = asdict(figure)
    return counts | {"formerly_missed": counts.pop("former")}


@router.get(
    "/compliance",
    auth=Bearer(Scope.READ),
    response=answers(ComplianceShape, found=True),
    operation_id="read_compliance",
    summary="Is the standard kept",
)
def read_compliance(
    request: HttpRequest,
    month: MonthText | None = Query(None, description="by default the running one"),
    contract: Key | None = Query(None, description="by default the one begun last"),
) -> HttpResponse:
    """The figures of a month, clause by clause: raw, and with exemptions and rulings."""
    user, at = owner(request), clock.now()
    require(can_see_compliance(user))
    wanted = Month.read(month) if month else Month.of(at)
    rows = visible_contracts(user).select_related("standard")
    ran = rows.filter(starts_on__lte=wanted.last_day, ends_on__gte=wanted.first_day)
    if contract is not None:
        ran = ran.filter(pk=contract)
    chosen = ran.order_by("-starts_on", "-id").first()
    told: dict[str, Any] = {"month": str(wanted), "contract": None, "as_of": telling.stamp(at)}
    if chosen is None:
        if contract is not None:
            raise BadInput(_("该月份没有这份合同"), field="contract")
        return said(told | {"total": None, "lines": []})
    found = queries.statement(
        visible(user).filter(contract=chosen),
        standard_of(chosen.standard),
        wanted,
        as_of=at,
        lang=telling.lang(),
    )
    lines = [
        {
            "clause": line.clause,
            "kind": telling.code(line.kind.value, KINDS[Kind(line.kind)]),
            "title": line.title,
            "figure": _figure(line.figure),
        }
        for line in found.rows
    ]
    return said(
        told
        | {
            "contract": telling.ref(chosen.pk, chosen.name),
            "total": _figure(found.total),
            "lines": lines,
        }
    )
