"""Faults: the list, one of them, and how a report comes in."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from ninja import Body, Header, Path, Router
from ninja.params.functions import Query
from pydantic import Field

from yika.api import actions
from yika.api.rest import telling
from yika.api.rest.door import Bearer, answers, cut, owner, said
from yika.api.rest.kinds import Asked, BodyKey, Count, Cursor, Key, Limit, Moment, Short, Some, Text, Word
from yika.api.rest.shapes.faults import CandidateShape, FaultRow, FaultShape, Listing, Reported, Revealed
from yika.api.rules import Scope, body_digest
from yika.assets.models import Device
from yika.assets.policies import can_see, visible_places
from yika.faults import queries
from yika.faults.actions import intake, reporting
from yika.faults.models import Channel, Fault, Report, Symptom
from yika.faults.policies import can_report, visible
from yika.faults.rules import State
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.ready import Ready
from yika.people.forms import PhoneField
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right, Role, Side

router = Router(tags=["faults"])

ChannelText = Literal["phone", "in_person", "monitoring", "inspection"]
Phone = Annotated[str, Field(max_length=20, pattern=r"^[0-9+() -]*$")]
Once = Annotated[
    uuid.UUID | None,
    Header(
        alias="Idempotency-Key",
        description="A UUID of your own. The same key with the same body gives the report it made (200); "
        "with another body 422. Kept for 7 days.",
    ),
]


REPORT = actions.Made(
    find=lambda key: Report.objects.filter(submission=key).select_related("fault").first(),
    maker=lambda report: report.taken_by_id,
    at=lambda report: report.recorded_at,
)


def rows_of(user: User, at: datetime, *keys: int) -> list[dict[str, Any]]:
    """Some visible faults as lists show them; two queries."""
    rows = visible(user).filter(pk__in=keys).values(*telling.FAULT_FIELDS)
    return telling.fault_rows(list(rows), at)


def fault_of(user: User, pk: int) -> Fault:
    """A visible fault with what its verbs need. Raises: Http404."""
    return get_object_or_404(queries.open_page(user), pk=pk)


@router.get(
    "/faults",
    auth=Bearer(Scope.READ),
    response=answers(Listing[FaultRow]),
    operation_id="list_faults",
    summary="List faults",
)
def list_faults(
    request: HttpRequest,
    state: Literal["open", "ended", "all"] | State = Query(
        "open", description="open, ended, all, or one state"
    ),
    severity: Word = "",
    place: Key | None = Query(None, description="this place and everything below it"),
    technician: Key | None = None,
    q: Short = Query("", description="words in number, place, device or description"),
    overdue: bool = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Open and overdue faults by urgency, others the latest first."""
    user, at = owner(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    filters = queries.Filters(
        state=state,
        severity=severity,
        place=_one(visible_places(user), place, "place", _("没有这个地点")),
        technician=_one(_technicians(user), technician, "technician", _("没有这名维护人员")),
        text=q,
        overdue_at=at if overdue else None,
    )
    rows, order = queries.listing(user, filters)
    plain = rows.select_related(None).values(*telling.FAULT_FIELDS)
    return cut(plain, order, cursor, limit, lambda found: telling.fault_rows(found, at))


def _technicians(user: User) -> Any:
    rows = User.objects.filter(role=Role.TECHNICIAN)
    return rows.filter(organisation=user.organisation_id) if user.side is Side.VENDOR else rows


def _one(rows: Any, key: int | None, field: str, words: str) -> Any:
    """The row asked for, if any. Raises: BadInput when there is none."""
    if key is None:
        return None
    found = rows.filter(pk=key).first()
    if found is None:
        raise BadInput(words, field=field)
    return found


class NewReport(Asked):
    """A report taken for somebody, or found by a program or on a round."""

    symptom: Symptom
    channel: ChannelText = "monitoring"
    place: BodyKey | None = Field(None, description="a place's key, unless a device is named")
    devices: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        [], max_length=200, description="numbers of devices in use; the first is the one reported"
    )
    description: Text = ""
    terminals: Count | None = Field(
        None, description="affected; by default the named devices that count, and what hangs on them"
    )
    cardholders: Count | None = None
    reporter_name: Annotated[Short, Field(max_length=40)] = ""
    reporter_phone: Phone = ""
    reported_at: Moment | None = Field(None, description="when it was first reported; by default now")


class JoiningReport(Asked):
    """One more person's report of a known outage."""

    channel: ChannelText = "monitoring"
    description: Text = ""
    reporter_name: Annotated[Short, Field(max_length=40)] = ""
    reporter_phone: Phone = ""
    reported_at: Moment | None = None


_numbered = Ready(
    lambda numbers: Device.objects.in_use().filter(number__in=numbers).select_related("kind", "place")
)


def _devices(user: User, numbers: Sequence[str]) -> list[Device]:
    """The devices with these numbers, in this order. Raises: BadInput naming those that are not there."""
    numbers = list(dict.fromkeys(numbers))
    found = {device.number: device for device in _numbered(numbers)} if can_see(user) else {}
    missing = [number for number in numbers if number not in found]
    if missing:
        words = _("没有在用的设备：%(numbers)s") % {"numbers": "、".join(missing[:5])}
        raise BadInput(words, field="devices")
    return [found[number] for number in numbers]


