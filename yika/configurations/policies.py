"""Who may see and who may keep configurations: as devices."""

from django.db.models import QuerySet

from yika.assets.policies import visible_devices
from yika.configurations.models import ConfigurationRecord
from yika.lib.decisions import Decision
from yika.people.models import User
from yika.people.policies import Doer, may
from yika.people.rules import Right


def visible(user: User) -> QuerySet[ConfigurationRecord]:
    """The configurations a person may see."""
    return ConfigurationRecord.objects.filter(device__in=visible_devices(user))


def can_manage(by: Doer) -> Decision:
    """Keep configurations."""
    return may(by, Right.MANAGE_ASSETS)
