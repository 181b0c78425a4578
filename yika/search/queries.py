"""What a text finds, kind by kind, as far as the person may see it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yika.assets import queries as assets
from yika.assets.policies import visible_devices, visible_places
from yika.changes.queries import found as changes_found
from yika.changes.rules import Kind as ChangeKind
from yika.changes.rules import State as ChangeState
from yika.changes.words import KINDS as CHANGE_KINDS
from yika.changes.words import STATES as CHANGE_STATES
from yika.faults.policies import visible as visible_faults
from yika.faults.queries.finding import found as faults_found
from yika.faults.queries.finding import numbered
from yika.lib.grams import named, sought, words
from yika.lib.text import moment
from yika.people.models import User
from yika.people.policies import may
from yika.people.queries import found as people_found
from yika.people.rules import Right
from yika.returns.queries import found as returns_found
from yika.returns.rules import State as ReturnState
from yika.returns.words import STATES as RETURN_STATES
from yika.standards.models import StandardVersion
from yika.standards.policies import visible as visible_versions
from yika.standards.queries import in_force, standard_of

SHOWN = 6
LONGEST = 100


@dataclass(frozen=True)
class Hit:
    """One thing found: how it is called, what tells it from others, and where it stands."""

    url: str
    name: str
    about: str = ""
    tag: str = ""
    severity: str = ""
    level: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind. ``more``: the list with all of them; empty when these are all."""

    kind: str
    name: str
    hits: list[Hit]
    more: str = ""


def enough(text: str) -> bool:
    """Whether a text says enough to look for: two characters in a row, or a fault's number."""
    return any(len(word) > 1 or numbered(word) is not None for word in sought(text))


def results(user: User, text: str) -> list[Group]:
    """The few best things of each kind for a text, kinds with nothing left out."""
    if not enough(text):
        return []
    finders: list[Callable[[User, str], Group]] = [
        _faults,
        _changes,
        _returns,
        _devices,
        _places,
        _people,
        _clauses,
    ]
    if _is_clause(user, text):
        finders.sort(key=lambda finder: finder is not _clauses)
    return [group for finder in finders if (group := finder(user, text)).hits]


def _group(kind: str, name: str, hits: list[Hit], list_url: str = "") -> Group:
    more = list_url if len(hits) > SHOWN else ""
    return Group(kind, name, hits[:SHOWN], more)


def _faults(user: User, text: str) -> Group:
    hits: list[Hit] = []
    if may(user, Right.SEE_FAULTS):
        rows = visible_faults(user).select_related("place", "device__kind", "standard")
        hits = [
            Hit(
                reverse("faults:page", args=[row.pk]),
                f"{row.number} {row.what}",
                " · ".join(part for part in (row.spot, row.description) if part),
                row.state_word,
                row.severity,
                row.severity_word,
            )
            for row in faults_found(rows, text, SHOWN + 1)
        ]
    return _group(
        "faults", pgettext("found", "故障"), hits, reverse("faults:list", query={"q": text, "state": "all"})
    )


def _changes(user: User, text: str) -> Group:
    hits = [
        Hit(
            reverse("changes:page", args=[row.pk]),
            f"{row.number} {row.title}",
            f"{CHANGE_KINDS[ChangeKind(row.kind)]} · {moment(row.from_at)}",
            str(CHANGE_STATES[ChangeState(row.state)]),
        )
        for row in changes_found(user, text)[: SHOWN + 1]
    ]
    return _group(
        "changes",
        pgettext("found", "变更"),
        hits,
        reverse("changes:list", query={"q": text, "state": "all"}),
    )


def _returns(user: User, text: str) -> Group:
    hits = [
        Hit(
            reverse("returns:page", args=[row.pk]),
            f"{row.number} {row.device.number}",
            " · ".join([row.device.kind.label, *map(str, row.trips.all())]),
            str(RETURN_STATES[ReturnState(row.state)]),
        )
        for row in returns_found(user, text)[: SHOWN + 1]
    ]
    return _group(
        "returns",
        pgettext("found", "返厂"),
        hits,
        reverse("returns:list", query={"q": text, "state": "all"}),
    )


def _devices(user: User, text: str) -> Group:
    hits = [
        Hit(
            reverse("assets:device", args=[row.pk]),
            f"{row.number} {row.kind.label}",
            row.place.full_name,
            "" if row.in_use else row.life_word,
        )
        for row in assets.nearest_devices(text, visible_devices(user), SHOWN + 1)
    ]
    return _group(
        "devices",
        pgettext("found", "设备"),
        hits,
        reverse("assets:devices", query={"q": text, "used": "all"}),
    )


def _places(user: User, text: str) -> Group:
    hits = [
        Hit(reverse("assets:place", args=[row.pk]), row.name, row.full_name)
        for row in assets.nearest_places(text, visible_places(user), SHOWN + 1)
    ]
    return _group("places", pgettext("found", "地点"), hits, reverse("assets:places", query={"q": text}))


def _people(user: User, text: str) -> Group:
    hits: list[Hit] = []
    if may(user, Right.SEE_PEOPLE):
        hits = [
            Hit(
                reverse("people:person", args=[row.pk]),
                row.name,
                f"{row.role_name} · {row.organisation}",
                "" if row.is_active else _("已停用"),
            )
            for row in people_found(user, text)[:SHOWN]
        ]
    return _group("people", pgettext("found", "人员"), hits)


def _is_clause(user: User, text: str) -> bool:
    version = in_force(visible_versions(user))
    return version is not None and any(
        _distance(clause.key, text) < _FAR for clause in standard_of(version).clauses
    )


_FAR = 2


def _distance(key: str, text: str) -> int:
    """How near a clause is to a typed number: that clause, one below it, any other."""
    typed = text.strip()
    return 0 if key == typed else 1 if typed and key.startswith(f"{typed}.") else _FAR


def _clauses(user: User, text: str) -> Group:
    version, terms = in_force(visible_versions(user)), sought(text)
    hits: list[Hit] = []
    if version is not None:
        english = get_language() == "en"
        page = reverse("standards:show")
        known = _clause_words(version)
        hits = [
            Hit(
                f"{page}#c-{clause.key}",
                f"{clause.key} {clause.title_en if english else clause.title}",
                clause.text_en if english else clause.text,
            )
            for clause in sorted(standard_of(version).clauses, key=lambda clause: _distance(clause.key, text))
            if all(any(term in word for word in known.get(clause.key, ())) for term in terms)
        ]
    return _group("clauses", pgettext("found", "条款"), hits, reverse("standards:show"))


_known: dict[str, dict[str, tuple[str, ...]]] = {}  # by fingerprint: a text never changes


def _clause_words(version: StandardVersion) -> dict[str, tuple[str, ...]]:
    """What each clause of a version is found by, read once in this process."""
    known = _known.get(version.sha256)
    if known is None:
        known = _known[version.sha256] = {
            clause.key: (
                *named([clause.title]),
                *words(" ".join((clause.key, clause.title_en, clause.text, clause.text_en))),
            )
            for clause in standard_of(version).clauses
        }
    return known
