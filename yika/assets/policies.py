"""Who may see and who may keep places and devices."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Device, DeviceRows, Place, RefusedAttempt
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


def can_manage(by: User | SystemActor) -> Decision:
    """Whether somebody may create, change, import and label places and devices."""
    if isinstance(by, SystemActor):
        return Refused(_("报修人不能维护地点和设备")) if by == REPORTER else ALLOWED
    return may(by, Right.MANAGE_ASSETS)
