"""批量办理: faults marked in the list, one verb for all of them, looked over before it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from yika.faults import forms, queries
from yika.faults.actions.several import act_on_all
from yika.faults.policies import can_act_on_several
from yika.faults.rules import Verb
from yika.faults.words import VERBS
from yika.lib import clock
from yika.lib.decisions import BadInput, Refusal, WrongState, require
from yika.people.models import User
from yika.people.policies import person


@require_http_methods(["GET", "POST"])
def several(request: HttpRequest) -> HttpResponse:
    """Each marked fault with what stands in the way; a POST does it to those with which nothing does."""
    user, at = person(request), clock.now()
    require(can_act_on_several(user))
    sent = request.POST if request.method == "POST" else request.GET
    back = _back(sent.get("next", ""))
    asked = forms.SeveralForm(sent)
    if not asked.is_valid():
        messages.error(request, " ".join(str(text) for told in asked.errors.values() for text in told))
        return HttpResponseRedirect(back)
    verb, keys = Verb(asked.cleaned_data["verb"]), asked.cleaned_data["fault"]
    rows = queries.marked(user, keys, verb)
    able = [row.fault for row in rows if not row.obstacle]
    people = queries.candidates(able, at) if verb is Verb.DISPATCH and able else []
    context: dict[str, Any] = {
        "at": at,
        "verb": verb,
        "word": VERBS[verb],
        "rows": rows,
        "able": able,
        "unseen": len(keys) - len(rows),
        "people": people,
        "next": back,
        "note": sent.get("note", ""),
        "to": sent.get("to", ""),
        "into": sent.get("into", ""),
    }
    if request.method == "GET":
        return render(request, "faults/several.html", context)
    into = next((fault for fault in able if str(fault.pk) == sent.get("into", "")), None)
    try:
        if len(able) < len(keys):
            raise WrongState(_("标记的故障有变化，请核对后重新确认"))
        done = act_on_all(
            able,
            verb,
            by=user,
            at=at,
            to=_one(User.objects.filter(pk__in=[one.key for one in people]), sent.get("to", "")),
            into=into,
            note=sent.get("note", "")[:500],
        )
    except Refusal as refusal:
        status = 422 if isinstance(refusal, BadInput) else 409
        return render(request, "faults/several.html", context | {"problems": refusal.problems}, status=status)
    told = ngettext(
        "%(verb)s：已办理 %(count)d 起：%(numbers)s", "%(verb)s：已办理 %(count)d 起：%(numbers)s", done
    )
    numbers = _("、").join(fault.number for fault in able if fault != into)
    messages.success(request, told % {"verb": VERBS[verb], "count": done, "numbers": numbers})
    return HttpResponseRedirect(back)


def _one(people: Any, key: str) -> User | None:
    found: User | None = people.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None
    return found


def _back(asked: str) -> str:
    """The list as it was narrowed."""
    own = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if own else reverse("faults:list")
