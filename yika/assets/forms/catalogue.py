"""Forms of the catalogue: kinds, attributes, models, merchants."""

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from yika.assets.actions.catalogue import ATTRIBUTE_NAME, KIND_NAME, UNIT
from yika.assets.bringing.catalogue import TYPES
from yika.assets.models import Merchant
from yika.assets.rules import DETAIL_LENGTH, MOST_MONTHS, ValueType
from yika.people.models import SKILL_NAMES
from yika.people.rules import Skill


class KindForm(forms.Form):
    """What a kind is called, whether it counts, who mends it."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=KIND_NAME)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=KIND_NAME)
    skill = forms.TypedChoiceField(
        label=gettext_lazy("维修技能"),
        coerce=Skill,
        choices=[(skill.value, name) for skill, name in SKILL_NAMES.items()],
    )
    is_terminal = forms.BooleanField(
        label=gettext_lazy("故障分级时计为终端"),
        required=False,
        help_text=gettext_lazy("已有类型改这一项，由信息化办公室办理；此前的故障等级不变。"),
    )


class NewKindForm(KindForm):
    """A further kind."""

    code = forms.CharField(
        label=gettext_lazy("代号"),
        max_length=30,
        help_text=gettext_lazy("小写英文，如 card-printer；定后不改"),
    )

    field_order = ("code", "name", "name_en", "skill", "is_terminal")


class AttributeForm(forms.Form):
    """What an attribute is called and takes."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=ATTRIBUTE_NAME)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=ATTRIBUTE_NAME, required=False)
    unit = forms.CharField(label=pgettext_lazy("measure", "单位"), max_length=UNIT, required=False)
    choices = forms.CharField(
        label=gettext_lazy("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一个，只用于“选项”"),
    )
    controlled = forms.BooleanField(
        label=gettext_lazy("参数：在用设备须经信息化办公室同意才能修改"), required=False
    )

    def clean_choices(self) -> list[str]:
        """One a line."""
        return [line.strip() for line in str(self.cleaned_data["choices"]).splitlines() if line.strip()]


class NewAttributeForm(AttributeForm):
    """A further attribute; its key and type stay."""

    key = forms.CharField(
        label=gettext_lazy("代号"), max_length=30, help_text=gettext_lazy("小写英文，如 baud-rate；定后不改")
    )
    value_type = forms.TypedChoiceField(
        label=gettext_lazy("值的类型"),
        coerce=ValueType,
        choices=list(TYPES.items()),
    )

    field_order = ("name", "key", "value_type", "choices", "unit", "name_en", "controlled")


class ModelForm(forms.Form):
    """What the devices of a model have in common."""

    name = forms.CharField(label=gettext_lazy("型号"), max_length=DETAIL_LENGTH)
    maker = forms.CharField(label=pgettext_lazy("model", "厂家"), max_length=DETAIL_LENGTH, required=False)
    warranty_months = forms.IntegerField(
        label=gettext_lazy("保修月数"), required=False, min_value=0, max_value=MOST_MONTHS
    )
    works_offline = forms.BooleanField(label=gettext_lazy("断网时能继续刷卡"), required=False)


class MerchantForm(forms.Form):
    """What a merchant is called."""

    name = forms.CharField(label=gettext_lazy("商户名称"), max_length=DETAIL_LENGTH)


class MergeMerchantForm(forms.Form):
    """Which merchant this one is, under another name."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("并入"),
        queryset=Merchant.objects.all(),
        to_field_name="name",
        widget=forms.TextInput(attrs={"list": "merchant-known", "autocomplete": "off"}),
        error_messages={"invalid_choice": gettext_lazy("没有这个商户，请从已有商户中选")},
    )
