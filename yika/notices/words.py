"""What a notice says, kept so that everybody reads it in their own language."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, override, pgettext

from yika.lib.text import duration, mask_numbers, moment

Value = str | int | Promise | datetime | timedelta
"""What may stand in a place of a notice's words."""


def kept(words: Promise, values: Mapping[str, Value]) -> dict[str, Any]:
    """Lazy words and what stands in their places, as plain values, long numbers masked. ``told`` says them.

    The words themselves are kept, in Chinese: a notice can be read when a later version words it otherwise.
    """
    return {"words": _source(words), "values": {key: _plain(value) for key, value in values.items()}}


def told(kept: Mapping[str, Any]) -> str:
    """What was kept, in the language of the moment."""
    values = {key: _shown(value) for key, value in kept["values"].items()}
    return _translated(kept["words"]) % values


def in_office_words(kept: Mapping[str, Any]) -> str:
    """The same in the language of the record, which is the one that leaves by e-mail."""
    with override(settings.LANGUAGE_CODE):
        return told(kept)


def _source(words: Promise) -> list[str]:
    """The Chinese of lazy words, after its context if it has one: what Django pickles of them."""
    _unpickle, (_translate, source, *_rest) = words.__reduce__()  # type: ignore[misc]
    assert all(isinstance(part, str) for part in source), "words that count have no one source"
    return list(source)


def _translated(source: list[str]) -> str:
    return pgettext(*source) if len(source) > 1 else gettext(*source)


def _plain(value: Value) -> Any:
    if isinstance(value, Promise):
        return {"words": _source(value)}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": int(value.total_seconds())}
    return mask_numbers(value) if isinstance(value, str) else value


def _shown(plain: Any) -> Any:
    match plain:
        case {"words": source}:
            return _translated(source)
        case {"at": text}:
            return moment(datetime.fromisoformat(text))
        case {"seconds": seconds}:
            return duration(seconds)
    return plain
