"""Forms of a device: what it is, and where it is in its life."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from yika.assets.actions.details import Details
from yika.assets.forms.picking import PlaceField
from yika.assets.models import LIFE_NAMES, RESPONSIBLE_NAMES, Attribute, Device, DeviceKind
from yika.assets.queries import attributes_of
from yika.assets.rules import (
    DETAIL_LENGTH,
    MOST_USERS,
    NUMBER_LENGTH,
    TEXT_LENGTH,
    Life,
    Responsible,
    ValueType,
    can_become,
)

YES_NO = [("", gettext_lazy("未登记")), ("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
ATTRIBUTE = "attribute_"


class KindField(forms.ModelChoiceField):  # type: ignore[type-arg]  # only the stubs know it as generic
    """A kind, named in the reader's language."""

    def label_from_instance(self, obj: DeviceKind) -> str:
        """As every page names it."""
        return obj.label


class KindsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """Several kinds, named in the reader's language."""

    def label_from_instance(self, obj: DeviceKind) -> str:
        """As every page names them."""
        return obj.label


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=YES_NO, coerce=lambda text: text == "yes", empty_value=None, required=False, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        """True and false as the widget knows them."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class DayField(forms.DateField):
    """A campus date."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _listed(name: str) -> forms.TextInput:
    return forms.TextInput(attrs={"list": f"{name}-known", "autocomplete": "off"})


class DeviceForm(forms.Form):
    """A device. Of a known one, the attributes of its kind are asked too."""

    number = forms.CharField(
        label=gettext_lazy("设备编号"),
        max_length=NUMBER_LENGTH,
        help_text=gettext_lazy("印在标签上，全校唯一，如 XF-0001"),
    )
    kind = KindField(
        label=gettext_lazy("类型"),
        queryset=DeviceKind.objects.order_by("pk"),
        empty_label=gettext_lazy("请选择"),
    )
    place = PlaceField(label=gettext_lazy("地点"))
    model = forms.CharField(
        label=gettext_lazy("型号"),
        max_length=DETAIL_LENGTH,
        required=False,
        widget=_listed("model"),
        help_text=gettext_lazy("可选已登记的型号；写新的型号会一并登记"),
    )
    serial = forms.CharField(label=gettext_lazy("序列号"), max_length=DETAIL_LENGTH, required=False)
    merchant = forms.CharField(
        label=gettext_lazy("商户"), max_length=DETAIL_LENGTH, required=False, widget=_listed("merchant")
    )
    responsible = forms.ChoiceField(
        label=gettext_lazy("责任方"),
        choices=[(one.value, name) for one, name in RESPONSIBLE_NAMES.items()],
        initial=Responsible.VENDOR.value,
        required=False,
    )
    installed_on = DayField(label=gettext_lazy("安装日期"), required=False)
    warranty_until = DayField(
        label=gettext_lazy("保修至"),
        required=False,
        help_text=gettext_lazy("不填时按安装日期和型号的保修月数推算"),
    )
    psam_number = forms.CharField(label=gettext_lazy("PSAM卡号"), max_length=40, required=False)
    key_version = forms.CharField(
        label=gettext_lazy("密钥版本"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("只写版本，如 V2；不得填写密钥"),
    )
    upstream_ip = forms.GenericIPAddressField(
        label=gettext_lazy("上级服务器IP"),
        required=False,
        help_text=gettext_lazy("设备中设置的服务器或前置机地址"),
    )
    usual_users = forms.IntegerField(
        label=gettext_lazy("日常使用人数"),
        required=False,
        min_value=0,
        max_value=MOST_USERS,
        help_text=gettext_lazy("平常一天有多少持卡人使用它；不填时按地点的人数估算"),
    )
    works_offline = YesNoField(
        label=gettext_lazy("脱机可用"), help_text=gettext_lazy("断网时能否继续刷卡；未登记时按型号")
    )

    def __init__(self, *args: Any, device: Device | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if device is None:
            self.fields["life"] = forms.ChoiceField(
                label=gettext_lazy("状态"),
                choices=[(life.value, LIFE_NAMES[life]) for life in (Life.IN_USE, Life.IN_STOCK)],
                initial=Life.IN_USE.value,
                required=False,
            )
            self.order_fields(["number", "kind", "place", "life"])
            return
        for attribute in attributes_of(device.kind):
            field = field_of(attribute)
            field.initial = device.attributes.get(attribute.key)
            self.fields[f"{ATTRIBUTE}{attribute.key}"] = field

    @property
    def details(self) -> Details:
        """What a valid form says."""
        asked = dict(self.cleaned_data)
        asked.pop("life", None)
        asked["responsible"] = asked["responsible"] or Responsible.VENDOR.value
        named = [name for name in asked if name.startswith(ATTRIBUTE)]
        given = {name.removeprefix(ATTRIBUTE): asked.pop(name) for name in named}
        details: Details = asked  # type: ignore[assignment]  # the fields are named as the details are
        if given:
            details["attributes"] = {
                key: value if isinstance(value, bool) or value is None else str(value)
                for key, value in given.items()
            }
        return details

    @property
    def life(self) -> Life:
        """In which stage of life a new device begins."""
        return Life(self.cleaned_data.get("life") or Life.IN_USE)


def field_of(attribute: Attribute) -> forms.Field:
    """How an attribute's value is asked for."""
    kind = ValueType(attribute.type)
    field: forms.Field
    if kind is ValueType.YES_NO:
        field = YesNoField()
    elif kind is ValueType.CHOICE:
        field = forms.ChoiceField(
            choices=[("", gettext_lazy("未登记")), *((text, text) for text in attribute.choices)]
        )
    elif kind is ValueType.DATE:
        field = DayField()
    elif kind is ValueType.INTEGER:
        field = forms.IntegerField()
    else:
        field = forms.CharField(max_length=TEXT_LENGTH)
    field.label = f"{attribute.label}（{attribute.unit}）" if attribute.unit else attribute.label
    field.required = False
    if attribute.controlled:
        field.help_text = gettext_lazy("参数：在用设备须经同意才能修改")
    return field


class LifeForm(forms.Form):
    """Where a device goes in its life, and why."""

    life = forms.ChoiceField(label=gettext_lazy("改为"))
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, required=False)

    def __init__(self, *args: Any, device: Device, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["life"]
        assert isinstance(field, forms.ChoiceField)
        now = Life(device.life)
        field.choices = [(life.value, name) for life, name in LIFE_NAMES.items() if can_become(now, life)]


class AttachForm(forms.Form):
    """A file to keep with a device."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,.pdf"}),
        help_text=gettext_lazy("照片或 PDF，最多 8 MB"),
    )
    title = forms.CharField(label=gettext_lazy("名称"), max_length=60, required=False)
