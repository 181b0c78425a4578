"""What the views share: refusals shown in the form, and upper apps' panels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from yika.lib.decisions import BadInput

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

T = TypeVar("T")


def tell(form: forms.Form, refusal: BadInput) -> None:
    """Show a refusal beside the field whose fault it is."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, list(refusal.problems))


def acted(form: forms.Form, action: Callable[..., T]) -> T | None:
    """What an action made of a sent form; None where either refused, which the form then tells."""
    if not form.is_valid():
        return None
    try:
        return action(**form.cleaned_data)
    except BadInput as refusal:
        tell(form, refusal)
        return None


# What upper apps tell of a device or a place on its page, in this order; named, for none is imported here.
PANELS: dict[str, tuple[tuple[str, "StrPromise"], ...]] = {
    "device": (
        ("faults:panel_device", gettext_lazy("此设备的故障")),
        ("changes:panel_device", gettext_lazy("变更")),
        ("returns:panel_device", pgettext_lazy("nav", "返厂")),
        ("network:panel_device", gettext_lazy("挂接关系")),
        ("network:panel_impact", gettext_lazy("若其中断")),
        ("addresses:panel_device", gettext_lazy("网络地址")),
        ("configurations:panel_device", gettext_lazy("配置")),
    ),
    "place": (
        ("faults:panel_place", gettext_lazy("此处未办结的故障")),
        ("network:panel_place", gettext_lazy("网络拓扑图")),
    ),
}


@dataclass(frozen=True)
class Panel:
    """A part of a page that an upper app fills: its address, and what it is called until it is there."""

    url: str
    title: str


def panels(noun: str, key: int) -> list[Panel]:
    """The panels of a device or a place; those of pages that do not exist are left out."""
    found = ((panel(name, **{noun: key}), title) for name, title in PANELS[noun])
    return [Panel(url, str(title)) for url, title in found if url]


def panel(name: str, **query: Any) -> str:
    """The address of an upper app's panel; empty while there is no such page."""
    try:
        return reverse(name, query=query)
    except NoReverseMatch:
        return ""


def number(text: str) -> int:
    """A key out of an address; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
