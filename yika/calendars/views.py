"""The days table: holidays and make-up working days of a year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.calendars import actions, queries
from yika.calendars.bringing import DAYS, EARLIEST, KINDS, LATEST, planned_days
from yika.calendars.forms import DayForm
from yika.calendars.models import SpecialDay
from yika.calendars.policies import can_change
from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.office.bringing import Upload, brought
from yika.lib.office.tables import Column
from yika.people.policies import person


def _year(text: str, otherwise: int) -> int:
    """A year somebody asked for, if it is one."""
    return int(text) if text.isdecimal() and EARLIEST <= int(text) <= LATEST else otherwise


def _page(request: HttpRequest, number: int, form: DayForm, status: int = 200) -> HttpResponse:
    this = clock.campus_date(clock.now()).year
    told = {
        "year": queries.year(number),
        "days": queries.days_of(number),
        "years": sorted({this - 1, this, this + 1, number}),
        "importable": number in queries.importable([number]),
        "may_change": bool(can_change(person(request))),
        "form": form,
    }
    return render(request, "calendars/days.html", told, status=status)


@require_GET
def days(request: HttpRequest) -> HttpResponse:
    """The special days of a year."""
    this = clock.campus_date(clock.now()).year
    return _page(request, _year(request.GET.get("year", ""), this), DayForm())


@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The special days of a year."""
    at = clock.now()
    number = _year(request.GET.get("year", ""), clock.campus_date(at).year)
    lines = [
        (one.day, str(KINDS["working" if one.is_working else "holiday"]), one.name)
        for one in queries.days_of(number)
    ]
    columns = [Column(_("日期"), 12), Column(_("安排"), 12), Column(_("名称"), 24)]
    title = _("%(year)d 年节假日和调休") % {"year": number}
    return taken(request, "days", form, title=title, columns=columns, rows=lines, count=len(lines), at=at)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Mark a day."""
    at, form = clock.now(), DayForm(request.POST)
    number = clock.campus_date(at).year
    if form.is_valid():
        told = form.cleaned_data
        number = told["day"].year
        try:
            row = actions.add(
                told["day"],
                is_working=told["kind"] == "working",
                name=told["name"],
                by=person(request),
                at=at,
            )
        except BadInput as error:
            for problem in error.problems:
                form.add_error(error.field, problem)
        else:
            messages.success(request, _("已添加 %(day)s") % {"day": row.day.isoformat()})
            return _to(number)
    return _page(request, number, form, status=422)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a day be an ordinary one again."""
    row = get_object_or_404(SpecialDay, pk=pk)
    actions.remove(row, by=person(request), at=clock.now())
    messages.success(request, _("已删除 %(day)s") % {"day": row.day.isoformat()})
    return _to(row.day.year)


@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """Import the announced days of a year."""
    at = clock.now()
    number = _year(request.POST.get("year", ""), clock.campus_date(at).year)
    added = actions.seed([number], by=person(request), at=at)
    messages.success(request, ngettext("已导入 %(n)s 天", "已导入 %(n)s 天", added) % {"n": added})
    return _to(number)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Days from a file: what they would change, then the change."""
    at, by = clock.now(), person(request)
    require(can_change(by))

    def apply(upload: Upload) -> HttpResponse:
        done = actions.import_days(upload, by=by, at=at)
        messages.success(
            request,
            _("已导入：新增 %(new)d 天，修改 %(changed)d 天")
            % {"new": len(done.new), "changed": len(done.changed)},
        )
        return _to(done.items[0].value.day.year)

    return brought(request, DAYS, plan=planned_days, apply=apply, at=at)


def _to(number: int) -> HttpResponse:
    return redirect(reverse("calendars:days", query={"year": number}))
