"""One change on one page: what exactly will change, who said what, what may be done now."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from yika.changes import forms, queries
from yika.changes.models import Change
from yika.changes.policies import can_edit, can_execute, can_vote
from yika.changes.rules import EDITABLE, STANDING, Mode, State
from yika.changes.views.lists import WORDS
from yika.changes.words import WORDS_GIVEN, field_name
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
    return render(request, "changes/page.html", context_of(user, change, at))


def context_of(user: User, change: Change, at: datetime) -> dict[str, Any]:
    """What the page of a change shows."""
    state, mode = State(change.state), Mode(change.mode)
    lines = list(change.lines.select_related("device__kind"))
    devices = list(queries.touched(change))
    editing, executing = can_edit(user, change), can_execute(user, change)
    waiting = mode is Mode.EMERGENCY and change.executed_at is not None and queries.answered(change) is None
    voting = can_vote(user, change)
    return {
        **WORDS,
        "change": change,
        "lines": [(line, field_name(line.field)) for line in lines],
        "devices": devices,
        "conflicts": queries.conflicts(change, devices, at) if state in STANDING or state in EDITABLE else [],
        "votes": change.votes.select_related("by"),
        "words": WORDS_GIVEN,
        "trials": change.trials.select_related("by"),
        "trial_form": forms.TrialForm(),
        "editable": editing and state in EDITABLE,
        "can_ask": editing and state in EDITABLE and mode is Mode.NORMAL,
        "patterns": queries.patterns_for(change, at)
        if editing and state is State.DRAFT and mode is Mode.STANDARD
        else [],
        "no_pattern": editing and state is State.DRAFT and mode is Mode.STANDARD,
        "can_execute_first": executing and state is State.DRAFT and mode is Mode.EMERGENCY,
        "can_execute": executing and state is State.CONSENTED,
        "in_window": change.from_at <= at < change.until_at,
        "can_finish": executing and state is State.EXECUTED,
        "can_withdraw": editing and (state in STANDING or state is State.DRAFT),
        "can_decide": voting and state is State.ASKED,
        "can_confirm": voting and waiting,
        "unconfirmed": waiting,
        "why_not": voting.reason
        if not voting and may(user, Right.CONSENT_TO_CHANGES) and (state is State.ASKED or waiting)
        else "",
        "timeline": timeline("change", change.pk, limit=100),
        "at": at,
    }
