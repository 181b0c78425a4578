"""An invented campus and years of faults on it, the same for the same seed and moment. Pure: no Django."""

from collections.abc import Iterator
from random import Random

from yika.faults.lives import Life
from yika.faults.simulating.campus import machines, table
from yika.faults.simulating.seasons import days_of, moments
from yika.faults.simulating.stories import Scene, Teller, Terminal
from yika.faults.simulating.wiring import Machine, daily_users, tables

__all__ = [
    "Life",
    "Machine",
    "Scene",
    "Terminal",
    "daily_users",
    "faults_for",
    "lives",
    "machines",
    "table",
    "tables",
]

RATE = 0.25  # faults of a device in a month, with some machines much worse than others


def faults_for(devices: int, months: int) -> int:
    """How many faults so many devices have in so many months."""
    return max(round(devices * months * RATE), 1)


def lives(scene: Scene, *, months: int, faults: int, due: int, seed: int) -> Iterator[Life]:
    """Faults in the order of their reports, up to now; then ``due`` open ones nobody has been warned of.

    What has not happened by ``scene.at`` is left out, so that the latest faults are open.
    """
    chance = Random(seed)  # noqa: S311 - not for secrets: the same years every time
    teller = Teller(scene, chance)
    for at in moments(days_of(scene.at, months), faults, chance, scene.at):
        yield teller.life(at)
    for _number in range(due):
        yield teller.overdue()
