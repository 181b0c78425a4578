"""A day to be marked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yika.lib.office.bringing import Heading, Listing

DAYS = Listing(
    what="days",
    title=_("导入节假日和调休"),
    back="calendars:days",
    headings=[
        Heading("day", _("日期"), _("如 2026-10-01"), needed=True),
        Heading("kind", _("安排"), _("放假，或（调休）上班"), needed=True),
        Heading("name", _("名称"), _("如“国庆节”；新增的日期必填，留空则保持不变")),
    ],
    note=_("按日期对照：没有的新增，安排或名称不同的修改。"),
)


class DayForm(forms.Form):
    """A holiday or a make-up working day."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("类别"), choices=[("holiday", _("放假")), ("working", _("上班（调休）"))]
    )
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("如“校庆放假”"))
