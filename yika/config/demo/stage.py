"""How the demonstration is played: every story step by step, all of them in the order of time.

A story is a generator: it acts, then yields how long it waits before it acts again, and is handed the
moment at which it goes on. Between two steps the alert sweep does what the worker would have done.
"""

import heapq
import uuid
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from yika.assets.models import Device, Place
from yika.commitments import jobs as commitments
from yika.commitments.models import Commitment
from yika.people.models import User
from yika.people.rules import Role, Skill

Story = Generator[timedelta, datetime, None]
Part = Generator[timedelta, datetime, datetime]  # a piece of a story; gives the moment it ended at


@dataclass
class Stage:
    """Who and what the stories can call on."""

    people: dict[str, User]
    devices: dict[str, Device]
    places: dict[str, Place]
    chance: Random

    def fit_for(self, device: Device | None) -> User:
        """A technician with the skill that a device needs."""
        wanted = Skill(device.kind.skill) if device else Skill.APPLICATION
        crew = [user for user in self.people.values() if user.role == Role.TECHNICIAN]
        return self.chance.choice([user for user in crew if wanted in user.skill_set])

    def key(self) -> uuid.UUID:
        """A submission's own id."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def minutes(self, least: float, most: float) -> timedelta:
        """A while between two bounds, to the second."""
        return timedelta(seconds=self.chance.randint(round(least * 60), round(most * 60)))


def minutes(number: float) -> timedelta:
    """So many minutes, to the second."""
    return timedelta(seconds=round(number * 60))


def hours(number: float) -> timedelta:
    """So many hours, to the second."""
    return timedelta(seconds=round(number * 3600))


def play(stories: Iterable[tuple[datetime, Story]], *, until: datetime) -> None:
    """Act all stories out, each from its start; what would happen after ``until`` has not happened yet."""
    numbers = count()
    waiting = [(start, next(numbers), story) for start, story in stories]
    begun: set[int] = set()
    heapq.heapify(waiting)
    before = waiting[0][0]
    while waiting and waiting[0][0] <= until:
        moment, number, story = heapq.heappop(waiting)
        _sweep(before, moment)
        before = moment
        try:
            pause = story.send(moment) if number in begun else next(story)
        except StopIteration:
            continue
        begun.add(number)
        heapq.heappush(waiting, (moment + pause, number, story))
    _sweep(before, until)


def _sweep(since: datetime, until: datetime) -> None:
    """Tell what is due to be told, each at its own moment; what a step made due in its past, right after it."""
    while True:
        due = Commitment.objects.filter(next_alert_at__lte=until).order_by("next_alert_at")
        first = due.values_list("next_alert_at", flat=True).first()
        if first is None:
            return
        since = max(first, since)
        commitments.handle_due(since)
