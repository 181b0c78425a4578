"""Documented or fails: nouns, commands, settings, dependencies."""

import re
from pathlib import Path

import click
from django.apps import apps

from yika.config.cli import LazyGroup, main

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def test_every_noun_is_in_the_glossary() -> None:
    told = (DOCS / "glossary.md").read_text(encoding="utf-8")
    ours = [model for model in apps.get_models() if model.__module__.startswith("yika.")]
    missing = sorted(model.__name__ for model in ours if not re.search(rf"\b{model.__name__}\b", told))
    assert ours
    assert not missing, f"not in docs/glossary.md: {missing}"


def leaves(group: click.Group, path: str = "yika") -> dict[str, click.Command]:
    """Every command by what is typed."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"{path} {name}: no such command"
        if isinstance(command, click.Group):
            found |= leaves(command, f"{path} {name}")
        else:
            found[f"{path} {name}"] = command
    return found


def test_every_command_is_in_the_guide_with_its_options() -> None:
    told = (DOCS / "guide/commands.md").read_text(encoding="utf-8")
    for typed, command in leaves(main).items():
        row = next((line for line in told.splitlines() if line.startswith(f"| `{typed}")), "")
        assert row, f"not in docs/guide/commands.md: {typed}"
        assert (command.help or "").strip(), f"{typed} has no help"
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert f"{option}" in row, f"not in docs/guide/commands.md: {typed} {option}"


def test_groups_say_what_they_are_for() -> None:
    context = click.Context(main)
    for name in main.list_commands(context):
        assert isinstance(main, LazyGroup)
        assert name in main.table or (main.commands[name].help or "").strip()


SETTING = re.compile(
    r"""(?:_text|_number|_switch|_listed|environ\.get)\(\s*"([A-Z_]+)"|envvar="([A-Z_]+)\""""
)


def test_every_environment_variable_is_explained_and_none_invented() -> None:
    sources = [
        path
        for path in (ROOT / "yika").rglob("*.py")
        if "environ" in path.read_text() or "envvar" in path.read_text()
    ]
    read = {name for path in sources for pair in SETTING.findall(path.read_text()) for name in pair if name}
    table = (DOCS / "guide/production.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert read == told, f"unexplained: {sorted(read - told)}; invented: {sorted(told - read)}"


def test_every_runtime_dependency_has_a_decision_record() -> None:
    records = [path.name for path in (DOCS / "decisions").glob("[0-9]*.md")]
    assert len({name[:4] for name in records}) == len(records), "two records share a number"
    lines = (ROOT / "requirements/base.in").read_text().splitlines()
    for line in lines:
        package = re.split(r"[\[<>=~! ]", line)[0].lower()
        assert any(name[5:-3] == package for name in records), f"no docs/decisions/NNNN-{package}.md"


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target} is not there"


def test_the_version_is_the_changelogs_first_heading() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## +v?(\S+)", changelog, re.MULTILINE)
    from yika import __version__

    assert first and first[1].strip("[]") == __version__
