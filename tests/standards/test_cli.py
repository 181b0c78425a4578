"""``yika standard check`` and ``show``."""

from pathlib import Path

from click.testing import CliRunner

from tests.standards.texts import changed
from yika.standards.cli import check, show
from yika.standards.loader import builtin


def test_a_valid_file_is_said_to_be_valid(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(changed(), encoding="utf-8")
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 0
    assert "正确" in result.output


def test_every_error_is_told_with_file_line_and_clause(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    text = changed(('response = "1h"', 'response = "-1h"'), ("at_percent = 80", "at_percent = 50"))
    file.write_text(text, encoding="utf-8")
    line = text[: text.index('"-1h"')].count("\n") + 1
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    assert f"{file}:{line}: " in result.output
    assert "条款 4.2.2.1" in result.output
    assert "at_percent" in result.output
    english = CliRunner().invoke(check, [str(file), "--lang", "en"])
    assert "clause 4.2.2.1" in english.output
    assert "is negative" in english.output


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes("标准".encode("gb18030"))
    result = CliRunner().invoke(check, [str(file)])
    assert result.exit_code == 1
    assert "UTF-8" in result.output


def test_show_tells_the_whole_standard() -> None:
    told = CliRunner().invoke(show, []).output
    for clause in builtin().clauses:
        assert clause.key in told
        assert clause.text.splitlines()[0] in told
    assert "响应 30 分钟，修复 72 小时" in told
    assert "[reopening_window]" in told
    english = CliRunner().invoke(show, ["--lang", "en"]).output
    assert "response 30 min, repair 72 h" in english
