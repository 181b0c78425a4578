"""Every word a person reads is Chinese in the code and has its English beside it."""

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tools import messages

ROOT = Path(__file__).parents[1]
BOTH = {"500.html"}  # speaks both languages at once: nothing may be relied on when it is shown
TEMPLATES = [path for path in sorted((ROOT / "yika").rglob("templates/**/*.html")) if path.name not in BOTH]
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_message_has_its_english() -> None:
    found = messages.problems()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_say_nothing_untranslatable(path: Path) -> None:
    inside = False  # a blocktranslate, or a comment
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            if word in ("blocktranslate", "blocktrans", "comment"):
                inside = True
            elif word in ("endblocktranslate", "endblocktrans", "endcomment"):
                inside = False
        elif token.token_type == TokenType.TEXT and not inside:
            lines = token.contents.splitlines()
            bare = [line.strip() for line in lines if HAN.search(line) and 'translate="no"' not in line]
            assert not bare, f"{path.relative_to(ROOT)}: without translate: {bare}"
