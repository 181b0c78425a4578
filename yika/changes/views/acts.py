"""The verbs of a change, each a POST that leads back to its page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yika.assets.views.parts import number
from yika.changes import forms, queries
from yika.changes.actions import executing, proposing, voting
from yika.changes.models import Change, Pattern
from yika.changes.rules import State
from yika.changes.words import STATES
from yika.faults.views.verbs import cleaned
from yika.lib import clock
from yika.lib.htmx import go
from yika.people.models import User
from yika.people.policies import person

_PLAIN: dict[str, Callable[..., Change]] = {"ask": proposing.ask, "verify": executing.verify}
_REASONED: dict[str, Callable[..., Change]] = {
    "withdraw": proposing.withdraw,
    "ask-back": voting.ask_back,
    "consent": voting.consent,
    "refuse": voting.refuse,
    "confirm": voting.confirm,
    "decline": voting.decline,
    "roll-back": executing.roll_back,
}
_NOTED: dict[str, Callable[..., Change]] = {
    "execute": executing.execute,
    "execute-first": executing.execute_first,
}


def _change(request: HttpRequest, pk: int) -> tuple[User, Change]:
    user = person(request)
    return user, get_object_or_404(queries.open_page(user), pk=pk)


def _back(request: HttpRequest, change: Change) -> HttpResponse:
    said = {"number": change.number, "state": STATES[State(change.state)]}
    messages.success(request, _("%(number)s：%(state)s") % said)
    return go(request, "changes:page", change.pk)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Every verb that needs at most a few words."""
    user, change = _change(request, pk)
    at, text = clock.now(), request.POST.get("text", "")
    if verb in _PLAIN:
        change = _PLAIN[verb](change, by=user, at=at)
    elif verb in _REASONED:
        change = _REASONED[verb](change, reason=text, by=user, at=at)
    elif verb in _NOTED:
        change = _NOTED[verb](change, note=text, by=user, at=at)
    else:
        raise Http404
    return _back(request, change)


@require_POST
def use_pattern(request: HttpRequest, pk: int) -> HttpResponse:
    """按标准变更办理."""
    user, change = _change(request, pk)
    pattern = get_object_or_404(Pattern, pk=number(request.POST.get("pattern", "")))
    return _back(request, proposing.use_pattern(change, pattern, by=user, at=clock.now()))


@require_POST
def add_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """登记测试."""
    user, change = _change(request, pk)
    executing.add_trial(change, **cleaned(forms.TrialForm(request.POST)), by=user, at=clock.now())
    messages.success(request, _("测试已登记"))
    return go(request, "changes:page", change.pk)
