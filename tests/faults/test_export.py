"""What is taken away from the list of faults."""

import csv
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import builders, cast
from yika.faults.rules import State
from yika.journal.models import Event
from yika.lib.office.tables import Column, Table, csv_lines, write_xlsx

pytestmark = pytest.mark.django_db


def test_the_file_holds_what_the_list_shows_and_the_journal_says_who_took_it(client_as) -> None:  # type: ignore[no-untyped-def]
    shown, other = builders.fault(), builders.fault(State.WORKING)
    desk: Client = client_as(cast.dispatcher("林青"))
    answer = desk.get(reverse("faults:export", args=["csv"]), {"state": "reported"})
    lines = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [shown.number] != [other.number]
    book = desk.get(reverse("faults:export", args=["xlsx"]))
    rows = CalamineWorkbook.from_filelike(BytesIO(book.getvalue())).get_sheet_by_index(0).to_python()
    assert "林青" in str(rows[1][0])
    assert {row[0] for row in rows[3:]} == {shown.number, other.number}
    first, second = Event.objects.filter(verb="journal.take_list").order_by("id")
    assert first.data == {"list": "faults", "form": "csv", "rows": 1, "filters": ["state=reported"]}
    assert second.data["rows"] == 2


def test_the_number_of_queries_does_not_grow(client_as) -> None:  # type: ignore[no-untyped-def]
    desk = client_as(cast.dispatcher())
    counts = []
    for _more in range(3):
        builders.fault()
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("faults:export", args=["csv"])).getvalue()
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_another_vendors_faults_stay_out(client_as) -> None:  # type: ignore[no-untyped-def]
    builders.fault()
    answer = client_as(cast.stranger()).get(reverse("faults:export", args=["csv"]))
    assert len(answer.getvalue().decode().splitlines()) == 1


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", " =1"])
def test_nothing_is_ever_a_formula(evil: str) -> None:
    table = Table("t", "n", [Column("a")], [[evil]])
    (cell,) = list(csv.reader(StringIO("".join(csv_lines(table)))))[1]
    assert cell == f"'{evil}"
    file = BytesIO()
    write_xlsx(table, file)
    file.seek(0)
    sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
    assert sheet.to_python()[3] == [evil]
