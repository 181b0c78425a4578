"""Networks and addresses from files."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from yika.addresses.actions import bringing as actions
from yika.addresses.bringing import ADDRESSES, SUBNETS, WantedAddress, planned_addresses, planned_subnets
from yika.addresses.policies import can_manage
from yika.assets.bringing.withheld import withheld
from yika.journal.bringing import brought_in
from yika.lib.decisions import require
from yika.lib.office.bringing import Plan, Withheld
from yika.people.policies import person


@require_http_methods(["GET", "HEAD", "POST"])
def bring_subnets(request: HttpRequest) -> HttpResponse:
    """What a file of networks would change, then the change."""
    require(can_manage(person(request)))
    return brought_in(request, SUBNETS, planned_subnets, actions.import_subnets)


@require_http_methods(["GET", "HEAD", "POST"])
def bring_addresses(request: HttpRequest) -> HttpResponse:
    """What a file of addresses would change, then the change."""
    require(can_manage(person(request)))
    return brought_in(request, ADDRESSES, planned_addresses, actions.import_addresses, _withheld)


def _withheld(plan: Plan[WantedAddress], at: datetime) -> Withheld | None:
    return withheld(plan, actions.wanted_of(plan), lambda one: one.device, at)
