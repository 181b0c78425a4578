"""The standard's page: each clause with how it is kept this month."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from yika.lib import clock
from yika.people.models import User


@pytest.mark.django_db
def test_the_figures_of_all_clauses_take_the_same_number_of_questions_however_many_are_counted(
    client_as: Callable[[User], Client],
) -> None:
    client, asked = client_as(cast.office()), []
    with clock.frozen(cast.AT):
        client.get("/compliance/panel/clauses/", {"version": builders.commitment().contract.standard_id})
        for number in (1, 6):
            for _one in range(number):
                row = builders.commitment()
            with CaptureQueriesContext(connection) as statements:
                page = client.get("/compliance/panel/clauses/", {"version": row.contract.standard_id})
            assert row.clause in page.content.decode()
            asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.django_db
def test_the_standards_page_leads_to_the_figures_for_who_may_see_them(
    client_as: Callable[[User], Client],
) -> None:
    row = builders.commitment()
    address = f"/compliance/panel/clauses/?version={row.contract.standard_id}"
    page = f"/standard/versions/{row.contract.standard_id}/"
    assert address in client_as(cast.office()).get(page).content.decode()
    assert address not in client_as(cast.technician()).get(page).content.decode()
