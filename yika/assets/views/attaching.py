"""Files of a device: a panel of its page, keeping one, reading it, taking it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yika.assets.actions import attaching
from yika.assets.forms import AttachForm
from yika.assets.policies import can_attach, visible_attachments, visible_devices
from yika.files.actions import store
from yika.files.rules import Kind
from yika.files.views import respond
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.htmx import go
from yika.people.policies import person


@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them."""
    found = get_object_or_404(visible_attachments(person(request)).select_related("file"), pk=pk)
    return respond(request, found.file)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file with a device."""
    at, user = clock.now(), person(request)
    here = get_object_or_404(visible_devices(user), pk=pk)
    require(can_attach(user))
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        raise BadInput(*(str(one) for errors in form.errors.values() for one in errors), field="file")
    sent = form.cleaned_data
    file = store(sent["file"], kinds=(Kind.IMAGE, Kind.PDF), at=at)
    made = attaching.attach(here, file=file, title=sent["title"], by=user, at=at)
    messages.success(request, _("已添加附件“%(title)s”") % {"title": made.title})
    return go(request, "assets:device", here.pk)


@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it away."""
    user = person(request)
    found = get_object_or_404(visible_attachments(user).select_related("device"), pk=pk)
    reason = request.POST.get("reason", "")
    attaching.detach(found, reason=reason, by=user, at=clock.now())
    messages.success(request, _("已删除附件“%(title)s”") % {"title": found.title})
    return go(request, "assets:device", found.device_id)
