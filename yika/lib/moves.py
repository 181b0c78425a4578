"""State machines as tables: ``MOVES: {(from, verb): to}`` and nothing else decides a move."""

from collections.abc import Mapping
from typing import TypeVar

S = TypeVar("S", bound=str)
V = TypeVar("V", bound=str)


def target(moves: Mapping[tuple[S, V], S], state: S, verb: V) -> S | None:
    """Where a verb leads from a state; None if it leads nowhere."""
    return moves.get((state, verb))


def verbs_from(moves: Mapping[tuple[S, V], S], state: S) -> list[V]:
    """The verbs that lead anywhere from a state, in the order of the table."""
    return [verb for (start, verb) in moves if start == state]
