"""Changes: drafted line by line, the Office's say, carried out, tested. Source: 4.1.4."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body, Path, Router
from ninja.params.functions import Query
from pydantic import Field

from yika.api import actions
from yika.api.rest import telling
from yika.api.rest.door import Bearer, answers, cut, owner, said
from yika.api.rest.faults import Once
from yika.api.rest.kinds import Asked, BodyKey, Cursor, Key, Limit, Moment, Short, Some, Text, Yes
from yika.api.rest.shapes.changes import ChangeRow, ChangeShape
from yika.api.rest.shapes.faults import Listing
from yika.api.rules import Scope, body_digest
from yika.assets.models import Device
from yika.assets.policies import visible_devices
from yika.changes import queries
from yika.changes.actions import executing, proposing, voting
from yika.changes.actions.proposing import Head, Proposed
from yika.changes.models import Change, Pattern
from yika.changes.policies import can_see
from yika.changes.rules import EDITABLE, MOST_LINES, STANDING, TEXT_LENGTH, TITLE_LENGTH, Kind, Mode, State
from yika.changes.rules import Word as Vote
from yika.changes.words import KINDS, MODES, STATES, WORDS_GIVEN, field_name
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.people.models import User

router = Router(tags=["changes"])
WRITERS = (Scope.WORK, Scope.DECIDE)  # both sides propose and carry out; the action asks whose it is
FIELDS = (
    "id",
    "kind",
    "mode",
    "state",
    "title",
    "asked_by_id",
    "asked_by__name",
    "from_at",
    "until_at",
    "made_at",
    "asked_at",
    "executed_at",
    "ended_at",
)
Number = Annotated[str, Field(min_length=1, max_length=40)]
Long = Annotated[Some, Field(max_length=TEXT_LENGTH)]


class Value(Asked):
    """A value that a field shall have, as the field is written: see the guide."""

    device: Number
    field: Annotated[str, Field(min_length=1, max_length=100)]
    value: Any = None


class Wording(Asked):
    """What is said about a change beside its values."""

    kind: Kind
    mode: Mode = Mode.NORMAL
    title: Annotated[Some, Field(max_length=TITLE_LENGTH)]
    reason: Long
    risk: Long
    plan: Long
    back_out: Long
    from_at: Moment
    until_at: Moment
    devices: list[Number] = Field([], max_length=200, description="numbers of devices it touches besides")

    def head(self) -> Head:
        """The words without the devices."""
        return Head(**{name: getattr(self, name) for name in Head.__dataclass_fields__})


class NewChange(Wording):
    """``ask``: put it before the Office at once; else it stays a draft."""

    lines: list[Value] = Field([], max_length=MOST_LINES)
    ask: Yes = False


class Values(Asked):
    """Values to put into a draft; a field already in it gets the new one."""

    lines: list[Value] = Field(min_length=1, max_length=MOST_LINES)


class Taken(Asked):
    """The key of a value in a draft."""

    line: BodyKey


class Window(Asked):
    """When the change shall be carried out; half-open."""

    from_at: Moment
    until_at: Moment


class Reasoned(Asked):
    """Why; consent and confirmation may go without."""

    reason: Text = ""


class Asking(Asked):
    """``note`` answers what the Office asked back; without a question nothing needs to be said."""

    note: Text = ""


class Noted(Asked):
    """What was done."""

    note: Some


class Trying(Asked):
    """One test."""

    item: Short
    expected: Short
    result: Short
    passed: Yes


class Using(Asked):
    """The key of a pattern that the Office approved beforehand."""

    pattern: BodyKey


class Nothing(Asked):
    """Nothing more needs to be said; ``{}`` or no body at all."""


def rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Changes as lists show them."""
    return [
        {
            "id": row["id"],
            "number": f"BG{row['id']:06d}",
            "kind": telling.code(row["kind"], KINDS[Kind(row["kind"])]),
            "mode": telling.code(row["mode"], MODES[Mode(row["mode"])]),
            "state": telling.code(row["state"], STATES[State(row["state"])]),
            "title": row["title"],
            "asked_by": telling.ref(row["asked_by_id"], row["asked_by__name"]),
            **{name: telling.stamp(row[name]) for name in ("from_at", "until_at", "made_at")},
            **{name: telling.stamp_or_none(row[name]) for name in ("asked_at", "executed_at", "ended_at")},
        }
        for row in found
    ]


