"""Forms of places, devices and imports."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.forms.picking import PlaceField
from yika.assets.models import DeviceKind
from yika.assets.rules import DETAIL_LENGTH, MAX_BYTES, NAME_LENGTH, NUMBER_LENGTH, SHEETS


class RenameForm(forms.Form):
    """A place's name."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH)


class PlaceForm(RenameForm):
    """A new place."""

    parent = PlaceField(
        label=gettext_lazy("上级地点"), required=False, none_label=gettext_lazy("没有上级（最上一级）")
    )
    field_order = ("parent", "name")


class MoveForm(forms.Form):
    """Where a place goes."""

    parent = PlaceField(
        label=gettext_lazy("新的上级地点"), required=False, none_label=gettext_lazy("没有上级（最上一级）")
    )


class KindField(forms.ModelChoiceField):  # type: ignore[type-arg]  # only the stubs know it as generic
    """A kind, named in the reader's language."""

    def label_from_instance(self, obj: DeviceKind) -> str:
        """As every page names it."""
        return obj.label


class DeviceForm(forms.Form):
    """A device."""

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
    model = forms.CharField(label=gettext_lazy("型号"), max_length=DETAIL_LENGTH, required=False)
    serial = forms.CharField(label=gettext_lazy("序列号"), max_length=DETAIL_LENGTH, required=False)


class ReasonForm(forms.Form):
    """Why a device is taken out of use."""

    reason = forms.CharField(label=gettext_lazy("停用原因"), max_length=200)


class FiltersForm(forms.Form):
    """What a list of devices is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    kind = forms.SlugField(required=False)
    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    used = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", ""), ("all", "")])


def _sheets() -> list[tuple[str, str]]:
    """The sheets as their packets name them: 24 labels, 63.5 × 33.9 mm."""
    return [
        (
            sheet.key,
            _("每页 %(count)d 张（%(key)s），%(size)s 毫米")
            % {"count": sheet.labels, "key": f"{sheet.columns} × {sheet.rows}", "size": sheet.size},
        )
        for sheet in SHEETS
    ]


class SheetForm(forms.Form):
    """Which label sheets lie in the printer."""

    sheet = forms.ChoiceField(label=gettext_lazy("标签纸（A4）"), choices=_sheets)
    used = forms.IntegerField(
        label=gettext_lazy("第一张纸已用去"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=gettext_lazy("用剩的纸从第几张标签之后印起，0 为整张新纸"),
    )


class UploadForm(forms.Form):
    """A list to import."""

    file = forms.FileField(
        label=gettext_lazy("清单文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    terminals = forms.BooleanField(
        label=gettext_lazy("为清单中没有设备的每个窗口新增一台消费机"),
        required=False,
        help_text=gettext_lazy("窗口指没有下级的地点；设备编号接着现有最大的 XF 编号自动生成。"),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse by size before anything is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 4 MB，请拆分后分次导入"))
        return file
