"""Loading standards. The only writer of versions."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yika.journal.actions import record
from yika.journal.rules import SYSTEM
from yika.lib.decisions import BadInput, require
from yika.lib.locking import lock
from yika.people.policies import Doer
from yika.standards import loader
from yika.standards.models import StandardVersion
from yika.standards.policies import can_load


def load(source_text: str, *, by: Doer, at: datetime) -> StandardVersion:
    """The version of a standard's text; the same text loaded again is the same version.

    Raises: StandardErrors for a text that is no standard; BadInput when the code and version stand
    for another text already.
    """
    require(can_load(by))
    source = loader.normal(source_text)
    standard = loader.builtin() if source == loader.builtin_text() else loader.read(source)
    with transaction.atomic():
        version, created = StandardVersion.objects.get_or_create(
            code=standard.code,
            version=standard.version,
            defaults={
                "title": standard.title,
                "source": source,
                "sha256": standard.sha256,
                "loaded_at": at,
            },
        )
        if version.sha256 != standard.sha256:
            raise BadInput(
                _("%(code)s 的 %(version)s 版已载入且内容不同，已载入的版本不能修改，请改用新的版本号")
                % {"code": standard.code, "version": standard.version}
            )
        if created:
            record(
                "standards.load",
                ("standard", version.pk),
                by=by,
                at=at,
                code=version.code,
                version=version.version,
                title=version.title,
                sha256=version.sha256,
            )
    return version


def builtin(at: datetime) -> StandardVersion:
    """The version of the built-in standard, loaded on first use."""
    return load(loader.builtin_text(), by=SYSTEM, at=at)


def mark_adopted(version: StandardVersion, *, at: datetime) -> StandardVersion:
    """Note that a contract took a version up. Called by the adopting action, in its transaction."""
    row = lock(version)
    row.adopted_at = at
    row.save(update_fields=["adopted_at"])
    return row
