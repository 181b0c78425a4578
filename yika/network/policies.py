"""Who may see and who may keep what hangs on what: as devices."""

from django.utils.translation import gettext as _

from yika.assets.policies import visible_devices
from yika.journal.rules import REPORTER, SystemActor
from yika.lib.decisions import ALLOWED, Decision, Refused
from yika.network.models import Link, LinkRows
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right


def visible(user: User) -> LinkRows:
    """The links a person may see: those whose devices are visible."""
    devices = visible_devices(user)
    return (
        Link.objects.filter(lower__in=devices, upper__in=devices)
        if may(user, Right.SEE_ASSETS)
        else Link.objects.none()
    )


def can_manage(by: User | SystemActor) -> Decision:
    """Whether somebody may link devices, name ports and state needs."""
    if isinstance(by, SystemActor):
        return Refused(_("报修人不能维护网络连接")) if by == REPORTER else ALLOWED
    return may(by, Right.MANAGE_ASSETS)
