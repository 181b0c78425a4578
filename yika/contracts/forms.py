"""A contract to be entered."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yika.people.models import Organisation
from yika.people.rules import Side
from yika.standards.models import StandardVersion


class ContractForm(forms.Form):
    """Number, parties, period and the standard's version."""

    number = forms.CharField(label=_("合同编号"), max_length=40)
    name = forms.CharField(label=_("合同名称"), max_length=120)
    vendor = forms.ModelChoiceField(
        label=_("运维服务供应商"), queryset=Organisation.objects.filter(side=Side.VENDOR).order_by("name")
    )
    version = forms.ModelChoiceField(label=_("执行的规范"), queryset=StandardVersion.objects.none())
    starts_on = forms.DateField(label=_("开始日期"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("结束日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def offer(self, versions: QuerySet[StandardVersion]) -> "ContractForm":
        """The same form with the versions to choose from."""
        field = self.fields["version"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = versions.defer("source")
        return self
