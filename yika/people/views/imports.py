"""People and shifts brought in from a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.office.bringing import Plan, Upload, brought
from yika.lib.office.reading import Read
from yika.people import actions, queries
from yika.people.bringing import PEOPLE, SHIFTS, WantedShift, planned_people, planned_shifts
from yika.people.policies import can_manage, may, person
from yika.people.rules import Right


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring_people(request: HttpRequest) -> HttpResponse:
    """What a file of people would change, then the change; new one-time passwords are shown once."""
    at, by = clock.now(), person(request)
    require(can_manage(by))

    def apply(upload: Upload) -> HttpResponse:
        plan, made = actions.import_people(upload, by=by, at=at)
        messages.success(
            request,
            _("已导入：新增 %(new)d 名，修改 %(changed)d 名")
            % {"new": len(plan.new), "changed": len(plan.changed)},
        )
        if made:
            return render(request, "people/passwords_once.html", {"made": made})
        return redirect("people:list")

    return brought(request, PEOPLE, plan=planned_people, apply=apply, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
def bring_shifts(request: HttpRequest) -> HttpResponse:
    """What a file of shifts would change, then the change."""
    at, by = clock.now(), person(request)
    require(may(by, Right.MANAGE_ROSTER))

    def plan(read: Read) -> Plan[WantedShift]:
        return planned_shifts(read, by=by, at=at)

    def apply(upload: Upload) -> HttpResponse:
        done = actions.import_shifts(upload, by=by, at=at)
        messages.success(
            request,
            _("已导入：新增 %(new)d 个班次，修改 %(changed)d 个")
            % {"new": len(done.new), "changed": len(done.changed)},
        )
        first = min(item.value.starts_at for item in (*done.new, *done.changed))
        monday = queries.monday(clock.campus_date(first))
        return redirect(reverse("people:roster", query={"from": monday.isoformat()}))

    return brought(request, SHIFTS, plan=plan, apply=apply, at=at)
