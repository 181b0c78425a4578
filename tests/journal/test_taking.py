"""Every list can be taken away, and every taking is on record."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from python_calamine import CalamineWorkbook

from tests import builders, cast
from yika.journal.models import Event

pytestmark = pytest.mark.django_db

EXPORTS = sorted(
    f"{app}:{name}"
    for app, (_prefix, resolver) in get_resolver().namespace_dict.items()
    for name in resolver.reverse_dict
    if isinstance(name, str) and name.startswith("export")
)


def test_the_lists_are_found() -> None:
    assert {"faults:export", "people:export_people", "commitments:export_due"} <= set(EXPORTS)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_list_opens_as_excel_and_as_csv_and_the_journal_says_who_took_it(client_as, name: str) -> None:  # type: ignore[no-untyped-def]
    builders.fault()
    office: Client = client_as(cast.office("周敏"))
    text = office.get(reverse(name, args=["csv"]))
    assert text.status_code == 200
    headings, *rows = csv.reader(StringIO(text.getvalue().decode("utf-8-sig")))
    book = CalamineWorkbook.from_filelike(BytesIO(office.get(reverse(name, args=["xlsx"])).getvalue()))
    _title, note, shown, *lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert "周敏" in str(note[0])
    assert list(filter(None, shown)) == headings and all(headings)
    taken = list(Event.objects.filter(verb="journal.take_list").order_by("id").values_list("data", flat=True))
    assert [one["form"] for one in taken] == ["csv", "xlsx"]
    assert taken[0]["rows"] == len(rows)
    assert taken[1]["rows"] == sum(1 for line in lines if any(line))
    assert office.get(reverse(name, args=["pdf"])).status_code == 404
