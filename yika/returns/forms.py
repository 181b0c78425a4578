"""Turns input about returns into values."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device
from yika.changes.forms import MODE_CHOICES, WindowForm, spare_choices
from yika.changes.rules import TEXT_LENGTH as CHANGE_TEXT
from yika.changes.rules import Mode
from yika.faults.forms import SubmissionForm, TextField
from yika.faults.models import Fault
from yika.lib.fields import MomentField
from yika.returns.actions.opening import Asked
from yika.returns.actions.shipping import Parcel, Proof
from yika.returns.rules import MOST_FEN, MOST_RECORDS, TEXT_LENGTH, WORD_LENGTH, Psam, State
from yika.returns.words import PSAM


class AskForm(WindowForm):
    """How consent is asked for."""

    mode = forms.ChoiceField(
        label=gettext_lazy("变更方式"),
        choices=MODE_CHOICES,
        initial=Mode.NORMAL.value,
        help_text=gettext_lazy("一般变更随即提交信息化办公室；标准或紧急变更到变更页继续办理。"),
    )
    risk = TextField(
        label=gettext_lazy("风险和影响"),
        max_length=CHANGE_TEXT,
        initial=gettext_lazy("拆装期间该处暂停刷卡，其他设备不受影响"),
    )

    field_order: Sequence[str] | None = ("mode", "from_at", "until_at", "risk")

    @property
    def asked(self) -> Asked:
        """The values, of a valid form."""
        sent = self.cleaned_data
        return Asked(Mode(sent["mode"]), sent["risk"], sent["from_at"], sent["until_at"])


class SpareForm(AskForm):
    """Which spare takes the unit's place, if any."""

    spare = forms.TypedChoiceField(
        label=gettext_lazy("换上的备机"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, spares: list[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spares = {one.pk: one for one in spares}
        field = self.fields["spare"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [*spare_choices(spares), ("", _("不换备机"))]
        field.initial = field.choices[0][0]

    @property
    def chosen_spare(self) -> Device | None:
        """Of a valid form."""
        return self.spares.get(self.cleaned_data.get("spare") or 0)


class OpenForm(SubmissionForm, SpareForm):
    """The unit is known; why it goes, for which fault, and what takes its place."""

    fault = forms.TypedChoiceField(
        label=gettext_lazy("关联故障"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("返厂时限从故障报修时起算；没有故障的，从开单时起算。"),
    )
    reason = TextField(label=gettext_lazy("返厂原因"), max_length=TEXT_LENGTH)
    instead_of_repair = forms.BooleanField(
        label=gettext_lazy("没有备机，申请以返厂时限替代修复时限"),
        required=False,
        help_text=gettext_lazy("须在修复时限届满前经信息化办公室同意（4.2.3）。"),
    )

    field_order = ("fault", "reason", "spare", "instead_of_repair", "mode", "from_at", "until_at", "risk")

    def __init__(self, *args: Any, faults: list[Fault], device: Device, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults = {one.pk: one for one in faults}
        field = self.fields["fault"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            *((one.pk, f"{one.number} · {one.get_symptom_display()} · {one.state_word}") for one in faults),
            ("", _("没有关联的故障")),
        ]
        if faults:
            field.initial = faults[0].pk
        if not device.in_use:
            del self.fields["spare"]
        if not faults or self.spares:
            del self.fields["instead_of_repair"]

    @property
    def chosen_fault(self) -> Fault | None:
        """Of a valid form."""
        return self.faults.get(self.cleaned_data["fault"] or 0)


class ParcelForm(forms.Form):
    """What goes where by whom."""

    factory = forms.CharField(label=gettext_lazy("厂家"), max_length=WORD_LENGTH)
    courier = forms.CharField(label=gettext_lazy("快递公司"), max_length=WORD_LENGTH)
    waybill = forms.CharField(label=gettext_lazy("快递单号"), max_length=WORD_LENGTH)
    sent_at = MomentField(
        label=gettext_lazy("寄出时间"), required=False, help_text=gettext_lazy("不填即为现在。")
    )

    @property
    def parcel(self) -> Parcel:
        """The values, of a valid form."""
        sent = self.cleaned_data
        return Parcel(sent["factory"], sent["courier"], sent["waybill"], sent["sent_at"])

    @property
    def proof(self) -> Proof | None:
        """Only the first time anything is proven."""
        return None


class SendForm(ParcelForm):
    """The first time: with what is proven before the unit leaves."""

    records = forms.IntegerField(
        label=gettext_lazy("已导出流水条数"),
        required=False,
        min_value=0,
        max_value=MOST_RECORDS,
        help_text=gettext_lazy("没有未采集流水的填 0；无法导出的留空，在下面写明原因。"),
    )
    not_exported = forms.CharField(label=gettext_lazy("未导出的原因"), required=False, max_length=TEXT_LENGTH)
    psam = forms.ChoiceField(
        label=gettext_lazy("PSAM卡"),
        choices=[(key.value, word) for key, word in PSAM.items()],
        widget=forms.RadioSelect,
    )

    field_order = ("records", "not_exported", "psam", "factory", "courier", "waybill", "sent_at")

    @property
    def proof(self) -> Proof | None:
        """The values, of a valid form."""
        sent = self.cleaned_data
        return Proof(sent["records"], sent["not_exported"], Psam(sent["psam"]))


WARRANTY = (("yes", gettext_lazy("保内，不收费")), ("no", gettext_lazy("保外，收费")))


class DiagnosisForm(forms.Form):
    """What the factory found, and who pays."""

    diagnosis = TextField(label=gettext_lazy("厂家诊断"), max_length=TEXT_LENGTH)
    warranty = forms.ChoiceField(label=gettext_lazy("保修"), choices=WARRANTY, widget=forms.RadioSelect)
    cost = forms.DecimalField(
        label=gettext_lazy("费用（元）"),
        required=False,
        min_value=0,
        max_value=Decimal(MOST_FEN) / 100,
        decimal_places=2,
        help_text=gettext_lazy("保外维修时填写。"),
    )

    @property
    def values(self) -> dict[str, Any]:
        """As the action takes them, of a valid form."""
        sent = self.cleaned_data
        return {
            "diagnosis": sent["diagnosis"],
            "in_warranty": sent["warranty"] == "yes",
            "cost_fen": None if sent["cost"] is None else int(sent["cost"] * 100),
        }


class ReceiveForm(forms.Form):
    """When it came back."""

    back_at = MomentField(
        label=gettext_lazy("返回时间"), required=False, help_text=gettext_lazy("不填即为现在。")
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = TextField(label=gettext_lazy("理由"), max_length=TEXT_LENGTH)


class ExemptForm(forms.Form):
    """An interval that should not count."""

    from_at = MomentField(label=gettext_lazy("自"))
    until_at = MomentField(label=gettext_lazy("至"))
    reason = TextField(label=gettext_lazy("豁免理由"), max_length=TEXT_LENGTH)
    evidence = forms.FileField(
        label=gettext_lazy("证据（图片或 PDF）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class FiltersForm(forms.Form):
    """What the list is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(
        required=False,
        choices=[(word, word) for word in ("open", "overdue", "ended", "all", *(one.value for one in State))],
    )
