"""What lists of faults are narrowed to, what is marked in them, and files of past faults."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yika.commitments.rules import Month
from yika.contracts.models import Contract
from yika.faults.rules import TOGETHER, TOGETHER_MOST
from yika.lib.office.bringing import LARGEST
from yika.standards.rules import Level, Standard

LARGEST_IMPORT = 8 * 1024 * 1024  # bytes


class KeysField(forms.Field):
    """Keys of rows that were marked, each once."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, most: int) -> None:
        super().__init__(error_messages={"required": _("请先在列表中标记故障")})
        self.most = most

    def clean(self, value: Any) -> list[int]:
        """Raises: ValidationError for none, for too many, for what is no key."""
        found = list(dict.fromkeys(super().clean(value)))
        if len(found) > self.most:
            raise forms.ValidationError(_("一次最多办理 %(most)d 起") % {"most": self.most})
        if not all(text.isdecimal() and len(text) < 19 for text in found):
            raise forms.ValidationError(_("标记的故障有误，请重新选择"))
        return [int(text) for text in found]


class ListForm(forms.Form):
    """What a list of faults is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.SlugField(required=False)
    severity = forms.SlugField(required=False)
    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    technician = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    overdue = forms.BooleanField(required=False)
    contract = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    @classmethod
    def kept(cls, sent: QueryDict) -> str:
        """What of an address narrows the list, in one order: two addresses of the same list are one text."""
        form = cls(sent)
        form.is_valid()
        named = {name: form.cleaned_data.get(name) for name in form.fields}
        named["state"] = "" if named["state"] == "open" else named["state"]
        return urlencode({name: "on" if value is True else value for name, value in named.items() if value})


class SeveralForm(forms.Form):
    """The faults marked in a list, and what is to be done to all of them."""

    verb = forms.ChoiceField(choices=[(verb.value, verb.value) for verb in TOGETHER])
    fault = KeysField(most=TOGETHER_MOST)


class ContractField(forms.ModelChoiceField):  # type: ignore[type-arg]  # only the stubs know it as generic
    """A contract, named with its period."""

    def label_from_instance(self, obj: Contract) -> str:
        """As people tell contracts apart."""
        return f"{obj.number} {obj.name}（{obj.starts_on} – {obj.ends_on}）"


class ImportForm(forms.Form):
    """A file of past faults, and the contract whose history it is."""

    contract = ContractField(
        label=gettext_lazy("合同"), queryset=Contract.objects.none(), empty_label=gettext_lazy("请选择")
    )
    file = forms.FileField(
        label=gettext_lazy("历史故障文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy(
            "Excel（.xlsx，最多 4 MB）或 CSV（最多 8 MB）；更大的文件请由管理员用命令行导入"
        ),
    )

    def __init__(self, *args: Any, contracts: QuerySet[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contract"].queryset = contracts.select_related("standard", "vendor")  # type: ignore[attr-defined]

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse by size before anything is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_IMPORT:
            raise forms.ValidationError(_("文件超过 8 MB，请由管理员用命令行导入"))
        if (file.size or 0) > LARGEST and (file.name or "").lower().endswith(".xlsx"):
            raise forms.ValidationError(_("Excel 文件超过 4 MB，请另存为 CSV"))
        return file


class MonthField(forms.CharField):
    """2026-03."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-03"})

    def clean(self, value: Any) -> Any:
        """Raises: ValidationError for what is no month."""
        text = super().clean(value)
        try:
            return Month.read(text)
        except ValueError as error:
            raise forms.ValidationError(_("请按 2026-03 的格式填写月份")) from error


class SimulationForm(forms.Form):
    """Which months, and which limits: minutes for the response, hours for the repair of each level."""

    first = MonthField(label=gettext_lazy("自"))
    last = MonthField(label=gettext_lazy("至"))

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        for level in standard.levels:
            name = level.name_en if english else level.name
            for kind, limit, unit in (("response", level.response, 60), ("repair", level.repair, 3600)):
                if limit is not None and limit.seconds is not None:
                    what = _("响应（分）") if kind == "response" else _("修复（小时）")
                    label = f"{name} {what}"
                    field = forms.IntegerField(label=label, min_value=1, max_value=100_000, required=False)
                    field.initial = limit.seconds // unit
                    field.widget.attrs |= {
                        "inputmode": "numeric",
                        "aria-label": label,
                    }
                    self.fields[f"{kind}_{level.key}"] = field

    def clean(self) -> dict[str, Any]:
        """Raises: ValidationError when the months are the wrong way round."""
        asked = super().clean() or {}
        first, last = asked.get("first"), asked.get("last")
        if first and last and first.starts_at > last.starts_at:
            self.add_error("last", _("结束月份早于开始月份"))
        return asked

    def of_level(self, level: Level) -> tuple[forms.BoundField | None, forms.BoundField | None]:
        """The fields of a level, None where it has no such limit."""
        names = (f"response_{level.key}", f"repair_{level.key}")
        found = [self[name] if name in self.fields else None for name in names]
        return found[0], found[1]

    def typed(self, level: Level) -> tuple[int | None, int | None]:
        """What was typed for a level. Units: seconds."""
        response = self.cleaned_data.get(f"response_{level.key}")
        repair = self.cleaned_data.get(f"repair_{level.key}")
        return response * 60 if response else None, repair * 3600 if repair else None
