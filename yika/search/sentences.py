"""How the journal tells what is done to the search."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: dict[str, "StrPromise"] = {
    "search.rebuild": _(
        "核对搜索索引，修复：地点 {places} 个，设备 {devices} 台，人员 {people} 人，故障 {faults} 件"
    ),
}
NOUNS: dict[str, "StrPromise"] = {"search": pgettext_lazy("noun", "搜索")}
