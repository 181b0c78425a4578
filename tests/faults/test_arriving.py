"""Arrival from the phone: the label scanned or its number typed, without going back to the work order."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.matrix import NOON
from yika.assets.models import Device
from yika.faults.models import Fault
from yika.faults.rules import State
from yika.lib import clock
from yika.people.models import User

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]
OFFER = "我已到场"


def on_the_way(to: User) -> tuple[Fault, Device]:
    fault = builders.fault(State.ON_THE_WAY, to=to)
    assert fault.device
    return fault, fault.device


def scan(client: Client, code: str) -> tuple[str, str]:
    """Where a code leads to, and what is offered there."""
    answer = client.get(reverse("assets:scan"), {"code": code})
    assert answer.status_code == 302, answer.content.decode()
    url = answer.headers["Location"]
    page = client.get(url)
    offered = client.get(page.context["arriving_url"]).content.decode()
    return url, offered


def test_a_label_scanned_from_the_menu_offers_arrival_and_proves_it(client_as: Browser) -> None:
    worker = cast.technician()
    fault, device = on_the_way(worker)
    client = client_as(worker)
    with clock.frozen(NOON):
        url, offered = scan(client, f"https://yika.example/r/d/{device.token}/")
        assert url.startswith(reverse("assets:device", args=[device.pk])) and OFFER in offered
        arrive = reverse("faults:arrive_scanned", args=[fault.pk, device.token])
        assert arrive in offered and client.post(arrive).status_code == 302
    assert fault.moves.get(verb="arrive").scanned


@pytest.mark.parametrize(
    "typed", [str.upper, str.lower, lambda text: text.replace("X", "Ｘ").replace("-", "－")]
)
def test_a_number_typed_in_any_letters_offers_arrival_with_its_reason(
    client_as: Browser, typed: Callable[[str], str]
) -> None:
    worker = cast.technician()
    fault, device = on_the_way(worker)
    Device.objects.filter(pk=device.pk).update(number="XF-0053")
    with clock.frozen(NOON):
        _url, offered = scan(client_as(worker), typed("XF-0053"))
    assert OFFER in offered and "手工输入设备编号 XF-0053" in offered
    assert "arrive_scanned" not in offered and reverse("faults:move", args=[fault.pk, "arrive"]) in offered


def test_a_device_met_in_a_list_asks_for_the_reason_and_others_are_offered_nothing(
    client_as: Browser,
) -> None:
    worker, other = cast.technician(), cast.technician("赵工")
    _fault, device = on_the_way(worker)
    url = reverse("faults:panel_arriving", query={"device": device.pk})
    with clock.frozen(NOON):
        mine = client_as(worker).get(url).content.decode()
        assert OFFER in mine and "手工输入" not in mine and "required" in mine
        assert OFFER not in client_as(other).get(url).content.decode()
        page = reverse("assets:device", args=[device.pk])
        assert not client_as(cast.office()).get(page).context["arriving_url"]


def test_the_work_page_leads_to_the_scan_page_until_one_has_arrived(client_as: Browser) -> None:
    worker = cast.technician()
    fault, _device = on_the_way(worker)
    with clock.frozen(NOON):
        page = client_as(worker).get(reverse("faults:work", args=[fault.pk])).content.decode()
    assert "扫码到场" in page and f'href="{reverse("assets:scan")}"' in page
