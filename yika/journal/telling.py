"""Events in readable sentences. Every app says in its ``sentences.py`` how its verbs read.

``SENTENCES`` maps a verb to a sentence with the keys of its data in braces, ``NOUNS`` a noun to its
name, and ``WORDS`` (optional) a key of the data to what each of its codes is called, yes and no being
``true`` and ``false``. What a sentence has in square brackets is left out where the data know nothing
of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from yika.journal.models import Event
from yika.journal.sentences import ACTORS
from yika.lib.clock import CAMPUS
from yika.lib.text import day, duration, moment

LABEL_LENGTH = 24
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_KEY = re.compile(r"\{(\w+)\}")
_UNKNOWN: tuple[Any, ...] = (None, "", "—", [])
_PAUSE = re.compile(r"[：，；（。]|[:,;(] ?")

Words = dict[str, dict[str, Promise]]


@dataclass(frozen=True)
class Vocabulary:
    """What every app says about its events; words are kept by app."""

    sentences: dict[str, Promise] = field(default_factory=dict)
    nouns: dict[str, Promise] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)


@cache
def vocabulary() -> Vocabulary:
    """Read every app's sentences, once."""
    found = Vocabulary()
    for config in apps.get_app_configs():
        if config.name.startswith("yika.") and module_has_submodule(config.module, "sentences"):
            module = import_module(f"{config.name}.sentences")
            found.sentences.update(getattr(module, "SENTENCES", {}))
            found.nouns.update(getattr(module, "NOUNS", {}))
            found.words[config.label] = getattr(module, "WORDS", {})
    return found


def sentence(event: Event) -> str:
    """What an event says, without who and when. A verb nobody has words for is shown as it is."""
    template = vocabulary().sentences.get(event.verb)
    if template is None:
        return event.verb
    data = event.data if isinstance(event.data, dict) else {}
    words = vocabulary().words.get(event.verb.partition(".")[0], {})
    try:
        return _known(str(template), data).format_map(_Said(data, words))
    except (ValueError, IndexError, KeyError, AttributeError):  # a sentence with a slip in its braces
        return str(template)


def label(verb: str) -> str:
    """A verb for a menu: its sentence up to the first pause, with the data left open."""
    template = vocabulary().sentences.get(verb)
    if template is None:
        return verb
    try:
        text = _OPTIONAL.sub(r"\1", str(template)).format_map(_Open())
    except (ValueError, IndexError):
        return verb
    text = re.sub(r"…(\s*…)+", "…", text)
    head = next((part for part in _PAUSE.split(text) if part.strip("… ")), "").strip()
    return head if len(head) <= LABEL_LENGTH else head[: LABEL_LENGTH - 1] + "…"


def _known(template: str, data: Mapping[str, Any]) -> str:
    """A sentence without the parts that the data know nothing of."""

    def part(found: re.Match[str]) -> str:
        known = any(data.get(key) not in _UNKNOWN for key in _KEY.findall(found[1]))
        return found[1] if known else ""

    return _OPTIONAL.sub(part, template)


def noun_name(noun: str) -> str:
    """What a kind of thing is called."""
    return str(vocabulary().nouns.get(noun, noun))


def actor_name(event: Event) -> str:
    """Who it was: a person by the name of then, a part of the system by its name."""
    return str(ACTORS.get(event.actor, event.actor_name))


class _Said(dict[str, str]):
    """Data as a sentence shows it; what is not there is a dash."""

    def __init__(self, data: Mapping[str, Any], words: Words) -> None:
        super().__init__((key, _shown(key, value, words.get(key, {}))) for key, value in data.items())

    def __missing__(self, key: str) -> str:
        return "—"


class _Open(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _shown(key: str, value: Any, words: Mapping[str, Promise]) -> str:
    if value == "":
        return ""
    if value is None or value == []:
        return "—"
    if isinstance(value, bool):
        return str(words.get("true" if value else "false") or (_("是") if value else _("否")))
    if isinstance(value, list):
        return _("、").join(_shown(key, item, words) for item in value)
    if isinstance(value, str) and value in words:
        return str(words[value])
    if key.endswith("_s") and isinstance(value, int):
        return duration(value)
    if isinstance(value, str) and key.endswith(("_at", "_on", "moment")):
        return _moment(key, value)
    return str(value)


def _moment(key: str, value: str) -> str:
    try:
        if key.endswith("_on"):
            return day(date.fromisoformat(value))
        at = datetime.fromisoformat(value)
        # Without a zone it was written down in the campus's time.
        return moment(at if at.tzinfo else at.replace(tzinfo=CAMPUS))
    except ValueError:
        return value
