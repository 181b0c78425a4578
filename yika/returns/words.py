"""The words for states, verbs and the PSAM card, as the Office writes them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.returns.rules import Psam, State, Verb

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

STATES: "dict[State, StrPromise]" = {
    State.PREPARING: _("待发出"),
    State.SENT: _("已寄出"),
    State.BACK: _("已返回待测试"),
    State.DONE: pgettext_lazy("return", "已办结"),
    State.CANCELLED: pgettext_lazy("return", "已取消"),
    State.WRITTEN_OFF: _("已核销"),
}
TONES: dict[State, str] = {
    State.PREPARING: "amber",
    State.SENT: "blue",
    State.BACK: "orange",
    State.DONE: "green",
    State.WRITTEN_OFF: "red",
}
VERBS: "dict[Verb, StrPromise]" = {
    Verb.SEND: pgettext_lazy("verb", "寄出"),
    Verb.RECEIVE: pgettext_lazy("verb", "收到返回"),
    Verb.FINISH: pgettext_lazy("verb", "测试合格入库"),
    Verb.CANCEL: pgettext_lazy("verb", "取消返厂"),
    Verb.WRITE_OFF: pgettext_lazy("verb", "核销"),
}
PSAM: "dict[Psam, StrPromise]" = {Psam.REMOVED: _("已取出"), Psam.ABSENT: _("本机无PSAM卡")}
