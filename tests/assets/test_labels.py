"""Labels on the sheets one buys, and the way from a label back to its thing."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests import builders, cast
from yika.assets.rules import A4, MOST_LABELS, SHEETS, Sheet, read_code, spots
from yika.people.models import User

As = Callable[[User | None], Client]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_sheet_fits_a4(sheet: Sheet) -> None:
    wide = 2 * sheet.left + sheet.columns * sheet.width + (sheet.columns - 1) * sheet.gap
    tall = 2 * sheet.top + sheet.rows * sheet.height
    assert wide == pytest.approx(A4[0], abs=0.5), "as far from the right edge as from the left"
    assert tall == pytest.approx(A4[1], abs=0.5)


@given(st.sampled_from(SHEETS), st.integers(1, 200), st.integers(0, 64))
def test_labels_follow_each_other_and_none_lies_on_another(sheet: Sheet, count: int, used: int) -> None:
    used = min(used, sheet.labels - 1)
    found = spots(sheet, count, used)
    assert len(set(found)) == count
    assert found[0][0] == 0 and found[-1][0] == (used + count - 1) // sheet.labels
    for _page, x, y in found:
        assert 0 <= x <= A4[0] - sheet.width + 0.01 and 0 <= y <= A4[1] - sheet.height + 0.01


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://yika.example.edu.cn/r/d/AbC-_012345x/", ("d", "AbC-_012345x")),
        ("https://elsewhere.example/yika/r/p/abcdef012345", ("p", "abcdef012345")),
        (" /r/d/AbC-_012345x/?from=wx ", ("d", "AbC-_012345x")),
        (" XF-0001 ", ("", "XF-0001")),
        ("https://example.com/", ("", "https://example.com/")),
        ("https://example.com/r/x/abcdef012345/", ("", "https://example.com/r/x/abcdef012345/")),
        ("", ("", "")),
    ],
)
def test_a_code_means_a_device_a_place_or_a_number(text: str, meant: tuple[str, str]) -> None:
    assert read_code(text) == meant


@pytest.mark.django_db
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_a_pdf_of_every_size_is_made(client_as: As, sheet: Sheet) -> None:
    device = builders.device("门禁-龘靐-01", at="师大/一食堂/一楼很长的名称与窗口/豆浆")
    asked = {"device": device.pk, "sheet": sheet.key, "used": sheet.labels - 1}
    answer = client_as(cast.manager()).get(reverse("assets:label_sheet", query=asked))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.django_db
def test_a_sheet_holds_the_labels_of_a_list_and_of_places(client_as: As) -> None:
    place = builders.place("师大/一食堂/一楼/豆浆")
    for _n in range(30):
        builders.device(at=place)
    client = client_as(cast.manager())
    for url in (
        reverse("assets:label_sheet", query={"place": place.pk, "sheet": "3x8"}),
        reverse("assets:place_label_sheet", args=[place.pk], query={"sheet": "5x13"}),
    ):
        assert client.get(url).content.startswith(b"%PDF-")


@pytest.mark.django_db
def test_what_cannot_be_printed_is_said(client_as: As, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_as(cast.manager())
    none = client.get(reverse("assets:label_sheet", query={"sheet": "3x8"}))
    assert none.status_code == 422 and "没有可打印的标签" in none.content.decode()
    builders.device()
    assert client.get(reverse("assets:label_sheet", query={"sheet": "9x9"})).status_code == 422
    assert client.get(reverse("assets:label_sheet", query={"sheet": "3x8", "used": "x"})).status_code == 422
    builders.device()
    monkeypatch.setattr(import_module("yika.assets.views.labels"), "MOST_LABELS", 1)
    many = client.get(reverse("assets:label_sheet", query={"sheet": "3x8"}))
    assert many.status_code == 422 and "一次最多打印 1 张" in many.content.decode()
    assert MOST_LABELS == 1000


@pytest.mark.django_db
def test_a_label_leads_to_its_thing_until_it_is_replaced(client_as: As) -> None:
    device = builders.device("XF-0001", at="师大/甲")
    client = client_as(cast.technician())

    def scanned(code: str) -> str:
        return client.get(reverse("assets:scan", query={"code": code})).headers.get("Location", "")

    page = reverse("assets:device", args=[device.pk])
    assert scanned(f"https://yika.example/r/d/{device.token}/") == f"{page}?label={device.token}"
    assert scanned("XF-0001") == scanned("xf-0001") == f"{page}?typed=1"
    assert scanned(f"/r/p/{device.place.token}/") == reverse("assets:place", args=[device.place.pk])
    device.token = "replaced0123"
    unknown = client.get(reverse("assets:scan", query={"code": f"/r/d/{device.token}/"}))
    assert unknown.status_code == 422 and "没有找到这个标签或编号" in unknown.content.decode()
    assert client.get(reverse("assets:scan")).status_code == 200
