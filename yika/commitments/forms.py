"""What a list is asked for, turned into values."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yika.commitments.rules import Month
from yika.commitments.words import KINDS, OUTCOMES
from yika.people.models import User

NOBODY = "none"


class DueForm(forms.Form):
    """Which of the open commitments: what is promised, who holds it."""

    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部")), *KINDS.items()])

    def __init__(self, data: Any, *, holders: Iterable[User]) -> None:
        super().__init__(data)
        names = [(str(person.pk), person.name) for person in holders]
        self.fields["holder"] = forms.ChoiceField(
            label=_("责任人"), required=False, choices=[("", _("全部")), (NOBODY, _("尚未派单")), *names]
        )


class CountedForm(forms.Form):
    """Which of a month's commitments, as the statement counts them."""

    month = forms.CharField(label=_("月份"), widget=forms.TextInput(attrs={"type": "month"}))
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部")), *KINDS.items()])
    clause = forms.CharField(
        label=_("条款"), required=False, max_length=20, widget=forms.TextInput(attrs={"size": 8})
    )
    outcome = forms.ChoiceField(label=_("结果"), required=False, choices=[("", _("全部")), *OUTCOMES.items()])
    raw = forms.BooleanField(label=_("按原始计时"), required=False)
    former = forms.BooleanField(label=_("曾超时（按原等级）"), required=False)

    def clean_month(self) -> Month:
        """Raises: ValidationError when it is no month."""
        try:
            return Month.read(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError(_("月份应写作 2026-03")) from None
