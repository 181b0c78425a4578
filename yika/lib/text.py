"""Words and numbers as an Office writes them; personal data masked."""

import re
from datetime import date, datetime

from django.utils.translation import gettext as _

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


def weekday(on: date) -> str:
    """周一 … 周日 of a campus date."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[on.weekday()]


def month(number: int) -> str:
    """1月 … 12月; in English Jan … Dec."""
    early = (_("1月"), _("2月"), _("3月"), _("4月"), _("5月"), _("6月"))
    late = (_("7月"), _("8月"), _("9月"), _("10月"), _("11月"), _("12月"))
    return (early + late)[number - 1]


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
