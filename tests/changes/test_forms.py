"""What the forms of a change keep, ask and offer."""

import pytest
from django.urls import reverse

from tests import builders, cast
from tests.changes.cases import a_change
from tests.changes.permissions import a_pattern
from tests.changes.test_pages import Browser, told
from tests.matrix import NOON
from yika.changes.rules import State
from yika.lib import clock

pytestmark = pytest.mark.django_db


def test_what_was_typed_stays_in_its_form_when_it_is_refused(client_as: Browser) -> None:
    change = a_change(State.EXECUTED)
    client = client_as(change.asked_by)
    sent = {"item": "刷卡三次", "expected": "成功", "result": "  ", "passed": "no"}
    with clock.frozen(NOON):
        answer = client.post(reverse("changes:act", args=[change.pk, "test"]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "刷卡三次" in page and change.number in page
    assert not change.trials.exists()
    asked = a_change()
    with clock.frozen(NOON):
        answer = client_as(cast.office()).post(
            reverse("changes:act", args=[asked.pk, "refuse"]), {"text": ""}
        )
    page = answer.content.decode()
    assert answer.status_code == 422 and "请写明理由" in page and asked.number in page


def test_whether_a_test_passed_is_said_and_not_presumed(client_as: Browser) -> None:
    change = a_change(State.EXECUTED)
    sent = {"item": "刷卡", "expected": "成功", "result": "扣款超时"}
    with clock.frozen(NOON):
        url = reverse("changes:act", args=[change.pk, "test"])
        assert client_as(change.asked_by).post(url, sent).status_code == 422
        client_as(change.asked_by).post(url, {**sent, "passed": "no"})
    assert change.trials.get().passed is False


def test_the_offices_question_stands_on_top_until_it_is_answered(client_as: Browser) -> None:
    change = a_change(State.ASKED_BACK)
    client = client_as(change.asked_by)
    for name in ("changes:page", "changes:edit"):
        assert "信息化办公室要求补充" in told(client, reverse(name, args=[change.pk]))


def test_a_device_in_no_use_is_not_swapped(client_as: Browser) -> None:
    spare = builders.device("XF-9", in_use=False)
    answer = client_as(cast.technician()).get(f"{reverse('changes:swap')}?device={spare.pk}")
    assert answer.status_code == 422 and "XF-9 不在用" in answer.content.decode()
    panel = reverse("changes:panel_device")
    client = client_as(cast.technician())
    assert "设备更换" not in told(client, f"{panel}?device={spare.pk}"), "nor is it offered there"
    assert "设备更换" in told(client, f"{panel}?device={builders.device('XF-1').pk}")


def test_the_standard_way_is_offered_where_there_is_a_pattern(client_as: Browser) -> None:
    client = client_as(cast.technician())
    assert "标准变更" not in told(client, reverse("changes:new"))
    a_pattern(None)
    assert "标准变更" in told(client, reverse("changes:new"))
