"""Who is asking, and what they may do."""

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.lib.decisions import ALLOWED, Decision, Refused
from yika.people.models import ROLE_NAMES, User
from yika.people.rules import HOLDERS, Right, Role, holds

RIGHT_NAMES: dict[Right, Promise] = {
    Right.SEE_FAULTS: gettext_lazy("查看故障"),
    Right.SEE_DUE: gettext_lazy("查看到期事项"),
    Right.SEE_COMPLIANCE: gettext_lazy("查看合规情况"),
    Right.SEE_COMPLAINTS: gettext_lazy("查看投诉"),
    Right.SEE_ASSETS: gettext_lazy("查看地点和设备"),
    Right.SEE_STANDARD: gettext_lazy("查看质量规范"),
    Right.SEE_PEOPLE: gettext_lazy("查看人员"),
    Right.SEE_STATUS: gettext_lazy("查看系统状态"),
    Right.READ_JOURNAL: gettext_lazy("查阅操作日志"),
    Right.SEE_PERSONAL_DATA: gettext_lazy("查看脱敏的个人信息"),
    Right.REVEAL_PERSONAL_DATA: gettext_lazy("查看完整的个人信息"),
    Right.TAKE_REPORTS: gettext_lazy("登记报修"),
    Right.CLASSIFY: gettext_lazy("填报影响范围"),
    Right.DISPATCH: gettext_lazy("派单"),
    Right.MERGE: gettext_lazy("合并故障"),
    Right.WORK: gettext_lazy("处理故障"),
    Right.FEED_BACK: gettext_lazy("向报修人反馈"),
    Right.LOG: gettext_lazy("填写故障日志"),
    Right.CLOSE: gettext_lazy("办结"),
    Right.CALL_OFF: gettext_lazy("撤销故障"),
    Right.REOPEN: gettext_lazy("重新打开"),
    Right.PROPOSE_SPECIAL: gettext_lazy("申报特殊故障"),
    Right.CLAIM_EXEMPTION: gettext_lazy("申请豁免"),
    Right.ASK_CONSENT: gettext_lazy("申请校方同意"),
    Right.RULE_CLASS: gettext_lazy("裁定故障等级"),
    Right.DECIDE_SPECIAL: gettext_lazy("认定特殊故障"),
    Right.DECIDE_EXEMPTION: gettext_lazy("审批豁免"),
    Right.ACCEPT_TEMPORARY: gettext_lazy("认可临时恢复"),
    Right.GIVE_CONSENT: gettext_lazy("审批申请"),
    Right.RULE_OUTCOME: gettext_lazy("裁定时限结果"),
    Right.HANDLE_COMPLAINTS: gettext_lazy("处理投诉"),
    Right.ADOPT_STANDARD: gettext_lazy("启用质量规范"),
    Right.MANAGE_CONTRACT: gettext_lazy("维护合同"),
    Right.MANAGE_CALENDAR: gettext_lazy("维护校历"),
    Right.MANAGE_ASSETS: gettext_lazy("维护地点和设备"),
    Right.MANAGE_ROSTER: gettext_lazy("排班"),
    Right.MANAGE_PEOPLE: gettext_lazy("维护人员账号"),
}


def person(request: HttpRequest) -> User:
    """The signed-in person. Only in views behind sign-in."""
    assert isinstance(request.user, User)
    return request.user


def may(user: User, right: Right) -> Decision:
    """Whether a person carries a right; the refusal names who does."""
    if not user.is_active:
        return Refused(_("账号已停用"))
    if holds(Role(user.role), right):
        return ALLOWED
    who = "、".join(str(ROLE_NAMES[role]) for role in Role if role in HOLDERS[right])
    return Refused(_("只有%(who)s可以%(what)s") % {"who": who, "what": RIGHT_NAMES[right]})
