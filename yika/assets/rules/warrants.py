"""What needs consent, and what a consented value is written on. Source: 4.1.4."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Warrant:
    """The change that the Office consented to: its key and the number people call it by."""

    change: int
    number: str


class Door(StrEnum):
    """Which way somebody came who wanted to write a controlled field."""

    PAGE = "page"
    IMPORT = "import"
    API = "api"
    ACTION = "action"


def controlled_as(field: str) -> str:
    """Under which name the standard controls a field: ``parameters.rate`` as parameters."""
    return "upstream" if field == "upstream_ip" else field.partition(".")[0]
