"""What the Office said, as people meet it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import cast
from tests.changes.cases import a_change
from tests.matrix import NOON
from yika.changes.actions import voting
from yika.changes.rules import Mode, State
from yika.lib import clock
from yika.people.models import User

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


def test_what_the_office_declined_to_confirm_stands_in_red_and_is_to_be_rolled_back(
    client_as: Browser,
) -> None:
    tech = cast.technician()
    change = a_change(State.EXECUTED, by=tech, mode=Mode.EMERGENCY)
    voting.decline(change, reason="并不紧急", by=cast.office(), at=NOON)
    client = client_as(tech)
    with clock.frozen(NOON):
        page = client.get(reverse("changes:page", args=[change.pk])).content.decode()
        listed = client.get(reverse("changes:list") + "?state=declined").content.decode()
    assert "并不紧急" in page and "须回退" in page
    assert '<details class="act" open><summary class="btn btn-primary">回退' in page
    assert "登记测试" not in page and "验证通过" not in page
    assert '<span class="tag tag-red">不予确认</span>' in listed


def test_a_question_of_the_office_is_answered_where_it_is_asked_again(client_as: Browser) -> None:
    tech = cast.technician()
    change, client = a_change(State.ASKED_BACK, by=tech), client_as(tech)
    url = reverse("changes:act", args=[change.pk, "ask"])
    with clock.frozen(NOON):
        bare = client.post(url)
        answer = client.post(url, {"text": "改在夜间"}, follow=True).content.decode()
    assert bare.status_code == 422 and "答复并再次提交" in bare.content.decode()
    assert "为何白天移" in answer and "改在夜间" in answer and "待同意" in answer


def test_the_file_names_devices_who_consented_and_the_filter(client_as: Browser) -> None:
    change, office = a_change(State.CONSENTED), client_as(cast.office())
    device, vote = change.lines.get().device, change.votes.get()
    with clock.frozen(NOON):
        answer: Any = office.get(reverse("changes:export", args=["csv"]), {"kind": "data"})
        text = b"".join(answer).decode()
        book: Any = office.get(reverse("changes:export", args=["xlsx"]), {"kind": "data"})
        sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(book.streaming_content)))
    assert device.number in text and vote.by.name in text
    note = sheet.get_sheet_by_index(0).to_python(skip_empty_area=False)[1][0]
    assert "筛选：状态：未结束，类别：数据变更" in str(note)
    counts = []
    for more in (0, 5):
        for _one in range(more):
            a_change(State.CONSENTED)
        with clock.frozen(NOON), CaptureQueriesContext(connection) as asked:
            answer = office.get(reverse("changes:export", args=["csv"]))
            b"".join(answer)
        counts.append(len(asked))
    assert counts[0] == counts[1]
