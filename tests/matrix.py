"""How an app states who may do what at each of its URLs; ``tests/test_permissions.py`` holds them to it.

``tests/<app>/permissions.py`` carries ``MATRIX``, keyed by the URL's full name::

    from tests.matrix import At, get, post

    def a_fault(who): return At(pk=builders.fault().pk)
    def dispatch(who): return At(pk=builders.fault().pk, data={"to": cast.technician().pk})

    MATRIX = {
        "faults:list": get(everyone=200),                       # anonymous: sent to the sign-in page
        "faults:page": get(a_fault, everyone=200, technician=404),
        "faults:dispatch": post(dispatch, everyone=403, dispatcher=302, manager=302, technician=404),
        "faults:report": (get(a_place, public=200), post(a_report, public=302)),
    }
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests import cast
from yika.people.models import User
from yika.people.rules import Role

ROLES: tuple[str, ...] = ("anonymous", *(role.value for role in Role))
NOON = cast.AT + timedelta(minutes=30)


@dataclass(frozen=True, init=False)
class At:
    """Where a request goes: the URL's arguments, and what is sent along."""

    kwargs: Mapping[str, Any]
    data: Mapping[str, Any]
    query: Mapping[str, Any]
    headers: Mapping[str, str]

    def __init__(
        self,
        *,
        data: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        object.__setattr__(self, "kwargs", kwargs)
        object.__setattr__(self, "data", data or {})
        object.__setattr__(self, "query", query or {})
        object.__setattr__(self, "headers", headers or {})


Build = Callable[[User | None], At]


def _nowhere_special(who: User | None) -> At:
    return At()


@dataclass(frozen=True)
class Row:
    """One request, and the status each role gets. ``build`` is given who asks (None: anonymous)."""

    method: str
    build: Build
    expected: Mapping[str, int]
    at: datetime = field(default=NOON)


def _row(method: str, build: Build | None, at: datetime, statuses: dict[str, int]) -> Row:
    """Spread ``public`` (all) and ``everyone`` (all who are signed in) over the roles."""
    unknown = statuses.keys() - {*ROLES, "public", "everyone"}
    assert not unknown, f"no such role: {sorted(unknown)}"
    public = statuses.get("public")
    expected = {role: statuses.get(role, statuses.get("everyone", public)) for role in ROLES}
    expected["anonymous"] = statuses.get("anonymous", public or 302)
    missing = sorted(role for role, status in expected.items() if status is None)
    assert not missing, f"no status for {missing}: name them, or everyone=, or public="
    return Row(
        method, build or _nowhere_special, {role: int(status or 0) for role, status in expected.items()}, at
    )


def get(build: Build | None = None, /, **statuses: int) -> Row:
    """A page that is read."""
    return _row("GET", build, NOON, statuses)


def post(build: Build | None = None, /, **statuses: int) -> Row:
    """A form that is sent."""
    return _row("POST", build, NOON, statuses)


def when(moment: datetime, row: Row) -> Row:
    """The same row with the clock standing at another moment, for ``build`` too."""
    return replace(row, at=moment)
