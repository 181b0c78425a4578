"""The words for kinds, modes, states and verbs, as the Office writes them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.changes.rules import Kind, Misfit, Mode, State, Verb, Word, family

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

KINDS: "dict[Kind, StrPromise]" = {
    Kind.DATA: _("数据变更"),
    Kind.PARAMETER: _("参数变更"),
    Kind.SWAP: _("设备更换"),
    Kind.UPGRADE: _("软件升级"),
    Kind.NETWORK: _("网络变更"),
}
MODES: "dict[Mode, StrPromise]" = {
    Mode.NORMAL: _("一般变更"),
    Mode.STANDARD: _("标准变更"),
    Mode.EMERGENCY: _("紧急变更"),
}
STATES: "dict[State, StrPromise]" = {
    State.DRAFT: _("草稿"),
    State.ASKED: _("待同意"),
    State.ASKED_BACK: _("待补充"),
    State.CONSENTED: pgettext_lazy("change", "已同意"),
    State.REFUSED: _("未同意"),
    State.EXECUTED: _("已执行"),
    State.VERIFIED: _("已验证"),
    State.ROLLED_BACK: _("已回退"),
    State.WITHDRAWN: _("已撤回"),
}
TONES: dict[State, str] = {
    State.ASKED: "amber",
    State.ASKED_BACK: "orange",
    State.CONSENTED: "green",
    State.REFUSED: "red",
    State.EXECUTED: "blue",
    State.VERIFIED: "green",
    State.ROLLED_BACK: "orange",
}
VERBS: "dict[Verb, StrPromise]" = {
    Verb.ASK: _("提交申请"),
    Verb.ASK_BACK: _("要求补充"),
    Verb.CONSENT: pgettext_lazy("change verb", "同意"),
    Verb.REFUSE: pgettext_lazy("verb", "不同意"),
    Verb.USE_PATTERN: _("按标准变更办理"),
    Verb.WITHDRAW: _("撤回申请"),
    Verb.EXECUTE: _("执行变更"),
    Verb.EXECUTE_FIRST: _("紧急执行"),
    Verb.VERIFY: _("验证通过"),
    Verb.ROLL_BACK: _("回退"),
}
WORDS_GIVEN: "dict[Word, StrPromise]" = {
    Word.ASK_BACK: _("要求补充"),
    Word.CONSENT: pgettext_lazy("change", "同意"),
    Word.REFUSE: _("不同意"),
    Word.CONFIRM: _("确认"),
    Word.DECLINE: pgettext_lazy("change", "不予确认"),
}
FAMILIES: "dict[str, StrPromise]" = {
    "place": _("地点"),
    "life": _("使用状态"),
    "upstream_ip": _("上级服务器IP"),
    "merchant": pgettext_lazy("one", "商户"),
    "upstream": _("上联"),
    "parameters": _("参数"),
    "address": _("IP地址"),
    "configuration": _("配置"),
}
MISFITS: "dict[Misfit, StrPromise]" = {
    Misfit.ENDED: _("这类标准变更的批准已到期"),
    Misfit.KIND: _("变更类别不在批准范围内"),
    Misfit.FIELD: _("变更内容不在批准范围内"),
    Misfit.DEVICE_KIND: _("设备类型不在批准范围内"),
}


def field_name(field: str) -> str:
    """What a field is called; a parameter by its own key behind it."""
    name = str(FAMILIES.get(family(field), field))
    _family, dot, key = field.partition(".")
    return f"{name} {key}" if dot else name
