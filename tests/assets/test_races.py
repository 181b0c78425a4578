"""Two people writing the tree at once, on a database that lets them."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests import builders
from tests.cast import AT
from yika.assets import actions, queries, rules
from yika.assets.models import Device, Place
from yika.journal.rules import SYSTEM
from yika.lib.decisions import Refusal

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*deeds: Callable[[], object]) -> list[Refusal | None]:
    """Do all of them together; what each was told."""
    told: list[Refusal | None] = [None] * len(deeds)
    start = Barrier(len(deeds))

    def run(number: int) -> None:
        start.wait()
        try:
            deeds[number]()
        except Refusal as refusal:
            told[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.parametrize("text", ["师大/甲\n师大/乙\n", "新校区/甲\n新校区/乙\n"])
def test_of_two_imports_one_wins_and_the_other_is_told(text: str) -> None:
    builders.place("师大")
    actions.seed_kinds(by=SYSTEM, at=AT)
    shown = rules.fingerprint(rules.plan(rules.parse(text), queries.world(), terminals=True))

    def bring_in() -> object:
        return actions.import_list(
            text, terminals=True, shown=shown, file_name="l.txt", sha256="0" * 64, by=SYSTEM, at=AT
        )

    told = at_once(bring_in, bring_in)
    assert told.count(None) == 1
    assert Device.objects.count() == 2


def test_a_child_made_during_a_rename_has_the_new_path() -> None:
    floor = builders.place("师大/一食堂/一楼")
    canteen = Place.objects.get(full_name="师大/一食堂")
    for number in range(5):
        told = at_once(
            lambda n=number: actions.rename_place(canteen, name=f"食堂{n}", by=SYSTEM, at=AT),  # type: ignore[misc]
            lambda n=number: actions.create_place(floor, name=f"窗口{n}", by=SYSTEM, at=AT),  # type: ignore[misc]
        )
        assert told == [None, None]
    for place in Place.objects.exclude(parent=None).select_related("parent"):
        assert place.parent
        assert place.full_name == f"{place.parent.full_name}/{place.name}"
