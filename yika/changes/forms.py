"""Turns input about changes into values."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.forms import DevicesField, PlaceField
from yika.assets.forms.picking import DeviceField
from yika.assets.models import Device, DeviceKind, Place
from yika.changes.actions.proposing import Head
from yika.changes.doors import DOORS, door
from yika.changes.rules import TEXT_LENGTH, TITLE_LENGTH, Json, Kind, Mode, State, family
from yika.changes.words import FAMILIES, KINDS, MODES
from yika.faults.forms import SubmissionForm, TextField
from yika.lib.fields import MomentField

KIND_CHOICES = [(kind.value, name) for kind, name in KINDS.items()]
MODE_CHOICES = [(mode.value, name) for mode, name in MODES.items()]


class WindowForm(forms.Form):
    """From when until when."""

    from_at = MomentField(label=gettext_lazy("开始时间"))
    until_at = MomentField(label=gettext_lazy("结束时间"))


def usual_window(at: datetime) -> dict[str, datetime]:
    """What a window is offered as: from the present until the end of the next day's work."""
    start = at.astimezone(UTC).replace(second=0, microsecond=0)
    return {"from_at": start, "until_at": start + timedelta(hours=24)}


class HeadForm(SubmissionForm, WindowForm):
    """A change beside its lines."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=KIND_CHOICES)
    mode = forms.ChoiceField(
        label=gettext_lazy("方式"),
        choices=MODE_CHOICES,
        initial=Mode.NORMAL.value,
        help_text=gettext_lazy("一般：先同意后执行；标准：信息化办公室已预先批准；紧急：先执行，限时确认。"),
    )
    title = forms.CharField(label=gettext_lazy("标题"), max_length=TITLE_LENGTH)
    reason = TextField(label=gettext_lazy("原因"), max_length=TEXT_LENGTH)
    risk = TextField(label=gettext_lazy("风险和影响"), max_length=TEXT_LENGTH)
    plan = TextField(label=gettext_lazy("实施步骤"), max_length=TEXT_LENGTH)
    back_out = TextField(label=gettext_lazy("回退办法"), max_length=TEXT_LENGTH)
    devices = DevicesField(
        label=gettext_lazy("涉及的其他设备"),
        required=False,
        help_text=gettext_lazy("变更内容里的设备会自动列入。"),
    )

    @property
    def head(self) -> Head:
        """The values, of a valid form."""
        asked = self.cleaned_data
        words = {name: asked[name] for name in ("title", "reason", "risk", "plan", "back_out")}
        return Head(
            Kind(asked["kind"]),
            Mode(asked["mode"]),
            **words,
            from_at=asked["from_at"],
            until_at=asked["until_at"],
        )


class SwapForm(SubmissionForm, WindowForm):
    """The old device is known; the spare is chosen of those in stock."""

    spare = forms.TypedChoiceField(label=gettext_lazy("换上的备机"), coerce=int, widget=forms.RadioSelect)
    mode = forms.ChoiceField(label=gettext_lazy("方式"), choices=MODE_CHOICES, initial=Mode.NORMAL.value)
    reason = TextField(label=gettext_lazy("原因"), max_length=TEXT_LENGTH)
    risk = TextField(
        label=gettext_lazy("风险和影响"),
        max_length=TEXT_LENGTH,
        initial=gettext_lazy("更换期间该处暂停刷卡，其他设备不受影响"),
    )

    def __init__(self, *args: Any, spares: list[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["spare"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (one.pk, f"{one.number} · {one.model_name or '—'} · {one.place.name}") for one in spares
        ]
        self.order_fields(["spare", "reason", "mode", "from_at", "until_at", "risk"])


class DeviceOnlyForm(forms.Form):
    """Which device."""

    device = DeviceField(label=gettext_lazy("设备"))


class WhichForm(DeviceOnlyForm):
    """Which field of which device."""

    field = forms.ChoiceField(label=gettext_lazy("变更项目"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, FAMILIES[key]) for key in DOORS if key in ("place", "life", "upstream_ip")]


LIFE_CHOICES = ("in_use", "in_stock", "at_factory", "scrapped")


def value_field(device: Device, field: str) -> forms.Field:
    """How a value of a field is asked for."""
    label = gettext_lazy("改为")
    if family(field) == "place":
        return PlaceField(label=label)
    if family(field) == "life":
        keeper = door(field)
        known = [code for code in LIFE_CHOICES if not keeper.problems(device, field, code)]
        return forms.ChoiceField(label=label, choices=[(code, keeper.words(field, code)) for code in known])
    return forms.CharField(label=label, required=False, max_length=200)


class ValueForm(forms.Form):
    """What a field of a device shall be."""

    def __init__(self, *args: Any, device: Device, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = value_field(device, field)

    @property
    def value(self) -> Json:
        """As the door takes it, of a valid form."""
        asked = self.cleaned_data["value"]
        if isinstance(asked, Place):
            return asked.pk
        return asked or None


class FoundForm(ValueForm):
    """What was found in the field."""

    note = TextField(label=gettext_lazy("说明"), required=False)
    photo = forms.FileField(label=gettext_lazy("现场照片"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = _("现场实际为")
        self.order_fields(["value", "note", "photo"])


class TrialForm(forms.Form):
    """One test."""

    item = forms.CharField(label=gettext_lazy("测试项目"), max_length=200)
    expected = forms.CharField(label=gettext_lazy("预期结果"), max_length=200)
    result = forms.CharField(label=gettext_lazy("实际结果"), max_length=200)
    passed = forms.BooleanField(label=gettext_lazy("通过"), required=False, initial=True)


class PatternForm(forms.Form):
    """What the Office approves beforehand."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=KIND_CHOICES)
    families = forms.MultipleChoiceField(
        label=gettext_lazy("可变更的项目"),
        choices=[(key, name) for key, name in FAMILIES.items() if key in DOORS],
        widget=forms.CheckboxSelectMultiple,
    )
    device_kinds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("设备类型"),
        queryset=DeviceKind.objects.order_by("pk"),
        widget=forms.CheckboxSelectMultiple,
    )
    terms = TextField(label=gettext_lazy("要求"), required=False, max_length=TEXT_LENGTH)
    until_on = forms.DateField(
        label=gettext_lazy("有效至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class BlackoutForm(WindowForm):
    """When nothing should be changed."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy("如：开学第一周、期末考试"),
    )

    field_order = ("name", "from_at", "until_at")


class FiltersForm(forms.Form):
    """What the list is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(
        required=False,
        choices=[(word, word) for word in ("open", "ended", "unconfirmed", "all", *State)],
    )
    kind = forms.ChoiceField(required=False, choices=KIND_CHOICES)
    mode = forms.ChoiceField(required=False, choices=MODE_CHOICES)
