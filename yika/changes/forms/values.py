"""What a field of a device shall be: one form for each sort of field, all giving plain values by field.

``base`` is what is edited: the value as it stands, or the one a draft already has.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.addresses.rules import Unusable, in_order, parse_ip
from yika.addresses.sentences import worded
from yika.assets.forms import PlaceField
from yika.assets.forms.details import field_of as attribute_field
from yika.assets.models import Attribute, Device
from yika.assets.queries import attributes_of
from yika.assets.rules import Unfit, fitting_value, read_ip
from yika.assets.sentences import unfit
from yika.changes.doors import door
from yika.changes.rules import Json, family
from yika.configurations.rules import MOST_CHARACTERS, TITLE_LENGTH, tidied
from yika.network.forms import ConnectForm
from yika.network.rules import Upstream

LIFE_CHOICES = ("in_use", "in_stock", "at_factory", "scrapped")
ATTRIBUTE = "attribute_"


class ValueForm(forms.Form):
    """One field of one device."""

    def __init__(
        self, *args: Any, device: Device, field: str, base: Json = None, found: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.device, self.field, self.base = device, field, base
        self.label = _("现场实际为") if found else _("改为")
        self.ask()

    def ask(self) -> None:
        """Add the fields that ask for the value."""
        self.fields["value"] = forms.CharField(label=self.label, required=False, max_length=200)

    @property
    def values(self) -> dict[str, Json]:
        """As the doors take them, of a valid form."""
        return {self.field: self.cleaned_data["value"] or None}


class PlaceForm(ValueForm):
    """Where it shall stand."""

    def ask(self) -> None:
        """By the picker of places."""
        self.fields["value"] = PlaceField(label=self.label)

    @property
    def values(self) -> dict[str, Json]:
        """A place's key."""
        return {self.field: self.cleaned_data["value"].pk}


class LifeForm(ValueForm):
    """Which stage of life it shall be in."""

    def ask(self) -> None:
        """Those it can go to."""
        keeper = door(self.field)
        known = [code for code in LIFE_CHOICES if not keeper.problems(self.device, self.field, code)]
        choices = [(code, keeper.words(self.field, code)) for code in known]
        self.fields["value"] = forms.ChoiceField(label=self.label, choices=choices)


class ServerForm(ValueForm):
    """Which server it shall be set to."""

    def clean_value(self) -> str | None:
        """In its usual form. Raises: ValidationError."""
        try:
            return read_ip(self.cleaned_data["value"])
        except Unfit as flaw:
            raise forms.ValidationError(unfit(flaw)) from flaw


class AddressForm(ValueForm):
    """Which addresses it shall have."""

    def ask(self) -> None:
        """One a line."""
        self.fields["value"] = forms.CharField(
            label=self.label,
            required=False,
            initial="\n".join(self.base or []),
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("每行一个 IP 地址；删去的行即释放该地址。"),
        )

    def clean_value(self) -> list[str]:
        """Addresses in order. Raises: ValidationError naming each that is none."""
        found, wrong = [], []
        for text in str(self.cleaned_data["value"]).split():
            try:
                found.append(str(parse_ip(text)))
            except Unusable as trouble:
                wrong.append(f"{text}：{worded(trouble)}")
        if wrong:
            raise forms.ValidationError(wrong)
        return in_order(found)

    @property
    def values(self) -> dict[str, Json]:
        """All of them."""
        return {self.field: self.cleaned_data["value"]}


class UpstreamForm(ConnectForm, ValueForm):
    """On which machines it shall hang: those kept, and one more."""

    kept = forms.MultipleChoiceField(
        label=gettext_lazy("保留的上联"), required=False, widget=forms.CheckboxSelectMultiple
    )

    field_order = ("kept", "upper", "role", "medium", "lower_port", "upper_port")

    def ask(self) -> None:
        """What there is, all ticked; the further one may be left out."""
        words = door(self.field).words
        choices = [(str(place), words(self.field, [one])) for place, one in enumerate(self.base or [])]
        kept = self.fields["kept"]
        assert isinstance(kept, forms.MultipleChoiceField)
        kept.choices, kept.initial = choices, [key for key, _words in choices]
        kept.help_text = _("去掉勾选即断开。") if choices else _("现在没有上联。")
        upper = self.fields["upper"]
        upper.required, upper.label = False, _("新增上联设备")
        upper.help_text = _("一次新增一条；要新增多条，添加后再来一次。")

    @property
    def values(self) -> dict[str, Json]:
        """All of them, in the door's order."""
        sent = self.cleaned_data
        wanted = [Upstream(**one) for place, one in enumerate(self.base or []) if str(place) in sent["kept"]]
        if sent["upper"]:
            wanted.append(
                Upstream(
                    sent["upper"].pk, sent["role"], sent["medium"], sent["upper_port"], sent["lower_port"]
                )
            )
        return {self.field: [dict(one._asdict()) for one in sorted(wanted)]}


class ParametersForm(ValueForm):
    """The parameters of its kind; those that are left as they are change nothing."""

    def ask(self) -> None:
        """Every controlled attribute with its value."""
        for attribute in self._attributes():
            field = attribute_field(attribute)
            field.initial, field.help_text = self.device.attributes.get(attribute.key), ""
            self.fields[f"{ATTRIBUTE}{attribute.key}"] = field

    def _attributes(self) -> list[Attribute]:
        return [one for one in attributes_of(self.device.kind) if one.controlled]

    def clean(self) -> dict[str, Any]:
        """Raises: ValidationError when nothing is changed, or a value does not fit."""
        sent = super().clean() or self.cleaned_data
        self._changed: dict[str, Json] = {}
        for attribute in self._attributes():
            name = f"{ATTRIBUTE}{attribute.key}"
            if name not in sent:
                continue
            try:
                value = fitting_value(attribute.spec, sent[name])
            except Unfit as flaw:
                self.add_error(name, unfit(flaw))
                continue
            if value != self.device.attributes.get(attribute.key):
                self._changed[f"{self.field}.{attribute.key}"] = value
        if not self.fields:
            raise forms.ValidationError(_("这类设备没有登记参数"))
        if not self._changed and not self.errors:
            raise forms.ValidationError(_("没有改动"))
        return sent

    @property
    def values(self) -> dict[str, Json]:
        """Those that are changed."""
        return self._changed


class ConfigurationForm(ValueForm):
    """A configuration's whole new text."""

    def ask(self) -> None:
        """With the text as it stands."""
        self.fields["value"] = forms.CharField(
            label=self.label,
            initial=self.base or "",
            max_length=MOST_CHARACTERS,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 18, "class": "config", "spellcheck": "false"}),
            help_text=_("密码、密钥不得写入，用 *** 代替。"),
        )

    @property
    def values(self) -> dict[str, Json]:
        """The text, its line ends made alike."""
        return {self.field: tidied(self.cleaned_data["value"])}


FORMS: dict[str, type[ValueForm]] = {
    "place": PlaceForm,
    "life": LifeForm,
    "upstream_ip": ServerForm,
    "upstream": UpstreamForm,
    "address": AddressForm,
    "parameters": ParametersForm,
    "configuration": ConfigurationForm,
}


def value_form(field: str) -> type[ValueForm]:
    """The form of a field's sort."""
    return FORMS[family(field)]


class TitleForm(forms.Form):
    """Which configuration of a device, by its title: one it has, or a new one."""

    title = forms.CharField(
        label=gettext_lazy("配置名称"),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"list": "titles-known", "autocomplete": "off"}),
        help_text=gettext_lazy("可选已登记的配置；写新的名称即新登记一份。"),
    )
