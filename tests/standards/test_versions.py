"""Loaded versions never change; a contract takes them up."""

import pytest
from django.db import DatabaseError, transaction

from tests import builders, cast
from tests.standards.texts import changed, with_service_hours
from yika.calendars.models import SpecialDay
from yika.journal.models import Event
from yika.journal.rules import SYSTEM
from yika.lib.decisions import BadInput, NotAllowed
from yika.standards import queries
from yika.standards.actions import builtin, load
from yika.standards.loader import StandardErrors, builtin_text
from yika.standards.models import StandardVersion
from yika.standards.policies import visible

pytestmark = pytest.mark.django_db


def test_the_same_text_is_the_same_version() -> None:
    version = builtin(cast.AT)
    assert load("\ufeff" + builtin_text().replace("\n", "\r\n"), by=cast.office(), at=cast.AT) == version
    assert StandardVersion.objects.count() == 1
    assert Event.objects.filter(verb="standards.load").count() == 1


def test_the_same_version_with_another_text_is_refused() -> None:
    builtin(cast.AT)
    with pytest.raises(BadInput, match="新的版本号"):
        load(changed(('"12h"', '"10h"'), version="1.0"), by=SYSTEM, at=cast.AT)


def test_a_wrong_text_is_not_loaded() -> None:
    with pytest.raises(StandardErrors):
        load(changed(('"12h"', '"-10h"')), by=SYSTEM, at=cast.AT)
    assert not StandardVersion.objects.exists()


def test_only_the_office_loads() -> None:
    for person in (
        cast.manager(),
        cast.dispatcher(),
        cast.technician(),
        cast.auditor(),
        cast.administrator(),
    ):
        with pytest.raises(NotAllowed):
            load(changed(), by=person, at=cast.AT)
    assert load(changed(), by=cast.office(), at=cast.AT).version == "2.0"


@pytest.mark.parametrize("field", ["source", "sha256", "version", "code", "title"])
def test_the_database_refuses_to_change_what_was_loaded(field: str) -> None:
    version = builtin(cast.AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        StandardVersion.objects.filter(pk=version.pk).update(**{field: "x"})
    version.refresh_from_db()
    assert version.source == builtin_text()


def test_a_version_in_use_cannot_be_deleted() -> None:
    contract = builders.contract()
    with pytest.raises(DatabaseError), transaction.atomic():
        StandardVersion.objects.filter(pk=contract.standard_id)._raw_delete("default")
        transaction.get_connection().check_constraints()


def test_standard_of_is_what_was_loaded() -> None:
    version = load(changed(('"12h"', '"10h"')), by=SYSTEM, at=cast.AT)
    limit = queries.standard_of(version).level("general").repair
    assert limit
    assert limit.seconds == 36_000


def test_standard_of_asks_nothing_for_natural_time(django_assert_num_queries: object) -> None:
    version = builtin(cast.AT)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert queries.standard_of(version) is queries.standard_of(version)


def test_service_hours_follow_the_days_table() -> None:
    version = load(with_service_hours(), by=SYSTEM, at=cast.AT)
    day = cast.AT.date()
    assert queries.standard_of(version).calendar.spans_of(day)
    SpecialDay.objects.create(day=day, is_working=False, name="校庆")
    assert not queries.standard_of(version).calendar.spans_of(day)


def test_in_force_is_what_a_contract_took_up_last() -> None:
    first = builtin(cast.AT)
    assert queries.in_force(visible(cast.office())) == first
    assert queries.in_force(StandardVersion.objects.none()) is None
