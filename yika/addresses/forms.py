"""Input of VLANs, subnets and addresses as values."""

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from yika.addresses.models import STATE_NAMES, Vlan
from yika.addresses.rules import MOST_AT_ONCE, NOTE_LENGTH, PURPOSE_LENGTH, VLAN_NAME_LENGTH, VLANS, State
from yika.assets.forms import PlaceField
from yika.assets.forms.picking import DeviceField
from yika.lib.fields import MomentField

TAKEN = [State.IN_USE, State.RESERVED, State.DEPRECATED]
STATES = [(state.value, STATE_NAMES[state]) for state in TAKEN]


class VlanField(forms.ModelChoiceField):  # type: ignore[type-arg]  # only the stubs know it as generic
    """A VLAN by its number."""


class VlanForm(forms.Form):
    """A new VLAN."""

    number = forms.IntegerField(
        label=gettext_lazy("VLAN 编号"), min_value=VLANS[0], max_value=VLANS[-1], help_text="1–4094"
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=VLAN_NAME_LENGTH)


class VlanNameForm(forms.Form):
    """A VLAN's name."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=VLAN_NAME_LENGTH)


class SubnetForm(forms.Form):
    """Where a subnet is and what for."""

    vlan = VlanField(label="VLAN", queryset=Vlan.objects.order_by("number"), required=False, empty_label="—")
    place = PlaceField(label=gettext_lazy("地点"), required=False, none_label=gettext_lazy("不限地点"))
    gateway = forms.CharField(label=gettext_lazy("网关"), max_length=60, required=False)
    note = forms.CharField(label=gettext_lazy("备注"), max_length=NOTE_LENGTH, required=False)


class NewSubnetForm(SubnetForm):
    """A new subnet."""

    cidr = forms.CharField(
        label=gettext_lazy("网段"),
        max_length=60,
        help_text=gettext_lazy("如 10.12.1.0/24、10.12.1.0/255.255.255.0 或 2001:da8:1::/64"),
    )
    field_order = ("cidr", "vlan", "place", "gateway", "note")


class TakeForm(forms.Form):
    """Who takes an address."""

    ip = forms.CharField(label=gettext_lazy("IP 地址"), max_length=60)
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=STATES, initial=State.IN_USE.value)
    device = DeviceField(
        label=pgettext_lazy("one", "设备"),
        required=False,
        help_text=gettext_lazy("在用的地址选定设备；不属于设备的（如网关）请写明用途。"),
    )
    purpose = forms.CharField(label=gettext_lazy("用途"), max_length=PURPOSE_LENGTH, required=False)
    reason = forms.CharField(label=gettext_lazy("变更原因"), max_length=NOTE_LENGTH, required=False)


class ReserveForm(forms.Form):
    """How many addresses are kept for what."""

    count = forms.IntegerField(label=gettext_lazy("个数"), min_value=1, max_value=MOST_AT_ONCE, initial=1)
    purpose = forms.CharField(label=gettext_lazy("用途"), max_length=PURPOSE_LENGTH)


class PurposeForm(forms.Form):
    """What an address is for."""

    purpose = forms.CharField(label=gettext_lazy("用途"), max_length=PURPOSE_LENGTH, required=False)


class ReasonForm(forms.Form):
    """Why an address is released."""

    reason = forms.CharField(label=gettext_lazy("释放原因"), max_length=NOTE_LENGTH)


class SubnetFiltersForm(forms.Form):
    """What a list of subnets is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    vlan = forms.IntegerField(required=False, min_value=VLANS[0], max_value=VLANS[-1])
    place = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class AddressFiltersForm(forms.Form):
    """What a list of addresses is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=STATES)


class ChangeFiltersForm(forms.Form):
    """What the update table is narrowed to. Anything unusable is taken as not given."""

    q = forms.CharField(required=False, max_length=100)
    since = MomentField(label=pgettext_lazy("moment", "自"), required=False)
    until = MomentField(label=pgettext_lazy("moment", "至"), required=False)
