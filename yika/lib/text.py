"""Words and numbers as an Office writes them; personal data masked."""

from datetime import datetime

from django.utils.translation import gettext as _

from yika.lib.clock import campus


def mask_name(name: str) -> str:
    """张三丰 → 张**, Anna Berg → A********; length kept, first character shown."""
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """13812341234 → 138****1234; short numbers keep only the last two digits."""
    if len(phone) >= 11:
        return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


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


def weekday(at: datetime) -> str:
    """周一 … 周日, in campus time."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[campus(at).weekday()]


def moment(at: datetime) -> str:
    """11月22日 周日 09:12, campus time."""
    local = campus(at)
    return _("%(month)d月%(day)d日 %(weekday)s %(time)s") % {
        "month": local.month,
        "day": local.day,
        "weekday": weekday(at),
        "time": f"{local:%H:%M}",
    }


def exact(at: datetime) -> str:
    """2026-11-22 09:12:05, campus time, for evidence."""
    return f"{campus(at):%Y-%m-%d %H:%M:%S}"
