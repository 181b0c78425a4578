"""URL × role: every URL of the site, asked by every role, answers what its app promises.

The promises stand in ``tests/<app>/permissions.py``; the format is in ``tests/matrix.py``.
"""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import cast
from tests.matrix import ROLES, At, Row
from yika.lib import clock
from yika.people.models import User
from yika.people.rules import Role

HERE = Path(__file__).parent


def url_names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The full name of every URL; a URL without a name is given by its pattern."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from url_names(entry.url_patterns, space)
        else:
            yield prefix + (entry.name or f"(no name: {entry.pattern})")


def promised() -> dict[str, tuple[Row, ...]]:
    """All matrices in one, each URL stated once."""
    rows: dict[str, tuple[Row, ...]] = {}
    for path in sorted(HERE.glob("*/permissions.py")):
        matrix: dict[str, Row | tuple[Row, ...]] = importlib.import_module(
            f"tests.{path.parent.name}.permissions"
        ).MATRIX
        for name, stated in matrix.items():
            assert name not in rows, f"{name} is stated twice"
            rows[name] = stated if isinstance(stated, tuple) else (stated,)
    return rows


PROMISED = promised()
CASES = [
    pytest.param(name, row, role, id=f"{name}-{row.method}-{number}-{role}")
    for name, rows in PROMISED.items()
    for number, row in enumerate(rows)
    for role in ROLES
]


def ask(client: Client, name: str, method: str, to: At) -> HttpResponseBase:
    """Send one request as a browser would."""
    url = reverse(name, kwargs=dict(to.kwargs), query=dict(to.query))
    call = client.post if method == "POST" else client.get
    return call(url, dict(to.data), headers=dict(to.headers))


def test_every_url_is_in_the_matrix_and_nothing_else() -> None:
    existing = list(url_names(get_resolver().url_patterns))
    unstated = sorted(set(existing) - PROMISED.keys())
    gone = sorted(PROMISED.keys() - set(existing))
    assert not unstated, f"URLs whose roles nobody stated in tests/<app>/permissions.py: {unstated}"
    assert not gone, f"stated, but no such URL: {gone}"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row", "role"), CASES)
def test_role_gets_what_is_promised(
    name: str, row: Row, role: str, client_as: Callable[[User | None], Client]
) -> None:
    with clock.frozen(row.at):
        who = None if role == "anonymous" else cast.person(Role(role))
        to = row.build(who)
        response = ask(client_as(who), name, row.method, to)
    assert response.status_code == row.expected[role], f"{name} as {role}: {response.status_code}"
    sent_to_sign_in = response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))
    if who is not None:
        assert not (response.status_code == 302 and sent_to_sign_in), f"{name} as {role}: sent to sign in"


@pytest.mark.django_db
@pytest.mark.parametrize("name", PROMISED)
def test_only_the_stated_methods_are_answered(name: str, client_as: Callable[[User | None], Client]) -> None:
    """A verb cannot be set off by a link, and a page takes no form it does not expect."""
    rows = PROMISED[name]
    for method in {"GET", "POST"} - {row.method for row in rows}:
        row = rows[0]
        with clock.frozen(row.at):
            who = cast.office()
            to = At(**row.build(who).kwargs)
            response = ask(client_as(who), name, method, to)
        assert response.status_code == 405, f"{method} {name}: {response.status_code}"
