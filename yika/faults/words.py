"""The words for states, verbs and questions, as the Office writes them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    Verb.DISPATCH: _("派单"),
    Verb.REFUSE: _("退单"),
    Verb.HAND_OVER: _("改派"),
    Verb.ACCEPT: _("接单"),
    Verb.SET_OUT: _("出发"),
    Verb.ARRIVE: _("到场"),
    Verb.START_REMOTELY: _("远程处理"),
    Verb.WAIT_PART: _("等待配件"),
    Verb.SEND_TO_FACTORY: _("送厂返修"),
    Verb.WAIT_THIRD_PARTY: _("等待第三方"),
    Verb.RESUME: _("继续处理"),
    Verb.RESTORE_TEMPORARILY: _("临时恢复"),
    Verb.RESTORE: _("修复"),
    Verb.GIVE_FEEDBACK: _("反馈报修人"),
    Verb.WRITE_LOG: _("填写故障日志"),
    Verb.CLOSE: _("办结"),
    Verb.CALL_OFF: _("撤销"),
    Verb.MERGE: _("并入其他故障"),
    Verb.SPLIT: _("取消合并"),
    Verb.REFER: _("转换卡业务"),
    Verb.REOPEN: _("重开"),
    Verb.REINSTATE: _("恢复办理"),
}

RULINGS: dict[RulingKind, Promise] = {
    RulingKind.LENGTHEN: _("升级延长修复时限"),
    RulingKind.SPECIAL: _("特殊故障"),
    RulingKind.TEMPORARY: _("临时恢复视为修复"),
    RulingKind.LATE_ENTRY: _("补录时间"),
    RulingKind.FACTORY: _("返厂时限替代修复时限"),
}
