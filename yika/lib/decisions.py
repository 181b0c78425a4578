"""May somebody do something? Policies answer with a decision; actions insist on it.

Refusals on the way of an action are exceptions, each with one HTTP answer:
``NotAllowed`` 403, ``WrongState`` 409, ``BadInput`` 422.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Allowed:
    """Yes. True in a condition."""

    reason: str = ""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """No, and why, in words for the person who asked. False in a condition."""

    reason: str

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Refused
ALLOWED = Allowed()


class Refusal(Exception):
    """Base of every refusal that a person is told about.

    ``proposal`` is what would have to be asked for so that it becomes possible; empty where nothing would.
    """

    proposal: str = ""

    def __init__(self, *problems: str) -> None:
        super().__init__("；".join(str(problem) for problem in problems))
        self.problems: tuple[str, ...] = tuple(str(problem) for problem in problems)


class NotAllowed(Refusal):
    """The person may not do this: 403."""


class WrongState(Refusal):
    """The thing is not, or no longer, in a state where this can be done: 409."""


class BadInput(Refusal):
    """What was entered cannot be used: 422. ``field`` names the form field, if it is one's fault."""

    def __init__(self, *problems: str, field: str | None = None) -> None:
        super().__init__(*problems)
        self.field = field


def require(decision: Decision) -> None:
    """Raises: NotAllowed with the reason of a refusal."""
    if isinstance(decision, Refused):
        raise NotAllowed(decision.reason)


def insist(problems: Sequence[str]) -> None:
    """Raises: WrongState with every problem of a guard, if there is any."""
    if problems:
        raise WrongState(*problems)
