"""A day to be marked."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    """A holiday or a make-up working day."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("类别"), choices=[("holiday", _("放假")), ("working", _("上班（调休）"))]
    )
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("如“校庆放假”"))
