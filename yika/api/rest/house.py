"""Who asks, who is on duty, what the standard says, and the journal."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Path, Router
from ninja.params.functions import Query

from yika.api.rest import telling
from yika.api.rest.door import Bearer, answers, owner, said, token_of
from yika.api.rest.kinds import Cursor, Key, Limit, Moment, Short, Word
from yika.api.rest.shapes.faults import Listing
from yika.api.rest.shapes.house import (
    EventShape,
    Explained,
    MeShape,
    OnDutyShape,
    StandardShape,
    VersionShape,
)
from yika.api.rules import Scope
from yika.faults import explaining
from yika.journal import actions as journal
from yika.journal.policies import can_read
from yika.journal.policies import visible as visible_events
from yika.journal.queries import found as found_events
from yika.journal.queries import last_seal, sealed, unsealed
from yika.journal.rules import copying
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.paging import page
from yika.lib.text import mask_phone
from yika.people.policies import can_see_card, may, visible
from yika.people.queries import on_duty
from yika.people.rules import Right
from yika.standards.models import StandardVersion
from yika.standards.policies import visible as visible_versions
from yika.standards.queries import in_force, in_order, standard_of
from yika.standards.rules import Level, Range, Standard
from yika.standards.rules import Limit as StandardLimit

router = Router()


@router.get(
    "/me",
    auth=Bearer(*Scope),
    response=answers(MeShape),
    operation_id="me",
    summary="Who asks",
    tags=["token"],
)
def me(request: HttpRequest) -> HttpResponse:
    """In whose name the token acts, and its limits."""
    user, token = owner(request), token_of(request)
    return said(
        {
            "id": user.pk,
            "username": user.username,
            "name": user.name,
            "role": user.role,
            "organisation": user.organisation.name,
            "token": {
                "name": token.name,
                "prefix": token.prefix,
                "scopes": token.scopes,
                "created_at": telling.stamp(token.created_at),
                "expires_at": telling.stamp(token.expires_at),
            },
            "requests_a_minute": settings.API_PER_MINUTE,
        }
    )


@router.get(
    "/people/on-duty",
    auth=Bearer(Scope.READ),
    response=answers(OnDutyShape),
    operation_id="list_on_duty",
    summary="Who is on duty",
    tags=["people"],
)
def list_on_duty(
    request: HttpRequest, at: Moment | None = Query(None, description="by default now")
) -> HttpResponse:
    """Of the people whose card the owner may see, the least loaded first."""
    user = owner(request)
    require(may(user, Right.SEE_PEOPLE))
    moment = at or clock.now()
    covering = Q(shifts__starts_at__lte=moment, shifts__ends_at__gt=moment)
    people = (
        on_duty(moment)
        .filter(pk__in=visible(user).values("pk"))
        .annotate(
            until=Max("shifts__ends_at", filter=covering),
            load=Count("faults", filter=Q(faults__ended_at__isnull=True), distinct=True),
        )
        .order_by("load", "name", "id")
    )
    return said(
        {
            "at": telling.stamp(moment),
            "people": [
                {
                    "id": one.pk,
                    "name": one.name,
                    "role": one.role,
                    "badge_number": one.badge_number,
                    "phone": mask_phone(one.phone),
                    "skills": one.skills,
                    "load": one.load,
                    "until": telling.stamp(one.until),
                }
                for one in people
                if can_see_card(user, one)
            ],
        }
    )


# The standard


def _version(row: StandardVersion) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "version": row.version,
        "title": row.title,
        "sha256": row.sha256,
        "loaded_at": telling.stamp(row.loaded_at),
        "adopted_at": telling.stamp_or_none(row.adopted_at),
    }


def _limit(limit: StandardLimit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {
        "clause": limit.clause,
        "seconds": limit.seconds,
        "days": limit.days,
        "clock": limit.clock.value,
    }


def _level(level: Level) -> dict[str, Any]:
    def ends(span: Range | None) -> list[int | None] | None:
        return None if span is None else [span.low, span.high]

    return {
        "key": level.key,
        "name": level.name_en if telling.english() else level.name,
        "clause": level.clause,
        "terminals": ends(level.terminals),
        "cardholders": ends(level.cardholders),
        "causes": list(level.causes),
        "response": _limit(level.response),
        "repair": _limit(level.repair),
    }


def _standard(row: StandardVersion) -> dict[str, Any]:
    standard, english = standard_of(row), telling.english()
    return _version(row) | {
        "levels": [_level(level) for level in standard.levels],
        "clauses": [
            {
                "key": clause.key,
                "title": clause.title_en if english else clause.title,
                "text": clause.text_en if english else clause.text,
            }
            for clause in standard.clauses
        ],
        "log_fields": [
            telling.code(field.key, field.name_en if english else field.name) for field in standard.fault_log
        ],
    }


@router.get(
    "/standards",
    auth=Bearer(Scope.READ),
    response=answers(list[VersionShape]),
    operation_id="list_standards",
    summary="List versions of the standard",
    tags=["standard"],
)
def list_standards(request: HttpRequest) -> HttpResponse:
    """The one last adopted first."""
    rows = in_order(visible_versions(owner(request))).defer("source")
    return said([_version(row) for row in rows])


def _chosen(request: HttpRequest, key: int | None) -> StandardVersion:
    """The version asked for, else the one in force. Raises: BadInput, WrongState."""
    versions = visible_versions(owner(request))
    row = versions.filter(pk=key).first() if key is not None else in_force(versions)
    if row is None:
        raise BadInput(_("没有这一版规范"), field="standard")
    return row


@router.get(
    "/standards/current",
    auth=Bearer(Scope.READ),
    response=answers(StandardShape, found=True),
    operation_id="read_current_standard",
    summary="The standard in force",
    tags=["standard"],
)
def read_current_standard(request: HttpRequest) -> HttpResponse:
    """Levels, clauses, and the fields of the fault log."""
    return said(_standard(_chosen(request, None)))


@router.get(
    "/standards/{int:pk}",
    auth=Bearer(Scope.READ),
    response=answers(StandardShape, found=True),
    operation_id="read_standard",
    summary="Read a version of the standard",
    tags=["standard"],
)
def read_standard(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Levels, clauses, and the fields of the fault log."""
    return said(_standard(get_object_or_404(visible_versions(owner(request)), pk=pk)))


