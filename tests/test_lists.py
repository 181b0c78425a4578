"""What every list promises, asked of a whole campus: taken away it opens, brought back it changes nothing."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from tests import cast
from tests.addresses import plan
from tests.test_permissions import PROMISED
from yika.addresses.rules import State
from yika.assets.models import Attribute, Device, DeviceModel, Merchant
from yika.assets.rules import Life, ValueType
from yika.changes.actions import planning
from yika.config import demo
from yika.lib import clock
from yika.people.models import User
from yika.people.rules import Role
from yika.returns.models import Return
from yika.returns.rules import State as ReturnState

pytestmark = pytest.mark.django_db
DETAILS = (
    "merchant",
    "installed_on",
    "warranty_until",
    "psam_number",
    "key_version",
    "upstream_ip",
    "usual_users",
    "works_offline",
    "attributes",
)
AT = cast.AT + timedelta(days=3, hours=7, minutes=41)

EXPORTS = sorted(name for name in PROMISED if name.partition(":")[2].startswith("export"))

BACK = {
    "people:export_people": ("people:import_people", Role.ADMINISTRATOR),
    "people:export_roster": ("people:import_shifts", Role.MANAGER),
    "calendars:export": ("calendars:import_days", Role.OFFICE),
    "assets:export_devices": ("assets:import_list", Role.OFFICE),
    "assets:export_places": ("assets:import_list", Role.OFFICE),
    "assets:export_place_facts": ("assets:bring_places", Role.OFFICE),
    "assets:export_details": ("assets:bring_details", Role.OFFICE),
    "assets:export_models": ("assets:bring_models", Role.OFFICE),
    "assets:export_attributes": ("assets:bring_attributes", Role.OFFICE),
    "assets:export_merchants": ("assets:bring_merchants", Role.OFFICE),
    "network:export": ("network:import_links", Role.OFFICE),
    "addresses:export": ("addresses:bring_addresses", Role.OFFICE),
    "addresses:export_subnets": ("addresses:bring_subnets", Role.OFFICE),
    "changes:export_blackouts": ("changes:bring_blackouts", Role.OFFICE),
}
"""Every list that can be taken away and brought in again: where, and by whom."""

BROUGHT_ONLY = {"faults:imports", "calendars:import"}  # history, and days that are announced


@pytest.fixture(scope="module")
def campus(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration campus and what it lacks, loaded once for all tests of this file, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load(AT)
        furnish()
        yield
        transaction.set_rollback(True)


def furnish() -> None:
    """Addresses, blackout times, models, merchants and attributes, some of devices no longer in use."""
    office = User.objects.get(username="office")
    devices = list(Device.objects.filter(life=Life.IN_USE, kind__code="payment-terminal").order_by("pk")[:6])
    plan.subnet("10.12.0.0/16", gateway="10.12.0.1")
    plan.subnet("10.12.1.0/24", vlan=plan.vlan(), gateway="10.12.1.1")
    plan.subnet("2001:da8:1::/64")
    for number, device in enumerate(devices[:5]):
        plan.taken(f"10.12.1.{number + 5}", device=device)
    plan.taken("10.12.1.90", state=State.RESERVED, purpose="=备用，“引号”")
    plan.taken("172.16.0.9", purpose="不在网段内")
    plan.taken("10.12.2.0", device=devices[5])
    plan.subnet("10.12.2.0/24")
    Device.objects.filter(pk=devices[1].pk).update(life=Life.AT_FACTORY)
    Device.objects.filter(pk=devices[2].pk).update(life=Life.SCRAPPED)
    for name, hours in (("开学第一周", 100), ("期末考试", 24)):
        until = clock.day_start(AT.date()) + timedelta(days=20, hours=hours)
        planning.add_blackout(name=name, from_at=AT + timedelta(days=2), until_at=until, by=office, at=AT)
    kind = devices[0].kind
    Attribute.objects.create(kind=kind, key="rate", name="波特率", type=ValueType.INTEGER, unit="bps")
    modes = ["直连", "级联"]
    Attribute.objects.create(kind=kind, key="mode", name="方式", type=ValueType.CHOICE, choices=modes)
    Attribute.objects.create(kind=kind, key="day", name="标定日", type=ValueType.DATE, controlled=True)
    DeviceModel.objects.create(kind=kind, name="GK-400", maker="桂新", warranty_months=36)
    for device in devices[:3]:
        device.merchant = Merchant.objects.get_or_create(name="豆浆铺（东）")[0]
        device.installed_on, device.warranty_until = date(2025, 9, 1), date(2028, 8, 31)
        device.psam_number, device.key_version, device.upstream_ip = "PSAM0001", "V2", "10.12.1.1"
        device.usual_users, device.works_offline = 200, True
        device.attributes = {"rate": 9600, "mode": "级联", "day": "2026-02-28"}
        device.save(update_fields=DETAILS)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(User.objects.filter(role=role, is_active=True).order_by("pk")[0])
    return client


def taken(client: Client, name: str, form: str, **query: str) -> bytes:
    with clock.frozen(AT):
        answer: Any = client.get(reverse(name, args=[form]), query)
        assert answer.status_code == 200, f"{name} as {form}: {answer.status_code}"
        return b"".join(answer.streaming_content)


def headed(data: bytes, form: str) -> list[list[str]]:
    """The heading of a file and its rows."""
    if form == "csv":
        return list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[str(cell) for cell in line] for line in lines[2:] if any(line)]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("name", EXPORTS)
def test_every_list_can_be_taken_away(campus: None, name: str, form: str) -> None:
    query: dict[str, str] = {"state": "all"} if name == "returns:export" else {}
    heading, *rows = headed(taken(signed_in(Role.OFFICE), name, form, **query), form)
    assert all(heading)
    assert all(len(row) <= len(heading) for row in rows)


def test_the_campus_has_returns_that_were_sent_and_done(campus: None) -> None:
    assert {ReturnState.SENT, ReturnState.DONE} <= set(Return.objects.values_list("state", flat=True))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("name", BACK)
def test_what_is_brought_back_as_it_was_taken_changes_nothing(campus: None, name: str, form: str) -> None:
    page, role = BACK[name]
    client = signed_in(role)
    data = taken(client, name, form)
    _heading, *rows = headed(data, form)
    assert rows, "a list that says nothing proves nothing"
    with clock.frozen(AT):
        answer = client.post(reverse(page), {"file": SimpleUploadedFile(f"清单.{form}", data)})
    plan: Any = answer.context["plan"]
    assert not plan.problems, plan.problems[:5]
    assert answer.status_code == 200 and plan.is_empty


def test_every_list_that_is_brought_in_is_among_them() -> None:
    words = ("import", "bring")
    brought = {name for name in PROMISED if name.partition(":")[2].startswith(words)}
    assert brought == {page for page, _role in BACK.values()} | BROUGHT_ONLY


def test_headings_and_those_who_acted_read_in_the_language_of_the_reader(campus: None) -> None:
    for name in ("assets:export_devices", "assets:export_places", "journal:export"):
        client = signed_in(Role.OFFICE)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        heading, *rows = headed(taken(client, name, "csv"), "csv")
        assert all(cell.isascii() for cell in heading), heading
        assert not {"系统", "命令行"} & {row[2] for row in rows if name == "journal:export"}
