"""Other open ticket systems, measured on the same work: 100,000 tickets, 5,000 of them open, 2 cores."""

from dataclasses import dataclass

VERSIONS = "RT 5.0.3, django-helpdesk 2.6, Redmine 5.0.4, OTOBO 11, Roundup 2.6"


@dataclass(frozen=True)
class Peer:
    """The best of them at one thing: its name and its median. Units: as the row of the table."""

    name: str
    figure: float


BEST = {
    "creations, 1 client": Peer("django-helpdesk", 42),
    "creations, 4 clients": Peer("django-helpdesk", 82),
    "open list": Peer("Roundup", 150),
    "fault page": Peer("django-helpdesk", 54),
    "search": Peer("OTOBO", 458),
    "home, desk": Peer("Redmine", 127),
    "home, technician": Peer("Redmine", 127),
    "home, Office": Peer("Redmine", 127),
    "month's figures": Peer("RT", 127),
    "sweep, 5,000 due": Peer("django-helpdesk", 42_000),
}
