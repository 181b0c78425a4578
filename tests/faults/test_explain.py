"""``yika standard explain``: either party recomputes a fault's clocks by hand."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yika.faults.cli import explain
from yika.lib import clock
from yika.standards import loader

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday noon on the campus


def run(*options: str) -> Result:
    with clock.frozen(NOW):
        return CliRunner().invoke(explain, [*options])


def data(*options: str) -> dict[str, Any]:
    result = run(*options, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def case(terminals: int, cardholders: int, reported_at: str, *more: str) -> dict[str, Any]:
    return data(
        "--terminals", str(terminals), "--cardholders", str(cardholders), "--reported-at", reported_at, *more
    )


def changed(tmp_path: Path, *changes: tuple[str, str]) -> str:
    """The built-in standard with some settings changed, as a file."""
    text = loader.builtin_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_figures_for_machines() -> None:
    assert case(10, 1, "2026-11-22T09:12", "--arrived-at", "2026-11-22T09:42") == {
        "severity": "major",
        "severity_clause": "2.3",
        "response": {
            "clause": "4.2.2.3",
            "allowance_s": 1800,
            "due_at": "2026-11-22T09:42:00+08:00",
            "settled_at": "2026-11-22T09:42:00+08:00",
            "outcome": "met",
        },
        "repair": {
            "clause": "4.2.2.3",
            "allowance_s": 172800,
            "due_at": "2026-11-24T09:12:00+08:00",
            "settled_at": None,
            "outcome": "open",
        },
    }


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-22T09:12",
        "2026-11-22 09:12:00",
        "2026-11-22T09:12:00.987",
        "2026-11-22T01:12:00Z",
        "2026-11-21T20:12:00-05:00",
        "2026/11/22 9:12",
        " 2026-11-22T09:12:00+08:00 ",
    ],
)
def test_times_are_campus_time_unless_they_say_otherwise(written: str) -> None:
    assert case(0, 0, written)["response"]["due_at"] == "2026-11-22T10:12:00+08:00"


def test_one_second_makes_the_difference() -> None:
    on_time = case(0, 0, "2026-11-22T09:12:05", "--repaired-at", "2026-11-22T21:12:05.9")
    late = case(0, 0, "2026-11-22T09:12:05", "--repaired-at", "2026-11-22T21:12:06")
    assert (on_time["repair"]["outcome"], late["repair"]["outcome"]) == ("met", "missed")


def test_a_repair_without_an_arrival_is_a_response() -> None:
    found = case(50, 0, "2026-11-22T09:00", "--repaired-at", "2026-11-22T09:30")
    assert found["response"]["settled_at"] == "2026-11-22T09:30:00+08:00"
    assert found["response"]["outcome"] == "met"


@pytest.mark.parametrize("cause", ["special", "bank", "主干光缆线路"])
def test_a_special_fault_has_no_repair_limit(cause: str) -> None:
    found = case(0, 0, "2026-11-22T09:00", "--cause", cause)
    assert (found["severity"], found["severity_clause"], found["repair"]) == ("special", "2.5", None)
    assert (found["response"]["clause"], found["response"]["allowance_s"]) == ("4.2.2.5", 1800)


def test_outcomes_are_as_of_now_or_of_the_moment_asked_for() -> None:
    reported = "2026-11-22T09:00"
    assert case(0, 0, reported)["repair"]["outcome"] == "missed"
    assert case(0, 0, reported, "--as-of", "2026-11-22T21:00")["repair"]["outcome"] == "open"
    assert case(0, 0, reported, "--as-of", "2026-11-22T21:00:01")["repair"]["outcome"] == "missed"
    before = case(0, 0, reported, "--repaired-at", "2026-11-22T10:00", "--as-of", "2026-11-22T09:59")
    assert (before["repair"]["settled_at"], before["repair"]["outcome"]) == (None, "open")


def test_what_is_stated_counts_even_if_it_lies_ahead() -> None:
    found = case(0, 0, "2030-01-01T08:00", "--arrived-at", "2030-01-01T08:30")
    assert found["response"]["outcome"] == "met"
    assert found["repair"]["outcome"] == "open"


def test_at_the_factory_ten_natural_days_take_the_limits_place() -> None:
    found = case(10, 0, "2026-11-22T09:12", "--returned-to-factory")
    assert found["repair"] == {
        "clause": "4.2.3",
        "allowance_s": 864000,
        "due_at": "2026-12-03T00:00:00+08:00",
        "settled_at": None,
        "outcome": "open",
    }
    assert found["response"]["clause"] == "4.2.2.3"
    just_before_midnight = case(10, 0, "2026-11-22T23:59:59", "--returned-to-factory")
    assert just_before_midnight["repair"]["due_at"] == "2026-12-03T00:00:00+08:00"
    assert case(0, 0, "2026-11-22T09:12", "--cause", "special", "--returned-to-factory")["repair"] is None


def test_the_readings_of_a_standard_decide(tmp_path: Path) -> None:
    own = changed(
        tmp_path,
        ('boundary = "graver"', 'boundary = "lighter"'),
        ('factory_starts_at = "report"', 'factory_starts_at = "shipping"'),
    )
    found = case(
        10, 0, "2026-11-22T09:00", "--arrived-at", "2026-11-22T09:30", "--standard", own,
        "--returned-to-factory", "--shipped-at", "2026-11-23T08:00",
    )  # fmt: skip
    assert (found["severity"], found["response"]["outcome"]) == ("larger", "met")
    assert found["repair"]["due_at"] == "2026-12-04T00:00:00+08:00"


def test_a_factory_limit_that_may_not_replace_does_not(tmp_path: Path) -> None:
    own = changed(tmp_path, ("factory_may_replace_repair = true", "factory_may_replace_repair = false"))
    found = case(0, 0, "2026-11-22T09:00", "--returned-to-factory", "--standard", own)
    assert found["repair"]["clause"] == "4.2.2.1"


def test_the_arithmetic_line_by_line() -> None:
    told = run(
        "--terminals", "10", "--cardholders", "1", "--reported-at", "2026-11-22T09:12:05",
        "--arrived-at", "2026-11-22T09:30", "--repaired-at", "2026-11-24T10:00",
        "--as-of", "2026-11-25T00:00",
    ).stdout  # fmt: skip
    for line in (
        "终端 10：10 ≤ n < 50 → 大（2.3）",
        "临界值：少 1 即为较大（2.2）",
        "持卡人 1：0 ≤ c < 2 → 一般（2.1）",
        "两者取较重的一级",
        "等级：大故障 major（2.3）",
        "4.2.2.3 时限 30 分钟",
        "报修 2026-11-22 周日 09:12:05",
        "＋ 30 分钟 ＝ 到期 2026-11-22 周日 09:42:05",
        "结果：按时，提前 12 分钟 5 秒",
        "＋ 48 小时 ＝ 到期 2026-11-24 周二 09:12:05",
        "结果：超时 47 分钟 55 秒",
    ):
        assert line in told, line


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "more",
    [
        (),
        ("--cause", "bank", "--returned-to-factory"),
        ("--returned-to-factory",),
        ("--repaired-at", "2026-11-22T09:30"),
        ("--arrived-at", "2026-11-22T10:12"),
        ("--arrived-at", "2026-11-22T11:12"),
        ("--as-of", "2026-11-22T10:12"),
    ],
)
def test_every_case_can_be_told_in_both_languages(lang: str, more: tuple[str, ...]) -> None:
    result = run("--reported-at", "2026-11-22T09:12", "--lang", lang, *more)
    assert result.exit_code == 0
    assert "2026-11-22" in result.stdout
    if lang == "en":
        assert not any("一" <= character <= "鿿" for character in result.stdout)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--terminals", "-1"), "--terminals"),
        (("--cardholders", "many"), "--cardholders"),
        (("--cardholders", "1_000"), "--cardholders"),
        (("--terminals", "9" * 5000), "--terminals"),
        (("--arrived-at", "2026-11-22T09:11:59"), "--arrived-at"),
        (("--repaired-at", "2026-11-22T09:11:59"), "--repaired-at"),
        (("--repaired-at", "2026-02-30T09:12"), "--repaired-at"),
        (("--arrived-at", "2026-11-22"), "--arrived-at"),
        (("--as-of", "yesterday"), "--as-of"),
        (("--as-of", "9999-12-31T23:59"), "--as-of"),
        (("--cause", "aliens"), "--cause"),
        (("--shipped-at", "2026-11-23T09:12"), "--shipped-at"),
    ],
)
def test_a_wrong_option_is_named(options: tuple[str, ...], named: str) -> None:
    result = run("--reported-at", "2026-11-22T09:12", "--json", *options)
    assert result.exit_code == 2
    assert named in result.stderr
    assert result.stdout == ""


def test_a_broken_standard_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("format = 1\n", encoding="utf-8")
    result = run("--reported-at", "2026-11-22T09:12", "--standard", str(path))
    assert (result.exit_code, result.stdout) == (1, "")


def test_the_standard_may_count_service_hours(tmp_path: Path) -> None:
    windows = "".join(f'{day} = ["08:00-18:00"]\n' for day in ("monday", "tuesday", "wednesday"))
    own = changed(tmp_path, ('repair_clock = "natural"', 'repair_clock = "service"'))
    path = Path(own)
    path.write_text(path.read_text(encoding="utf-8") + f"\n[service_calendar]\n{windows}", encoding="utf-8")
    found = case(0, 0, "2026-11-23T17:00", "--standard", own)  # a Monday
    due = datetime.fromisoformat(found["repair"]["due_at"])
    assert due == datetime.fromisoformat("2026-11-25T09:00+08:00")  # 1 + 10 + 1 hours
    assert due - datetime.fromisoformat("2026-11-23T17:00+08:00") > timedelta(hours=12)
