"""The door through which consented configurations are written: for changes, nobody else.

A field is ``configuration.`` and the title; the value is the text of the new version, None before the first.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.assets.rules import Warrant
from yika.configurations.actions import begin, checked, checked_title, take_back
from yika.configurations.actions import write as write_version
from yika.configurations.models import ConfigurationRecord
from yika.configurations.rules import FAMILY, title_of
from yika.configurations.sentences import summary
from yika.lib.decisions import BadInput
from yika.lib.locking import lock
from yika.people.models import User

FIELDS = (FAMILY,)


def current(device: Device, field: str) -> Any:
    """The newest text; None while there is none."""
    row = _record(device, field)
    return row.versions.get(n=row.latest).text if row else None


def problems(device: Device, field: str, value: Any) -> list[str]:
    """Why a text cannot be kept, in words; empty when it can. None takes back the only version there is."""
    if value is None:
        row = _record(device, field)
        return [_("请填写配置内容")] if row is None or row.latest > 1 else []
    try:
        title = checked_title(title_of(field))
        kept = checked(value if isinstance(value, str) else "", "")[0]
    except BadInput as refusal:
        return list(refusal.problems)
    if title != title_of(field) or kept != value:
        return [_("名称或内容前后有多余的空白")]
    return []


def words(field: str, value: Any) -> str:
    """How long a text is, and its fingerprint: the page of a change shows the differences."""
    return summary(value)


def write(device: Device, field: str, value: Any, *, warrant: Warrant, by: User, at: datetime) -> None:
    """Keep exactly the consented text as the next version, inside the caller's transaction."""
    row, note = _record(device, field), _("变更 %(number)s") % {"number": warrant.number}
    if row and value is None:
        take_back(lock(row), note, by=by, at=at)
    elif row:
        write_version(lock(row), value, note, by=by, at=at)
    else:
        begin(lock(device), title_of(field), value, note, by=by, at=at)


def _record(device: Device, field: str) -> ConfigurationRecord | None:
    return ConfigurationRecord.objects.filter(device=device, title=title_of(field)).first()
