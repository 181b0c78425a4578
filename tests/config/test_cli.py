"""The command line: help at once, Django only where it is needed, refusals in plain words."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings

from tests import cast
from yika import __version__
from yika.assets.models import DeviceKind
from yika.config import demo
from yika.config.cli import main
from yika.journal.models import Event
from yika.people.models import User

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def imported_by(*arguments: str) -> str:
    """The names of the modules that a command imports."""
    program = (
        "import sys; from yika.config.cli import main\n"
        f"try: main({list(arguments)!r})\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_help_names_every_command_and_imports_none() -> None:
    said = imported_by("--help")
    for name in ("run", "serve", "worker", "migrate", "standard", "replay", "journal", "user", "import"):
        assert f"\n  {name} " in said
    assert "\ndjango.conf\n" not in said


def test_reading_a_standard_needs_neither_settings_nor_database() -> None:
    said = imported_by("standard", "show")
    assert "\ndjango.db.models\n" not in said
    assert "\nyika.config.settings\n" not in said


def test_a_database_that_was_never_set_up_is_answered_in_words(tmp_path: Path) -> None:
    """Whatever asks the database says what to do, and no traceback."""
    history = tmp_path / "past.csv"
    history.write_text("ref,reported_at,arrived_at,repaired_at,terminals,cardholders,cause\n")
    program = "import sys; from yika.config.cli import main; main(sys.argv[1:])"
    for arguments in (
        ("import", "faults", str(history), "--contract", "HT-1"),
        ("import", "undo", "1"),
        ("journal", "verify"),
        ("search", "rebuild"),
        ("user", "reset", "wang"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            env=ENVIRONMENT | {"YIKA_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, arguments
        assert "yika migrate" in done.stderr and "Traceback" not in done.stderr, arguments


def test_version() -> None:
    assert __version__ in CliRunner().invoke(main, ["--version"]).output


def test_a_misspelt_command_is_refused() -> None:
    result = CliRunner().invoke(main, ["standrad"])
    assert result.exit_code == 2
    assert "standrad" in result.output


def test_incomplete_production_ends_with_a_list_and_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "yika", "migrate"],
        cwd=ROOT,
        env={**ENVIRONMENT, "YIKA_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr and "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_a_new_database_knows_the_kinds_of_device_every_campus_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", False)
    for _time in range(2):
        assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    assert DeviceKind.objects.filter(name="消费机", is_terminal=True).count() == 1
    assert Event.objects.filter(verb="assets.seed_kinds").count() == 1


@pytest.mark.django_db
def test_demonstration_only_goes_into_an_empty_database() -> None:
    cast.office()
    result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize("command", ["run", "demo"])
def test_trying_out_is_refused_in_production(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    result = CliRunner().invoke(main, [command])
    assert result.exit_code == 1
    assert "production" in result.output


def test_run_serves_tells_the_sign_ins_keeps_the_data_and_stops(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-u", "-m", "yika", "run", "--port", str(port)]
    for start in ("first", "second"):
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**ENVIRONMENT, "YIKA_DATA": str(tmp_path / "data")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as server:
            try:
                assert server.stdout
                said = ""
                while "Ctrl-C" not in said and (line := server.stdout.readline()):
                    said += line
                assert f"http://127.0.0.1:{port}/" in said, said
                assert demo.ACCOUNTS[0].username in said
                assert ("Loading" in said) == (start == "first")
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=20) as page:
                    assert page.status == 200
            finally:
                server.send_signal(signal.SIGTERM)
                rest = server.stdout.read() if server.stdout else ""
        assert server.returncode == 0, rest
        assert "Traceback" not in rest


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        result = CliRunner().invoke(main, ["run", "--port", str(holder.getsockname()[1])])
    assert result.exit_code == 1
    assert "make run PORT=" in result.output
