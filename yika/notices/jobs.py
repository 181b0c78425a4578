"""Sending what waits in the outbox."""

import logging
import re
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from yika.lib.locking import claim
from yika.notices.models import Notice
from yika.notices.rules import MOST_ATTEMPTS, pause_after

log = logging.getLogger(__name__)


def send_one(at: datetime) -> bool:
    """Send one notice that is due, if there is one.

    The try is recorded and the next one set before anything leaves the process. Should the process
    die in between, the notice is sent again later, with a remark that it may have come twice.
    """
    notice = _take(at)
    if notice is None:
        return False
    if notice.send_after is None:
        return True
    try:
        _send(notice)
    except Exception as error:  # whatever the mail server or the network answers
        log.warning("notice %s was not sent: %s", notice.pk, type(error).__name__)
        _failed(notice, error)
    else:
        Notice.objects.filter(pk=notice.pk).update(sent_at=at, send_after=None, error=notice.error)
    return True


def _take(at: datetime) -> Notice | None:
    """Claim the first notice due and push its next try forward."""
    with transaction.atomic():
        due = Notice.objects.filter(send_after__lte=at).order_by("send_after", "pk")
        notice = claim(due)
        if notice is None:
            return None
        unknown = notice.attempts > 0 and not notice.error
        if unknown:
            notice.error = _("第 %(n)d 次发送结果未知，可能重复送达") % {"n": notice.attempts}
        if not (settings.EMAIL_HOST and notice.to.email and notice.to.is_active):
            notice.error = _("未发送：没有邮件服务器或收件地址")
            notice.send_after = None
        elif notice.attempts >= MOST_ATTEMPTS:
            notice.send_after = None
        else:
            notice.attempts += 1
            notice.send_after = at + pause_after(notice.attempts)
        notice.save(update_fields=["attempts", "send_after", "error"])
        return notice


def _send(notice: Notice) -> None:
    """One e-mail. Its Message-ID is the same at each try, so that mail systems can tell a repeat."""
    link = f"{settings.ORIGIN}{notice.url}" if notice.url else settings.ORIGIN
    host = re.sub(r"[^A-Za-z0-9.-]", "", settings.ORIGIN.partition("://")[2].partition(":")[0]) or "yika"
    EmailMessage(
        subject=" ".join(f"[{_('一卡运维')}] {notice.subject}".split()),
        body="\n\n".join(part for part in (notice.subject, link)),
        to=[notice.to.email],
        headers={"Message-ID": f"<notice-{notice.pk}@{host}>"},
    ).send()


def _failed(notice: Notice, error: Exception) -> None:
    """Keep the reason; after the last try give up."""
    told = " ".join(f"{type(error).__name__}: {error}".split())
    reason = re.sub(r"[^\s'<\"]+@[^\s'>\"]+", "…", told)[:300]
    given_up = notice.attempts >= MOST_ATTEMPTS
    Notice.objects.filter(pk=notice.pk).update(
        error=reason, send_after=None if given_up else notice.send_after
    )
