"""What a clock says, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.translation import override

from yika.lib import clock
from yika.lib.clocks import face

DUE = datetime(2026, 11, 22, 2, 42, tzinfo=UTC)  # Sunday 10:42 on campus
S, M, H, D = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))

OPEN = [
    # now, state, Chinese, its end, English, its end
    (DUE - 1 * S, "soon", "还剩 1 秒", "10:42 到期", "1 s left", "due 10:42"),
    (DUE - 59 * S, "soon", "还剩 59 秒", "10:42 到期", "59 s left", "due 10:42"),
    (DUE - 60 * S, "soon", "还剩 1 分", "10:42 到期", "1 min left", "due 10:42"),
    (DUE - 23 * M - 59 * S, "soon", "还剩 23 分", "10:42 到期", "23 min left", "due 10:42"),
    (DUE - 30 * M, "soon", "还剩 30 分", "10:42 到期", "30 min left", "due 10:42"),
    (DUE - 30 * M - S, "open", "还剩 30 分", "10:42 到期", "30 min left", "due 10:42"),
    (DUE - 65 * M, "open", "还剩 1 小时 05 分", "10:42 到期", "1 h 05 min left", "due 10:42"),
    (DUE - 11 * H, "open", "还剩 11 小时 00 分", "明天 10:42 到期", "11 h 00 min left", "due tomorrow 10:42"),
    (DUE - 71 * H, "open", "还剩 71 小时 00 分", "11月22日 周日 10:42 到期",
     "71 h 00 min left", "due Sun 22 Nov 10:42"),
    (DUE - 4 * D, "open", "还剩 4 天 0 小时", "11月22日 周日 10:42 到期",
     "4 d 0 h left", "due Sun 22 Nov 10:42"),
    (DUE, "soon", "此刻到期", "10:42 到期", "Due now", "due 10:42"),
    (DUE + 1 * S, "over", "已超时 1 秒", "10:42 到期", "Overdue by 1 s", "due 10:42"),
    (DUE + 12 * M, "over", "已超时 12 分", "10:42 到期", "Overdue by 12 min", "due 10:42"),
    (DUE + 20 * H, "over", "已超时 20 小时 00 分", "昨天 10:42 到期",
     "Overdue by 20 h 00 min", "due yesterday 10:42"),
    (DUE + 74 * H, "over", "已超时 3 天 2 小时", "11月22日 周日 10:42 到期",
     "Overdue by 3 d 2 h", "due Sun 22 Nov 10:42"),
]  # fmt: skip


@pytest.mark.parametrize(("now", "state", "main", "by", "english", "english_by"), OPEN)
def test_an_open_limit_says_what_is_left_and_when_it_ends(
    now: datetime, state: str, main: str, by: str, english: str, english_by: str
) -> None:
    with override("zh-hans"):
        shown = face(DUE, now=now)
        assert (shown.state, shown.main, shown.by) == (state, main, by)
        assert shown.running
    with override("en"):
        shown = face(DUE, now=now)
        assert (shown.state, shown.main, shown.by) == (state, english, english_by)


@pytest.mark.parametrize(
    ("settled_at", "state", "main", "by"),
    [
        (DUE - 30 * M, "met", "按时", "10:12 完成"),
        (DUE, "met", "按时", "10:42 完成"),
        (DUE + S, "missed", "超时 1 秒", "10:42 完成"),
        (DUE + 12 * M, "missed", "超时 12 分", "10:54 完成"),
    ],
)
def test_a_settled_limit_stands_still_and_is_met_on_the_second(
    settled_at: datetime, state: str, main: str, by: str
) -> None:
    for now in (settled_at, settled_at + 5 * H):
        shown = face(DUE, now=now, settled_at=settled_at)
        assert (shown.state, shown.main, shown.by, shown.running) == (state, main, by, False)


def test_soon_is_the_last_fifth_of_a_known_allowance() -> None:
    started_at = DUE - 10 * H
    assert face(DUE, now=DUE - 2 * H - S, started_at=started_at).state == "open"
    assert face(DUE, now=DUE - 2 * H, started_at=started_at).state == "soon"


def test_no_limit_is_said() -> None:
    shown = face(None, now=DUE)
    assert (shown.state, shown.main, shown.running) == ("none", "不计时", False)


def test_the_tag_counts_from_the_moment_of_its_page() -> None:
    template = Template('{% clock due of="到场" %}|{% clock due now=later %}|{% clock due settled_at=due %}')
    with clock.frozen(DUE + 9 * D):
        html = template.render(Context({"due": DUE, "at": DUE - 23 * M, "later": DUE + M}))
    first, second, third = html.split("|")
    assert 'class="clock clock-soon"' in first
    assert 'data-clock="2026-11-22T02:42:00+00:00"' in first
    assert "到场" in first
    assert "还剩 23 分" in first
    assert "clock-over" in second
    assert "已超时 1 分" in second
    assert "data-clock" not in third
    assert "按时" in third
