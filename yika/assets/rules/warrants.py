"""What a consented value is written on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Warrant:
    """The change that the Office consented to: its key and the number people call it by."""

    change: int
    number: str
