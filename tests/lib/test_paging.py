"""Lists cut into pages: every row once, in order, whatever the order names."""

import pytest

from tests import builders
from yika.assets.models import Device
from yika.lib.decisions import BadInput
from yika.lib.paging import page, page_of_values

pytestmark = pytest.mark.django_db

ORDERS = [("number",), ("-number", "pk"), ("place__full_name", "-pk"), ("kind__code", "number")]


@pytest.mark.parametrize("order", ORDERS)
def test_all_pages_together_are_the_list(order: tuple[str, ...]) -> None:
    for number in range(7):
        builders.device(f"XF-{number}", at=f"桂子大学/{number % 3}食堂")
    wanted = list(Device.objects.order_by(*order).values_list("pk", flat=True))
    fields = ("pk", *(name.lstrip("-") for name in order))
    read, values, cursor, after = [], [], "", ""
    for _page in range(4):
        cut = page(Device.objects.all(), order, cursor, size=2)
        lines = page_of_values(Device.objects.values(*fields), order, after, size=2)
        read += [row.pk for row in cut.rows]
        values += [line["pk"] for line in lines.rows]
        cursor, after = cut.next_cursor, lines.next_cursor
    assert read == values == wanted
    assert not cursor and not after


@pytest.mark.parametrize("cursor", ["?", "e30", "WzFd"])
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput):
        page(Device.objects.all(), ("number", "pk"), cursor)
