"""What every test shares. Which database they run on is decided in ``tests/databases.py``."""

import functools
import importlib
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation

from tests import databases
from yika.journal import guards
from yika.network import queries as network
from yika.people.models import User

_announced = importlib.import_module("yika.calendars.migrations.0002_announced")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_folders = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Settings that only make tests faster, never different."""
    if not databases.on_postgres() and "not journey" not in config.option.markexpr:
        # The server that a browser asks answers in threads of its own; they cannot share one in memory.
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA / "tests.sqlite3")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # no scan of the static files for every Client


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say why what cannot run here does not."""
    no_postgres = pytest.mark.skip(reason="needs PostgreSQL: run with --pg (make test-postgres)")
    no_browser = pytest.mark.skip(
        reason="NO BROWSER: the journeys were NOT run (apt install chromium fonts-noto-cjk)"
    )
    for item in items:
        if "postgres" in item.keywords and not databases.on_postgres():
            item.add_marker(no_postgres)
        if "journey" in item.keywords and not CHROMIUM:
            item.add_marker(no_browser)


def _empty_as_migrated(
    empty: Callable[[TransactionTestCase], None],
) -> Callable[[TransactionTestCase], None]:
    @functools.wraps(empty)
    def emptied(case: TransactionTestCase) -> None:
        guards.remove(connection)
        try:
            empty(case)
        finally:
            guards.install(connection)
        _announced.seed(apps, None)

    return emptied


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what the counts are of, and shout when the browser was left out."""
    journeys = config.option.markexpr == "journey"
    database = "PostgreSQL" if databases.on_postgres() else "SQLite"
    terminalreporter.write_line("tests in the browser:" if journeys else f"tests on {database}:")
    if journeys and not CHROMIUM:
        terminalreporter.write_line("NO BROWSER: THE JOURNEYS WERE NOT RUN", red=True, bold=True)


# A test that commits is followed by a flush. The journal's own triggers would rightly refuse it, and it takes
# the days that the migrations put there: the next test finds the database as migrated, whatever ran before.
TransactionTestCase._fixture_teardown = _empty_as_migrated(  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
)


@pytest.fixture
def client_as() -> Callable[[User | None], Client]:
    """A browser in which somebody is signed in; None: nobody."""

    def open_browser(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return open_browser


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """A page asked for in English leaves no English behind for the next test."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _unknown_graph() -> Iterator[None]:
    """No test knows the network of another."""
    network.forget()
    yield
    network.forget()


@pytest.fixture(autouse=True)
def files_root(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stored files go into a folder of the test's own, made when first used."""
    root = tmp_path_factory.getbasetemp() / "files" / str(next(_folders))
    monkeypatch.setattr(settings, "FILES_ROOT", root)
    return root
