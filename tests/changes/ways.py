"""Every way of writing a controlled field: for the test that each is refused without consent."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.addresses import plan as plans
from tests.matrix import NOON
from tests.network.campus import hang, switch
from yika.addresses import actions as addresses
from yika.addresses.models import Address
from yika.addresses.rules import State as Holding
from yika.assets import actions as assets
from yika.assets.models import Attribute, Device
from yika.assets.queries import world
from yika.assets.rules import Life, ValueType, fingerprint, parse, plan
from yika.configurations import actions as configurations
from yika.configurations.models import ConfigurationRecord
from yika.journal.rules import SYSTEM
from yika.lib.office.bringing import Upload
from yika.network import actions as network
from yika.network.bringing import LINKS, planned_links
from yika.network.models import Link, Port
from yika.network.rules import Medium
from yika.people.models import User

ELSEWHERE = "桂子大学/二食堂"
OLD, NEW = "mtu 1500\n", "mtu 9000\n"


@dataclass(frozen=True)
class Scene:
    """A terminal in use with one of everything, set up before the contract ran, and what it could become."""

    device: Device
    upper: Device
    other: Device
    by: User
    client: Client

    def post(self, page: str, /, *args: Any, **sent: Any) -> None:
        """Send a form as a person does."""
        self.client.post(reverse(page, args=args), sent)


def scene(by: User, client: Client) -> Scene:
    device, upper, other = builders.device("XF-1"), switch("SW-1"), switch("SW-2")
    hang(device, upper, ports=("eth0", "p1"))
    Attribute.objects.create(
        kind=device.kind, key="rate", name="波特率", type=ValueType.INTEGER, controlled=True
    )
    builders.place(ELSEWHERE)
    plans.subnet()
    plans.taken("10.12.1.5", device=device)
    configurations.open_record(device, title="运行配置", text=OLD, by=SYSTEM, at=NOON)
    return Scene(device, upper, other, by, client)


Way = Callable[[Scene], object]


# place ------------------------------------------------------------------------------------------------------
def by_edit_place(here: Scene) -> None:
    elsewhere = builders.place(ELSEWHERE)
    assets.edit_device(here.device, place=elsewhere, by=here.by, at=NOON)


def by_move_place(here: Scene) -> None:
    assets.move_place(here.device.place, parent=builders.place(ELSEWHERE), by=here.by, at=NOON)


def import_devices(here: Scene) -> None:
    text = f"地点,设备编号\n{ELSEWHERE},{here.device.number}\n"
    shown = fingerprint(plan(parse(text), world()))
    assets.import_list(
        text, terminals=False, shown=shown, file_name="清单.csv", sha256="0", by=here.by, at=NOON
    )


def page_of_device(here: Scene) -> None:
    said = {"number": "XF-1", "kind": here.device.kind_id, "place": builders.place(ELSEWHERE).pk}
    here.post("assets:edit_device", here.device.pk, **said, responsible="vendor")


def page_of_place(here: Scene) -> None:
    key, parent = here.device.place_id, builders.place(ELSEWHERE).pk
    here.post("assets:move_place", key, parent=parent)


# life -------------------------------------------------------------------------------------------------------
def by_stop(here: Scene) -> None:
    assets.change_life(here.device, Life.IN_STOCK, reason="坏了", by=here.by, at=NOON)


def page_of_life(here: Scene) -> None:
    here.post("assets:change_life", here.device.pk, life="in_stock", reason="坏了")


# upstream ---------------------------------------------------------------------------------------------------
def by_connect(here: Scene) -> None:
    network.connect(here.device, here.other, medium=Medium.COPPER, by=here.by, at=NOON)


def by_disconnect(here: Scene) -> None:
    network.disconnect(Link.objects.get(lower=here.device), by=here.by, at=NOON)


def by_rename_port(here: Scene) -> None:
    network.edit_port(Port.objects.get(device=here.upper), name="p9", note="", by=here.by, at=NOON)


def page_of_port(here: Scene) -> None:
    here.post("network:edit_port", Port.objects.get(device=here.device).pk, name="eth9")


def import_links(here: Scene) -> None:
    data = "设备编号,上联设备编号\nXF-1,SW-2\n".encode()
    read = LINKS.read(data, "连接.csv")
    shown = planned_links(read).fingerprint
    upload = Upload(read, "连接.csv", hashlib.sha256(data).hexdigest(), shown)
    network.import_links(upload, by=here.by, at=NOON)


def page_of_link(here: Scene) -> None:
    sent = {"upper": here.other.pk, "role": "network", "medium": "copper"}
    here.post("network:connect", here.device.pk, **sent)


def page_of_unlinking(here: Scene) -> None:
    here.post("network:disconnect", Link.objects.get(lower=here.device).pk)


def by_server(here: Scene) -> None:
    assets.edit_device(here.device, upstream_ip="10.1.1.1", by=here.by, at=NOON)


def page_of_server(here: Scene) -> None:
    device = here.device
    said = {"number": "XF-1", "kind": device.kind_id, "place": device.place_id, "responsible": "vendor"}
    here.post("assets:edit_device", device.pk, **said, upstream_ip="10.1.1.1")


# parameters -------------------------------------------------------------------------------------------------
def by_parameter(here: Scene) -> None:
    assets.edit_device(here.device, attributes={"rate": 9600}, by=here.by, at=NOON)


def page_of_parameter(here: Scene) -> None:
    device = here.device
    said = {"number": "XF-1", "kind": device.kind_id, "place": device.place_id, "responsible": "vendor"}
    here.post("assets:edit_device", device.pk, **said, attribute_rate="9600")


# address ----------------------------------------------------------------------------------------------------
def by_take(here: Scene) -> None:
    addresses.take("10.12.1.9", state=Holding.IN_USE, device=here.device, by=here.by, at=NOON)


def by_release(here: Scene) -> None:
    addresses.release(Address.objects.get(device=here.device), reason="不用", by=here.by, at=NOON)


def page_of_address(here: Scene) -> None:
    here.post("addresses:take", ip="10.12.1.9", state="in_use", device=here.device.pk)


def page_of_release(here: Scene) -> None:
    here.post("addresses:release", Address.objects.get(device=here.device).pk, reason="不用")


# configuration ----------------------------------------------------------------------------------------------
def by_add_version(here: Scene) -> None:
    record = ConfigurationRecord.objects.get()
    configurations.add_version(record, text=NEW, note="", by=here.by, at=NOON)


def by_open_record(here: Scene) -> None:
    configurations.open_record(here.device, title="nginx.conf", text=NEW, by=here.by, at=NOON)


def page_of_version(here: Scene) -> None:
    here.post("configurations:add_version", ConfigurationRecord.objects.get().pk, text=NEW)


def page_of_configuration(here: Scene) -> None:
    here.post("configurations:new", device=here.device.pk, title="nginx.conf", text=NEW)


WAYS: dict[str, list[Way]] = {
    "place": [by_edit_place, by_move_place, import_devices, page_of_device, page_of_place],
    "life": [by_stop, page_of_life],
    "upstream": [
        by_connect,
        by_disconnect,
        by_rename_port,
        page_of_port,
        import_links,
        page_of_link,
        page_of_unlinking,
        by_server,
        page_of_server,
    ],
    "parameters": [by_parameter, page_of_parameter],
    "address": [by_take, by_release, page_of_address, page_of_release],
    "configuration": [by_add_version, by_open_record, page_of_version, page_of_configuration],
}


def import_page(client: Client, name: str, text: str) -> str:
    """What the preview of a file says."""
    file = SimpleUploadedFile("清单.csv", text.encode(), content_type="text/csv")
    return client.post(reverse(name), {"file": file}).content.decode()
