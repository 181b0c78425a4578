"""A query worked out once finds what the same query finds when it is worked out each time."""

from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from tests import builders, cast
from yika.assets.models import Device, Place
from yika.contracts.models import Contract
from yika.journal.models import Event
from yika.lib.clock import campus_date
from yika.lib.ready import LONGEST, Ready
from yika.people.models import User
from yika.people.rules import Role

pytestmark = pytest.mark.django_db


def test_keys_texts_and_what_is_joined() -> None:
    ready = Ready(lambda key, number: Device.objects.filter(place=key, number=number).select_related("kind"))
    for number, path in (("XF-1", "大学/一楼"), ("XF-2", "大学/二楼"), ("XF-3", "大学/二楼")):
        device = builders.device(number, at=path)
        assert ready(device.place_id, number) == [device]
        assert ready.first(device.place_id, number).kind == device.kind  # type: ignore[union-attr]
    assert ready.first(device.place_id, "XF-1") is None
    assert ready.first(device.place_id, "' OR 1=1 --") is None


def test_days_and_moments() -> None:
    contract = builders.contract()
    on = Ready(lambda day: Contract.objects.filter(starts_on__lte=day, ends_on__gte=day))
    assert on(campus_date(cast.AT)) == [contract]
    assert on(contract.starts_on - timedelta(days=1)) == []
    events = Ready(lambda at: Event.objects.filter(at__gte=at).order_by("pk"))

    def plainly(at: datetime) -> list[Event]:
        return list(Event.objects.filter(at__gte=at).order_by("pk"))

    for at in (cast.AT, cast.AT - timedelta(days=400), cast.AT + timedelta(microseconds=1)):
        assert events(at) == plainly(at)
    assert events(cast.AT - timedelta(days=400))


def test_lists_of_any_length() -> None:
    ready = Ready(lambda numbers: Device.objects.filter(number__in=numbers).order_by("number"))
    devices = [builders.device(f"XF-{number:03d}") for number in range(LONGEST + 5)]
    for count in (0, 1, 2, 3, 1, LONGEST, LONGEST + 1, LONGEST + 5, 2):
        asked = devices[:count]
        assert ready([device.number for device in asked]) == asked
    assert ready(["XF-001", "XF-001"]) == [devices[1]]


def test_columns_alone_and_what_needs_no_value_of_its_own() -> None:
    office, tech = cast.office(), cast.technician()
    ready = Ready(
        lambda side: (
            User.objects.filter(organisation=side, role__in=[Role.OFFICE])
            .order_by("pk")
            .values_list("username", flat=True)[:5]
        )
    )
    assert ready(office.organisation_id) == [office.username]
    assert ready(tech.organisation_id) == []


def test_every_answer_is_its_own() -> None:
    ready = Ready(lambda key: Place.objects.filter(pk=key))
    one, other = builders.place("大学/一楼"), builders.place("大学/二楼")
    first, second = ready(one.pk), ready(other.pk)
    assert (first, second, ready(one.pk)) == ([one], [other], [one])


def test_a_pattern_is_refused_rather_than_asked_for() -> None:
    with pytest.raises(AssertionError):
        Ready(lambda text: Device.objects.filter(number__contains=text))("XF")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_a_connection_of_its_own() -> None:
    ready = Ready(lambda key: Place.objects.filter(pk=key))
    place, found = builders.place("大学/一楼"), []
    assert ready(place.pk) == [place]

    def ask() -> None:
        found.append((ready(place.pk), connection.settings_dict["NAME"]))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert [rows for rows, _name in found] == [[place]]