def _answer(user: User, pk: int, at: datetime, status: int = 200, **headers: str) -> HttpResponse:
    change = get_object_or_404(queries.open_page(user), pk=pk)
    (row,) = rows(list(queries.open_page(user).filter(pk=pk).values(*FIELDS)))
    devices = list(queries.touched(change))
    open_now = State(change.state) in EDITABLE | STANDING
    told = row | {
        **{name: getattr(change, name) for name in ("reason", "risk", "plan", "back_out", "executed_note")},
        "pattern": change.pattern.name if change.pattern else None,
        "executed_by": telling.who(change.executed_by),
        "devices": [device.number for device in devices],
        "lines": [
            {
                "id": line.pk,
                "device": line.device.number,
                "field": line.field,
                "name": field_name(line.field),
                "before": line.before,
                "after": line.after,
                "before_words": line.before_words,
                "after_words": line.after_words,
            }
            for line in change.lines.select_related("device")
        ],
        "votes": [
            {
                "word": telling.code(vote.word, WORDS_GIVEN[Vote(vote.word)]),
                "reason": vote.reason,
                "by": telling.who(vote.by),
                "at": telling.stamp(vote.at),
                "answer": vote.answer,
                "answered_by": telling.who(vote.answered_by),
                "answered_at": telling.stamp_or_none(vote.answered_at),
            }
            for vote in change.votes.select_related("by", "answered_by")
        ],
        "tests": [trial(one) for one in change.trials.select_related("by")],
        "conflicts": [one.words for one in queries.conflicts(change, devices, at)] if open_now else [],
        "confirmation": telling.clock_of(change.confirmation, at),
        "timeline": [telling.line(one) for one in timeline("change", change.pk, limit=100)],
    }
    return said(told, status, **headers)


def trial(one: Any) -> dict[str, Any]:
    """A test of a change or a return."""
    return {
        "item": one.item,
        "expected": one.expected,
        "result": one.result,
        "passed": one.passed,
        "by": telling.who(one.by),
        "at": telling.stamp(one.at),
    }


