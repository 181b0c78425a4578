"""Input of configurations as values."""

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from yika.assets.forms.picking import DeviceField
from yika.configurations.rules import NOTE_LENGTH, TITLE_LENGTH


class VersionForm(forms.Form):
    """A configuration as it is now."""

    text = forms.CharField(
        label=gettext_lazy("配置内容"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "false"}),
        help_text=gettext_lazy("不保存密码和密钥：请先改为 ***。"),
    )
    note = forms.CharField(label=gettext_lazy("变更说明"), max_length=NOTE_LENGTH, required=False)


class RecordForm(VersionForm):
    """A new configuration."""

    device = DeviceField(label=pgettext_lazy("one", "设备"))
    title = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy("如“运行配置”“nginx.conf”“数据库参数”"),
    )
    field_order = ("device", "title", "text", "note")


class FiltersForm(forms.Form):
    """What a list of configurations is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
