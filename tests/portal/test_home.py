"""Home: what burns, what waits for me; and the wall."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.changes import cases
from yika.assets.actions import change_life
from yika.assets.gate import NeedsConsent
from yika.assets.models import RefusedAttempt
from yika.assets.rules import Life
from yika.changes.rules import Mode
from yika.changes.rules import State as Stage
from yika.commitments.words import KINDS
from yika.faults.actions import asking, reporting
from yika.faults.rules import State
from yika.lib import clock
from yika.people.models import User

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
AT = cast.AT
LATER = AT + timedelta(minutes=90)


def page(client: Client, name: str = "portal:home") -> str:
    with clock.frozen(LATER):
        return client.get(reverse(name)).content.decode()


def test_the_office_sees_what_burns_and_what_waits_for_its_word(client_as: ClientAs) -> None:
    fault = builders.fault(State.WORKING)
    report = builders.report(at=AT)
    asking.propose_special(
        fault, cause="bank", claim="专线中断", by=cast.dispatcher(), at=AT + timedelta(minutes=9)
    )
    reporting.complain(report, text="无人理会", at=AT + timedelta(minutes=30))
    shown = page(client_as(cast.office()))
    assert fault.number in shown and report.fault.number in shown
    assert "已超时" in shown
    assert f'href="{reverse("faults:rulings")}">1<' in shown
    assert f'href="{reverse("faults:complaints")}">1<' in shown
    assert "本月达标率" in shown


def test_the_office_sees_the_changes_that_wait_for_its_word(client_as: ClientAs) -> None:
    office = cast.office()
    changes = f'href="{reverse("changes:list")}?state='
    assert f'{changes}asked">0<' in page(client_as(office))
    cases.a_change(Stage.ASKED)
    cases.a_change(Stage.ASKED, by=office)  # nobody has the say on their own
    cases.a_change(Stage.EXECUTED, mode=Mode.EMERGENCY)
    shown = page(client_as(office))
    assert f'{changes}asked">1<' in shown and f'{changes}unconfirmed">1<' in shown
    assert changes not in page(client_as(cast.manager()))


def test_the_office_sees_what_was_tried_without_its_consent(client_as: ClientAs) -> None:
    office, manager, device = cast.office(), cast.manager(), builders.device()
    builders.contract()
    link = f'href="{reverse("changes:refused")}"'
    assert link not in page(client_as(office))
    with pytest.raises(NeedsConsent):
        change_life(device, Life.IN_STOCK, reason="坏了", by=manager, at=AT)
    assert f"{link}>1<" in page(client_as(office))
    assert link not in page(client_as(manager))
    RefusedAttempt.objects.update(at=AT - timedelta(days=8))
    assert link not in page(client_as(office))


def test_each_figure_of_the_month_says_what_was_promised(client_as: ClientAs) -> None:
    shown = page(client_as(cast.auditor()))
    for word in KINDS.values():
        assert f"<dt>{word}</dt>" in shown


def test_the_vendors_manager_sees_no_decisions(client_as: ClientAs) -> None:
    builders.fault()
    shown = page(client_as(cast.manager()))
    assert "最紧急" in shown and "待认定" not in shown


def test_the_administrator_sees_whether_the_system_runs_and_no_faults(client_as: ClientAs) -> None:
    fault = builders.fault()
    shown = page(client_as(cast.administrator()))
    assert fault.number not in shown
    assert "后台任务没有运行" in shown


@pytest.mark.parametrize("name", ["portal:home", "portal:wall"])
def test_the_gravest_outage_stands_on_top_though_its_limit_is_far(name: str, client_as: ClientAs) -> None:
    office = client_as(cast.office())
    for _ in range(12):
        builders.fault()
    assert "正在中断" not in page(office, name), "everyday faults are no outage"
    larger = builders.fault(terminals=6)
    grave = builders.fault(terminals=45)
    shown = page(office, name)
    line = shown[shown.index("正在中断") :].partition("</p>")[0]
    assert grave.number in line and "影响终端 45 台" in line and larger.number not in line
    with CaptureQueriesContext(connection) as few:
        page(office, name)
    for _ in range(3):
        builders.fault(terminals=45)
    with CaptureQueriesContext(connection) as many:
        page(office, name)
    assert len(few) == len(many)


def test_the_wall_shows_the_same_and_refreshes_itself(client_as: ClientAs) -> None:
    fault = builders.fault()
    shown = page(client_as(cast.auditor()), "portal:wall")
    assert fault.number in shown and 'hx-trigger="every 15s"' in shown


def test_home_costs_the_same_with_many_faults(
    client_as: ClientAs, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_as(cast.office())
    for count in (1, 12):
        for _ in range(count):
            builders.fault()
        page(client)
        with clock.frozen(LATER), django_assert_max_num_queries(24):  # type: ignore[attr-defined]
            client.get(reverse("portal:home"))
