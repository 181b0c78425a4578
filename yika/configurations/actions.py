"""Writing configurations; the only writers."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from yika.assets.actions.places import first_come
from yika.assets.models import Device
from yika.assets.rules import has_invisible, tidy
from yika.configurations.models import ConfigurationRecord, Version
from yika.configurations.policies import can_manage
from yika.configurations.rules import (
    MOST_CHARACTERS,
    MOST_LINES,
    NOTE_LENGTH,
    TITLE_LENGTH,
    secrets,
    tidied,
)
from yika.configurations.sentences import worded
from yika.journal.actions import record
from yika.lib.decisions import BadInput, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.policies import Doer

SECRETS_NAMED = 10


def open_record(
    device: Device, *, title: str, text: str, note: str = "", by: Doer, at: datetime
) -> ConfigurationRecord:
    """Begin a configuration of a device with its first version. Raises: BadInput as ``add_version``."""
    require(can_manage(by))
    title = tidy(title)
    if not title or len(title) > TITLE_LENGTH or has_invisible(title):
        raise BadInput(_("请填写名称，不超过 %(length)d 个字") % {"length": TITLE_LENGTH}, field="title")
    text, note = _checked(text, note)
    with first_come(_("此设备已有同名配置"), "title"):
        if ConfigurationRecord.objects.filter(device=device, title=title).exists():
            raise BadInput(_("此设备已有同名配置"), field="title")
        row = ConfigurationRecord.objects.create(device=device, title=title, changed_at=at)
        _write(row, text, note, by=by, at=at)
    return row


def add_version(
    of: ConfigurationRecord, *, text: str, note: str, by: Doer, at: datetime
) -> ConfigurationRecord:
    """Keep a configuration as it is from now on.

    Raises: BadInput for a text that is empty, too long, as before, or holds secrets, naming the lines.
    """
    require(can_manage(by))
    text, note = _checked(text, note)
    with first_come(_("刚刚有人存了新版，请重新查看"), "text"):
        row = lock(of)
        last = row.versions.get(n=row.latest)
        if last.text == text:
            raise BadInput(_("与第 %(n)d 版相同，没有改动") % {"n": last.n}, field="text")
        _write(row, text, note, by=by, at=at)
    return row


def _write(row: ConfigurationRecord, text: str, note: str, *, by: Doer, at: datetime) -> None:
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


def _checked(text: str, note: str) -> tuple[str, str]:
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
