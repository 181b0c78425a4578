"""Turns input about changes into values."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from yika.assets.forms import DevicesField
from yika.assets.forms.details import KindsField
from yika.assets.forms.picking import DeviceField
from yika.assets.models import Device, DeviceKind
from yika.assets.rules import Life
from yika.changes.actions.proposing import Head
from yika.changes.doors import CARRIED, DOORS
from yika.changes.forms.values import TitleForm, ValueForm, value_form
from yika.changes.models import Pattern
from yika.changes.queries import warnings_of
from yika.changes.rules import TEXT_LENGTH, TITLE_LENGTH, Kind, Mode, State
from yika.changes.words import FAMILIES, KINDS, MODES
from yika.faults.forms import SubmissionForm, TextField
from yika.lib.fields import MomentField

__all__ = [
    "BlackoutForm", "DeviceOnlyForm", "FiltersForm", "FoundForm", "HeadForm", "PatternForm", "SwapForm",
    "TitleForm", "TrialForm", "ValueForm", "WhichForm", "WindowForm", "act_form", "spare_choices",
    "usual_window", "value_form",
]  # fmt: skip

KIND_CHOICES = [(kind.value, name) for kind, name in KINDS.items()]
MOST_SPARES = 50  # offered to choose from
MODE_CHOICES = [(mode.value, name) for mode, name in MODES.items()]


def _modes(field: forms.Field, standing: str = "") -> None:
    """Offer the standard way only where the Office has approved a pattern, or it was chosen before."""
    assert isinstance(field, forms.ChoiceField)
    if standing != Mode.STANDARD and not Pattern.objects.filter(ended_at__isnull=True).exists():
        field.choices = [choice for choice in MODE_CHOICES if choice[0] != Mode.STANDARD]


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _modes(self.fields["mode"], str(self.initial.get("mode", "")))

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


def spare_choices(spares: Sequence[Device]) -> list[tuple[int, str]]:
    """Spares to choose from; those of which something should be known first stand last, with that."""
    warnings = warnings_of(spares)
    return [
        (
            one.pk,
            " · ".join(filter(None, (one.number, one.model_name, one.place.name, warnings.get(one.pk)))),
        )
        for one in sorted(spares, key=lambda one: one.pk in warnings)
    ]


class SwapForm(SubmissionForm, WindowForm):
    """The old device is known; the spare is chosen of those in stock."""

    spare = forms.TypedChoiceField(label=gettext_lazy("换上的备机"), coerce=int, widget=forms.RadioSelect)
    old_life = forms.ChoiceField(
        label=gettext_lazy("换下的设备"),
        choices=[
            (Life.IN_STOCK.value, gettext_lazy("完好，入库作备机")),
            (Life.SCRAPPED.value, gettext_lazy("不再使用，报废")),
        ],
        widget=forms.RadioSelect,
    )
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
        field.choices = spare_choices(spares)
        _modes(self.fields["mode"])
        self.order_fields(["spare", "old_life", "reason", "mode", "from_at", "until_at", "risk"])


class DeviceOnlyForm(forms.Form):
    """Which device."""

    device = DeviceField(label=pgettext_lazy("one", "设备"))


class WhichForm(DeviceOnlyForm):
    """Which field of which device."""

    field = forms.ChoiceField(label=gettext_lazy("变更项目"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, FAMILIES[key]) for key in FAMILIES if key in DOORS and key not in CARRIED]


class FoundForm(forms.Form):
    """What goes with something found different."""

    note = TextField(label=gettext_lazy("说明"), required=False)
    photo = forms.FileField(label=gettext_lazy("现场照片"), required=False)


class SaidForm(forms.Form):
    """The words that go with a verb."""

    text = TextField()

    def __init__(
        self, data: Any = None, *, key: str, label: str | Promise, required: bool, most: int
    ) -> None:
        super().__init__(data, auto_id=f"{key}-%s")
        self.fields["text"] = TextField(label=label, required=required, max_length=most)


_SAID: dict[str, tuple[Promise, bool, int]] = {
    "decide": (gettext_lazy("意见（不同意或要求补充时必填）"), False, 500),
    "settle": (gettext_lazy("意见（不予确认时必填）"), False, 500),
    "ask": (gettext_lazy("对信息化办公室的答复"), True, 500),
    "execute": (gettext_lazy("执行情况"), True, TEXT_LENGTH),
    "execute-first": (gettext_lazy("执行情况"), True, TEXT_LENGTH),
    "roll-back": (gettext_lazy("回退原因"), True, 500),
    "withdraw": (gettext_lazy("撤回原因"), True, 500),
    "drop": (gettext_lazy("作废原因"), False, 500),
}


def act_form(key: str, data: Any = None) -> forms.Form:
    """The form of one of a change's verbs, with what was sent if it was. ``key``: as the page names it."""
    if key == "test":
        return TrialForm(data)
    label, required, most = _SAID[key]
    return SaidForm(data, key=key, label=label, required=required, most=most)


class TrialForm(forms.Form):
    """One test. Whether it passed is said by nobody but the person."""

    item = forms.CharField(label=gettext_lazy("测试项目"), max_length=200)
    expected = forms.CharField(label=gettext_lazy("预期结果"), max_length=200)
    result = forms.CharField(label=gettext_lazy("实际结果"), max_length=200)
    passed = forms.TypedChoiceField(
        label=gettext_lazy("结论"),
        choices=[("yes", gettext_lazy("通过")), ("no", gettext_lazy("未通过"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )


class PatternForm(forms.Form):
    """What the Office approves beforehand."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=KIND_CHOICES)
    families = forms.MultipleChoiceField(
        label=gettext_lazy("可变更的项目"),
        choices=[(key, name) for key, name in FAMILIES.items() if key in DOORS],
        widget=forms.CheckboxSelectMultiple,
    )
    device_kinds = KindsField(
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
        choices=[(word, word) for word in ("open", "ended", "unconfirmed", "declined", "all", *State)],
    )
    kind = forms.ChoiceField(required=False, choices=KIND_CHOICES)
    mode = forms.ChoiceField(required=False, choices=MODE_CHOICES)
