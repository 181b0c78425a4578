"""What the journal says about configurations, and why a line is refused."""

import hashlib

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yika.configurations.rules import Secret, Sort

SENTENCES: dict[str, Promise] = {
    "configurations.take_back": _("撤销 {number} 新登记的配置“{title}”，说明：{note}，指纹 {sha256}"),
    "configurations.add_version": _("{number} 的配置“{title}”存为第 {n} 版，说明：{note}，指纹 {sha256}"),
}

NOUNS: dict[str, Promise] = {"configuration": _("配置")}

SORTS: dict[Sort, Promise] = {
    Sort.PASSWORD: _("第 {line} 行似有密码"),
    Sort.TOKEN: _("第 {line} 行似有密钥或令牌"),
    Sort.PRIVATE_KEY: _("第 {line} 行似有私钥"),
    Sort.CREDENTIALS: _("第 {line} 行的连接串似有密码"),
    Sort.COMMUNITY: _("第 {line} 行似有 SNMP 团体名"),
    Sort.HEX_KEY: _("第 {line} 行似有十六进制密钥"),
}


def worded(secret: Secret) -> str:
    """Why a line is refused; never the line itself."""
    return str(SORTS[secret.sort]).replace("{line}", str(secret.line))


def summary(text: str | None) -> str:
    """A configuration in a few words: how long it is, and its fingerprint."""
    if text is None:
        return gettext("没有登记")
    said = {"lines": text.count("\n"), "sha256": hashlib.sha256(text.encode()).hexdigest()[:12]}
    return gettext("%(lines)d 行，指纹 %(sha256)s") % said
