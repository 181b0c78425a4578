"""Days that differ from their weekday: statutory holidays and make-up working days."""

from django.db import models
from django.utils.translation import gettext_lazy as _

NAMES = {
    "元旦": _("元旦"),
    "春节": _("春节"),
    "清明": _("清明"),
    "劳动节": _("劳动节"),
    "端午": _("端午"),
    "中秋": _("中秋"),
    "国庆节": _("国庆节"),
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": _(
        "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"
    ),
}
"""The names under which days are announced; what the Office calls a day stays as it wrote it."""


class SpecialDay(models.Model):
    """A day announced as a holiday or as a make-up working day 调休上班."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40)

    @property
    def name_word(self) -> str:
        """The day's name in the reader's language, where it has one."""
        return str(NAMES.get(self.name, self.name))