@router.get(
    "/explain",
    auth=Bearer(Scope.READ),
    response=answers(Explained),
    operation_id="explain",
    summary="What follows from the facts of a case",
    tags=["standard"],
)
def explain(
    request: HttpRequest,
    reported_at: Moment,
    terminals: int = Query(0, ge=0, le=10_000_000),
    cardholders: int = Query(0, ge=0, le=10_000_000),
    cause: Short = Query("", description="special, or a cause of the standard"),
    arrived_at: Moment | None = None,
    repaired_at: Moment | None = None,
    returned_to_factory: bool = False,
    shipped_at: Moment | None = None,
    as_of: Moment | None = Query(None, description="by default now; what is stated is done"),
    standard: Key | None = Query(None, description="by default the version in force"),
) -> HttpResponse:
    """Class, limits and outcomes with the arithmetic line by line, as `yika standard explain` gives them."""
    told = standard_of(_chosen(request, standard))
    for field, moment in (
        ("arrived_at", arrived_at),
        ("repaired_at", repaired_at),
        ("shipped_at", shipped_at),
    ):
        if moment is not None and moment < reported_at:
            raise BadInput(_("早于报修时间"), field=field)
    if shipped_at is not None and not returned_to_factory:
        raise BadInput(_("须同时注明返厂"), field="shipped_at")
    case = explaining.Case(
        reported_at,
        terminals,
        cardholders,
        _special(cause, told),
        arrived_at,
        repaired_at,
        returned_to_factory,
        shipped_at,
    )
    when = as_of or explaining.latest(clock.now(), arrived_at, repaired_at)
    try:
        result = explaining.explain(case, told, when)
    except (ValueError, OverflowError) as error:
        raise BadInput(_("推算不出时限"), field="reported_at") from error
    spoken = "en" if telling.english() else "zh"
    return said(
        explaining.as_data(result)
        | {"as_of": telling.stamp(when), "lines": list(explaining.lines(result, told, spoken))}
    )


def _special(cause: str, standard: Standard) -> bool:
    try:
        return explaining.is_special(cause, standard)
    except ValueError as error:
        known = "、".join(explaining.causes(standard))
        raise BadInput(_("未知的原因，可选：%(known)s") % {"known": known}, field="cause") from error


# The journal


@router.get(
    "/journal/events",
    auth=Bearer(Scope.JOURNAL),
    response=answers(Listing[EventShape]),
    operation_id="list_events",
    summary="List events",
    tags=["journal"],
)
def list_events(
    request: HttpRequest,
    who: Short = Query("", description="an actor's key (user:3) or part of a name"),
    noun: Word = "",
    key: Short = "",
    verb: Word = "",
    since: Moment | None = None,
    until: Moment | None = Query(None, description="excluded"),
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """The latest first."""
    user = owner(request)
    require(can_read(user))
    rows = found_events(
        visible_events(user), who=who, noun=noun, key=key, verb=verb, since=since, until=until
    )
    listed = page(rows, ("-at", "-id"), cursor, limit)
    return said({"items": [telling.event(row) for row in listed.rows], "next": listed.next_cursor or None})


@router.get(
    "/journal/copy",
    auth=Bearer(Scope.JOURNAL),
    response=answers(None),
    operation_id="copy_journal",
    summary="A copy of the journal",
    tags=["journal"],
    openapi_extra={
        "responses": {
            200: {
                "content": {"application/jsonl": {"schema": {"type": "string"}}},
                "description": "JSON lines",
            }
        }
    },
)
def copy_journal(request: HttpRequest) -> HttpResponseBase:
    """Every event with all seals as JSON lines, to be kept and checked with `yika verify`; goes on record."""
    user = owner(request)
    require(can_read(user))
    journal.take_copy(by=user, at=clock.now())
    lines = copying.written(sealed(last_seal()), unsealed())
    headers = {"Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8", headers=headers)
