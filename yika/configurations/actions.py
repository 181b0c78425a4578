"""Writing configurations; the only writers."""

import hashlib
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from yika.assets.actions.places import first_come
from yika.assets.gate import Wanted, insist_free, insist_still_free
from yika.assets.models import Device
from yika.assets.rules import Door, has_invisible, tidy
from yika.configurations.models import ConfigurationRecord, Version
from yika.configurations.policies import can_manage
from yika.configurations.rules import (
    MOST_CHARACTERS,
    MOST_LINES,
    NOTE_LENGTH,
    TITLE_LENGTH,
    field_of,
    secrets,
    tidied,
)
from yika.configurations.sentences import summary, worded
from yika.journal.actions import record
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.policies import Doer

SECRETS_NAMED = 10


def open_record(
    device: Device,
    *,
    title: str,
    text: str,
    note: str = "",
    door: Door = Door.ACTION,
    by: Doer,
    at: datetime,
) -> ConfigurationRecord:
    """Begin a configuration of a device with its first version. Raises: as ``add_version``."""
    require(can_manage(by))
    title = checked_title(title)
    text, note = checked(text, note)
    insist_free(_first_version(device, title, text), door=door, by=by, at=at)
    with first_come(_("此设备已有同名配置"), "title"):
        insist_still_free(_first_version(lock(device), title, text), at=at)
        return begin(device, title, text, note, by=by, at=at)


def _first_version(device: Device, title: str, text: str) -> list[Wanted]:
    """One configuration more; of a device that had none on record, it changes nothing."""
    if not ConfigurationRecord.objects.filter(device=device).exists():
        return []
    return [wanted_version(device, title, None, text)]


def begin(device: Device, title: str, text: str, note: str, *, by: Doer, at: datetime) -> ConfigurationRecord:
    """Write a first version, inside the caller's transaction. Raises: BadInput when the title is taken."""
    if ConfigurationRecord.objects.filter(device=device, title=title).exists():
        raise BadInput(_("此设备已有同名配置"), field="title")
    row = ConfigurationRecord.objects.create(device=device, title=title, changed_at=at)
    write(row, text, note, by=by, at=at)
    return row


def add_version(
    of: ConfigurationRecord,
    *,
    text: str,
    note: str,
    door: Door = Door.ACTION,
    by: Doer,
    at: datetime,
) -> ConfigurationRecord:
    """Keep a configuration as it is from now on.

    Raises: BadInput for a text that is empty, too long, as before, or holds secrets, naming the lines;
    NeedsConsent for a device whose configurations are controlled.
    """
    require(can_manage(by))
    text, note = checked(text, note)
    last = of.versions.get(n=of.latest)
    if last.text == text:
        raise BadInput(_("与第 %(n)d 版相同，没有改动") % {"n": last.n}, field="text")
    wanted = wanted_version(of.device, of.title, last.text, text)
    insist_free([wanted], door=door, by=by, at=at)
    with first_come(_("刚刚有人存了新版，请重新查看"), "text"):
        insist_still_free([replace(wanted, device=lock(of.device))], at=at)
        row = lock(of)
        insist([] if row.latest == last.n else [_("刚刚有人存了新版，请重新查看")])
        write(row, text, note, by=by, at=at)
    return row


def wanted_version(device: Device, title: str, before: str | None, after: str) -> Wanted:
    """That a configuration of a device shall have another text."""
    with override(settings.LANGUAGE_CODE):
        return Wanted(device, field_of(title), summary(before), summary(after), value=after)


def take_back(row: ConfigurationRecord, note: str, *, by: Doer, at: datetime) -> None:
    """Forget a configuration whose one version was rolled back, inside the caller's transaction."""
    only = row.versions.get()
    record(
        "configurations.take_back",
        ("device", row.device_id),
        by=by,
        at=at,
        number=row.device.number,
        title=row.title,
        note=note,
        sha256=only.sha256[:12],
    )
    only.delete()
    row.delete()


def write(row: ConfigurationRecord, text: str, note: str, *, by: Doer, at: datetime) -> None:
    """A further version of a locked record, inside the caller's transaction."""
    row.latest, row.changed_at = row.latest + 1, at
    row.save(update_fields=["latest", "changed_at"])
    made = Version.objects.create(
        record=row,
        n=row.latest,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        note=note,
        at=at,
        by=by if isinstance(by, User) else None,
        by_name=by.actor_name,
    )
    record(
        "configurations.add_version",
        ("device", row.device_id),
        by=by,
        at=at,
        number=row.device.number,
        title=row.title,
        n=made.n,
        note=note or "—",
        sha256=made.sha256[:12],
    )


def checked_title(title: str) -> str:
    """A title without blanks around it. Raises: BadInput for an empty, too long or invisible one."""
    title = tidy(title)
    if not title or len(title) > TITLE_LENGTH or has_invisible(title):
        raise BadInput(_("请填写名称，不超过 %(length)d 个字") % {"length": TITLE_LENGTH}, field="title")
    return title


def checked(text: str, note: str) -> tuple[str, str]:
    """A text and a note as they are kept. Raises: BadInput as ``add_version``."""
    text, note = tidied(text), tidy(note)
    if not text.strip():
        raise BadInput(_("请填写配置内容"), field="text")
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES or "\0" in text:
        said = _("配置不能超过 %(lines)d 行、%(characters)d 个字")
        raise BadInput(said % {"lines": MOST_LINES, "characters": MOST_CHARACTERS}, field="text")
    if len(note) > NOTE_LENGTH or has_invisible(note):
        raise BadInput(_("不能超过 %(length)d 个字") % {"length": NOTE_LENGTH}, field="note")
    if found := secrets(text):
        told = [worded(one) for one in found[:SECRETS_NAMED]]
        if len(found) > SECRETS_NAMED:
            told.append(_("另有 %(n)d 行") % {"n": len(found) - SECRETS_NAMED})
        told.append(_("这里不保存密码和密钥，请改为 *** 后再存"))
        raise BadInput(*told, field="text")
    return text, note
