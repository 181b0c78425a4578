"""Input of links, needs and ports as values."""

from django import forms
from django.utils.translation import gettext_lazy

from yika.assets.forms import DevicesField
from yika.assets.forms.picking import DeviceField
from yika.lib.fields import MomentField
from yika.network.models import MEDIUM_NAMES, ROLE_NAMES
from yika.network.rules import MOST_NEEDED, NOTE_LENGTH, PORT_LENGTH, LinkRole, Medium

MEDIA = [(medium.value, name) for medium, name in MEDIUM_NAMES.items()]
ROLES = [(role.value, name) for role, name in ROLE_NAMES.items()]

EVERY_ROLE = "all"
DRAWN_ROLES = [*ROLES, (EVERY_ROLE, gettext_lazy("全部"))]


class ConnectForm(forms.Form):
    """A link to an upper device. Ports that are not there yet are added."""

    upper = DeviceField(label=gettext_lazy("上联设备"))
    role = forms.ChoiceField(
        label=gettext_lazy("用途"),
        choices=ROLES,
        initial=LinkRole.NETWORK.value,
        help_text=gettext_lazy("网络：经它联网；服务：靠它提供业务（如前置机、服务器）；供电：由它供电。"),
    )
    medium = forms.ChoiceField(label=gettext_lazy("介质"), choices=MEDIA, initial=Medium.COPPER.value)
    lower_port = forms.CharField(
        label=gettext_lazy("本机端口"),
        max_length=PORT_LENGTH,
        required=False,
        help_text=gettext_lazy("端口名称，如 eth0；没有登记过的会自动登记，不清楚可留空。"),
    )
    upper_port = forms.CharField(
        label=gettext_lazy("上联设备的端口"),
        max_length=PORT_LENGTH,
        required=False,
        help_text=gettext_lazy("如 GE1/0/12。网线和光纤端口只能接一条连接。"),
    )


class NeedForm(forms.Form):
    """How many upstreams of a role must be up."""

    role = forms.ChoiceField(choices=ROLES)
    least = forms.IntegerField(label=gettext_lazy("至少正常"), min_value=1, max_value=MOST_NEEDED)


class PortForm(forms.Form):
    """A port's name and note."""

    name = forms.CharField(label=gettext_lazy("端口名称"), max_length=PORT_LENGTH)
    note = forms.CharField(label=gettext_lazy("备注"), max_length=NOTE_LENGTH, required=False)


class FiltersForm(forms.Form):
    """What a list of links is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    role = forms.ChoiceField(required=False, choices=ROLES)
    medium = forms.ChoiceField(required=False, choices=MEDIA)
    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class ImpactForm(forms.Form):
    """Which devices fail together, and when."""

    device = DevicesField(label=gettext_lazy("中断的设备"))
    at = MomentField(
        label=gettext_lazy("时刻"),
        required=False,
        help_text=gettext_lazy("留空为现在；填过去的时刻，按当时的挂接关系推算。"),
    )
    kind = forms.SlugField(required=False, widget=forms.HiddenInput)


class DiagramForm(forms.Form):
    """How a diagram is wanted. Anything unusable is taken as not given."""

    role = forms.ChoiceField(required=False, choices=DRAWN_ROLES)
    at = MomentField(required=False)
    sheet = forms.ChoiceField(required=False, choices=[("a4", "A4"), ("a3", "A3")])


class SpanForm(forms.Form):
    """Between which moments. Anything unusable is taken as not given."""

    since = MomentField(label=gettext_lazy("自"), required=False)
    until = MomentField(label=gettext_lazy("至"), required=False)
