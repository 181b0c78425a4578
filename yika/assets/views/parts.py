"""What the views share: refusals shown in the form, and upper apps' panels."""

from typing import Any

from django import forms
from django.urls import NoReverseMatch, reverse

from yika.lib.decisions import BadInput


def tell(form: forms.Form, refusal: BadInput) -> None:
    """Show a refusal beside the field whose fault it is."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, list(refusal.problems))


def panel(name: str, **query: Any) -> str:
    """The address of an upper app's panel; empty while there is no such page."""
    try:
        return reverse(name, query=query)
    except NoReverseMatch:
        return ""


def number(text: str) -> int:
    """A key out of an address; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