def _phone(text: str) -> str:
    """A telephone number as forms keep it. Raises: BadInput."""
    try:
        return PhoneField(required=False, max_length=20).clean(text)
    except ValidationError as error:
        raise BadInput(*error.messages, field="reporter_phone") from error


def reported(report: Report, *, new: bool) -> HttpResponse:
    """201 with what a report made, or 200 with what it had made before."""
    url = reverse("api:v1:read_fault", args=[report.fault_id])
    try:
        tracking = reverse("faults:progress", args=[report.secret])
    except NoReverseMatch:
        tracking = f"/t/{report.secret}/"
    data = {
        "report": report.pk,
        "fault": report.fault_id,
        "number": f"G{report.fault_id:06d}",
        "merged_into": report.fault.merged_into_id,
        "url": f"{settings.ORIGIN}{url}",
        "tracking_url": f"{settings.ORIGIN}{tracking}",
    }
    return said(data, 201 if new else 200, Location=url)


@router.post(
    "/faults",
    auth=Bearer(Scope.REPORT),
    response=answers(Reported, status=201, body=True) | {200: Reported},
    operation_id="report_fault",
    summary="Report a fault",
)
def report_fault(request: HttpRequest, body: Body[NewReport], idempotency_key: Once = None) -> HttpResponse:
    """Opens a fault with its first report; its clocks run from `reported_at`. 200: the key made it before."""
    user, at = owner(request), clock.now()
    require(can_report(user))
    devices = _devices(user, body.devices)
    place = _one(visible_places(user), body.place, "place", _("没有这个地点"))
    key = idempotency_key or uuid.uuid4()

    def make() -> Report:
        return intake.report(
            channel=Channel(body.channel),
            symptom=body.symptom,
            submission=key,
            by=user,
            at=at,
            place=place,
            device=devices[0] if devices else None,
            devices=devices,
            description=body.description,
            reporter_name=body.reporter_name,
            reporter_phone=_phone(body.reporter_phone),
            reported_at=body.reported_at,
            terminals=body.terminals,
            cardholders=body.cardholders,
        )

    return _once(request, idempotency_key, make, user, at)


def _once(request: HttpRequest, key: uuid.UUID | None, make: Any, user: User, at: datetime) -> HttpResponse:
    if key is None:
        return reported(make(), new=True)
    digest = body_digest(request.path, request.body)
    made, new = actions.once(key, digest, make, REPORT, by=user, at=at)
    return reported(made, new=new)


@router.get(
    "/faults/{int:pk}",
    auth=Bearer(Scope.READ),
    response=answers(FaultShape, found=True),
    operation_id="read_fault",
    summary="Read a fault",
)
def read_fault(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Everything its page shows: clocks, reports, classifications, moves, rulings, log, timeline."""
    user, at = owner(request), clock.now()
    fault = fault_of(user, pk)
    (row,) = rows_of(user, at, pk)
    shown = queries.page_of(fault, at)
    return said(telling.fault(row, shown, queries.steps(user, fault, at), str(queries.waiting_for(fault))))


@router.get(
    "/faults/{int:pk}/candidates",
    auth=Bearer(Scope.READ),
    response=answers(list[CandidateShape], found=True),
    operation_id="list_candidates",
    summary="Whom to send",
)
def list_candidates(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Technicians of the vendor, the fittest first."""
    user = owner(request)
    found = queries.candidates([fault_of(user, pk)], clock.now())
    return said(
        [
            {
                "id": one.key,
                "name": one.name,
                "on_duty": one.on_duty,
                "skilled": one.skilled,
                "load": one.load,
                "knows_it": one.knows_it,
            }
            for one in found
        ]
    )


@router.post(
    "/faults/{int:pk}/reports",
    auth=Bearer(Scope.REPORT),
    response=answers(Reported, status=201, body=True, found=True) | {200: Reported},
    operation_id="join_fault",
    summary="Add a report to a fault",
)
def join_fault(
    request: HttpRequest, pk: Path[Key], body: Body[JoiningReport], idempotency_key: Once = None
) -> HttpResponse:
    """One more report of a known outage; an earlier one moves the start of its clocks."""
    user, at = owner(request), clock.now()
    fault = fault_of(user, pk)
    require(can_report(user))
    key = idempotency_key or uuid.uuid4()

    def make() -> Report:
        return intake.join(
            fault,
            channel=Channel(body.channel),
            submission=key,
            by=user,
            at=at,
            description=body.description,
            reporter_name=body.reporter_name,
            reporter_phone=_phone(body.reporter_phone),
            reported_at=body.reported_at,
        )

    return _once(request, idempotency_key, make, user, at)


class Reason(Asked):
    """Why somebody needs to see it; goes on record."""

    reason: Annotated[Some, Field(max_length=200)]


@router.post(
    "/faults/{int:pk}/reports/{int:report}/reveal",
    auth=Bearer(Scope.PERSONAL),
    response=answers(Revealed, body=True, found=True),
    operation_id="reveal_reporter",
    summary="See a reporter's name and phone",
)
def reveal_reporter(
    request: HttpRequest, pk: Path[Key], report: Path[Key], body: Body[Reason]
) -> HttpResponse:
    """In full, with the reason on record."""
    user = owner(request)
    found = get_object_or_404(queries.reports_of(fault_of(user, pk)), pk=report)
    name, phone = reporting.reveal(found, reason=body.reason, by=user, at=clock.now())
    return said({"reporter_name": name, "reporter_phone": phone})
