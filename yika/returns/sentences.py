"""What the journal says about returns, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.returns.words import PSAM

SENTENCES: dict[str, Promise] = {
    "returns.open": _("开返厂单 {number}：{device}，{reason}"),
    "returns.ask_again": _("返厂单 {number} 重新申请：变更 {change}"),
    "returns.send": _("返厂单 {number} 寄出：{factory}，{courier} {waybill}；{export}；PSAM卡：{psam}"),
    "returns.diagnose": _("返厂单 {number} 厂家诊断：{diagnosis}，{cost}"),
    "returns.receive": _("返厂单 {number} 收到返回：{back_at}"),
    "returns.test": _("返厂单 {number} 测试“{item}”：{result}，{passed}"),
    "returns.finish": _("返厂单 {number} 测试合格，{device} 入库"),
    "returns.cancel": _("取消返厂单 {number}：{reason}"),
    "returns.write_off": _("核销返厂单 {number}：{device}，{reason}"),
    "returns.put_back": _("返厂单 {number} 申请装回：变更 {change}"),
}

NOUNS: dict[str, Promise] = {"return": pgettext_lazy("noun", "返厂单")}

WORDS: dict[str, dict[str, Promise]] = {
    "psam": {key.value: word for key, word in PSAM.items()},
    "passed": {"true": _("通过"), "false": _("未通过")},
}
