"""Words and numbers in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from yika.lib import text

AT = datetime(2026, 11, 22, 1, 12, 5, tzinfo=UTC)


def shown(template: str, language: str = "zh-hans", **values: object) -> str:
    with override(language):
        return Template(template).render(Context(values))


@pytest.mark.parametrize(
    ("template", "chinese", "english"),
    [
        ("{{ at|moment }}", "11月22日 周日 09:12", "Sun 22 Nov 09:12"),
        ("{{ at|exact }}", "2026-11-22 09:12:05", "2026-11-22 09:12:05"),
        ("{{ on|day }}", "2026年11月22日 周日", "Sun 22 Nov 2026"),
        ("{{ 3900|duration }}", "1 小时 05 分", "1 h 05 min"),
        ("{{ 0|duration }}", "0 秒", "0 s"),
        ("{{ 90|remaining }}", "还剩 1 分", "1 min left"),
        ("{{ late|remaining }}", "已超时 1 分", "Overdue by 1 min"),
        ("{{ none|moment }}{{ none|exact }}{{ none|day }}{{ none|duration }}{{ none|masked_name }}", "", ""),
    ],
)
def test_filters(template: str, chinese: str, english: str) -> None:
    values = {"at": AT, "on": date(2026, 11, 22), "late": -90, "none": None}
    assert shown(template, "zh-hans", **values) == chinese
    assert shown(template, "en", **values) == english


def test_every_month_and_weekday_has_a_name() -> None:
    with override("en"):
        assert [text.month(n) for n in (1, 6, 7, 12)] == ["Jan", "Jun", "Jul", "Dec"]
        assert text.weekday(date(2026, 11, 23)) == "Mon"


@pytest.mark.parametrize(
    ("part", "whole", "says"),
    [
        (19, 20, "95 %"),
        (999, 1000, "99.9 %"),
        (99999, 100000, "99.9 %"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (0, 0, "—"),
    ],
)
def test_percent_never_rounds_a_miss_away(part: int, whole: int, says: str) -> None:
    assert text.percent(part, whole) == says


@pytest.mark.parametrize(
    ("part", "whole", "says"),
    [(39, 508, "7.7 %"), (1, 3, "33.3 %"), (2, 3, "66.7 %"), (1, 1, "100 %"), (0, 9, "0 %"), (0, 0, "—")],
)
def test_a_share_is_rounded(part: int, whole: int, says: str) -> None:
    assert text.share(part, whole) == says


def test_masks_keep_the_length_and_hide_the_rest() -> None:
    assert shown("{{ '张三丰'|masked_name }} {{ '13812341234'|masked_phone }}") == "张** 138****1234"
    assert text.mask_phone("67866786") == "******86"
    assert text.mask_phone("6786") == "****"
