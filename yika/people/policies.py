"""Who is asking, and what they may do."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.journal.rules import REPORTER, SystemActor
from yika.lib.decisions import ALLOWED, Decision, Refused
from yika.people.models import ROLE_NAMES, Organisation, Shift, SignedIn, User
from yika.people.rules import HOLDERS, Right, Role, Side, holds

Doer = User | SystemActor

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
    """The signed-in person, loaded. Only in views behind sign-in."""
    user: object = request.user
    if isinstance(user, SimpleLazyObject):
        user = user._wrapped if isinstance(user, User) else None
    assert isinstance(user, User)
    return user


def may(by: Doer, right: Right) -> Decision:
    """Whether somebody carries a right; the refusal names who does.

    The worker, the command line and the system itself carry all; the reporter without an account none.
    """
    if isinstance(by, SystemActor):
        return Refused(_("请先登录")) if by == REPORTER else ALLOWED
    if not by.is_active:
        return Refused(_("账号已停用"))
    if holds(Role(by.role), right):
        return ALLOWED
    who = "、".join(str(ROLE_NAMES[role]) for role in Role if role in HOLDERS[right])
    return Refused(_("只有%(who)s可以%(what)s") % {"who": who, "what": RIGHT_NAMES[right]})


def visible(viewer: User) -> QuerySet[User]:
    """The Office sees everybody; vendor staff see their own organisation and, by name, the Office."""
    if viewer.side is Side.OFFICE:
        return User.objects.all()
    return User.objects.filter(Q(organisation=viewer.organisation_id) | Q(organisation__side=Side.OFFICE))


def can_see_card(viewer: User, whose: User) -> Decision:
    """Badge, phone, skills and duty of a person; of the Office's staff the vendor sees the name only."""
    if viewer.side is Side.OFFICE or viewer.organisation_id == whose.organisation_id:
        return ALLOWED
    return Refused(_("仅显示校方人员的姓名和角色"))


def can_manage(by: Doer) -> Decision:
    """Create and change accounts."""
    return may(by, Right.MANAGE_PEOPLE)


def can_reset_password(by: Doer, whose: User) -> Decision:
    """Give a one-time password to somebody else who may sign in."""
    decision = may(by, Right.MANAGE_PEOPLE)
    if not decision:
        return decision
    if by == whose:
        return Refused(_("修改自己的密码请到“我的账号”"))
    return ALLOWED if whose.is_active else Refused(_("账号已停用，请先启用"))


def can_deactivate(by: Doer, whose: User) -> Decision:
    """Take the right to sign in away from somebody else."""
    decision = may(by, Right.MANAGE_PEOPLE)
    if not decision:
        return decision
    return Refused(_("不能停用自己的账号")) if by == whose else ALLOWED


def can_reveal_phone(by: User, whose: User) -> Decision:
    """See a colleague's phone number in full, with a reason."""
    seen = can_see_card(by, whose)
    return may(by, Right.REVEAL_PERSONAL_DATA) if seen else seen


def visible_shifts(viewer: User) -> QuerySet[Shift]:
    """Shifts of the people whose card one may see."""
    shifts = Shift.objects.filter(person__is_active=True)
    return (
        shifts if viewer.side is Side.OFFICE else shifts.filter(person__organisation=viewer.organisation_id)
    )


def can_roster(by: Doer, whose: User) -> Decision:
    """Put somebody of one's own organisation on duty."""
    decision = may(by, Right.MANAGE_ROSTER)
    if not decision or isinstance(by, SystemActor):
        return decision
    if by.organisation_id != whose.organisation_id:
        return Refused(_("只能为本单位人员排班"))
    return ALLOWED


def rosterable(by: User) -> QuerySet[User]:
    """The people somebody may put on duty."""
    if not may(by, Right.MANAGE_ROSTER):
        return User.objects.none()
    return User.objects.active().filter(organisation=by.organisation_id).order_by("name", "id")


def own_sessions(user: User) -> QuerySet[SignedIn]:
    """The sessions a person may end."""
    return SignedIn.objects.filter(person=user)


def organisations(by: User) -> QuerySet[Organisation]:
    """The parties that who keeps accounts may choose from."""
    rows = Organisation.objects.order_by("side", "name")
    return rows if may(by, Right.MANAGE_PEOPLE) else rows.none()
