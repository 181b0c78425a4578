"""What is said about one fault."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yika.assets.forms import DevicesField, PlaceField
from yika.commitments.models import Commitment
from yika.commitments.rules import Outcome
from yika.faults.models import Channel, Fault, Feedback, Symptom
from yika.lib.fields import MomentField
from yika.people.forms import PhoneField
from yika.standards.rules import Standard


class TextField(forms.CharField):
    """A few lines of text."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(**kwargs)


class ActForm(forms.Form):
    """A form that shares its page with others: what it is begins the ids of its fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}-%s")
        super().__init__(*args, **kwargs)


class SubmissionForm(forms.Form):
    """A form that creates: a double tap or a repeated request finds what the first one made."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ReportForm(SubmissionForm):
    """A report taken at the desk, with the impact as far as it is known."""

    channel = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[
            choice
            for choice in Channel.choices
            if choice[0] in (Channel.PHONE, Channel.IN_PERSON, Channel.MONITORING, Channel.INSPECTION)
        ],
    )
    devices = DevicesField(label=gettext_lazy("故障设备"), required=False)
    place = PlaceField(label=gettext_lazy("地点"), required=False, none_label=gettext_lazy("按设备所在地点"))
    symptom = forms.ChoiceField(label=gettext_lazy("现象"), choices=Symptom.choices)
    description = TextField(label=gettext_lazy("描述"), required=False)
    terminals = forms.IntegerField(
        label=gettext_lazy("影响终端（台）"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("不填则按所选设备计；设备有下联的，按网络推算"),
    )
    cardholders = forms.IntegerField(
        label=gettext_lazy("影响持卡人（人）"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reporter_name = forms.CharField(label=gettext_lazy("报修人"), required=False, max_length=40)
    reporter_phone = PhoneField(label=gettext_lazy("联系电话"), required=False, max_length=20)
    reported_at = MomentField(
        label=gettext_lazy("实际报修时间"),
        required=False,
        help_text=gettext_lazy("事后补记时填写；计时从这一时间起算，并注明补录"),
    )


class PublicReportForm(SubmissionForm):
    """A report from a phone. Only the symptom is asked for; the rest helps."""

    symptom = forms.ChoiceField(choices=Symptom.choices, required=False)
    same_as = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    description = TextField(required=False)
    reporter_name = forms.CharField(required=False, max_length=40)
    reporter_phone = PhoneField(required=False, max_length=20)
    website = forms.CharField(required=False)  # nobody sees it; programs fill it in

    def clean(self) -> dict[str, Any]:
        """What is wrong if neither a symptom nor a known outage was chosen."""
        asked = super().clean() or {}
        if asked.get("website"):
            raise forms.ValidationError(_("提交内容异常，请重新填写"))
        if not asked.get("symptom") and not asked.get("same_as"):
            self.add_error("symptom", _("请选择现象"))
        return asked


class StillBrokenForm(SubmissionForm):
    """It is not repaired after all."""

    note = TextField(required=False)


class NoteForm(forms.Form):
    """A step with a few words."""

    note = TextField(label=gettext_lazy("说明"), required=False)


class ClaimedNoteForm(NoteForm):
    """A step that may have happened earlier than it is entered."""

    happened_at = MomentField(
        label=gettext_lazy("实际时间（补录）"),
        required=False,
        help_text=gettext_lazy("不填即为现在；补录时间须经信息化办公室认定后才计入时限"),
    )


class SendForm(forms.Form):
    """Whom to send."""

    to = forms.TypedChoiceField(label=gettext_lazy("派给"), coerce=int, widget=forms.RadioSelect)
    note = TextField(label=gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class ClassifyForm(ActForm):
    """The largest impact as now understood."""

    terminals = forms.IntegerField(
        label=gettext_lazy("影响终端（台）"),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    cardholders = forms.IntegerField(
        label=gettext_lazy("影响持卡人（人）"),
        min_value=0,
        max_value=10_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    devices = DevicesField(
        label=gettext_lazy("列明受影响设备"),
        required=False,
        help_text=gettext_lazy("列明的终端足以支撑该等级时，修复时限随等级延长；否则须信息化办公室同意"),
    )
    reason = TextField(label=gettext_lazy("分级依据"))


class FailedForm(ActForm):
    """The devices that failed, as opposed to those that went down with them."""

    devices = DevicesField(
        label=gettext_lazy("故障设备"),
        help_text=gettext_lazy(
            "选交换机、网关、前置机等本身出故障的设备；随之中断的终端由网络推算，不必逐台选"
        ),
    )


class MergeForm(forms.Form):
    """Which fault this one belongs to."""

    into = forms.CharField(label=gettext_lazy("并入故障编号"), max_length=12)
    note = TextField(label=gettext_lazy("说明"), required=False)

    def clean_into(self) -> int:
        """G000123 or 123."""
        text = str(self.cleaned_data["into"]).strip().upper().removeprefix("G")
        if not text.isdecimal():
            raise forms.ValidationError(_("请填写故障编号，如 G000123"))
        return int(text)


class FeedbackForm(ActForm):
    """How the reporter was told, and what."""

    way = forms.ChoiceField(
        label=gettext_lazy("反馈途径"), choices=Feedback.Way.choices, widget=forms.RadioSelect
    )
    told = TextField(label=gettext_lazy("告知内容"))


class LogForm(ActForm):
    """The fault log with the fields of the fault's standard."""

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        for field in standard.fault_log:
            label = field.name_en if english else field.name
            self.fields[field.key] = TextField(label=label, required=field.required, max_length=1000)


class SpecialForm(ActForm):
    """A cause outside the contract."""

    cause = forms.ChoiceField(label=gettext_lazy("特殊原因"))
    claim = TextField(label=gettext_lazy("理由"))
    evidence = forms.FileField(
        label=gettext_lazy("证据（图片或 PDF）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        self.fields["cause"].choices = [  # type: ignore[attr-defined]
            (cause.key, cause.name_en if english else cause.name) for cause in standard.causes
        ]


class FactoryForm(ActForm):
    """No spare exists."""

    claim = TextField(label=gettext_lazy("无备机的说明"))
    evidence = forms.FileField(
        label=gettext_lazy("证据（图片或 PDF）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class ExemptionForm(ActForm):
    """An interval that should not count."""

    commitment = forms.TypedChoiceField(label=gettext_lazy("对哪项时限"), coerce=int)
    from_at = MomentField(label=gettext_lazy("自"))
    until_at = MomentField(label=gettext_lazy("至"))
    reason = TextField(label=gettext_lazy("豁免理由"))
    evidence = forms.FileField(
        label=gettext_lazy("证据（图片或 PDF）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, fault: Fault, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"response": _("响应"), "repair": _("修复")}
        rows: list[Commitment] = [row for row in (fault.response, fault.repair) if row and not row.voided_at]
        self.fields["commitment"].choices = [(row.pk, names[row.kind]) for row in rows]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The Office's answer; which button was pressed says yes or no."""

    granted = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")
    decision = TextField(label=gettext_lazy("认定理由"))


class RuleSpecialForm(ActForm):
    """The Office rules on the cause itself."""

    special = forms.TypedChoiceField(
        label=gettext_lazy("认定为"),
        choices=[("1", gettext_lazy("特殊故障")), ("0", gettext_lazy("不是特殊故障"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    cause = forms.ChoiceField(label=gettext_lazy("特殊原因"), required=False)
    decision = TextField(label=gettext_lazy("认定理由"))

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        self.fields["cause"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((cause.key, cause.name_en if english else cause.name) for cause in standard.causes),
        ]


class OutcomeForm(ActForm):
    """The Office overrides an outcome."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("认定结果"),
        choices=[(Outcome.MET.value, gettext_lazy("按时")), (Outcome.MISSED.value, gettext_lazy("超时"))],
        widget=forms.RadioSelect,
    )
    reason = TextField(label=gettext_lazy("认定理由"))


class AnswerForm(forms.Form):
    """The Office's answer to a complaint."""

    answer = TextField(label=gettext_lazy("答复"), help_text=gettext_lazy("报修人会在进度页面看到"))


class RevealForm(forms.Form):
    """Why somebody needs to see personal data."""

    reason = forms.CharField(label=gettext_lazy("查看原因"), max_length=200)


class PhotoForm(ActForm):
    """A picture made at work."""

    file = forms.FileField(
        label=gettext_lazy("照片"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
