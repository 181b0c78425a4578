"""When the demonstration campus loads, and when it refuses."""

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db.models import Q

from tests import builders, cast
from yika.config import demo
from yika.config.cli import main
from yika.faults.models import Fault
from yika.faults.rules import State
from yika.journal.models import Event
from yika.lib.decisions import WrongState
from yika.people.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    ["2026-01-01T00:05:00+08:00", "2026-11-22T23:59:30+08:00"],
    ids=["new year's night", "a Sunday's last minute"],
)
def test_it_loads_at_any_moment(moment: str) -> None:
    at = datetime.fromisoformat(moment)
    demo.load(at)
    assert Fault.objects.open().filter(Q(state=State.REPORTED)).exists()
    assert not Event.objects.filter(at__gt=at).exists()


def test_it_never_goes_where_a_contract_is() -> None:
    builders.contract()
    with pytest.raises(WrongState):
        demo.load(cast.AT)
    assert CliRunner().invoke(main, ["demo"]).exit_code == 1
    assert not User.objects.exists()


def test_the_command_tells_the_password_and_keeps_it_for_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code == 0, result.output
    kept = tmp_path / "demo-accounts.txt"
    assert kept.stat().st_mode & 0o777 == 0o600
    name, password = kept.read_text().split()[:2]
    assert User.objects.get(username=name).check_password(password)
    assert password in result.output
    assert str(kept) in result.output
