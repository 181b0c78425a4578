"""One's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yika.lib import clock
from yika.people import actions, queries
from yika.people.forms import ContactForm
from yika.people.middleware import session_id
from yika.people.models import User
from yika.people.policies import own_sessions, person


def _page(request: HttpRequest, user: User, form: ContactForm, status: int = 200) -> HttpResponse:
    told = {
        "whose": user,
        "form": form,
        "sessions": queries.running_sessions(user, clock.now()),
        "current": session_id(request),
    }
    return render(request, "people/account.html", told, status=status)


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """My card, my contact, my sessions."""
    user = person(request)
    return _page(request, user, ContactForm(initial={"phone": user.phone, "email": user.email}))


@require_POST
def contact(request: HttpRequest) -> HttpResponse:
    """Correct my telephone number and address."""
    user = person(request)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, user, form, 422)
    actions.edit_contact(
        user, phone=form.cleaned_data["phone"], email=form.cleaned_data["email"], by=user, at=clock.now()
    )
    messages.success(request, _("联系方式已保存"))
    return redirect("people:account")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End another session of mine."""
    running = get_object_or_404(own_sessions(person(request)), pk=pk)
    actions.end_session(running, by=person(request), at=clock.now())
    messages.success(request, _("会话已结束"))
    return redirect("people:account")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions of mine but this one."""
    user = person(request)
    ended = actions.end_other_sessions(user, keep=session_id(request), by=user, at=clock.now())
    messages.success(request, _("已结束其他 %(count)d 个会话") % {"count": ended})
    return redirect("people:account")
