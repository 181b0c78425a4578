"""The words of a fault's life: the same in code, glossary and mechanism page."""

import re
from pathlib import Path

from django.utils import translation

from yika.faults.policies import DECIDES, RIGHTS
from yika.faults.rules import MOVES, RulingKind, State, Verb
from yika.faults.words import RULINGS, STATES, VERBS
from yika.people.models import ROLE_NAMES
from yika.people.rules import Right

DOCS = Path(__file__).parents[2] / "docs"


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without the markup of code."""
    text = (DOCS / page).read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert lines, f"{page}: no table under {heading}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]]


def codes(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_the_table_of_moves_is_the_rule() -> None:
    told = {
        (State(origin), Verb(verb)): State(to)
        for verb_cell, _word, from_cell, to_cell, _right in rows("mechanisms/faults.md", "Moves")
        for verb in codes(verb_cell)
        for origin in codes(from_cell)
        for to in codes(to_cell)
    }
    assert told == MOVES


def test_the_table_of_moves_names_words_and_rights() -> None:
    for verb_cell, word, _from, _to, right in rows("mechanisms/faults.md", "Moves"):
        verb = Verb(codes(verb_cell)[0])
        assert word == str(VERBS[verb])
        assert codes(right) == [RIGHTS.get(verb, Right.WORK)]


def test_the_table_of_rulings_is_complete() -> None:
    told = {
        RulingKind(codes(kind)[0]): (word, codes(right)[0])
        for kind, word, _asked, right, _means in rows("mechanisms/faults.md", "Rulings")
    }
    assert told == {kind: (str(RULINGS[kind]), DECIDES[kind].value) for kind in RulingKind}


def test_the_glossary_has_every_state_verb_ruling_and_role() -> None:
    for heading, words in (
        ("States of a fault", STATES),
        ("Verbs of a fault", VERBS),
        ("What the Office rules on", RULINGS),
        ("Roles", ROLE_NAMES),
    ):
        told = {code: row[0] for row in rows("glossary.md", heading) for code in codes(row[1])}
        assert told == {one.value: str(word) for one, word in words.items()}, heading


def test_no_two_states_and_no_two_verbs_share_a_word() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for table in (STATES, VERBS, RULINGS):
                words = [str(word) for word in table.values()]
                assert len(set(words)) == len(words), language
