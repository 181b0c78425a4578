"""Forms of places, devices and imports."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.forms.picking import PlaceField
from yika.assets.models import PLACE_KIND_NAMES
from yika.assets.rules import MAX_BYTES, MOST_USERS, NAME_LENGTH, SHEETS, Life

_PLACE_KINDS = [(one.value, name) for one, name in PLACE_KIND_NAMES.items()]


class PlaceEditForm(forms.Form):
    """What a place is."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH)
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[
            ("", gettext_lazy("按名称判断")),
            *_PLACE_KINDS,
        ],
        required=False,
    )
    daily_users = forms.IntegerField(
        label=gettext_lazy("日常人数"),
        required=False,
        min_value=0,
        max_value=MOST_USERS,
        help_text=gettext_lazy("座位数或平常一天的人数，用来估算故障影响的持卡人；由这里的终端分摊"),
    )


class PlaceForm(PlaceEditForm):
    """A new place."""

    parent = PlaceField(
        label=gettext_lazy("上级地点"), required=False, none_label=gettext_lazy("没有上级（最上一级）")
    )
    field_order = ("parent", "name", "kind", "daily_users")


class MoveForm(forms.Form):
    """Where a place goes."""

    parent = PlaceField(
        label=gettext_lazy("新的上级地点"), required=False, none_label=gettext_lazy("没有上级（最上一级）")
    )


class MergeForm(forms.Form):
    """Which place this one is, entered twice."""

    into = PlaceField(
        label=gettext_lazy("并入"),
        help_text=gettext_lazy(
            "同一处登记了两次时用：设备、下级地点和过往故障都归到那一处，本条删除，旧二维码作废。"
        ),
    )


USED = ("yes", "no", "all", *(life.value for life in Life if life is not Life.IN_USE))


class FiltersForm(forms.Form):
    """What a list of devices is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    kind = forms.SlugField(required=False)
    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    used = forms.ChoiceField(required=False, choices=[(one, "") for one in USED])


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
