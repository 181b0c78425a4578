"""Words and numbers as an Office writes them; personal data masked."""

import re
from datetime import date, datetime
from math import floor

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yika.lib.clock import campus, campus_date, now

# A mainland mobile number, or an 18-place identity number, not part of a longer number.
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)", re.ASCII)


def mask_name(name: str) -> str:
    """张三丰 → 张**, Anna Berg → A********; length kept, first character shown."""
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """13812341234 → 138****1234; short numbers keep only the last two digits, very short ones none."""
    if len(phone) >= 11:
        return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
    kept = 2 if len(phone) > 4 else 0
    return "*" * (len(phone) - kept) + phone[len(phone) - kept :]


def mask_numbers(words: str) -> str:
    """Mobile and identity numbers inside a text, masked like phones; everything else is left alone."""
    return _PERSONAL_NUMBER.sub(lambda found: mask_phone(found.group()), words)


def duration(seconds: int) -> str:
    """3900 → 1 小时 05 分; 40 → 40 秒; 93600 → 1 天 2 小时. Sign is dropped."""
    seconds = abs(int(seconds))
    if seconds < 60:
        return _("%(s)d 秒") % {"s": seconds}
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours < 1:
        return _("%(m)d 分") % {"m": minutes}
    if hours < 72:
        return _("%(h)d 小时 %(m)02d 分") % {"h": hours, "m": minutes % 60}
    return _("%(d)d 天 %(h)d 小时") % {"d": days, "h": hours % 24}


def remaining(seconds: int) -> str:
    """还剩 23 分; 此刻到期 on the second itself; 已超时 12 分 behind it."""
    if seconds == 0:
        return _("此刻到期")
    if seconds < 0:
        return _("已超时 %(duration)s") % {"duration": duration(seconds)}
    return _("还剩 %(duration)s") % {"duration": duration(seconds)}


def percent(part: float, whole: float) -> str:
    """19, 20 → 95 %; one decimal where it matters, cut, never rounded up to 100 %. Of nothing: —."""
    if not whole:
        return "—"
    tenths = int(part * 1000 // whole)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def share(part: float, whole: float) -> str:
    """26, 510 → 5.1 %; one decimal, rounded, for what is full and no promise. Of nothing: —."""
    if not whole:
        return "—"
    tenths = floor(part * 1000 / whole + 0.5)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


# Translated one at a time: a list shows a hundred moments.
_WEEKDAYS = (
    gettext_noop("周一"),
    gettext_noop("周二"),
    gettext_noop("周三"),
    gettext_noop("周四"),
    gettext_noop("周五"),
    gettext_noop("周六"),
    gettext_noop("周日"),
)
_MONTHS = (
    *(
        gettext_noop("1月"),
        gettext_noop("2月"),
        gettext_noop("3月"),
        gettext_noop("4月"),
        gettext_noop("5月"),
        gettext_noop("6月"),
    ),
    *(
        gettext_noop("7月"),
        gettext_noop("8月"),
        gettext_noop("9月"),
        gettext_noop("10月"),
        gettext_noop("11月"),
        gettext_noop("12月"),
    ),
)


def weekday(on: date) -> str:
    """周一 … 周日 of a campus date."""
    return _(_WEEKDAYS[on.weekday()])


def month(number: int) -> str:
    """1月 … 12月; in English Jan … Dec."""
    return _(_MONTHS[number - 1])


def moment(at: datetime) -> str:
    """11月22日 周日 09:12, campus time; in English Sun 22 Nov 09:12. The year too if it is another."""
    local = campus(at)
    told = _("%(month)s%(day)d日 %(weekday)s %(time)s") % {
        "month": month(local.month),
        "day": local.day,
        "weekday": weekday(campus_date(at)),
        "time": f"{local:%H:%M}",
    }
    if local.year == campus(now()).year:
        return told
    return _("%(year)d年%(moment)s") % {"year": local.year, "moment": told}


def day(on: date) -> str:
    """2026年11月22日 周日; in English Sun 22 Nov 2026."""
    return _("%(year)d年%(month)s%(day)d日 %(weekday)s") % {
        "year": on.year,
        "month": month(on.month),
        "day": on.day,
        "weekday": weekday(on),
    }


def exact(at: datetime) -> str:
    """2026-11-22 09:12:05, campus time, for evidence."""
    return f"{campus(at):%Y-%m-%d %H:%M:%S}"
