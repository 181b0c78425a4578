"""Versions of the diagrams, and what changed between two moments."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from yika.lib.clock import campus, campus_date, day_start
from yika.network.models import Link, LinkRows, Need, Snapshot

FRIDAY = 4
KEPT_AT = timedelta(hours=18)
"""When a Friday's version is due, campus time."""


@dataclass(frozen=True)
class Standing:
    """What hung on what at a moment, counted and as a fingerprint."""

    devices: int
    links: int
    sha256: str


def standing(at: datetime) -> Standing:
    """The links and needs of a moment, read from their times. Keys, so that a new number is no change."""
    links = list(
        Link.objects.at(at)
        .order_by("lower_id", "upper_id", "role", "pk")
        .values_list("lower_id", "upper_id", "role", "medium", "lower_port_id", "upper_port_id")
    )
    needs = Need.objects.at(at).order_by("device_id", "role").values_list("device_id", "role", "least")
    text = repr((links, list(needs)))
    devices = {key for link in links for key in link[:2]}
    return Standing(len(devices), len(links), hashlib.sha256(text.encode()).hexdigest())


def last_friday(at: datetime) -> datetime:
    """The latest Friday 18:00 on campus that is not later than a moment."""
    day = campus_date(at)
    friday = day - timedelta(days=(campus(at).weekday() - FRIDAY) % 7)
    due = day_start(friday) + KEPT_AT
    return due if due <= at else day_start(friday - timedelta(days=7)) + KEPT_AT


def friday_version(at: datetime) -> Snapshot | None:
    """The first version kept on or after the latest Friday 18:00."""
    return Snapshot.objects.filter(at__gte=last_friday(at), at__lte=at).order_by("at").first()


@dataclass(frozen=True)
class Changes:
    """What is there at the second moment and was not at the first, and the other way round."""

    added: LinkRows
    removed: LinkRows


def changes(links: LinkRows, since: datetime, until: datetime) -> Changes:
    """Links made and ended between two moments; one that was both leaves no trace."""
    return Changes(
        links.at(until).filter(from_at__gt=since).named(),
        links.at(since).filter(until_at__lte=until).named(),
    )
