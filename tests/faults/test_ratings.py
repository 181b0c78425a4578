"""评价: what reporters thought, by month, the dissatisfied first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from tests.cast import AT
from yika.commitments.rules import Month
from yika.faults import queries
from yika.faults.models import Report
from yika.faults.rules import State
from yika.lib import clock
from yika.people.models import User

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
MARCH = Month(2026, 3)


def rated(points: int, comment: str = "", *, at: datetime = AT, to: User | None = None) -> Report:
    """A repaired fault whose reporter gave so many points."""
    report = builders.fault(State.RESTORED, to=to or cast.technician()).reports.get()
    Report.objects.filter(pk=report.pk).update(rating=points, comment=comment, rated_at=at)
    report.refresh_from_db()
    return report


def test_a_month_comes_to_an_average_shares_and_scores_of_everybody() -> None:
    good, poor = cast.technician("王强"), cast.technician("赵伟")
    for points, to in ((5, good), (5, good), (4, good), (1, poor)):
        rated(points, to=to)
    found = queries.ratings(cast.office(), MARCH)
    assert (found.all.count, found.all.average, found.all.poor) == (4, 3.75, 1)
    assert [(one.points, one.count, one.percent) for one in found.shares] == [
        (5, 2, 50), (4, 1, 25), (3, 0, 0), (2, 0, 0), (1, 1, 25),
    ]  # fmt: skip
    assert [(one.name, one.count, one.poor) for one in found.by_technician] == [
        ("王强", 3, 0),
        ("赵伟", 1, 1),
    ]
    assert sum(one.count for one in found.by_severity) == 4
    assert found.months[-1][0] == MARCH and found.months[-1][1].average == 3.75


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (MARCH.starts_at, MARCH),
        (MARCH.starts_at - timedelta(seconds=1), Month(2026, 2)),
        (MARCH.ends_at - timedelta(seconds=1), MARCH),
        (MARCH.ends_at, Month(2026, 4)),
    ],
)
def test_a_rating_counts_in_the_campus_month_it_was_given(at: datetime, month: Month) -> None:
    rated(3, at=at)
    office = cast.office()
    assert {one for one in (month.shifted(-1), month, month.shifted(1)) if queries.given_in(office, one)} == {
        month
    }
    assert [one for one, score in queries.ratings(office, month).months if score.count] == [month]


def test_the_dissatisfied_stand_first_with_their_words(client_as: ClientAs) -> None:
    for points, words in ((4, "不错"), (1, "等了两天"), (2, "态度差")):
        rated(points, words)
    page = client_as(cast.office()).get("/ratings/?month=2026-03").content.decode()
    assert page.index("等了两天") < page.index("态度差") < page.index("不错")


def test_a_vendor_sees_what_was_said_of_its_own_work() -> None:
    report = rated(2)
    stranger = cast.stranger()
    report.fault.contract.vendor = stranger.organisation
    report.fault.contract.save(update_fields=["vendor"])
    assert not queries.given_in(cast.manager(), MARCH).exists()
    assert queries.given_in(cast.office(), MARCH).exists()


def test_a_month_without_ratings_says_what_will_stand_here(client_as: ClientAs) -> None:
    page = client_as(cast.office()).get("/ratings/?month=2026-01").content.decode()
    assert "这个月还没有评价" in page


def test_takes_as_many_queries_for_many_as_for_few(client_as: ClientAs) -> None:
    browser = client_as(cast.office())

    def asked(more: int) -> int:
        for number in range(more):
            rated(1 + number % 5, to=cast.technician(f"第{number}"))
        with clock.frozen(AT):
            browser.get("/ratings/")
            with CaptureQueriesContext(connection) as taken:
                assert browser.get("/ratings/").status_code == 200
        return len(taken)

    assert asked(2) == asked(7)
