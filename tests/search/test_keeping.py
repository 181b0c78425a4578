"""The index can be lost, mended, and is watched."""

import pytest
from click.testing import CliRunner

from tests import builders, cast
from yika.assets.models import DeviceWords, PlaceWords
from yika.faults.models import Fault, FaultWords
from yika.journal.models import Event
from yika.people.models import PersonWords
from yika.search import cli, jobs
from yika.search.actions import KINDS, rebuild
from yika.search.queries import results

pytestmark = pytest.mark.django_db


def test_rebuilding_brings_everything_back() -> None:
    builders.fault(description="读卡不灵", to=cast.technician("张三丰"))
    kept = {model: dict(model.objects.values_list("pk", "grams")) for model in _tables()}
    for model in _tables():
        model.objects.all().delete()
    PlaceWords.objects.create(place_id=next(iter(kept[PlaceWords])), grams="错了")
    office = cast.office()
    assert not results(office, "读卡")
    mended = rebuild(by=office, at=cast.AT)
    assert mended["faults"] == 1
    for model in _tables():
        now = dict(model.objects.values_list("pk", "grams"))
        assert kept[model].items() <= now.items()
    assert results(office, "读卡") and results(office, "张三")
    assert sum(rebuild(by=office, at=cast.AT).values()) == 0
    assert Event.objects.filter(verb="search.rebuild").count() == 2


def test_rebuilding_goes_stretch_by_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(5):
        builders.fault(description="读卡不灵")
    FaultWords.objects.all().delete()
    monkeypatch.setattr("yika.search.actions.Kind.stretch.__defaults__", (2,))
    rebuild(by=cast.office(), at=cast.AT)
    assert FaultWords.objects.count() == 5


def test_the_command_says_what_it_mended() -> None:
    builders.fault(description="读卡不灵")
    FaultWords.objects.all().delete()
    told = CliRunner().invoke(cli.rebuild)
    assert told.exit_code == 0, told.output
    assert "故障 1 件" in told.output


def test_the_auditor_is_content_with_what_actions_write() -> None:
    builders.fault(description="读卡不灵")
    jobs.audit(cast.AT)


@pytest.mark.parametrize("number", range(4))
def test_the_auditor_notices_what_is_missing_or_wrong(number: int) -> None:
    builders.fault(description="读卡不灵", to=cast.technician())
    model = _tables()[number]
    model.objects.order_by("pk").first().delete()
    with pytest.raises(jobs.AuditFailed, match=KINDS[number].name):
        jobs.audit(cast.AT)


def test_the_auditor_comes_round_to_old_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [builders.fault(description="读卡不灵") for _number in range(6)]
    monkeypatch.setattr(jobs, "COMPARED", 1)
    FaultWords.objects.filter(pk=faults[0].pk).delete()
    failed = 0
    for hour in range(Fault.objects.latest("pk").pk + 1):
        try:
            jobs.audit(cast.AT + hour * jobs.HOUR)
        except jobs.AuditFailed:
            failed += 1
    assert failed


def test_taking_a_thing_away_takes_its_words_away() -> None:
    device = builders.device("QX-1")
    device.delete()
    assert not DeviceWords.objects.filter(pk=device.pk).exists()
    assert "devices" not in {group.kind for group in results(cast.office(), "qx1")}


def _tables() -> list:  # type: ignore[type-arg]
    return [PlaceWords, DeviceWords, PersonWords, FaultWords]
