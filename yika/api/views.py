"""Pages where people keep the tokens and webhooks of their programs."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.api import actions, queries
from yika.api.forms import TokenForm, WebhookForm
from yika.api.models import Webhook
from yika.api.policies import can_keep_webhooks, visible_deliveries, visible_tokens, visible_webhooks
from yika.journal.telling import label
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.paging import page
from yika.people.forms import blame
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right

FULL = ("-id",)


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens; for an administrator everybody's."""
    user, at = person(request), clock.now()
    everybody = bool(may(user, Right.MANAGE_PEOPLE)) and request.GET.get("all") == "1"
    shown = page(queries.tokens(user, everybody=everybody), FULL, request.GET.get("after", ""))
    context = {
        "at": at,
        "page": shown,
        "lines": [(row, row.runs(at)) for row in shown.rows],
        "everybody": everybody,
        "may_see_all": may(user, Right.MANAGE_PEOPLE),
        "address": f"{settings.ORIGIN}/api/v1/",
    }
    return render(request, "api/tokens.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """A token for myself, shown on this answer and never again."""
    user = person(request)
    form = TokenForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = actions.create_token(user, **form.cleaned_data, by=user, at=clock.now())
        except BadInput as refusal:
            blame(form, refusal)
        else:
            return render(request, "api/token_once.html", {"token": token, "secret": secret})
    return render(request, "api/new_token.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """It opens nothing any more."""
    user = person(request)
    token = get_object_or_404(visible_tokens(user), pk=pk)
    actions.revoke_token(token, by=user, at=clock.now())
    messages.success(request, _("令牌“%(name)s”已吊销") % {"name": token.name})
    return redirect("api:tokens")


@require_GET
def webhooks(request: HttpRequest) -> HttpResponse:
    """Who is told of what, and whether it arrives."""
    user = person(request)
    require(can_keep_webhooks(user))
    context = {"at": clock.now(), "webhooks": list(queries.webhooks(user)), "hosts": settings.WEBHOOK_HOSTS}
    return render(request, "api/webhooks.html", context)


def _webhook(request: HttpRequest, pk: int) -> tuple[User, Webhook]:
    user = person(request)
    require(can_keep_webhooks(user))
    return user, get_object_or_404(visible_webhooks(user).select_related("organisation"), pk=pk)


@never_cache
@require_http_methods(["GET", "POST"])
def new_webhook(request: HttpRequest) -> HttpResponse:
    """An address to be told, and the secret that signs, shown on this answer and never again."""
    user = person(request)
    require(can_keep_webhooks(user))
    form = WebhookForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made, secret = actions.create_webhook(
                asked["organisation"],
                name=asked["name"],
                url=asked["url"],
                events=asked["events"],
                by=user,
                at=clock.now(),
            )
        except BadInput as refusal:
            blame(form, refusal)
        else:
            return render(request, "api/secret_once.html", {"webhook": made, "secret": secret})
    context = {"form": form, "hosts": settings.WEBHOOK_HOSTS}
    return render(request, "api/edit_webhook.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Another address or other events."""
    user, row = _webhook(request, pk)
    initial = {"name": row.name, "url": row.url, "events": row.events}
    form = WebhookForm(
        request.POST if request.method == "POST" else None, by=user, webhook=row, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.edit_webhook(
                row, name=asked["name"], url=asked["url"], events=asked["events"], by=user, at=clock.now()
            )
        except BadInput as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("事件推送已保存"))
            return redirect("api:webhook", pk)
    context = {"form": form, "webhook": row, "hosts": settings.WEBHOOK_HOSTS}
    return render(request, "api/edit_webhook.html", context, status=422 if form.errors else 200)


@require_GET
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook, with every delivery and its attempts."""
    user, row = _webhook(request, pk)
    shown = page(queries.deliveries(user, row), FULL, request.GET.get("after", ""))
    context = {
        "at": clock.now(),
        "webhook": row,
        "events": [(verb, label(verb)) for verb in row.events],
        "page": shown,
        "lines": [(one, label(one.event.verb)) for one in shown.rows],
    }
    return render(request, "api/webhook.html", context)


@require_POST
def pause_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Told nothing for now."""
    user, row = _webhook(request, pk)
    actions.pause_webhook(row, by=user, at=clock.now())
    messages.success(request, _("已暂停；暂停期间的事件不会补推"))
    return redirect("api:webhook", pk)


@require_POST
def start_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Told again."""
    user, row = _webhook(request, pk)
    actions.start_webhook(row, by=user, at=clock.now())
    messages.success(request, _("已启用，从现在起推送"))
    return redirect("api:webhook", pk)


@never_cache
@require_POST
def renew_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Another signing secret, shown on this answer and never again."""
    user, row = _webhook(request, pk)
    secret = actions.renew_secret(row, by=user, at=clock.now())
    return render(request, "api/secret_once.html", {"webhook": row, "secret": secret})


@require_POST
def redeliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one event again."""
    user = person(request)
    require(can_keep_webhooks(user))
    delivery = get_object_or_404(
        visible_deliveries(user).select_related("webhook__organisation", "event"), pk=pk
    )
    actions.redeliver(delivery, by=user, at=clock.now())
    messages.success(request, _("将在数秒内重新推送"))
    return redirect("api:webhook", delivery.webhook_id)
