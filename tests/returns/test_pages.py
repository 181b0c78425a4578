"""Returns as people meet them."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import builders, cast
from tests.matrix import NOON
from tests.returns.cases import a_return, asked, carried_out, done, fresh, opened, sent, taken_out, tried
from tests.returns.permissions import SENDING, TRIAL, WINDOW, a_refused
from yika.faults.rules import State as FaultState
from yika.lib import clock
from yika.people.models import User
from yika.returns.actions import ending
from yika.returns.models import Return
from yika.returns.rules import State

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]
DAY = timedelta(days=1)


def told(client: Client, url: str, status: int = 200) -> str:
    with clock.frozen(NOON):
        answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def act(client: Client, one: Return, verb: str, **data: str) -> str:
    """The page after a verb, or the page again with what was wrong."""
    with clock.frozen(NOON):
        answer = client.post(reverse("returns:act", args=[one.pk, verb]), data, follow=True)
    return answer.content.decode()


def test_a_unit_goes_out_and_comes_back_through_the_pages(client_as: Browser) -> None:
    tech = cast.technician()
    device = builders.device("XF-1")
    spare = builders.device("XF-9", at="桂子大学/库房", in_use=False)
    fault = builders.fault(FaultState.WORKING, of=device, to=tech)
    client = client_as(tech)
    assert reverse("returns:new") in told(client, f"{reverse('returns:panel_fault')}?fault={fault.pk}")
    url = f"{reverse('returns:new')}?fault={fault.pk}"
    form = told(client, url)
    assert "XF-9" in form and fault.number in form and "替代修复时限" not in form
    data = {**WINDOW, "reason": "不通电", "fault": str(fault.pk), "spare": str(spare.pk)}
    data["submission"] = "6f1c2a54-0000-4000-8000-000000000001"
    with clock.frozen(NOON):
        client.post(url, data)
    one = Return.objects.get()
    assert "执行后才能寄出" in told(client, reverse("returns:page", args=[one.pk]))
    carried_out(one.change, by=tech, at=NOON)
    assert "登记寄出" in told(client, reverse("returns:page", args=[one.pk]))

    wrong = act(client, one, "send", **{**SENDING, "records": "", "waybill": "SF-保留"})
    assert "请写明原因" in wrong and "SF-保留" in wrong
    assert "已寄出" in act(client, one, "send", **SENDING)
    assert "保内维修不收费" in act(client, one, "diagnose", diagnosis="主板", warranty="yes", cost="5")
    assert "保外 5.50 元" in act(client, one, "diagnose", diagnosis="主板", warranty="no", cost="5.5")
    assert "已返回待测试" in act(client, one, "receive")
    assert "测试合格入库" in act(client, one, "test", **TRIAL)
    assert "申请装回" in act(client, one, "finish")
    assert fresh(one).state == State.DONE
    with clock.frozen(NOON):
        client.post(reverse("returns:put_back", args=[one.pk]), WINDOW)
    row = fresh(one)
    assert row.put_back and "XF-9" in row.put_back.title
    page = told(client, reverse("returns:page", args=[one.pk]))
    assert row.put_back.number in page and reverse("returns:put_back", args=[one.pk]) not in page
    assert one.number in told(client, f"{reverse('returns:panel_device')}?device={spare.pk}")


def test_where_no_spare_is_in_stock_the_factorys_limit_may_be_asked_for(client_as: Browser) -> None:
    tech = cast.technician()
    fault = builders.fault(FaultState.WORKING, to=tech)
    client = client_as(tech)
    url = f"{reverse('returns:new')}?fault={fault.pk}"
    form = told(client, url)
    assert "库存中没有同类备机" in form and "替代修复时限" in form
    data = {**WINDOW, "reason": "不通电", "fault": str(fault.pk), "instead_of_repair": "on"}
    data["submission"] = "6f1c2a54-0000-4000-8000-000000000002"
    with clock.frozen(NOON):
        client.post(url, data)
    assert fault.rulings.count() == 1
    fault.refresh_from_db()
    assert fault.state == FaultState.AT_FACTORY


def test_the_board_counts_and_finds(client_as: Browser) -> None:
    late = sent(opened(at=NOON - 20 * DAY), at=NOON - 20 * DAY)
    young = a_return(State.SENT)
    client = client_as(cast.office())
    board = told(client, reverse("returns:list"))
    assert board.index(late.number) < board.index(young.number)
    overdue = told(client, f"{reverse('returns:list')}?state=overdue")
    assert late.number in overdue and young.number not in overdue
    for text in (young.number, young.device.number, "SF1234567890"):
        assert young.number in told(client, f"{reverse('returns:list')}?q={text}")
    assert "没有符合条件的返厂单" in told(client, f"{reverse('returns:list')}?q=无此设备")


def test_an_empty_board_says_what_returns_are(client_as: Browser) -> None:
    assert "没有未办结的返厂单" in told(client_as(cast.office()), reverse("returns:list"))


def test_the_table_of_returns_says_everything_about_one(client_as: Browser) -> None:
    spare = builders.device(at="桂子大学/库房", in_use=False)
    one = done(sent(opened(spare=spare)), at=cast.AT + 2 * DAY)
    writ = ending.put_back(one, asked(cast.AT + 2 * DAY), by=one.opened_by, at=cast.AT + 2 * DAY)
    carried_out(fresh(writ).put_back, by=one.opened_by, at=cast.AT + 2 * DAY)
    with clock.frozen(cast.AT + 3 * DAY):
        answer = client_as(cast.office()).get(reverse("returns:export", args=["csv"]), {"state": "all"})
        trials = client_as(cast.office()).get(reverse("returns:export_trials", args=["csv"]))
    rows = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"))))
    head = next(row for row in rows if "返厂单号" in row)
    line = dict(zip(head, next(row for row in rows if one.number in row), strict=True))
    assert line["备机编号"] == spare.number
    assert line["已导出流水条数"] == "1280" and line["PSAM卡"] == "已取出"
    assert line["快递单号"] == "SF1234567890" and line["装回/入库"] == "装回"
    assert line["用时（天）"] == "2" and line["是否按时"] == "是"
    assert one.change and line["同意人"] == one.change.votes.get().by.name
    assert line["测试记录编号"].startswith("FT")
    assert line["测试记录编号"] in b"".join(trials).decode()


@pytest.mark.parametrize(
    ("asked", "told"),
    [([], ("", "")), ([None], ("", "")), ([0], ("0.00", "0.0")), ([68_005, None, 95], ("681.00", "681.0"))],
)
def test_the_cost_is_a_number_of_yuan_in_both_files(
    client_as: Browser, asked: list[int | None], told: tuple[str, str]
) -> None:
    """Asked by the factory at each shipment, in hundredths; nothing where it has not said anything yet."""
    one = sent(opened()) if asked else opened()
    trip = one.trips.first()
    for cost in asked:
        assert trip
        trip.pk, trip.back_at, trip.cost_fen = None, NOON, cost
        trip.save(force_insert=True)
    one.trips.filter(back_at=None).delete()
    office = client_as(cast.office())
    with clock.frozen(NOON):
        text: Any = office.get(reverse("returns:export", args=["csv"]))
        book: Any = office.get(reverse("returns:export", args=["xlsx"]))
    head, line = csv.reader(StringIO(b"".join(text).decode("utf-8-sig")))
    written = line[head.index("费用（元）")]
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(book.streaming_content))).get_sheet_by_index(0)
    _title, note, heads, cells = sheet.to_python(skip_empty_area=False)
    assert "筛选：状态：未办结" in str(note[0])
    assert (written, str(cells[heads.index("费用（元）")])) == told


def test_a_refused_consent_is_asked_for_again_from_the_page(client_as: Browser) -> None:
    one = a_refused()
    client = client_as(one.opened_by)
    assert "没有得到同意" in told(client, reverse("returns:page", args=[one.pk]))
    with clock.frozen(NOON):
        client.post(reverse("returns:ask_again", args=[one.pk]), {**WINDOW, "spare": ""})
    row = fresh(one)
    assert row.change and row.change != one.change


def test_the_page_asks_for_the_diagnosis_before_the_unit_goes_into_stock(client_as: Browser) -> None:
    one = tried(a_return(State.BACK), at=NOON)
    page = told(client_as(one.opened_by), reverse("returns:page", args=[one.pk]))
    assert "登记厂家诊断、保修和费用后才能入库" in page
    assert reverse("returns:act", args=[one.pk, "finish"]) not in page


def test_the_page_says_what_cancelling_does(client_as: Browser) -> None:
    tech = cast.technician()
    client, one = client_as(tech), opened(by=tech)
    assert "未执行的变更一并撤回" in told(client, reverse("returns:page", args=[one.pk]))
    one = taken_out(one)
    assert "一并回退，设备装回" in told(client, reverse("returns:page", args=[one.pk]))


def test_what_the_product_words_itself_is_worded_for_both_parties(client_as: Browser) -> None:
    client, device = client_as(cast.technician()), builders.device("XF-1")
    client.cookies["django_language"] = "en"
    builders.contract()
    data = {**WINDOW, "reason": "no power", "fault": "", "spare": ""}
    data["submission"] = "6f1c2a54-0000-4000-8000-000000000002"
    with clock.frozen(NOON):
        client.post(f"{reverse('returns:new')}?device={device.pk}", data)
    change = Return.objects.get().change
    assert change and change.title == "XF-1 拆下返厂"


def test_an_emergency_leads_to_the_change(client_as: Browser) -> None:
    builders.contract()
    device = builders.device()
    data = {**WINDOW, "mode": "emergency", "reason": "冒烟", "fault": "", "spare": ""}
    data["submission"] = "6f1c2a54-0000-4000-8000-000000000003"
    with clock.frozen(NOON):
        answer = client_as(cast.technician()).post(f"{reverse('returns:new')}?device={device.pk}", data)
    one = Return.objects.get()
    assert answer.headers["Location"] == reverse("changes:page", args=[one.change_id])


def test_a_stranger_does_not_find_it(client_as: Browser) -> None:
    one = a_return()
    told(client_as(cast.stranger()), reverse("returns:page", args=[one.pk]), status=404)


def test_a_longer_board_asks_no_more_questions(client_as: Browser) -> None:
    client, counts = client_as(cast.office()), list[int]()
    told(client, reverse("returns:list"))
    for _round in range(2):
        for _one in range(3):
            a_return(State.SENT)
        with CaptureQueriesContext(connection) as queries:
            told(client, reverse("returns:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_file_with_more_lines_asks_no_more_questions(client_as: Browser) -> None:
    client, counts = client_as(cast.office()), list[int]()
    url = reverse("returns:export", args=["csv"])
    with clock.frozen(NOON):
        b"".join(client.get(url))
    for _round in range(2):
        for _one in range(3):
            a_return(State.SENT)
        with clock.frozen(NOON), CaptureQueriesContext(connection) as queries:
            b"".join(client.get(url))
        counts.append(len(queries))
    assert counts[0] == counts[1]
