"""Translations: msgids are Chinese, each app carries the English in locale/en/LC_MESSAGES/django.po.

``python tools/messages.py extract | compile | check``. Needs no gettext on the machine.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
PLAIN, CONTEXT = None, ((1, "c"), 2)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[-\d.]*[a-z]|%[sd]|(?<!\{)\{\w*[^{}]*\}(?!\})")
Key = tuple[str | None, str]


def apps() -> list[Path]:
    """The folders of the apps."""
    return sorted(path.parent for path in (ROOT / "yika").glob("*/__init__.py"))


def po_path(app: Path) -> Path:
    """Where an app's English stands."""
    return app / "locale/en/LC_MESSAGES/django.po"


def singular(message: Message) -> str:
    """The msgid, of a plural message the first."""
    return message.id if isinstance(message.id, str) else message.id[0]


def keyed(catalog: Catalog) -> dict[Key, Message]:
    """A catalogue's messages by context and msgid."""
    return {(message.context, singular(message)): message for message in catalog if message.id}


def _as_python(template: str) -> str:
    """A template with all but its messages blanked, in a form the Python tokenizer takes."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def used_in(app: Path) -> Catalog:
    """Every message in an app's code and templates."""
    catalog = Catalog(locale="en")
    sources = [path for path in app.rglob("*.py") if "migrations" not in path.parts]
    for path in sorted([*sources, *app.rglob("templates/**/*.html"), *app.rglob("templates/**/*.txt")]):
        text = path.read_text(encoding="utf-8")
        code = text if path.suffix == ".py" else _as_python(text)
        where = path.relative_to(ROOT).as_posix()
        found = babel_extract("python", BytesIO(code.encode()), KEYWORDS, (), {"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            if message:
                catalog.add(message, locations=[(where, 1)], context=context)
    return catalog


def written(app: Path) -> Catalog:
    """An app's English as it stands; empty without a file."""
    path = po_path(app)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def forms(message: Message) -> tuple[str, ...]:
    """The English of the message, of a plural message all its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def translated(message: Message) -> bool:
    """Whether every form has its English."""
    return bool(forms(message)) and all(forms(message))


def extract() -> None:
    """Add what is new, empty or as another app has it; drop what is no longer used; keep the rest."""
    known: dict[Key, Message] = {}
    for app in apps():
        known |= {key: message for key, message in keyed(written(app)).items() if translated(message)}
    for app in apps():
        catalog, before = used_in(app), keyed(written(app))
        if not len(catalog):
            po_path(app).unlink(missing_ok=True)
            continue
        for key, message in keyed(catalog).items():
            old = before.get(key)
            old = old if old and translated(old) else known.get(key)
            if old and isinstance(old.id, str) == isinstance(message.id, str):
                message.string = old.string
        body = BytesIO()
        write_po(body, catalog, width=105, omit_header=True, sort_output=True, include_lineno=False)
        po_path(app).parent.mkdir(parents=True, exist_ok=True)
        po_path(app).write_text(HEADER + body.getvalue().decode().strip() + "\n", encoding="utf-8")
        empty = sum(not translated(message) for message in catalog if message.id)
        print(f"{app.name}: {len(catalog)} messages, {empty} without English")


def compile_all() -> None:
    """Turn each django.po into the django.mo that Django reads."""
    for app in apps():
        path = po_path(app).with_suffix(".mo")
        if po_path(app).exists():
            with path.open("wb") as file:
                write_mo(file, written(app))
        else:
            path.unlink(missing_ok=True)


def placeholders(text: str) -> list[str]:
    """What is filled in: %(n)d, {name}."""
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def problems() -> list[str]:
    """What is missing, stale, doubtful or contradictory, one line each."""
    found: list[str] = []
    english: dict[Key, tuple[str, object]] = {}
    for app in apps():
        used, have = keyed(used_in(app)), keyed(written(app))
        found += [
            f"{app.name}: not in django.po (make messages): {key[1]!r}" for key in used.keys() - have.keys()
        ]
        found += [
            f"{app.name}: no longer used (make messages): {key[1]!r}" for key in have.keys() - used.keys()
        ]
        for key, message in have.items():
            if key not in used:
                continue
            if not translated(message):
                found.append(f"{app.name}: no English for {key[1]!r}")
                continue
            if message.fuzzy:
                found.append(f"{app.name}: fuzzy: {key[1]!r}")
            last = forms(message)[-1]
            if placeholders(last) != placeholders(key[1]):
                found.append(f"{app.name}: placeholders differ: {key[1]!r} / {last!r}")
            other = english.setdefault(key, (app.name, message.string))
            if other[1] != message.string:
                found.append(
                    f"{app.name} and {other[0]}: two translations of {key[1]!r}: "
                    f"{message.string!r}, {other[1]!r}"
                )
    return sorted(found)


def main(verb: str) -> int:
    """Run one of the three; 1 when check finds something."""
    if verb == "extract":
        extract()
    elif verb == "compile":
        compile_all()
    elif verb == "check":
        found = problems()
        print("\n".join(found) or "messages: every msgid has its English")
        return int(bool(found))
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
