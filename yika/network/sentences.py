"""What the journal says about ports, links and needs."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yika.network.models import MEDIUM_NAMES, ROLE_NAMES

SENTENCES: dict[str, Promise] = {
    "network.connect": _(
        "连接：{lower} 上联 {upper}（{role}，{medium}[，端口 {lower_port} → {upper_port}]）"
    ),
    "network.disconnect": _(
        "断开连接：{lower} 不再上联 {upper}（{role}，{medium}[，端口 {lower_port} → {upper_port}]）"
    ),
    "network.set_need": _("修改冗余：{number} 的{role}上联至少 {before} 路正常 → 至少 {after} 路正常"),
    "network.edit_port": _("修改端口：{number} 的 {before} → {after}"),
    "network.remove_port": _("删除端口：{number} 的 {port}"),
    "network.import_links": _(
        "导入连接“{file_name}”：新增 {added} 条，断开 {ended} 条；文件 SHA-256：{sha256}"
    ),
    "network.keep_snapshot": _(
        "留存拓扑图版本 V{version}：连接 {links} 条，设备 {devices} 台，指纹 {sha256}"
    ),
}

NOUNS: dict[str, Promise] = {"network": _("网络")}

WORDS: dict[str, dict[str, Promise]] = {
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "medium": {medium.value: name for medium, name in MEDIUM_NAMES.items()},
}
