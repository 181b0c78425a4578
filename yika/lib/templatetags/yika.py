"""Filters and tags for every template; built in, no ``{% load %}``."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language

from yika.lib import clock as clocks_of_campus
from yika.lib import text
from yika.lib.clocks import face

register = template.Library()


@register.simple_tag
def gap() -> str:
    """The space between two sentences, in languages that have one."""
    return "" if get_language() == settings.LANGUAGE_CODE else " "


@register.filter
def moment(at: datetime | None) -> str:
    """11月22日 周日 09:12."""
    return text.moment(at) if at else ""


@register.filter
def exact(at: datetime | None) -> str:
    """2026-11-22 09:12:05."""
    return text.exact(at) if at else ""


@register.filter
def campus_input(at: datetime | None) -> str:
    """2026-11-22T09:12, with its seconds if it has any, as a field of a moment takes it."""
    return f"{clocks_of_campus.campus(at):%Y-%m-%dT%H:%M:%S}".removesuffix(":00") if at else ""


@register.filter
def day(on: date | None) -> str:
    """2026年11月22日 周日, of a campus date."""
    return text.day(on) if on else ""


@register.filter
def duration(seconds: float | None) -> str:
    """1 小时 05 分."""
    return text.duration(int(seconds)) if seconds is not None else ""


@register.filter
def remaining(seconds: float | None) -> str:
    """还剩 23 分, 已超时 12 分."""
    return text.remaining(int(seconds)) if seconds is not None else ""


@register.filter
def percent(part: float | None, whole: float) -> str:
    """{{ met|percent:all }}: 95 %."""
    return text.percent(part or 0, whole)


@register.filter
def share(part: float | None, whole: float) -> str:
    """{{ use.taken|share:use.usable }}: 5.1 %, rounded."""
    return text.share(part or 0, whole)


@register.filter
def lookup(table: Mapping[Any, Any], key: Any) -> Any:
    """{{ table|lookup:key }}: what stands under a key, None if nothing does."""
    return table.get(key)


@register.filter
def masked_name(name: str | None) -> str:
    """张**."""
    return text.mask_name(name or "")


@register.filter
def masked_phone(phone: str | None) -> str:
    """138****1234."""
    return text.mask_phone(phone or "")


@register.simple_tag(takes_context=True)
def clock(
    context: RequestContext,
    due_at: datetime | None,
    settled_at: datetime | None = None,
    started_at: datetime | None = None,
    now: datetime | None = None,
    of: str = "",
) -> str:
    """{% clock due_at settled_at=… started_at=… now=at of="到场" %}: what is left and when it ends.

    Without ``now`` the page's ``at`` counts, so that every clock of a page tells the same time. Written
    here, not by a template: a list has a hundred of them.
    """
    at = now or context.get("at") or clocks_of_campus.now()
    shown = face(due_at, now=at, settled_at=settled_at, started_at=started_at)
    running = title = by = named = ""
    if shown.running and shown.due_at and shown.soon_at:
        soon = shown.soon_at.isoformat()
        running = format_html(' data-clock="{}" data-soon="{}"', shown.due_at.isoformat(), soon)
    if of:
        named = format_html('<span class="of">{}</span>', of)
    if shown.by:
        title = format_html(' title="{}"', text.exact(shown.due_at)) if shown.due_at else ""
        by = format_html(' <span class="by"{}>· {}</span>', title, shown.by)
    return format_html(
        '<span class="clock clock-{}"{}>{}<b>{}</b>{}</span>', shown.state, running, named, shown.main, by
    )


@register.inclusion_tag("lib/_take.html", takes_context=True)
def take_away(context: RequestContext, name: str) -> dict[str, str]:
    """{% take_away "faults:export" %}: links to the list as Excel and as CSV, as the address narrows it."""
    asked = context["request"].GET.copy()
    asked.pop("after", None)
    query = f"?{asked.urlencode()}" if asked else ""
    return {form: reverse(name, args=[form]) + query for form in ("xlsx", "csv")}


@register.simple_tag
def attributes(named: Mapping[str, Any]) -> str:
    """{% attributes widget.attrs %}: HTML attributes as Django's forms write them, in one step."""
    return flatatt({name: value for name, value in named.items() if value is not None})
