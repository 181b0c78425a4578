"""Who may see and who may keep places and devices."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Attachment, Device, DeviceKind, DeviceRows, Place, RefusedAttempt
from yika.journal.rules import REPORTER, SystemActor
from yika.lib.decisions import ALLOWED, Decision, Refused
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right, Side


def visible_places(user: User) -> QuerySet[Place]:
    """The places a person may see."""
    return Place.objects.all() if may(user, Right.SEE_ASSETS) else Place.objects.none()


def visible_devices(user: User) -> DeviceRows:
    """The devices a person may see."""
    return Device.objects.all() if may(user, Right.SEE_ASSETS) else Device.objects.none()


def refused_attempts(user: User) -> QuerySet[RefusedAttempt]:
    """Attempts on controlled fields: the Office's readers see all, others those of their own side."""
    if not may(user, Right.SEE_CHANGES):
        return RefusedAttempt.objects.none()
    rows = RefusedAttempt.objects.all()
    return rows if user.side is Side.OFFICE else rows.filter(by__organisation=user.organisation_id)


def visible_attachments(user: User) -> QuerySet[Attachment]:
    """The files kept with devices, for those who work with them: not for set-up alone."""
    if not may(user, Right.SEE_FAULTS):
        return Attachment.objects.none()
    return Attachment.objects.filter(removed_at=None)


def can_attach(user: User) -> Decision:
    """Keep a file with a device, and take it away: who works at devices or keeps them."""
    decision = may(user, Right.WORK)
    return decision if decision else may(user, Right.MANAGE_ASSETS)


def can_see(user: User) -> Decision:
    """Open the pages of devices, their catalogue and their merchants."""
    return may(user, Right.SEE_ASSETS)


def can_loosen(by: User | SystemActor) -> Decision:
    """Say what counts as a terminal, and that a value needs consent no longer: the Office judges by it."""
    decision = can_manage(by)
    if decision and isinstance(by, User) and not may(by, Right.CONSENT_TO_CHANGES):
        return may(by, Right.CONSENT_TO_CHANGES)
    return decision


def can_recount(by: User | SystemActor, device: Device, kind: DeviceKind) -> Decision:
    """Give a device a kind; whether one in use counts as a terminal is for the Office, who grades by it."""
    decision = can_manage(by)
    if decision and device.in_use and kind.is_terminal != device.kind.is_terminal and not can_loosen(by):
        said = _("%(number)s 在用，改为“%(kind)s”会改变它是否计为终端，只能由信息化办公室更正")
        return Refused(said % {"number": device.number, "kind": kind.label})
    return decision


def can_manage(by: User | SystemActor) -> Decision:
    """Whether somebody may create, change, import and label places and devices."""
    if isinstance(by, SystemActor):
        return Refused(_("报修人不能维护地点和设备")) if by == REPORTER else ALLOWED
    return may(by, Right.MANAGE_ASSETS)
