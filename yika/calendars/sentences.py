"""What the journal says about the days table."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "calendars.seed": _("导入 {year} 年节假日安排，共 {days} 天"),
    "calendars.add_holiday": _("将 {day} 设为放假：{name}"),
    "calendars.add_working_day": _("将 {day} 设为上班：{name}"),
    "calendars.import_days": _(
        "导入“{file_name}”：新增特殊日期 {added} 天，修改 {changed} 天；文件 SHA-256：{sha256}"
    ),
    "calendars.remove": _("删除特殊日期 {day}（{name}）"),
}

NOUNS: dict[str, Promise] = {
    "calendar": _("校历"),
}
