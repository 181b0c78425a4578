"""Who is asking, and what they may do."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from yika.journal.rules import REPORTER, SystemActor
from yika.lib.decisions import ALLOWED, Decision, Refused
from yika.people.models import ROLE_NAMES, Organisation, Shift, SignedIn, User
from yika.people.rules import HOLDERS, Right, Role, Side, holds

Doer = User | SystemActor

RIGHT_NAMES: dict[Right, Promise] = {
    Right.SEE_FAULTS: pgettext_lazy("right", "查看故障"),
    Right.SEE_DUE: pgettext_lazy("right", "查看到期事项"),
    Right.SEE_COMPLIANCE: pgettext_lazy("right", "查看合规情况"),
    Right.SEE_COMPLAINTS: pgettext_lazy("right", "查看投诉"),
    Right.SEE_RULINGS: pgettext_lazy("right", "查看认定"),
    Right.SEE_ASSETS: pgettext_lazy("right", "查看地点和设备"),
    Right.SEE_CHANGES: pgettext_lazy("right", "查看变更"),
    Right.SEE_RETURNS: pgettext_lazy("right", "查看返厂"),
    Right.SEE_STANDARD: pgettext_lazy("right", "查看质量规范"),
    Right.SEE_PEOPLE: pgettext_lazy("right", "查看人员"),
    Right.SEE_STATUS: pgettext_lazy("right", "查看系统状态"),
    Right.READ_JOURNAL: pgettext_lazy("right", "查阅操作记录"),
    Right.SEE_PERSONAL_DATA: pgettext_lazy("right", "查看脱敏的个人信息"),
    Right.REVEAL_PERSONAL_DATA: pgettext_lazy("right", "查看完整的个人信息"),
    Right.TAKE_REPORTS: pgettext_lazy("right", "登记报修"),
    Right.CLASSIFY: pgettext_lazy("right", "填报影响范围"),
    Right.DISPATCH: pgettext_lazy("right", "派单"),
    Right.MERGE: pgettext_lazy("right", "合并故障"),
    Right.WORK: pgettext_lazy("right", "处理故障"),
    Right.FEED_BACK: pgettext_lazy("right", "反馈报修人"),
    Right.LOG: pgettext_lazy("right", "填写故障日志"),
    Right.CLOSE: pgettext_lazy("right", "办结"),
    Right.CALL_OFF: pgettext_lazy("right", "撤销故障"),
    Right.REOPEN: pgettext_lazy("right", "重开"),
    Right.SHARE_FILTERS: pgettext_lazy("right", "共享常用筛选"),
    Right.PROPOSE_SPECIAL: pgettext_lazy("right", "申请认定特殊故障"),
    Right.CLAIM_EXEMPTION: pgettext_lazy("right", "申请豁免"),
    Right.ASK_CONSENT: pgettext_lazy("right", "申请认定"),
    Right.PROPOSE_CHANGES: pgettext_lazy("right", "提出和执行变更"),
    Right.HANDLE_RETURNS: pgettext_lazy("right", "办理返厂"),
    Right.CONSENT_TO_CHANGES: pgettext_lazy("right", "同意变更"),
    Right.WRITE_OFF_RETURNS: pgettext_lazy("right", "核销返厂设备"),
    Right.RULE_CLASS: pgettext_lazy("right", "认定故障等级"),
    Right.DECIDE_SPECIAL: pgettext_lazy("right", "认定特殊故障"),
    Right.DECIDE_EXEMPTION: pgettext_lazy("right", "认定豁免"),
    Right.ACCEPT_TEMPORARY: pgettext_lazy("right", "认定临时恢复"),
    Right.GIVE_CONSENT: pgettext_lazy("right", "认定申请事项"),
    Right.RULE_OUTCOME: pgettext_lazy("right", "认定时限结果"),
    Right.HANDLE_COMPLAINTS: pgettext_lazy("right", "处理投诉"),
    Right.ADOPT_STANDARD: pgettext_lazy("right", "启用质量规范"),
    Right.MANAGE_CONTRACT: pgettext_lazy("right", "维护合同"),
    Right.MANAGE_CALENDAR: pgettext_lazy("right", "维护校历"),
    Right.IMPORT_HISTORY: pgettext_lazy("right", "导入历史故障"),
    Right.MANAGE_ASSETS: pgettext_lazy("right", "维护地点和设备"),
    Right.MANAGE_ROSTER: pgettext_lazy("right", "排班"),
    Right.MANAGE_PEOPLE: pgettext_lazy("right", "维护人员账号"),
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
    who = _("、").join(str(ROLE_NAMES[role]) for role in Role if role in HOLDERS[right])
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


def with_card(viewer: User) -> QuerySet[User]:
    """The people for whom ``can_see_card`` is allowed."""
    rows = User.objects.all()
    return rows if viewer.side is Side.OFFICE else rows.filter(organisation=viewer.organisation_id)


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


def can_offer(by: Doer, shift: Shift) -> Decision:
    """Ask the colleagues to take one's own shift, and take the question back."""
    if isinstance(by, SystemActor) or by.pk != shift.person_id:
        return Refused(_("只能为自己的班次申请换班"))
    return ALLOWED if by.is_active else Refused(_("账号已停用"))


def can_take(by: Doer, shift: Shift) -> Decision:
    """Take over the shift of a colleague of the same organisation and role."""
    if isinstance(by, SystemActor) or not by.is_active:
        return Refused(_("账号已停用"))
    giver = shift.person
    if by.pk == giver.pk:
        return Refused(_("这是您自己的班次"))
    if (by.organisation_id, by.role) != (giver.organisation_id, giver.role):
        return Refused(_("只有本单位相同角色的人员可以接班"))
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
