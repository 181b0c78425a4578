"""The verbs of a change, each a POST that leads back to its page."""

from collections.abc import Callable
from typing import Any

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
from yika.changes.views.page import shown
from yika.changes.words import STATES
from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.lib.htmx import go
from yika.people.models import User
from yika.people.policies import person


def _reasoned(action: Callable[..., Change]) -> Callable[..., object]:
    return lambda change, sent, **who: action(change, reason=sent["text"], **who)


def _noted(action: Callable[..., Change]) -> Callable[..., object]:
    return lambda change, sent, **who: action(change, note=sent["text"], **who)


def _tested(change: Change, sent: dict[str, Any], **who: Any) -> object:
    return executing.add_trial(change, **sent, **who)


_PLAIN: dict[str, Callable[..., Change]] = {"ask": proposing.ask, "verify": executing.verify}
# After a question asking has a form too.
_ANSWERED = ("ask", _noted(proposing.ask))
# Each verb with the form of the page that says it.
_SAID: dict[str, tuple[str, Callable[..., object]]] = {
    "withdraw": ("withdraw", _reasoned(proposing.withdraw)),
    "drop": ("drop", _reasoned(proposing.withdraw)),
    "ask-back": ("decide", _reasoned(voting.ask_back)),
    "consent": ("decide", _reasoned(voting.consent)),
    "refuse": ("decide", _reasoned(voting.refuse)),
    "confirm": ("settle", _reasoned(voting.confirm)),
    "decline": ("settle", _reasoned(voting.decline)),
    "roll-back": ("roll-back", _reasoned(executing.roll_back)),
    "execute": ("execute", _noted(executing.execute)),
    "execute-first": ("execute-first", _noted(executing.execute_first)),
    "test": ("test", _tested),
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
    """Every verb that needs at most a few words; what was sent stays in its form where it is refused."""
    user, change = _change(request, pk)
    at = clock.now()
    answering = verb == "ask" and State(change.state) is State.ASKED_BACK
    if verb in _PLAIN and not answering:
        return _back(request, _PLAIN[verb](change, by=user, at=at))
    if verb not in _SAID and not answering:
        raise Http404
    key, action = _ANSWERED if answering else _SAID[verb]
    form = forms.act_form(key, request.POST)
    if not form.is_valid():
        return shown(request, user, change, at, {key: form})
    try:
        action(change, form.cleaned_data, by=user, at=at)
    except BadInput as refusal:
        field = "text" if "text" in form.fields else refusal.field
        form.add_error(field if field in form.fields else None, list(refusal.problems))
        return shown(request, user, change, at, {key: form})
    if verb == "test":
        messages.success(request, _("测试已登记"))
        return go(request, "changes:page", change.pk)
    change.refresh_from_db(fields=["state"])
    return _back(request, change)


@require_POST
def use_pattern(request: HttpRequest, pk: int) -> HttpResponse:
    """按标准变更办理."""
    user, change = _change(request, pk)
    pattern = get_object_or_404(Pattern, pk=number(request.POST.get("pattern", "")))
    return _back(request, proposing.use_pattern(change, pattern, by=user, at=clock.now()))
