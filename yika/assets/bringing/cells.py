"""Reading a cell: empty leaves what is there, anything that does not fit is a problem of its line."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import DeviceKind
from yika.assets.rules import has_invisible
from yika.lib import clock
from yika.lib.office.bringing import Plan
from yika.lib.office.reading import Row
from yika.lib.office.words import meant, no_day

T = TypeVar("T")
YES_NO: dict[str, Promise] = {"yes": gettext_lazy("是"), "no": gettext_lazy("否")}


def text_of(plan: Plan[Any], row: Row, key: str, most: int) -> str:
    """A text that fits; empty for one that does not."""
    text = row.cells[key]
    if len(text) > most:
        plan.wrong(row, key, _("不能超过 %(most)d 个字") % {"most": most})
    elif has_invisible(text):
        plan.wrong(row, key, _("含有不可见字符"))
    else:
        return text
    return ""


def word_of(plan: Plan[Any], row: Row, key: str, words: Mapping[str, Promise]) -> str | None:
    """Which of the known words is meant; None for an empty cell and for none of them."""
    text = row.cells[key]
    if not text:
        return None
    value = meant(words, text)
    if value is None:
        plan.wrong(row, key, _("须为：%(names)s") % {"names": _("、").join(map(str, words.values()))})
    return value


def yes_of(plan: Plan[Any], row: Row, key: str) -> bool | None:
    """Yes, no, or not said."""
    value = word_of(plan, row, key, YES_NO)
    return None if value is None else value == "yes"


def number_of(plan: Plan[Any], row: Row, key: str, most: int) -> int | None:
    """A whole number from nought; None for an empty cell."""
    text = row.cells[key].removesuffix(".0")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) > most:
        plan.wrong(row, key, _("请填写 0 至 %(most)d 之间的整数") % {"most": most})
        return None
    return int(text)


def day_of(plan: Plan[Any], row: Row, key: str) -> date | None:
    """A campus date; None for an empty cell."""
    text = row.cells[key]
    if not text:
        return None
    try:
        return clock.read_day(text)
    except ValueError as refused:
        plan.wrong(row, key, no_day(refused, _("日期须写作 2026-10-01")))
        return None


def kind_of(plan: Plan[Any], row: Row, kinds: Mapping[str, DeviceKind]) -> DeviceKind | None:
    """The kind that is meant, by name or code in any language."""
    found = kinds.get(row.cells["kind"].casefold())
    if found is None:
        plan.wrong(row, "kind", _("没有这种设备类型"))
    return found


def kinds_by_name() -> dict[str, DeviceKind]:
    """Kinds under every spelling."""
    return {
        spelling.casefold(): kind
        for kind in DeviceKind.objects.all()
        for spelling in (kind.code, kind.name, kind.name_en)
    }


def once(plan: Plan[Any], row: Row, key: str, what: T, lines: dict[T, int]) -> bool:
    """Whether a thing stands in the file for the first time; the second is a problem of its line."""
    if what in lines:
        plan.wrong(row, key, _("与第 %(line)d 行重复") % {"line": lines[what]})
        return False
    lines[what] = row.line
    return True


def yes(value: bool) -> str:
    """As a list shows it."""
    return str(YES_NO["yes" if value else "no"])


def changes_of(pairs: Mapping[str, tuple[Any, Any]]) -> tuple[tuple[str, str, str], ...]:
    """What differs, as a preview shows it: (field, before, after)."""
    return tuple(
        (name, "" if before is None else str(before), "" if after is None else str(after))
        for name, (before, after) in pairs.items()
        if before != after
    )
