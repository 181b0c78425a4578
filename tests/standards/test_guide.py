"""The guide documents the whole format, and its examples hold."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from yika.standards.loader import builtin_text, schema
from yika.standards.readings import ONE_WAY, READINGS
from yika.standards.rules import Readings

GUIDE = (Path(__file__).parents[2] / "docs/guide/standard.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)


def keys(part: Any) -> Iterator[str]:
    """Every key that the schema knows, at any depth."""
    if isinstance(part, dict):
        properties = part.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for inner in part.values():
            yield from keys(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from keys(inner)


def choices(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (one for one in part.get("enum", []) if isinstance(one, str))
        for inner in part.values():
            yield from choices(inner)


@pytest.mark.parametrize("key", sorted(set(keys(schema()))))
def test_every_key_is_documented(key: str) -> None:
    assert re.search(rf"(?<![a-z_]){key}(?![a-z_])", GUIDE), (
        f"docs/guide/standard.md says nothing about {key}"
    )


@pytest.mark.parametrize("choice", sorted(set(choices(schema()))))
def test_every_choice_is_documented(choice: str) -> None:
    assert re.search(rf"(?<![a-z_]){choice}(?![a-z_])", GUIDE)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_every_example_is_toml_of_known_keys() -> None:
    assert len(EXAMPLES) > 5
    for example in EXAMPLES:
        data = tomllib.loads(example)
        assert data.keys() <= schema()["properties"].keys()


def test_every_reading_is_in_the_list_the_schema_and_the_builtin_standard() -> None:
    listed = {reading.attribute for reading in READINGS}
    assert listed == {field.name for field in fields(Readings)}
    told = {reading.key for reading in READINGS}
    assert told == schema()["properties"]["readings"]["properties"].keys()
    assert told == tomllib.loads(builtin_text())["readings"].keys(), "the built-in standard settles all"


def test_the_guide_gives_the_default_of_every_reading() -> None:
    settled = tomllib.loads(builtin_text())["readings"]
    for reading in READINGS:
        row = re.search(rf"^\| `{reading.key}` \| ([\d. ]+) \| `([^`]+)` \|", GUIDE, re.MULTILINE)
        assert row, reading.key
        assert tuple(row[1].split()) == reading.clauses
        assert tomllib.loads(f"v = {row[2]}")["v"] == settled[reading.key]


def test_the_guide_names_the_readings_that_have_one_way() -> None:
    told = re.search(r"one way only so far \(([^)]+)\)", GUIDE)
    assert told
    assert set(re.findall(r"`(\w+)`", told[1])) == ONE_WAY
