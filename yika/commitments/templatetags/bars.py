"""The small chart of a clause's months."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from yika.commitments.queries import MonthBar

register = template.Library()

STEP = 26
"""From one bar to the next. Units: pixels."""


@register.filter
def month_bars(bars: Sequence[MonthBar]) -> str:
    """{{ row.bars|month_bars }}: the share met of each month, the last one strong, and in words.

    Drawn here, not by a template: a page has a dozen, and each would take longer than its query.
    """
    said = [(bar.month, _("无") if bar.percent is None else f"{bar.percent} %") for bar in bars]
    return format_html(
        '<svg class="muted" width="{width}" height="34" viewBox="0 0 {width} 34" role="img"'
        ' aria-label="{words}">'
        '<line x1="0" y1="22.5" x2="{width}" y2="22.5" stroke="currentcolor" stroke-width="1" opacity="0.4">'
        "</line>{bars}</svg>",
        width=STEP * len(bars),
        words=_("，").join(f"{month} {share}" for month, share in said),
        bars=format_html_join("", "{}", ((_bar(bar, STEP * number),) for number, bar in enumerate(bars))),
    )


def _bar(bar: MonthBar, left: int) -> str:
    share = format_html(
        '<rect x="4" y="{}" width="18" height="{}" fill="currentcolor" opacity="{}"></rect>',
        bar.top,
        bar.height,
        "1" if bar.chosen else "0.4",
    )
    return format_html(
        '<g transform="translate({} 0)"><title>{}</title>{}'
        '<text x="13" y="32" font-size="9" text-anchor="middle" fill="currentcolor"{}>{}</text></g>',
        left,
        bar.month,
        "" if bar.percent is None else share,
        format_html(' font-weight="{}"', 700) if bar.chosen else "",
        "–" if bar.percent is None else bar.percent,
    )
