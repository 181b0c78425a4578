"""值班: the duty roster."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.people import actions, queries
from yika.people.forms import ShiftForm, WeekForm, blame
from yika.people.models import Shift
from yika.people.policies import can_take, may, person, visible_shifts
from yika.people.rules import LONGEST_SHIFT, Right

DAYS = 14


def first_day(request: HttpRequest) -> date:
    """The Monday asked for, or this week's."""
    try:
        day = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        day = clock.campus_date(clock.now())
    return queries.monday(min(max(day, date(2000, 1, 1)), date(2199, 1, 1)))


def _page(request: HttpRequest, form: ShiftForm, status: int = 200) -> HttpResponse:
    viewer, at, first = person(request), clock.now(), first_day(request)
    gaps = queries.gaps(viewer, at)
    days = queries.roster(viewer, first, DAYS, at, gaps)
    offers = [(shift, bool(can_take(viewer, shift))) for shift in queries.offered(viewer, at)]
    told = {
        "weeks": [days[:7], days[7:]],
        "form": form,
        "viewer": viewer,
        "gaps": gaps,
        "parties": len({gap.organisation for gap in gaps}) > 1,
        "lookahead": queries.LOOKAHEAD,
        "offers": offers,
        "may_roster": bool(may(viewer, Right.MANAGE_ROSTER)),
        "now": at,
        "earlier": first - timedelta(days=DAYS),
        "later": first + timedelta(days=DAYS),
        "on_duty": queries.on_duty(at).filter(shifts__in=visible_shifts(viewer)).order_by("name").distinct(),
    }
    return render(request, "people/roster.html", told, status=status)


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Who is on duty in these two weeks."""
    return _page(request, ShiftForm(by=person(request), at=clock.now()))


def _back(monday: date) -> HttpResponse:
    return redirect(reverse("people:roster", query={"from": queries.monday(monday).isoformat()}))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty."""
    by, at = person(request), clock.now()
    require(may(by, Right.MANAGE_ROSTER))
    form = ShiftForm(request.POST, by=by, at=at)
    if form.is_valid():
        starts_at, ends_at = form.interval()
        try:
            actions.add_shift(form.cleaned_data["person"], starts_at=starts_at, ends_at=ends_at, by=by, at=at)
        except BadInput as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("班次已添加"))
            return _back(form.cleaned_data["on"])
    return _page(request, form, 422)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a shift off."""
    shift = get_object_or_404(visible_shifts(person(request)).select_related("person"), pk=pk)
    day = clock.campus_date(shift.starts_at)
    actions.remove_shift(shift, by=person(request), at=clock.now())
    messages.success(request, _("班次已删除"))
    return _back(day)


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Repeat last week in this one."""
    by = person(request)
    require(may(by, Right.MANAGE_ROSTER))
    form = WeekForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("请选择要复制到的一周"))
    monday = queries.monday(form.cleaned_data["monday"])
    made = actions.copy_week(monday, by=by, at=clock.now())
    if made:
        messages.success(request, _("已复制 %(count)d 个班次") % {"count": made})
    else:
        messages.warning(request, _("没有可以复制的班次"))
    return _back(monday)


def _shift(request: HttpRequest, pk: int) -> Shift:
    return get_object_or_404(visible_shifts(person(request)).select_related("person"), pk=pk)


@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the colleagues to take one's own shift."""
    shift = _shift(request, pk)
    actions.offer_shift(shift, by=person(request), at=clock.now())
    messages.success(request, _("已申请换班，相同角色的同事已收到消息；有人接班前仍由您值班"))
    return _back(clock.campus_date(shift.starts_at))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one's own shift after all."""
    shift = _shift(request, pk)
    actions.withdraw_offer(shift, by=person(request), at=clock.now())
    messages.success(request, _("换班申请已撤回"))
    return _back(clock.campus_date(shift.starts_at))


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a colleague's shift."""
    shift = _shift(request, pk)
    taken = actions.take_shift(shift, by=person(request), at=clock.now())
    messages.success(request, _("已接班，该班次现由您值守"))
    whole = queries.on_duty_for(taken)
    if whole >= LONGEST_SHIFT:
        said = _("与相邻班次相连，您将连续值守 %(hours)d 小时；如有不妥，请再申请换班或告知运维负责人")
        messages.warning(request, said % {"hours": int(whole.total_seconds() // 3600)})
    return _back(clock.campus_date(shift.starts_at))
