"""Who has how much in hand, and who can do what."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from yika.faults.models import Fault
from yika.people.models import User
from yika.people.rules import Skill


@pytest.mark.django_db
def test_the_people_page_asks_for_the_load_of_all_in_the_same_number_of_questions(
    client_as: Callable[[User], Client],
) -> None:
    client, asked = client_as(cast.manager()), []
    assert "/faults/panel/load/" in client.get("/people/").content.decode()
    client.get("/faults/panel/load/")
    for number in (1, 8):
        for _one in range(number):
            fault = builders.fault()
            Fault.objects.filter(pk=fault.pk).update(technician=cast.technician("韩" * 40, Skill.NETWORK))
        with CaptureQueriesContext(connection) as statements:
            page = client.get("/faults/panel/load/")
        assert "韩" * 40 in page.content.decode()
        asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.django_db
def test_a_persons_page_leads_to_what_they_have_in_hand(client_as: Callable[[User], Client]) -> None:
    whose, fault = cast.technician("李雷"), builders.fault()
    Fault.objects.filter(pk=fault.pk).update(technician=whose)
    client = client_as(cast.dispatcher())
    assert f"/faults/panel/load/?person={whose.pk}" in client.get(f"/people/{whose.pk}/").content.decode()
    page = client.get("/faults/panel/load/", {"person": whose.pk}).content.decode()
    assert "在手 1 单" in page
    assert fault.number in page


@pytest.mark.django_db
def test_the_load_of_another_vendors_people_is_not_told(client_as: Callable[[User], Client]) -> None:
    stranger = cast.stranger("外人")
    client = client_as(cast.manager())
    assert "外人" not in client.get("/faults/panel/load/").content.decode()
    assert client.get("/faults/panel/load/", {"person": stranger.pk}).status_code == 404
