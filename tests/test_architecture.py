"""The conventions of CONTRIBUTING.md, as far as a machine can tell."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from importlinter.cli import lint_imports

from yika.journal.telling import vocabulary

ROOT = Path(__file__).parents[1]
YIKA = ROOT / "yika"
APPS = sorted(path.parent.name for path in YIKA.glob("*/apps.py"))
LONGEST = 450  # lines

# The rooms of every app. What only one app has is named below, so that a new kind of file is a decision.
ROOMS = {
    "__init__", "apps", "rules", "models", "policies", "queries", "actions", "jobs", "forms", "views",
    "urls", "sentences", "cli", "migrations", "templates", "static", "locale", "templatetags",
}  # fmt: skip
OWN_ROOMS: dict[str, set[str]] = {
    "journal": {"bringing", "guards", "taking", "telling"},
    "people": {"backends", "bringing", "middleware", "passwords", "telling"},
    "standards": {
        "builtin", "checks", "comparison", "guards", "lines", "loader", "readings", "standard.schema",
    },
    "notices": {"words"},
    "commitments": {"words"},
    "faults": {"cli_history", "explaining", "importing", "lives", "replay", "rows", "simulating", "words"},
    "calendars": {"announced", "bringing"},
    "network": {"bringing", "consented"},
    "addresses": {"bringing", "consented"},
    "configurations": {"consented"},
    "assets": {"bringing", "consented", "gate"},
    "changes": {"bringing", "doors", "words"},
    "returns": {"words"},
    "worker": {"loop", "schedule"},
    "portal": {"context", "middleware", "nav"},
    "api": {"rest"},
}  # fmt: skip
UNWANTED = {"utils", "helpers", "manager", "managers", "common", "misc", "signals", "admin", "base", "core"}

# Writers that need no moment: what they write has none, or carries its own.
WITHOUT_AT = {
    "yika.assets.actions.places.first_come": "wraps a writer that takes it",
    "yika.journal.actions.record_all": "the events carry their moment",
    "yika.worker.actions.clear_errors": "the rows carry the moment of their run",
    "yika.worker.actions.leave": "deletes a heartbeat",
}
WITHOUT_BY = {"yika.people.actions.signing.begin_session": "the person is the thing"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sources(*, under: Path = YIKA) -> list[Path]:
    return [path for path in sorted(under.rglob("*.py")) if "migrations" not in path.parts]


def action_modules() -> Iterator[tuple[str, Path]]:
    for app in APPS:
        if app != "lib":
            for path in [YIKA / app / "actions.py", *sorted((YIKA / app / "actions").glob("*.py"))]:
                if path.exists():
                    yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def test_imports_keep_to_the_layers() -> None:
    assert lint_imports() == 0, "run: lint-imports"


def test_only_changes_opens_the_consented_doors() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.relative_to(YIKA).parts[0] != "changes"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any("consented" in f"{getattr(node, 'module', '')}.{name.name}".split(".") for name in node.names)
    ]
    assert not wrong, f"what was consented to is written by yika.changes alone: {wrong}"


def test_every_app_is_placed_in_the_import_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    house, inside, *_forbidden = contracts
    placed = {name for layer in house["layers"] for name in re.split(r"\s*\|\s*", layer)}
    assert placed == {*APPS, "config"}
    assert set(inside["containers"]) == {f"yika.{app}" for app in APPS if app != "lib"}


@pytest.mark.parametrize("app", [app for app in APPS if app != "lib"])
def test_an_app_has_the_rooms_every_app_has(app: str) -> None:
    there = {path.stem for path in (YIKA / app).iterdir() if path.name != "__pycache__"}
    strange = there - ROOMS - OWN_ROOMS.get(app, set())
    assert not strange, f"name them in OWN_ROOMS, with a reason to exist: {sorted(strange)}"


def test_rooms_of_ones_own_exist() -> None:
    for app, rooms in OWN_ROOMS.items():
        gone = rooms - {path.stem for path in (YIKA / app).iterdir()}
        assert not gone, f"{app}: {sorted(gone)}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [path for path in sources() if path.stem in UNWANTED]


def test_no_file_is_too_long() -> None:
    files = [*sources(), *sources(under=ROOT / "tests"), *YIKA.rglob("templates/**/*.html")]
    long = {str(path.relative_to(ROOT)): count for path in files if (count := _lines(path)) > LONGEST}
    assert not long, f"over {LONGEST} lines, make a folder of it: {long}"


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            function = inner.func
            yield (
                (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")),
                inner,
            )


def _takes(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}


def _by_the_system(call: ast.Call) -> bool:
    """Whether a record names a part of the system, or somebody without an account, as the actor."""
    actors = [word.value for word in call.keywords if word.arg == "by"]
    return all(isinstance(actor, ast.Name) and actor.id.isupper() for actor in actors)


def test_every_action_that_writes_is_told_when_and_by_whom() -> None:
    wrong = []
    for module, path in action_modules():
        for function in tree(path).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            name = f"{module}.{function.name}"
            calls = list(_calls(function))
            writes = [call for called, call in calls if called == "record"]
            if (
                "by" not in _takes(function)
                and name not in WITHOUT_BY
                and not all(map(_by_the_system, writes))
            ):
                wrong.append(f"{name} writes the journal without taking by")
            if (writes or "atomic" in {called for called, _call in calls}) and "at" not in _takes(function):
                wrong.append(f"{name} writes without taking at")
    wrong = [line for line in wrong if line.partition(" ")[0] not in WITHOUT_AT]
    assert not wrong, "\n".join(wrong)


def test_only_actions_and_jobs_write() -> None:
    """A view, form, query or policy that saves would leave no trace in the journal."""
    writes = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "atomic"}
    for app in APPS:
        for room in ("views", "forms", "queries", "policies", "rules"):
            for path in [YIKA / app / f"{room}.py", *(YIKA / app / room).glob("*.py")]:
                if path.exists():
                    found = sorted({name for name, _call in _calls(tree(path))} & writes)
                    assert not found, f"{path.relative_to(ROOT)} writes: {found}"


@cache
def recorded() -> dict[str, set[str] | None]:
    """Every verb the journal is given, with the keys of its data where they can be seen (None: not)."""
    verbs: dict[str, set[str] | None] = {}
    for path in sources():
        for name, call in _calls(tree(path)):
            if name not in ("record", "event") or len(call.args) < 2:
                continue
            keywords = {keyword.arg for keyword in call.keywords}
            known = None if None in keywords else {str(word) for word in keywords}
            for verb in _verbs(call.args[0], path):
                before = verbs.get(verb, known)
                verbs[verb] = None if before is None or known is None else before & known
    return verbs


def _verbs(node: ast.expr, path: Path) -> list[str]:
    """The verbs an expression can stand for: a literal, one of two, or every Verb of the app."""
    if isinstance(node, ast.JoinedStr):
        start = node.values[0]
        assert isinstance(start, ast.Constant), f"{path}: a verb begins with its app"
        app = str(start.value).rstrip(".")
        rules: Any = importlib.import_module(f"yika.{app}.rules")
        return [f"{app}.{verb.value}" for verb in rules.Verb]
    found = [
        str(part.value)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and "." in str(part.value)
    ]
    return found if not isinstance(node, ast.Name) else []


def test_every_verb_of_the_journal_reads_as_a_sentence() -> None:
    assert recorded()
    assert not sorted(recorded().keys() - vocabulary().sentences.keys()), "verbs without a sentence"
    assert not sorted(vocabulary().sentences.keys() - recorded().keys()), "sentences nobody writes"


def test_sentences_only_use_what_is_recorded() -> None:
    for verb, sentence in vocabulary().sentences.items():
        known = recorded().get(verb)
        if known is not None:
            used = set(re.findall(r"{(\w+)", str(sentence)))
            assert used <= known, f"{verb}: {sorted(used - known)} is never recorded"


TEMPLATES = sorted(YIKA.rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_obey_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forbidden = {
        "an inline script": r"<script(?![^>]*\bsrc=)",
        "an inline style sheet": r"<style",
        "a style attribute": r"\sstyle=",
        "an inline handler": r"\son[a-z]+=",
        "htmx evaluating": r"hx-on|hx-vals=['\"]js:|javascript:",
        "something from outside": r"(?:src|href|action|hx-get|hx-post)=[\"'](?:https?:)?//",
    }
    found = [what for what, pattern in forbidden.items() if re.search(pattern, text)]
    assert not found, f"{path.relative_to(ROOT)} has {found}"


def test_static_files_load_nothing_from_outside() -> None:
    for path in [*YIKA.rglob("static/**/*.css"), *YIKA.rglob("static/**/*.js")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"url\([\"']?(?:https?:)?//|@import|fetch\([\"']https?:", text), path


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
