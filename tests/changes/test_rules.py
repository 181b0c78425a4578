"""A change's life by arithmetic alone."""

from datetime import date, timedelta

import pytest

from tests import cast
from yika.changes.rules import (
    EDITABLE,
    ENDED,
    MOVES,
    Kind,
    Misfit,
    Scope,
    State,
    Verb,
    inside,
    meets,
    misfits,
    overtaken,
    storable,
)
from yika.lib.moves import target, verbs_from

HOUR = timedelta(hours=1)
SCOPE = Scope(Kind.PARAMETER, frozenset({"parameters"}), frozenset({"payment-terminal"}), date(2026, 6, 30))


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_stays_so(state: State) -> None:
    assert verbs_from(MOVES, state) == []


def test_nothing_is_executed_without_consent_but_an_emergency() -> None:
    leading = {verb for (_state, verb), to in MOVES.items() if to is State.EXECUTED}
    assert leading == {Verb.EXECUTE, Verb.EXECUTE_FIRST}
    assert target(MOVES, State.ASKED, Verb.EXECUTE) is None
    assert target(MOVES, State.REFUSED, Verb.EXECUTE) is None
    assert target(MOVES, State.CONSENTED, Verb.EXECUTE) is State.EXECUTED


def test_what_the_office_looks_at_or_decided_cannot_be_worded_anew() -> None:
    assert {State.DRAFT, State.ASKED_BACK} == EDITABLE


def test_a_value_changed_by_another_is_overtaken() -> None:
    expected = {(1, "place"): 5, (1, "address"): ["10.0.0.1"], (2, "life"): "in_use"}
    assert overtaken(expected, dict(expected)) == []
    assert overtaken(expected, {**expected, (1, "address"): ["10.0.0.2"]}) == [(1, "address")]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"on": date(2026, 7, 1)}, [Misfit.ENDED]),
        ({"kind": Kind.SWAP}, [Misfit.KIND]),
        ({"fields": ["parameters.rate", "place"]}, [Misfit.FIELD]),
        ({"device_kinds": ["payment-terminal", "switch"]}, [Misfit.DEVICE_KIND]),
    ],
)
def test_a_pattern_holds_within_its_scope_alone(change: dict[str, object], wrong: list[Misfit]) -> None:
    asked = {
        "kind": Kind.PARAMETER,
        "fields": ["parameters.rate"],
        "device_kinds": ["payment-terminal"],
        "on": date(2026, 6, 30),
    }
    assert misfits(SCOPE, **{**asked, **change}) == wrong  # type: ignore[arg-type]


def test_windows_are_half_open() -> None:
    window = (cast.AT, cast.AT + HOUR)
    assert inside(window, cast.AT) and not inside(window, cast.AT + HOUR)
    behind, across = (cast.AT + HOUR, cast.AT + 2 * HOUR), (cast.AT - HOUR, cast.AT + HOUR / 2)
    assert meets(window, [behind, across]) == [1]


@pytest.mark.parametrize("text", ["口令见 C:\\u0000", "一卡通 🀄", ""])
def test_a_text_may_have_every_character_that_a_database_keeps(text: str) -> None:
    assert storable([text, {text: [text, 1, None, True]}])


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\udfff尾"])
def test_what_no_database_keeps_is_found_wherever_it_stands(text: str) -> None:
    assert not any(map(storable, (text, [1, [text]], {text: 1}, {"a": {"b": text}})))
