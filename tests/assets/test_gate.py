"""Every way of writing a controlled field without consent is refused, and stays on record. Source: 4.1.4."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.matrix import NOON
from yika.assets import actions
from yika.assets.actions import devices, imports, places
from yika.assets.gate import NeedsConsent, controlled
from yika.assets.models import Device, RefusedAttempt
from yika.assets.queries import world
from yika.assets.rules import Life, fingerprint, parse, plan
from yika.journal.models import Event
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.people.models import User

pytestmark = pytest.mark.django_db
ELSEWHERE = "桂子大学/二食堂"


def edited(device: Device, *, by: User) -> None:
    elsewhere = builders.place(ELSEWHERE)
    actions.edit_device(
        device, number=device.number, kind=device.kind, place=elsewhere, model="", serial="", by=by, at=NOON
    )


def listed(device: Device, *, by: User) -> None:
    builders.place(ELSEWHERE)
    text = f"地点,设备编号\n{ELSEWHERE},{device.number}\n"
    shown = fingerprint(plan(parse(text), world()))
    imports.import_list(text, terminals=False, shown=shown, file_name="清单.csv", sha256="0", by=by, at=NOON)


def moved(device: Device, *, by: User) -> None:
    places.move_place(device.place, parent=builders.place(ELSEWHERE), by=by, at=NOON)


def stopped(device: Device, *, by: User) -> None:
    devices.change_life(device, Life.IN_STOCK, reason="坏了", by=by, at=NOON)


WAYS: list[Callable[..., None]] = [edited, listed, moved, stopped]


@pytest.mark.parametrize("way", WAYS)
def test_a_device_in_use_changes_by_no_other_way(way: Callable[..., None]) -> None:
    builders.contract()
    device, desk = builders.device("XF-1"), cast.manager()
    with pytest.raises(NeedsConsent, match=r"XF-1 的.*须经信息化办公室同意"):
        way(device, by=desk)
    now = Device.objects.select_related("place").get(pk=device.pk)
    assert (now.in_use, now.place.full_name) == (True, device.place.full_name)
    attempt = RefusedAttempt.objects.get()
    assert (attempt.device, attempt.by, attempt.by_name) == (device, desk, desk.name)
    assert Event.objects.filter(verb="assets.refuse", key=str(device.pk)).exists()


@pytest.mark.parametrize("way", WAYS)
def test_before_a_contract_runs_everything_is_free(way: Callable[..., None]) -> None:
    way(builders.device("XF-1"), by=cast.manager())
    assert not RefusedAttempt.objects.exists()


def test_the_command_line_is_no_way_round() -> None:
    builders.contract()
    with pytest.raises(NeedsConsent):
        devices.change_life(builders.device(), Life.IN_STOCK, reason="坏了", by=COMMAND_LINE, at=NOON)


def test_a_spare_goes_into_service_with_consent_alone() -> None:
    builders.contract()
    spare = builders.device(in_use=False)
    assert controlled(["life", "place"], device=spare, at=NOON) == {"life"}
    with pytest.raises(NeedsConsent):
        devices.change_life(spare, Life.IN_USE, by=cast.manager(), at=NOON)
    edited(spare, by=cast.manager())


def test_the_office_may_move_a_place_by_its_own_act() -> None:
    builders.contract()
    device = builders.device()
    moved(device, by=cast.office())
    device.place.refresh_from_db()
    assert device.place.full_name.startswith(ELSEWHERE)


def test_what_is_not_controlled_stays_free() -> None:
    builders.contract()
    device = builders.device()
    edit = {"number": "XF-77", "kind": device.kind, "place": device.place, "model": "GK-300", "serial": "S1"}
    assert actions.edit_device(device, **edit, by=cast.manager(), at=NOON).number == "XF-77"  # type: ignore[arg-type]


def test_the_page_says_so_and_the_office_sees_the_attempt(client_as: Callable[[User | None], Client]) -> None:
    builders.contract()
    device, elsewhere = builders.device("XF-1"), builders.place(ELSEWHERE)
    sent = {"number": "XF-1", "kind": device.kind_id, "place": elsewhere.pk}
    with clock.frozen(NOON):
        answer = client_as(cast.manager()).post(reverse("assets:edit_device", args=[device.pk]), sent)
        assert "须经信息化办公室同意" in answer.content.decode()
        shown = client_as(cast.office()).get(reverse("changes:refused")).content.decode()
    assert "XF-1" in shown and ELSEWHERE in shown