@router.get(
    "/changes",
    auth=Bearer(Scope.READ),
    response=answers(Listing[ChangeRow]),
    operation_id="list_changes",
    summary="List changes",
)
def list_changes(
    request: HttpRequest,
    state: Literal["open", "ended", "unconfirmed", "all"] | State = Query("open"),
    kind: Kind | None = None,
    mode: Mode | None = None,
    q: Short = Query("", description="part of the title, a change's or a device's number"),
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HttpResponse:
    """The latest first."""
    user = owner(request)
    require(can_see(user))
    filters = queries.Filters(q, str(state), kind or "", mode or "")
    found = queries.listed(user, filters).select_related(None).values(*FIELDS)
    return cut(found, ("-id",), cursor, limit, rows)


@router.get(
    "/changes/{int:pk}",
    auth=Bearer(Scope.READ),
    response=answers(ChangeShape, found=True),
    operation_id="read_change",
    summary="Read a change",
)
def read_change(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Value by value what will change, what stands against it, what was said and tested."""
    return _answer(owner(request), pk, clock.now())


def numbered(user: User, numbers: list[str], field: str) -> dict[str, Device]:
    """Visible devices by number. Raises: BadInput naming those that are not there."""
    numbers = list(dict.fromkeys(numbers))
    found = visible_devices(user).filter(number__in=numbers).select_related("kind", "place", "model")
    devices = {device.number: device for device in found}
    missing = [number for number in numbers if number not in devices]
    if missing:
        raise BadInput(_("没有编号为 %(number)s 的设备") % {"number": "、".join(missing[:5])}, field=field)
    return devices


def proposed(user: User, lines: list[Value]) -> list[Proposed]:
    """Values of visible devices. Raises: BadInput naming unknown devices and what is said twice."""
    pairs = Counter((line.device, line.field) for line in lines)
    said = _("%(number)s 的%(field)s写了多次，只能写一次")
    twice = [
        said % {"number": number, "field": field_name(field)} for (number, field), n in pairs.items() if n > 1
    ]
    if twice:
        raise BadInput(*twice, field="lines")
    named = numbered(user, [line.device for line in lines], "lines")
    return [Proposed(named[line.device], line.field, line.value) for line in lines]


DRAFT = actions.Made(
    find=lambda key: Change.objects.filter(submission=key).first(),
    maker=lambda change: change.asked_by_id,
    at=lambda change: change.made_at,
)


@router.post(
    "/changes",
    auth=Bearer(*WRITERS),
    response=answers(ChangeShape, status=201, body=True) | {200: ChangeShape},
    operation_id="draft_change",
    summary="Draft a change",
)
def draft_change(request: HttpRequest, body: Body[NewChange], idempotency_key: Once = None) -> HttpResponse:
    """With its values; `ask` puts it before the Office at once. 200: the key made it before."""
    user, at = owner(request), clock.now()
    key = idempotency_key or uuid.uuid4()
    devices, lines = numbered(user, body.devices, "devices"), proposed(user, body.lines)

    def make() -> Change:
        made = proposing.draft(
            body.head(), submission=key, lines=lines, devices=list(devices.values()), by=user, at=at
        )
        if body.ask and State(made.state) is State.DRAFT:
            proposing.ask(made, by=user, at=at)
        return made

    digest = body_digest(request.path, request.body)
    made, new = actions.once(key, digest, make, DRAFT, by=user, at=at)
    url = reverse("api:v1:read_change", args=[made.pk])
    return _answer(user, made.pk, at, 201 if new else 200, Location=url)


def _route(verb: str, scopes: tuple[Scope, ...], words: str) -> Callable[[Any], Any]:
    return router.post(
        f"/changes/{{int:pk}}/{verb.replace('_', '-')}",
        auth=Bearer(*scopes),
        response=answers(ChangeShape, body=True, found=True),
        operation_id=f"{verb}_change",
        url_name=f"{verb}_change",
        summary=words,
    )


def _change(request: HttpRequest, pk: int) -> tuple[User, Change, datetime]:
    user = owner(request)
    return user, get_object_or_404(queries.open_page(user), pk=pk), clock.now()


def _plain(verb: str, act: Callable[..., Change], scopes: tuple[Scope, ...], words: str) -> None:
    @_route(verb, scopes, words)
    def plain(request: HttpRequest, pk: Path[Key], body: Body[Nothing] = Nothing()) -> HttpResponse:  # noqa: B008
        user, change, at = _change(request, pk)
        act(change, by=user, at=at)
        return _answer(user, pk, at)


def _reasoned(verb: str, act: Callable[..., Change], scopes: tuple[Scope, ...], words: str) -> None:
    @_route(verb, scopes, words)
    def reasoned(request: HttpRequest, pk: Path[Key], body: Body[Reasoned]) -> HttpResponse:
        user, change, at = _change(request, pk)
        act(change, reason=body.reason, by=user, at=at)
        return _answer(user, pk, at)


def _noted(verb: str, act: Callable[..., Change], words: str) -> None:
    @_route(verb, WRITERS, words)
    def noted(request: HttpRequest, pk: Path[Key], body: Body[Noted]) -> HttpResponse:
        user, change, at = _change(request, pk)
        act(change, note=body.note, by=user, at=at)
        return _answer(user, pk, at)


OFFICE = (Scope.DECIDE,)


@_route("ask", WRITERS, "Put a change before the Office")
def ask(request: HttpRequest, pk: Path[Key], body: Body[Asking] = Asking()) -> HttpResponse:  # noqa: B008
    """After the Office asked back `note` must answer it; else `{}` or no body will do."""
    user, change, at = _change(request, pk)
    proposing.ask(change, note=body.note, by=user, at=at)
    return _answer(user, pk, at)


_plain("verify", executing.verify, WRITERS, "End a change that works")
_reasoned("withdraw", proposing.withdraw, WRITERS, "Take a change back")
_reasoned("roll_back", executing.roll_back, WRITERS, "Write the values of before again")
_reasoned("ask_back", voting.ask_back, OFFICE, "Ask the proposer for more")
_reasoned("consent", voting.consent, OFFICE, "Consent to exactly these values")
_reasoned("refuse", voting.refuse, OFFICE, "Refuse a change")
_reasoned("confirm", voting.confirm, OFFICE, "Confirm an emergency change")
_reasoned("decline", voting.decline, OFFICE, "Decline to confirm an emergency change")
_noted("execute", executing.execute, "Carry a change out")
_noted("execute_first", executing.execute_first, "Carry an emergency change out before consent")


@_route("edit", WRITERS, "Word a draft anew")
def edit(request: HttpRequest, pk: Path[Key], body: Body[Wording]) -> HttpResponse:
    """All of its words and the devices it touches besides; its values stay. For a draft or one asked back."""
    user, change, at = _change(request, pk)
    devices = numbered(user, body.devices, "devices")
    proposing.edit(change, body.head(), devices=list(devices.values()), by=user, at=at)
    return _answer(user, pk, at)


@_route("add_lines", WRITERS, "Put values into a draft")
def add_lines(request: HttpRequest, pk: Path[Key], body: Body[Values]) -> HttpResponse:
    """For a draft or one asked back."""
    user, change, at = _change(request, pk)
    proposing.add_lines(change, proposed(user, body.lines), by=user, at=at)
    return _answer(user, pk, at)


@_route("remove_line", WRITERS, "Take a value out of a draft")
def remove_line(request: HttpRequest, pk: Path[Key], body: Body[Taken]) -> HttpResponse:
    """For a draft or one asked back; the key is that of one of its `lines`."""
    user, change, at = _change(request, pk)
    line = change.lines.filter(pk=body.line).first()
    if line is None:
        raise BadInput(_("变更里没有这一项"), field="line")
    proposing.remove_line(line, by=user, at=at)
    return _answer(user, pk, at)


@_route("draft_again", WRITERS, "Draft again what came to nothing")
def draft_again(request: HttpRequest, pk: Path[Key], body: Body[Window]) -> HttpResponse:
    """The same words and values for another window, as a new draft; the answer is the new change."""
    user, change, at = _change(request, pk)
    made = proposing.draft_again(change, (body.from_at, body.until_at), by=user, at=at)
    return _answer(user, made.pk, at)


@_route("use_pattern", WRITERS, "Take a change as consented beforehand")
def use_pattern(request: HttpRequest, pk: Path[Key], body: Body[Using]) -> HttpResponse:
    """By a pattern of the Office's; 409 names everything in which it goes beyond."""
    user, change, at = _change(request, pk)
    pattern = Pattern.objects.filter(pk=body.pattern).first()
    if pattern is None:
        raise BadInput(_("没有这类标准变更"), field="pattern")
    proposing.use_pattern(change, pattern, by=user, at=at)
    return _answer(user, pk, at)


@_route("test", WRITERS, "Record a test of a change")
def test(request: HttpRequest, pk: Path[Key], body: Body[Trying]) -> HttpResponse:
    """After it was carried out, before it is verified."""
    user, change, at = _change(request, pk)
    executing.add_trial(change, **body.model_dump(), by=user, at=at)
    return _answer(user, pk, at)
