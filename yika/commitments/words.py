"""The words for kinds, outcomes and whom the ladder tells, as the Office writes them."""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yika.commitments.rules import Kind, Outcome, Urgency
from yika.journal.telling import vocabulary
from yika.standards.rules import Clock, Told

KINDS: dict[Kind, Promise] = {
    Kind.RESPONSE: _("响应"),
    Kind.REPAIR: _("修复"),
    Kind.CONFIRMATION: _("紧急变更确认"),
    Kind.FACTORY: _("返厂修复"),
}

OUTCOMES: dict[Outcome, Promise] = {
    Outcome.OPEN: _("进行中"),
    Outcome.MET: _("按时"),
    Outcome.MISSED: _("超时"),
}

URGENCIES: dict[Urgency, Promise] = {
    Urgency.OVERDUE: _("已超时"),
    Urgency.TODAY: _("今天到期"),
    Urgency.WEEK: _("本周到期"),
    Urgency.LATER: _("本周之后"),
}

TOLD: dict[Told, Promise] = {
    Told.HOLDER: _("维护人员"),
    Told.DISPATCHER: _("调度"),
    Told.MANAGER: _("运维负责人"),
    Told.OFFICE: _("信息化办公室"),
}

CLOCKS: dict[Clock, Promise] = {Clock.NATURAL: _("自然时间，不间断"), Clock.SERVICE: _("服务时段")}


def subject_said(subject: str) -> str:
    """A subject in the reader's language: that of a fault ends with its symptom, written down in Chinese."""
    head, _space, last = subject.rpartition(" ")
    word = None if translation.get_language() == settings.LANGUAGE_CODE else _symptoms().get(last)
    return f"{head} {word}" if word else subject


@cache
def _symptoms() -> dict[str, Promise]:
    """The words for symptoms by the Chinese they are written down in, from the app that has them."""
    with translation.override(settings.LANGUAGE_CODE):
        known = [words.get("symptom", {}) for words in vocabulary().words.values()]
        return {str(word): word for words in known for word in words.values()}
