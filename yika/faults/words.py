"""The words for states, verbs and questions, as the Office writes them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.faults.rules import RulingKind, State, Verb

STATES: dict[State, Promise] = {
    State.REPORTED: _("已报修"),
    State.DISPATCHED: _("已派单"),
    State.ACCEPTED: _("已接单"),
    State.ON_THE_WAY: _("赶赴现场"),
    State.WORKING: _("处理中"),
    State.WAITING_PART: _("等待配件"),
    State.AT_FACTORY: _("返厂中"),
    State.WAITING_THIRD_PARTY: _("等待第三方"),
    State.TEMPORARILY_RESTORED: _("临时恢复"),
    State.RESTORED: _("已修复"),
    State.FED_BACK: _("已反馈"),
    State.LOGGED: _("已填日志"),
    State.CLOSED: _("已办结"),
    State.CALLED_OFF: _("已撤销"),
    State.MERGED: _("已并入"),
    State.REFERRED: _("转换卡"),
}

VERBS: dict[Verb, Promise] = {
    Verb.DISPATCH: pgettext_lazy("verb", "派单"),
    Verb.REFUSE: pgettext_lazy("verb", "退单"),
    Verb.HAND_OVER: pgettext_lazy("verb", "改派"),
    Verb.ACCEPT: pgettext_lazy("verb", "接单"),
    Verb.SET_OUT: pgettext_lazy("verb", "出发"),
    Verb.ARRIVE: pgettext_lazy("verb", "到场"),
    Verb.START_REMOTELY: pgettext_lazy("verb", "远程处理"),
    Verb.WAIT_PART: pgettext_lazy("verb", "等待配件"),
    Verb.SEND_TO_FACTORY: pgettext_lazy("verb", "送厂返修"),
    Verb.WAIT_THIRD_PARTY: pgettext_lazy("verb", "等待第三方"),
    Verb.RESUME: pgettext_lazy("verb", "继续处理"),
    Verb.RESTORE_TEMPORARILY: pgettext_lazy("verb", "临时恢复"),
    Verb.RESTORE: pgettext_lazy("verb", "修复"),
    Verb.GIVE_FEEDBACK: pgettext_lazy("verb", "反馈报修人"),
    Verb.WRITE_LOG: pgettext_lazy("verb", "填写故障日志"),
    Verb.CLOSE: pgettext_lazy("verb", "办结"),
    Verb.CALL_OFF: pgettext_lazy("verb", "撤销"),
    Verb.MERGE: pgettext_lazy("verb", "并入其他故障"),
    Verb.SPLIT: pgettext_lazy("verb", "取消合并"),
    Verb.REFER: pgettext_lazy("verb", "转换卡业务"),
    Verb.REOPEN: pgettext_lazy("verb", "重开"),
    Verb.REINSTATE: pgettext_lazy("verb", "恢复办理"),
}

RULINGS: dict[RulingKind, Promise] = {
    RulingKind.LENGTHEN: _("上调等级延长修复时限"),
    RulingKind.SPECIAL: _("特殊故障"),
    RulingKind.TEMPORARY: _("临时恢复视为修复"),
    RulingKind.LATE_ENTRY: _("补录时间"),
    RulingKind.FACTORY: _("返厂时限替代修复时限"),
}
