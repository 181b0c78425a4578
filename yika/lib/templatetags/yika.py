"""Filters for every template."""

from datetime import datetime

from django import template

from yika.lib import text

register = template.Library()


@register.filter
def moment(at: datetime | None) -> str:
    """11月22日 周日 09:12."""
    return text.moment(at) if at else ""


@register.filter
def exact(at: datetime | None) -> str:
    """2026-11-22 09:12:05."""
    return text.exact(at) if at else ""


@register.filter
def duration(seconds: int | None) -> str:
    """1 小时 05 分."""
    return text.duration(seconds) if seconds is not None else ""


@register.filter
def masked_name(name: str) -> str:
    """张**."""
    return text.mask_name(name)


@register.filter
def masked_phone(phone: str) -> str:
    """138****1234."""
    return text.mask_phone(phone)
