"""Versions of the diagrams and what changed since last Friday."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from tests.network.campus import hang, switch
from yika.journal.queries import timeline
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.network import actions, jobs, queries
from yika.network.models import Link, Snapshot
from yika.people.models import User

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)  # 18:00 on campus
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (FRIDAY, FRIDAY),
        (FRIDAY - MINUTE, FRIDAY - 7 * DAY),
        (FRIDAY + 6 * DAY, FRIDAY),
        (FRIDAY + 7 * DAY - MINUTE, FRIDAY),
        (FRIDAY + 7 * DAY, FRIDAY + 7 * DAY),
        (FRIDAY + timedelta(hours=7), FRIDAY),  # Saturday on campus, Friday in Greenwich
    ],
)
def test_a_version_is_due_from_friday_six(at: datetime, due: datetime) -> None:
    assert queries.last_friday(at) == due


def test_one_version_a_week_and_none_of_nothing() -> None:
    assert not jobs.keep_weekly(FRIDAY) and not Snapshot.objects.exists()
    hang(builders.device(), switch("SW-1"))
    for hours in (0, 1, 24, 160):
        jobs.keep_weekly(FRIDAY + timedelta(hours=hours))
    assert [kept.at for kept in Snapshot.objects.all()] == [FRIDAY]
    jobs.keep_weekly(FRIDAY + 8 * DAY)  # the worker stood still on Friday
    assert Snapshot.objects.count() == 2
    assert timeline("network", "versions")[0].sentence.startswith("留存拓扑图版本 V")


def test_a_version_is_drawn_again_from_the_record_and_proves_it() -> None:
    link = hang(builders.device("XF-1"), switch("SW-1"))
    kept = actions.keep_snapshot(by=SYSTEM, at=FRIDAY)
    actions.disconnect(link, by=SYSTEM, at=FRIDAY + DAY)
    assert queries.standing(FRIDAY).sha256 == kept.sha256
    assert queries.standing(FRIDAY + DAY).sha256 != kept.sha256
    Link.objects.update(medium="fibre")  # past the product
    assert queries.standing(FRIDAY).sha256 != kept.sha256


def test_what_changed_since_friday(client_as: Callable[[User | None], Client]) -> None:
    upper = switch("SW-1")
    gone = hang(builders.device("XF-1"), upper)
    hang(builders.device("XF-2"), upper)
    actions.disconnect(gone, by=SYSTEM, at=FRIDAY + DAY)
    hang(builders.device("XF-3"), upper, at=FRIDAY + DAY)
    brief = hang(builders.device("XF-4"), upper, at=FRIDAY + DAY)
    actions.disconnect(brief, by=SYSTEM, at=FRIDAY + 2 * DAY)
    kept = actions.keep_snapshot(by=SYSTEM, at=FRIDAY)
    client = client_as(cast.office())
    with clock.frozen(FRIDAY + 3 * DAY):
        shown = client.get(reverse("network:changes"))
        assert [link.lower.number for link in shown.context["added"]] == ["XF-3"]
        assert [link.lower.number for link in shown.context["removed"]] == ["XF-1"]
        assert "上周五以来的变化" in shown.content.decode()
        assert "与留存时一致" in client.get(reverse("network:version", args=[kept.pk])).content.decode()
        assert client.post(reverse("network:keep")).status_code == 302
        listed = client.get(reverse("network:versions")).content.decode()
    assert f"V{kept.pk}" in listed and f"V{kept.pk + 1}" in listed
