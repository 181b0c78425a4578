"""The campus of ``bench.network``, in a process with the settings of the database measured.

``fill N`` writes about N devices and their links past the actions; ``measure`` answers in JSON.
"""

import json
import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yika.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from bench.network import PER_BUILDING, PER_SWITCH, PER_UPLINK, timed  # noqa: E402
from yika.assets.actions import seed_kinds  # noqa: E402
from yika.assets.actions.stays import keep_stays  # noqa: E402
from yika.assets.models import Device, DeviceKind, Place  # noqa: E402
from yika.journal.rules import SYSTEM  # noqa: E402
from yika.lib import clock  # noqa: E402
from yika.network import queries  # noqa: E402
from yika.network.models import Link  # noqa: E402
from yika.people.models import Organisation, User  # noqa: E402
from yika.people.rules import Role, Side  # noqa: E402

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def fill(size: int) -> None:
    """Two cores, aggregation, buildings with access switches and terminals, two front-ends, all linked."""
    seed_kinds(by=SYSTEM, at=BEGUN)
    kinds = {kind.code: kind for kind in DeviceKind.objects.all()}
    top = Place.objects.create(name="大学", full_name="大学")
    buildings = max(size // (PER_SWITCH * PER_BUILDING), 1)
    places = Place.objects.bulk_create(
        [
            Place(parent=top, name=f"{number}号楼", full_name=f"大学/{number}号楼")
            for number in range(buildings + 1)
        ]
    )
    rows: list[Device] = []

    def device(code: str, kind: str, place: Place) -> Device:
        rows.append(Device(number=f"{code}-{len(rows):06d}", kind=kinds[kind], place=place))
        return rows[-1]

    links: list[tuple[Device, Device, str]] = []
    core = [device("SW-HX", "switch", places[0]) for _ in range(2)]
    front = [device("QZ", "server", places[0]) for _ in range(2)]
    uplinks = [device("SW-HJ", "switch", places[0]) for _ in range(max(buildings // PER_UPLINK, 2))]
    links += [(lower, upper, "network") for lower in (*uplinks, *front) for upper in core]
    for number, place in enumerate(places[1:]):
        head = device("SW-LD", "switch", place)
        links += [(head, uplinks[(number + step) % len(uplinks)], "network") for step in range(2)]
        for _ in range(PER_BUILDING):
            access = device("SW-JR", "switch", place)
            links.append((access, head, "network"))
            for _ in range(PER_SWITCH):
                terminal = device("XF", "payment-terminal", place)
                links.append((terminal, access, "network"))
                links.append((terminal, front[number % 2], "service"))
    with transaction.atomic():
        made = Device.objects.bulk_create(rows, batch_size=2000)
        for start in range(0, len(made), 2000):
            keep_stays(made[start : start + 2000], at=BEGUN)
        Link.objects.bulk_create(
            [
                Link(lower=lower, upper=upper, medium="copper", role=role, from_at=BEGUN)
                for lower, upper, role in links
            ],
            batch_size=2000,
        )
    side = Organisation.objects.create(name="信息化办公室", side=Side.OFFICE)
    User.objects.create(
        username="bench", name="bench", role=Role.OFFICE, organisation=side, password_changed_at=clock.now()
    )


def measure() -> dict[str, list[float]]:
    """Both cores down together, asked of a graph that is known; pages through the whole of Django."""
    settings.ALLOWED_HOSTS = ["testserver"]
    at = clock.now()
    core = list(Device.objects.filter(number__startswith="SW-HX"))
    client = Client()
    client.force_login(User.objects.get(username="bench"))
    asked = "&".join(f"device={device.pk}" for device in core)
    building = Place.objects.get(full_name="大学/3号楼")

    def page(url: str) -> None:
        answer = client.get(url, secure=True)
        assert answer.status_code == 200, (url, answer.status_code)

    def first() -> None:
        queries.forget()
        queries.graph(at)

    count = Device.objects.count()

    def core_impact() -> None:
        found = queries.impact_of(core, at)
        assert found.terminal_count > count * 0.9
        queries.by_kind(found)

    found = {"graph, first read": timed(first, 5)}
    found["impact of the core"] = timed(core_impact)
    found["impact of the core, page"] = timed(lambda: page(f"/network/impact/?{asked}"))
    found["building diagram, page"] = timed(lambda: page(f"/network/places/{building.pk}/"))
    found["backbone diagram, page"] = timed(lambda: page("/network/"), 10)
    connection.close()
    return found


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        print(json.dumps(measure()))
