"""Reading loaded standards."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import F, QuerySet

from yika.calendars.queries import with_days
from yika.standards import loader
from yika.standards.comparison import changes, limit_words, range_words, step_words
from yika.standards.models import StandardVersion
from yika.standards.readings import Reading, homeless, of_clause
from yika.standards.rules import Clause, Heading, Readings, Standard
from yika.standards.rules import in_order as keys_in_order

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
class LevelRow:
    """A level as a page shows it, in one language."""

    key: str
    name: str
    clause: str
    terminals: str
    cardholders: str
    causes: tuple[str, ...]
    limit_clause: str
    response: str
    repair: str


@dataclass(frozen=True)
class RungRow:
    """A rung of the ladder as a page shows it."""

    percent: int
    told: str


@dataclass(frozen=True)
class ClauseRow:
    """A clause as a page shows it: its words, the readings under it, and what it sets."""

    key: str
    title: str
    text: str
    original: str
    readings: tuple[ReadingRow, ...]
    level: LevelRow | None
    limits: LevelRow | None
    factory: str


@dataclass(frozen=True)
class Section:
    """A chapter or section with the clauses directly under it. ``depth`` counts from 1.

    ``continued``: its heading already stood, before that of a section inside it.
    """

    key: str
    title: str
    depth: int
    clauses: tuple[ClauseRow, ...]
    readings: tuple[ReadingRow, ...]
    continued: bool = False


def sections(standard: Standard, lang: str) -> list[Section]:
    """The whole standard in the order of its keys; a clause stands under the heading last before it."""
    places = keys_in_order(standard)
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
    told: list[Section] = []
    for key, title, depth, rows in found:
        continued = any(one.key == key for one in told)
        readings = () if continued else _readings(of_clause(key), standard, lang)
        told.append(Section(key, title, depth, tuple(rows), readings, continued))
    rest = homeless([place.key for place in places])
    if rest:
        other = "Other readings" if english else "其他解释"
        told.append(Section("", other, 1, (), _readings(rest, standard, lang)))
    return told


def clause_lines(standard: Standard, lang: str) -> list[tuple[str, str, str, str]]:
    """Key, title, original words and readings of every clause, in the order of the standard."""
    return [
        (
            clause.key,
            clause.title,
            clause.original or clause.text,
            "；".join(f"{reading.meaning}：{reading.value}" for reading in clause.readings),
        )
        for section in sections(standard, lang)
        for clause in section.clauses
    ]


def _readings(readings: Iterable[Reading], standard: Standard, lang: str) -> tuple[ReadingRow, ...]:
    return tuple(reading_row(reading, standard, lang) for reading in readings)


def _under(key: str, heading: str) -> bool:
    return key.startswith(f"{heading}.")


def _clause(standard: Standard, clause: Clause, lang: str) -> ClauseRow:
    english = lang.startswith("en")
    levels = level_rows(standard, lang)
    return ClauseRow(
        key=clause.key,
        title=clause.title_en if english else clause.title,
        text=clause.text_en if english else clause.text,
        original=clause.text if english else "",
        readings=_readings(of_clause(clause.key), standard, lang),
        level=next((level for level in levels if level.clause == clause.key), None),
        limits=next((level for level in levels if level.limit_clause == clause.key), None),
        factory=limit_words(standard.factory).told(lang) if standard.factory.clause == clause.key else "",
    )


def level_rows(standard: Standard, lang: str) -> tuple[LevelRow, ...]:
    """The levels with their ranges and limits, from light to grave."""
    english = lang.startswith("en")
    return tuple(
        LevelRow(
            key=level.key,
            name=level.name_en if english else level.name,
            clause=level.clause,
            terminals=range_words(level.terminals),
            cardholders=range_words(level.cardholders),
            causes=tuple(_cause_name(standard, key, english=english) for key in level.causes),
            limit_clause=next((limit.clause for limit in (level.response, level.repair) if limit), ""),
            response=limit_words(level.response).told(lang),
            repair=limit_words(level.repair).told(lang),
        )
        for level in standard.levels
    )


def _cause_name(standard: Standard, key: str, *, english: bool) -> str:
    cause = standard.cause(key)
    return cause.name_en if english else cause.name


def rung_rows(standard: Standard, lang: str) -> tuple[RungRow, ...]:
    """Who is told when."""
    return tuple(RungRow(round(step.fraction * 100), step_words(step).told(lang)) for step in standard.ladder)


def change_rows(old: Standard, new: Standard, lang: str) -> list[tuple[str, str, str, str]]:
    """Clause, subject, before and after of each difference, in one language."""
    return [
        (one.clause, one.what.told(lang), one.before.told(lang), one.after.told(lang))
        for one in changes(old, new)
    ]


def reading_row(reading: Reading, standard: Standard, lang: str) -> ReadingRow:
    """A reading with its value; ``usual`` when it is the format's default."""
    return ReadingRow(
        reading.key,
        reading.meaning.told(lang),
        reading.told(standard.readings, lang),
        reading.value(standard.readings) == reading.value(Readings()),
    )


def window_rows(standard: Standard) -> list[tuple[int, str]]:
    """The windows of the service calendar by weekday (0 Monday); none for natural time."""
    return [
        (
            day,
            " ".join(
                f"{opens:%H:%M}–{closes:%H:%M}".replace("–00:00", "–24:00") for opens, closes in windows
            ),
        )
        for day, windows in sorted(standard.calendar.windows.items())
    ]
