"""Reading loaded standards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import F, QuerySet

from yika.calendars.queries import with_days
from yika.standards import loader
from yika.standards.models import StandardVersion
from yika.standards.readings import Reading, of_clause
from yika.standards.rules import Clause, Heading, Level, Limit, Readings, Standard

_parsed: dict[str, Standard] = {}  # by fingerprint: a text never changes


def standard_of(version: StandardVersion) -> Standard:
    """The standard of a version, read once in this process; its calendar has the days table's days.

    Costs a query only for a standard with a service calendar.
    """
    standard = _parsed.get(version.sha256)
    if standard is None:
        standard = _parsed[version.sha256] = loader.read(version.source, str(version))
    if standard.calendar.natural:
        return standard
    return replace(standard, calendar=with_days(standard.calendar))


def in_order(versions: QuerySet[StandardVersion]) -> QuerySet[StandardVersion]:
    """Versions, the one last adopted first, then the one last loaded."""
    return versions.order_by(F("adopted_at").desc(nulls_last=True), "-loaded_at", "-id")


def in_force(versions: QuerySet[StandardVersion]) -> StandardVersion | None:
    """The version last adopted by a contract; else the one last loaded."""
    return in_order(versions).first()


@dataclass(frozen=True)
class ReadingRow:
    """A reading as a page shows it."""

    key: str
    meaning: str
    value: str
    usual: bool


@dataclass(frozen=True)
class ClauseRow:
    """A clause as a page shows it: its words, the readings under it, and what it sets."""

    key: str
    title: str
    text: str
    original: str
    readings: tuple[ReadingRow, ...]
    level: Level | None
    limits: Level | None
    factory: Limit | None


@dataclass(frozen=True)
class Section:
    """A chapter or section with the clauses directly under it. ``depth`` counts from 1."""

    key: str
    title: str
    depth: int
    clauses: tuple[ClauseRow, ...]


def sections(standard: Standard, lang: str) -> list[Section]:
    """The whole standard in the order of its keys; a clause stands under the heading last before it."""
    places: Sequence[Clause | Heading] = sorted(
        [*standard.headings, *standard.clauses],
        key=lambda place: [int(part) for part in place.key.split(".")],
    )
    english = lang.startswith("en")
    found: list[tuple[str, str, int, list[ClauseRow]]] = []
    for place in places:
        title = place.title_en if english else place.title
        if isinstance(place, Heading):
            found.append((place.key, title, place.key.count(".") + 1, []))
            continue
        if not found or not _under(place.key, found[-1][0]):
            above = place.key.rpartition(".")[0]
            again = next((one for one in found if one[0] == above), None)
            found.append((above, again[1] if again else "", above.count(".") + 1, []))
        found[-1][3].append(_clause(standard, place, lang))
    return [Section(key, title, depth, tuple(rows)) for key, title, depth, rows in found]


def _under(key: str, heading: str) -> bool:
    return key.startswith(f"{heading}.")


def _clause(standard: Standard, clause: Clause, lang: str) -> ClauseRow:
    english = lang.startswith("en")
    return ClauseRow(
        key=clause.key,
        title=clause.title_en if english else clause.title,
        text=clause.text_en if english else clause.text,
        original=clause.text if english else "",
        readings=tuple(reading_row(reading, standard, lang) for reading in of_clause(clause.key)),
        level=next((level for level in standard.levels if level.clause == clause.key), None),
        limits=next((level for level in standard.levels if _limits_under(level, clause.key)), None),
        factory=standard.factory if standard.factory.clause == clause.key else None,
    )


def _limits_under(level: Level, key: str) -> bool:
    return any(limit is not None and limit.clause == key for limit in (level.response, level.repair))


def reading_row(reading: Reading, standard: Standard, lang: str) -> ReadingRow:
    """A reading with its value; ``usual`` when it is the format's default."""
    return ReadingRow(
        reading.key,
        reading.meaning.told(lang),
        reading.told(standard.readings, lang),
        reading.value(standard.readings) == reading.value(Readings()),
    )
