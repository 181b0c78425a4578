"""Settings come from the environment; production starts complete or not at all."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).parents[2] / "yika/config/settings.py"
GOOD = {
    "YIKA_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "card.example.edu.cn, yika.example.edu.cn",
    "YIKA_ORIGIN": "https://card.example.edu.cn/",
    "DATABASE_URL": "postgresql://yika:secret@db.example.edu.cn/yika",
    "YIKA_DATA": "/srv/yika",
}
KNOWN = (*GOOD, "YIKA_DEBUG", "YIKA_PROXIES", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_FROM")


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("YIKA_DATA", str(tmp_path / "var"))


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def complaint(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        read(monkeypatch, **environment)
    return str(caught.value)


def test_without_any_it_runs_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = read(monkeypatch)
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] >= 10
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert not found["DEBUG"]
    assert found["PROXIES"] == 0
    assert "SECURE_PROXY_SSL_HEADER" not in found
    assert "*" not in found["ALLOWED_HOSTS"]


def test_local_key_is_made_once_and_kept_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first, second = read(monkeypatch), read(monkeypatch)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert (tmp_path / "var/secret_key").stat().st_mode & 0o077 == 0


def test_production_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, **GOOD)
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["ALLOWED_HOSTS"] == ["card.example.edu.cn", "yika.example.edu.cn"]
    assert found["ORIGIN"] == "https://card.example.edu.cn"
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"] and found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert found["PROXIES"] == 1


def test_everything_missing_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIKA_DATA")
    said = complaint(monkeypatch, YIKA_ENV="production")
    for name in GOOD.keys() - {"YIKA_ENV"}:
        assert f"{name} is missing" in said


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {"YIKA_ENV"}))
def test_each_demanded_variable_alone_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert f"{name} is missing" in complaint(monkeypatch, **{**GOOD, name: "  "})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "50"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS"),
        ("YIKA_ORIGIN", "http://card.example.edu.cn", "https://"),
        ("DATABASE_URL", "sqlite:////srv/yika.sqlite3", "PostgreSQL"),
        ("DATABASE_URL", "nonsense://", "DATABASE_URL"),
        ("YIKA_PROXIES", "0", "YIKA_PROXIES"),
        ("YIKA_PROXIES", "many", "YIKA_PROXIES"),
        ("YIKA_DEBUG", "1", "YIKA_DEBUG"),
        ("YIKA_DEBUG", "yes", "YIKA_DEBUG"),
        ("EMAIL_PORT", "smtp", "EMAIL_PORT"),
        ("YIKA_ENV", "prod", "YIKA_ENV"),
    ],
)
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    assert said in complaint(monkeypatch, **{**GOOD, name: value})


def test_a_misread_environment_never_falls_back_to_local(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SECRET_KEY is missing" in complaint(monkeypatch, YIKA_ENV="Production")


def test_a_complaint_never_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {**GOOD, "DATABASE_URL": "pg://yika:hunter2@db/yika", "SECRET_KEY": "hunter2"}
    assert "hunter2" not in complaint(monkeypatch, **wrong)
