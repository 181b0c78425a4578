"""常用筛选: kept, renamed, shared and forgotten from the list of faults."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yika.faults import forms
from yika.faults.actions import filters
from yika.faults.policies import visible_filters
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.people.policies import may, person
from yika.people.rules import Right


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is narrowed."""
    user = person(request)
    require(may(user, Right.SEE_FAULTS))
    query = forms.ListForm.kept(QueryDict(request.POST.get("query", "")[:1000]))
    shared = bool(request.POST.get("shared"))
    name = request.POST.get("name", "")
    try:
        row = filters.save_filter(name, query, shared=shared, by=user, at=clock.now())
    except BadInput as refusal:
        if not query:  # the list offers no form for it
            raise
        return _again(request, query, name, refusal)
    messages.success(request, _("已保存常用筛选“%(name)s”") % {"name": row.name})
    return _list(row.query)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name; shared or not; what the list opens with or not."""
    user = person(request)
    row = get_object_or_404(visible_filters(user), pk=pk)
    shared = bool(request.POST.get("shared"))
    name, default = request.POST.get("name", ""), bool(request.POST.get("default"))
    try:
        row = filters.change_filter(row, name=name, shared=shared, default=default, by=user, at=clock.now())
    except BadInput as refusal:
        return _again(request, row.query, name, refusal)
    messages.success(request, _("已修改常用筛选“%(name)s”") % {"name": row.name})
    return _list(row.query)


@require_POST
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    """前移: one place to the front."""
    user = person(request)
    row = get_object_or_404(visible_filters(user), pk=pk)
    return _list(filters.move_filter_forward(row, by=user, at=clock.now()).query)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget it."""
    user = person(request)
    row = get_object_or_404(visible_filters(user), pk=pk)
    filters.remove_filter(row, by=user, at=clock.now())
    messages.success(request, _("已删去常用筛选“%(name)s”") % {"name": row.name})
    return _list("")


def _again(request: HttpRequest, query: str, name: str, refusal: BadInput) -> HttpResponse:
    """Back to the list with the form open, what was typed in it, and what is wrong above."""
    for problem in refusal.problems:
        messages.error(request, problem)
    typed = urlencode({"typed": name[:40]})
    return _list(f"{query}&{typed}" if query else typed)


def _list(query: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("faults:list") + (f"?{query}" if query else ""))
