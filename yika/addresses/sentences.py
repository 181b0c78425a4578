"""What the journal says about addresses, and what is wrong with one that cannot be read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.addresses.models import STATE_NAMES
from yika.addresses.rules import Trouble, Unusable

SENTENCES: dict[str, Promise] = {
    "addresses.add_vlan": _("登记 VLAN {number}：{name}"),
    "addresses.rename_vlan": _("VLAN {number} 更名：{before} → {after}"),
    "addresses.remove_vlan": _("删除 VLAN {number}：{name}"),
    "addresses.add_subnet": _("登记网段 {cidr}，VLAN：{vlan}，地点：{place}，网关：{gateway}"),
    "addresses.edit_subnet": _("修改网段 {cidr}：{changes}"),
    "addresses.remove_subnet": _("删除网段 {cidr}，其中地址 {addresses} 个"),
    "addresses.reserve": _("预留地址 {ip}，用途：{purpose}"),
    "addresses.assign": _("启用地址 {ip}，设备：{number}，用途：{purpose}，原因：{reason}"),
    "addresses.describe": _("修改地址 {ip} 的用途：{was} → {purpose}"),
    "addresses.deprecate": _("停用地址 {ip}，说明：{purpose}，原因：{reason}"),
    "addresses.release": _("释放地址 {ip}（{before}），原设备：{number}，原用途：{was}，原因：{reason}"),
}

NOUNS: dict[str, Promise] = {"vlan": _("VLAN"), "subnet": pgettext_lazy("one", "网段"), "address": _("地址")}

WORDS: dict[str, dict[str, Promise]] = {
    "before": {state.value: name for state, name in STATE_NAMES.items()},
}

TROUBLES: dict[Trouble, Promise] = {
    Trouble.NO_ADDRESS: _("不是 IP 地址，应如 10.12.1.5 或 2001:da8::5"),
    Trouble.PADDED: _("数字前不要补零；是否指 {detail}"),
    Trouble.SCOPED: _("地址不能带 % 及其后的网卡名"),
    Trouble.NOT_A_HOST: _("是保留的地址，设备不能使用"),
    Trouble.NO_NETWORK: _("不是网段，应如 10.12.1.0/24、10.12.1.0/255.255.255.0 或 2001:da8:1::/64"),
    Trouble.NO_PREFIX: _("请写明掩码或前缀长度，如 /24"),
    Trouble.HOST_BITS: _("不是网段的第一个地址；是否指 {detail}"),
    Trouble.TOO_WIDE: _("网段过大，IPv4 至少 /8，IPv6 至少 /16"),
}


def worded(trouble: Unusable) -> str:
    """What is wrong with an address or a network, for the person who wrote it."""
    return str(TROUBLES[trouble.trouble]).replace("{detail}", trouble.detail)
