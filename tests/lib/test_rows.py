"""Rows by rows of another table, and what SQLite knows of its tables."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests import builders
from yika.assets.models import Device, Place
from yika.lib.rows import within
from yika.lib.statistics import refresh_statistics

pytestmark = pytest.mark.django_db


def test_all_some_few_and_none() -> None:
    builders.device("XF-1", at="师大/一食堂")
    builders.device("XF-2", at="师大/二食堂")

    def found(places: QuerySet[Place]) -> set[str]:
        return set(Device.objects.filter(within("place", places)).values_list("number", flat=True))

    one = Place.objects.filter(full_name="师大/一食堂")
    assert found(Place.objects.all()) == {"XF-1", "XF-2"}
    assert found(one) == {"XF-1"}
    assert found(Place.objects.none()) == set()
    assert Device.objects.filter(within("place", Place.objects.filter(full_name="师大"))).count() == 0


def test_nothing_is_looked_up_in_a_table_of_which_all_will_do() -> None:
    assert "SELECT" not in str(Device.objects.filter(within("place", Place.objects.all())).query)[6:]


def test_sqlite_learns_how_its_tables_look() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL looks by itself")
    builders.device("XF-1", at="师大/一食堂")
    refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        assert "assets_device" in {table for (table,) in cursor.fetchall()}
