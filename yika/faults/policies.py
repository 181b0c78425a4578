"""Who may see a fault and who may do what to it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yika.faults.models import Complaint, Fault, FaultImport, FaultRows, Photo, Report, Ruling, SavedFilter
from yika.faults.rules import TECHNICIANS_VERBS, TOGETHER, RulingKind, Verb
from yika.journal.rules import COMMAND_LINE, SystemActor
from yika.lib.decisions import ALLOWED, Decision, Refused
from yika.lib.rows import within
from yika.people.models import User
from yika.people.policies import Doer, may
from yika.people.rules import Right, Role, Side

RIGHTS: dict[Verb, Right] = {
    Verb.DISPATCH: Right.DISPATCH,
    Verb.HAND_OVER: Right.DISPATCH,
    Verb.GIVE_FEEDBACK: Right.FEED_BACK,
    Verb.WRITE_LOG: Right.LOG,
    Verb.CLOSE: Right.CLOSE,
    Verb.CALL_OFF: Right.CALL_OFF,
    Verb.MERGE: Right.MERGE,
    Verb.SPLIT: Right.MERGE,
    Verb.REFER: Right.MERGE,
    Verb.REOPEN: Right.REOPEN,
    Verb.REINSTATE: Right.GIVE_CONSENT,
}
DECIDES: dict[RulingKind, Right] = {
    RulingKind.LENGTHEN: Right.RULE_CLASS,
    RulingKind.SPECIAL: Right.DECIDE_SPECIAL,
    RulingKind.TEMPORARY: Right.ACCEPT_TEMPORARY,
    RulingKind.LATE_ENTRY: Right.GIVE_CONSENT,
    RulingKind.FACTORY: Right.GIVE_CONSENT,
}


def visible(user: User) -> FaultRows:
    """The Office's readers see all; a vendor's people the faults of their contracts."""
    if not may(user, Right.SEE_FAULTS):
        return Fault.objects.none()
    rows = Fault.objects.all()
    return rows.filter(contract__vendor=user.organisation_id) if user.side is Side.VENDOR else rows


def visible_rulings(user: User) -> QuerySet[Ruling]:
    """Questions about visible faults."""
    return Ruling.objects.filter(within("fault", visible(user)))


def _own(user: User, fault: Fault) -> Refused | None:
    if user.side is Side.VENDOR and fault.contract.vendor_id != user.organisation_id:
        return Refused(_("该故障不由本单位负责"))
    return None


def can_move(user: User, fault: Fault, verb: Verb) -> Decision:
    """A technician moves the faults assigned to them; the desk may do it for them."""
    refused = _own(user, fault)
    if refused is not None:
        return refused
    allowed = may(user, RIGHTS.get(verb, Right.WORK))
    if (
        allowed
        and verb in TECHNICIANS_VERBS
        and user.role == Role.TECHNICIAN
        and fault.technician_id != user.pk
    ):
        return Refused(_("这张工单没有派给您"))
    return allowed


def can_act_on_several(user: User) -> Decision:
    """Mark faults in a list to act on all of them: whoever may do one of the verbs that go for several."""
    decisions = [may(user, RIGHTS[verb]) for verb in TOGETHER]
    return next((one for one in decisions if one), decisions[0])


def visible_filters(user: User) -> QuerySet[SavedFilter]:
    """One's own, and those that working colleagues share."""
    if not may(user, Right.SEE_FAULTS):
        return SavedFilter.objects.none()
    shared = Q(shared=True, owner__organisation=user.organisation_id, owner__is_active=True)
    return SavedFilter.objects.filter(Q(owner=user) | shared)


def can_share_filter(user: User) -> Decision:
    """Put a filter above the list of all colleagues."""
    return may(user, Right.SHARE_FILTERS)


def can_change_filter(user: User, kept: SavedFilter) -> Decision:
    """Rename, share, forget: the one who keeps it."""
    return ALLOWED if kept.owner_id == user.pk else Refused(_("只有保存的人可以修改"))


def can_report(user: User) -> Decision:
    """Take a report for somebody."""
    return may(user, Right.TAKE_REPORTS)


def can_classify(user: User, fault: Fault) -> Decision:
    """The vendor states counts and devices (a technician for their own work); the Office rules."""
    refused = _own(user, fault)
    if refused is not None:
        return refused
    if user.side is Side.OFFICE:
        return may(user, Right.RULE_CLASS)
    if user.role == Role.TECHNICIAN and fault.technician_id != user.pk:
        return Refused(_("这张工单没有派给您"))
    return may(user, Right.CLASSIFY)


def can_ask(user: User, fault: Fault, kind: RulingKind) -> Decision:
    """The vendor proposes."""
    refused = _own(user, fault)
    right = Right.PROPOSE_SPECIAL if kind is RulingKind.SPECIAL else Right.ASK_CONSENT
    return may(user, right) if refused is None else refused


def can_decide(user: User, kind: RulingKind) -> Decision:
    """The Office decides."""
    return may(user, DECIDES[kind])


def can_reveal(user: User, fault: Fault) -> Decision:
    """See the reporter's name and phone in full, with a reason."""
    refused = _own(user, fault)
    return may(user, Right.REVEAL_PERSONAL_DATA) if refused is None else refused


def visible_photos(user: User) -> QuerySet[Photo]:
    """Photos of visible faults."""
    return Photo.objects.filter(within("fault", visible(user)))


def visible_complaints(user: User) -> QuerySet[Complaint]:
    """Complaints for those who may read them."""
    if not may(user, Right.SEE_COMPLAINTS):
        return Complaint.objects.none()
    return Complaint.objects.filter(within("report__fault", visible(user)))


def visible_ratings(user: User) -> QuerySet[Report]:
    """Rated reports of visible faults, for those who may read complaints."""
    if not may(user, Right.SEE_COMPLAINTS):
        return Report.objects.none()
    rows = Report.objects.filter(rating__isnull=False)
    return rows.filter(within("fault", visible(user))) if user.side is Side.VENDOR else rows


def can_answer(user: User) -> Decision:
    """Answer a complaint."""
    return may(user, Right.HANDLE_COMPLAINTS)


def by_secret(secret: str) -> QuerySet[Report]:
    """The one report a tracking secret opens."""
    return Report.objects.filter(secret=secret)


def can_import(by: Doer) -> Decision:
    """Bring past faults in as history of a contract."""
    return may(by, Right.IMPORT_HISTORY)


def can_undo(by: Doer, imported: FaultImport) -> Decision:
    """Take an import out again."""
    return may(by, Right.IMPORT_HISTORY)


def can_simulate(by: SystemActor) -> Decision:
    """Fill a database with an invented campus: from the command line alone."""
    return ALLOWED if by == COMMAND_LINE else Refused(_("只能用命令行模拟"))


def visible_imports(user: User) -> QuerySet[FaultImport]:
    """Who reads the figures sees what history is in them; a vendor's people of their own contracts."""
    if not may(user, Right.SEE_COMPLIANCE):
        return FaultImport.objects.none()
    rows = FaultImport.objects.all()
    return rows.filter(contract__vendor=user.organisation_id) if user.side is Side.VENDOR else rows
