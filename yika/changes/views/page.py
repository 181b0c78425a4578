"""One change on one page: what exactly will change, who said what, what may be done now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from yika.assets.views.parts import panel
from yika.changes import forms, queries
from yika.changes.models import Change, Line
from yika.changes.policies import can_edit, can_execute, can_vote, visible
from yika.changes.rules import AFTERWARDS, EDITABLE, STANDING, UNDONE, Mode, State, Word, family
from yika.changes.views.lists import WORDS
from yika.changes.words import WORDS_GIVEN, field_name
from yika.commitments.policies import visible as visible_commitments
from yika.configurations.rules import FAMILY, Row, side_by_side
from yika.journal.queries import timeline
from yika.lib import clock
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a change."""
    at, user = clock.now(), person(request)
    change = get_object_or_404(queries.open_page(user), pk=pk)
    return shown(request, user, change, at)


def shown(
    request: HttpRequest,
    user: User,
    change: Change,
    at: datetime,
    bound: Mapping[str, django_forms.Form] | None = None,
) -> HttpResponse:
    """The page; ``bound`` are forms that were sent and refused, by what the page names them."""
    context = context_of(user, change, at, bound or {})
    return render(request, "changes/page.html", context, status=422 if bound else 200)


def context_of(
    user: User, change: Change, at: datetime, bound: Mapping[str, django_forms.Form]
) -> dict[str, Any]:
    """What the page of a change shows."""
    state, mode = State(change.state), Mode(change.mode)
    lines = list(change.lines.select_related("device__kind"))
    devices = list(queries.touched(change))
    editing, executing = can_edit(user, change), can_execute(user, change)
    votes = list(change.votes.select_related("by", "answered_by"))
    words = {Word(vote.word): vote for vote in votes}
    waiting = mode is Mode.EMERGENCY and change.executed_at is not None and not AFTERWARDS & words.keys()
    voting = can_vote(user, change)
    in_window = change.from_at <= at < change.until_at
    offered = {
        "decide": voting and state is State.ASKED,
        "settle": voting and waiting,
        "ask": editing and state is State.ASKED_BACK and mode is Mode.NORMAL,
        "execute-first": executing and state is State.DRAFT and mode is Mode.EMERGENCY,
        "execute": executing and state is State.CONSENTED and in_window,
        "test": executing and state is State.EXECUTED and Word.DECLINE not in words,
        "roll-back": executing and state is State.EXECUTED,
        "withdraw": editing and state in STANDING,
        "drop": editing and state is State.DRAFT,
    }
    return {
        **WORDS,
        "change": change,
        "lines": [
            (line, field_name(line.field), words, _compared(line))
            for line, words in zip(lines, queries.worded(lines), strict=True)
        ],
        "devices": devices,
        "conflicts": queries.conflicts(change, devices, at) if state in STANDING or state in EDITABLE else [],
        "votes": votes,
        "declined": words.get(Word.DECLINE),
        "words": WORDS_GIVEN,
        "trials": change.trials.select_related("by"),
        "forms": {
            key: bound[key] if key in bound else forms.act_form(key)
            for key, may_be in offered.items()
            if may_be
        },
        "bound": set(bound),
        "asked_back": queries.asked_back(change),
        "can_draft_again": editing
        and (state in UNDONE or (state is State.CONSENTED and change.until_at <= at)),
        "editable": editing and state in EDITABLE,
        "can_ask": editing and state is State.DRAFT and mode is Mode.NORMAL,
        "patterns": queries.patterns_for(change, at)
        if editing and state is State.DRAFT and mode is Mode.STANDARD
        else [],
        "no_pattern": editing and state is State.DRAFT and mode is Mode.STANDARD,
        "out_of_window": executing and state is State.CONSENTED and not in_window,
        "unconfirmed": waiting,
        "of_a_return": panel("returns:panel_change", change=change.pk),
        "why_not": voting.reason
        if not voting and may(user, Right.CONSENT_TO_CHANGES) and (state is State.ASKED or waiting)
        else "",
        "timeline": timeline("change", change.pk, limit=100),
        "at": at,
    }


def _compared(line: Line) -> list[list[Row]]:
    """What changes in a text, line by line; nothing of other values, which say it themselves."""
    if family(line.field) != FAMILY:
        return []
    return side_by_side(line.before or "", line.after or "")


@require_GET
def of_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """From a commitment to the emergency change that made it."""
    user = person(request)
    commitment = get_object_or_404(visible_commitments(user), pk=pk)
    change = visible(user).filter(confirmation=commitment).first()
    if change is None:
        raise Http404
    return redirect("changes:page", change.pk)
