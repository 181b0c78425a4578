"""VLANs, subnets, addresses, and every update of an address."""

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from yika.addresses.rules import (
    NOTE_LENGTH,
    PURPOSE_LENGTH,
    VLAN_NAME_LENGTH,
    VLANS,
    Held,
    Network,
    State,
    ip_of,
    parse_network,
)
from yika.assets.models import Device, Place
from yika.people.models import User

STATE_NAMES: dict[State, Promise] = {
    State.FREE: pgettext_lazy("address", "空闲"),
    State.RESERVED: pgettext_lazy("address", "预留"),
    State.IN_USE: pgettext_lazy("address", "在用"),
    State.DEPRECATED: pgettext_lazy("address", "停用"),
}
STATES = [(state.value, state.value) for state in State if state is not State.FREE]
KEY_LENGTH = 33


class Vlan(models.Model):
    """A virtual network by its number 1–4094."""

    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=VLAN_NAME_LENGTH)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=VLANS[0], number__lte=VLANS[-1]), name="addresses_vlan_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Subnet(models.Model):
    """A network of addresses. ``first`` and ``last`` are keys, results of ``cidr``."""

    cidr = models.CharField(max_length=43, unique=True)
    first = models.CharField(max_length=KEY_LENGTH)
    last = models.CharField(max_length=KEY_LENGTH)
    vlan = models.ForeignKey(Vlan, null=True, on_delete=models.PROTECT, related_name="subnets")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="subnets")
    gateway = models.GenericIPAddressField(null=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        indexes = [models.Index(fields=["first", "id"], name="addresses_subnet_first")]

    def __str__(self) -> str:
        return self.cidr

    @property
    def network(self) -> Network:
        """The network itself."""
        return parse_network(self.cidr)


class Address(models.Model):
    """An address that is not free. ``subnet`` is a result: the narrowest around it."""

    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    subnet = models.ForeignKey(Subnet, null=True, on_delete=models.PROTECT, related_name="addresses")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="addresses")
    state = models.CharField(max_length=12, choices=STATES)
    purpose = models.CharField(max_length=PURPOSE_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(device=None) | Q(state=State.IN_USE), name="addresses_address_device"
            )
        ]
        indexes = [models.Index(fields=["subnet", "key"], name="addresses_address_subnet")]

    def __str__(self) -> str:
        return self.ip

    @property
    def ip(self) -> str:
        """The address as people write it."""
        return str(ip_of(self.key))

    @property
    def word(self) -> str:
        """Its state in the reader's language."""
        return str(STATE_NAMES[State(self.state)])

    @property
    def held(self) -> Held:
        """Who has it, and what for."""
        number = self.device.number if self.device else ""
        return Held(State(self.state), number, self.purpose)


class AddressChange(models.Model):
    """A line of the IP address update table IP地址更新维护表; never changed. Source: 4.4.4."""

    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=60)
    key = models.CharField(max_length=KEY_LENGTH)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="address_changes")
    before = models.JSONField(help_text="state, device's number and purpose")
    after = models.JSONField(help_text="as before")
    reason = models.CharField(max_length=NOTE_LENGTH, blank=True)
    change = models.CharField(max_length=40, blank=True, help_text="number of the consented change")

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="addresses_change_at"),
            models.Index(fields=["key", "id"], name="addresses_change_key"),
        ]

    @property
    def ip(self) -> str:
        """The address as people write it."""
        return str(ip_of(self.key))

    @property
    def was(self) -> Held:
        """Who had it, and what for."""
        return _held(self.before)

    @property
    def was_word(self) -> str:
        """What it was, in the reader's language."""
        return str(STATE_NAMES[self.was.state])

    @property
    def now_word(self) -> str:
        """What it is from then on, in the reader's language."""
        return str(STATE_NAMES[self.now.state])

    @property
    def now(self) -> Held:
        """Who has it from then on, and what for."""
        return _held(self.after)


def _held(said: dict[str, str]) -> Held:
    return Held(State(said["state"]), said["device"], said["purpose"])
