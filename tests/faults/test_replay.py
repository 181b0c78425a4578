"""``yika replay``: a file of past faults, judged as the house judges its own."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from yika.faults.cli import replay
from yika.faults.explaining import Case, explain, iso, latest
from yika.faults.replay import ADDED, COLUMNS, Judge
from yika.lib import clock
from yika.standards import loader

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HEADER = ",".join(COLUMNS)
# A small sample: every class, a remote repair, open ones, another order of moments, a pass-through text.
SAMPLE = f"""{HEADER},team
F1,2026-11-02T08:00,2026-11-02T09:00:00,2026-11-02T20:00:00,1,0,,一组
F2,2026-11-02T08:00,2026-11-02T08:30:01,2026-11-03T08:00:01,5,1,,=1+1
F3,2026-11-02T08:00:00Z,,2026-11-02T08:20:00Z,10,0,,"二组,夜班"
F4,2026-11-02 08:00,2026-11-02 09:00,2026-11-02 08:10,0,1000,,
F5,2026-11-02T08:00+08:00,,,60,,bank,三组
F6,2026-11-23T11:50,,,0,100,,
"""
EXPECTED = [
    ["general", "2026-11-02T09:00:00+08:00", "met", "2026-11-02T20:00:00+08:00", "met"],
    ["larger", "2026-11-02T08:30:00+08:00", "missed", "2026-11-03T08:00:00+08:00", "missed"],
    ["major", "2026-11-02T16:30:00+08:00", "met", "2026-11-04T16:00:00+08:00", "met"],
    ["severe", "2026-11-02T08:30:00+08:00", "met", "2026-11-05T08:00:00+08:00", "met"],
    ["special", "2026-11-02T08:30:00+08:00", "missed", "", ""],
    ["major", "2026-11-23T12:20:00+08:00", "open", "2026-11-25T11:50:00+08:00", "open"],
]


def run(source: Path, *options: str, out: Path | None = None) -> Result:
    with clock.frozen(NOW):
        target = out or source.with_name("out.csv")
        return CliRunner().invoke(replay, [str(source), "--out", str(target), *options])


def told(tmp_path: Path, text: str | bytes, *options: str) -> tuple[Result, list[list[str]]]:
    """The command's result, and the rows it wrote."""
    source = tmp_path / "faults.csv"
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    result = run(source, *options)
    out = tmp_path / "out.csv"
    if not out.exists():
        return result, []
    with out.open(encoding="utf-8", newline="") as file:
        return result, list(csv.reader(file))


def row(**cells: str) -> str:
    good = {"ref": "F1", "reported_at": "2026-11-02T08:00", "terminals": "1", "cardholders": "0"}
    return ",".join({**good, **cells}.get(name, "") for name in COLUMNS)


def test_every_row_gets_its_class_deadlines_and_outcomes(tmp_path: Path) -> None:
    result, rows = told(tmp_path, SAMPLE)
    assert result.exit_code == 0, result.stderr
    given_rows = list(csv.reader(io.StringIO(SAMPLE)))
    assert rows[0] == [*given_rows[0], *ADDED]
    assert [line[:8] for line in rows[1:]] == given_rows[1:]
    assert [line[8:] for line in rows[1:]] == EXPECTED


def test_the_summary_for_people_and_machines(tmp_path: Path) -> None:
    result, _rows = told(tmp_path, SAMPLE)
    lines = result.stdout.splitlines()
    assert lines[1].split()[:3] == ["等级", "件数", "响应按时"]
    assert lines[-1].split() == ["合计", "6", "3", "2", "1", "60.00%", "3", "1", "1", "75.00%"]
    assert lines[-2].split() == ["特殊", "1", "0", "1", "0", "0.00%", "—", "—", "—", "—"]
    result, _rows = told(tmp_path, SAMPLE, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    assert found["total"] == {
        "severity": None,
        "count": 6,
        "response": {"met": 3, "missed": 2, "open": 1, "rate": 0.6},
        "repair": {"met": 3, "missed": 1, "open": 1, "rate": 0.75},
    }
    assert [line["count"] for line in found["severities"]] == [1, 1, 2, 1, 1]


def test_outcomes_are_as_of_the_moment_asked_for(tmp_path: Path) -> None:
    _result, rows = told(tmp_path, SAMPLE, "--as-of", "2026-11-02T08:10")
    outcomes = {line[0]: (line[10], line[12]) for line in rows[1:]}
    assert outcomes["F1"] == ("open", "open")
    assert outcomes["F4"] == ("met", "met")


def test_columns_may_stand_in_any_order_and_others_stay_in_place(tmp_path: Path) -> None:
    header = "note,cause,cardholders,terminals,repaired_at,arrived_at,reported_at,ref"
    _result, rows = told(tmp_path, f"{header}\nx,,0,5,,,2026-11-02T08:00,A\n")
    assert rows[1][:8] == ["x", "", "0", "5", "", "", "2026-11-02T08:00", "A"]
    assert rows[1][8] == "larger"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_utf8_and_gb18030_are_read(tmp_path: Path, coding: str, end: str) -> None:
    result, rows = told(tmp_path, SAMPLE.replace("\n", end).encode(coding))
    assert result.exit_code == 0, result.stderr
    assert rows[1][7] == "一组"
    has_mark = (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert has_mark == (coding == "utf-8-sig")


def test_line_breaks_quotes_and_blank_lines_pass_through(tmp_path: Path) -> None:
    cells = ['a "b"', "two\nlines", "old\rmac", "=HYPERLINK(1)", "-1", "@x"]
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [[*COLUMNS, *"abcdef"], ["F1", "2026-11-02T08:00", "", "", "1", "0", "", *cells], []]
    )
    result, rows = told(tmp_path, stream.getvalue() + "\n" + row() + "," * 6 + "\n")
    assert result.exit_code == 0, result.stderr
    assert rows[1][7:13] == cells
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"reported_at": ""}, "reported_at"),
        ({"reported_at": "soon"}, "reported_at"),
        ({"reported_at": "2026-02-30T10:00"}, "reported_at"),
        ({"reported_at": "2026-11-02"}, "reported_at"),
        ({"reported_at": "0001-01-01T00:00+08:00"}, "reported_at"),
        ({"reported_at": "9999-12-31T23:59"}, "reported_at"),
        ({"arrived_at": "2026-11-02T07:59:59"}, "arrived_at"),
        ({"repaired_at": "2026-11-01T08:00"}, "repaired_at"),
        ({"repaired_at": "2026-11-02T25:00"}, "repaired_at"),
        ({"terminals": "-1"}, "terminals"),
        ({"terminals": "1.5"}, "terminals"),
        ({"cardholders": "许多"}, "cardholders"),
        ({"cardholders": "１０"}, "cardholders"),
        ({"cardholders": "9" * 6000}, "cardholders"),
        ({"cause": "aliens"}, "cause"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(tmp_path: Path, cells: dict[str, str], column: str) -> None:
    result, rows = told(
        tmp_path, f"{HEADER}\n{row(ref=chr(34) + 'a' + chr(10) + 'b' + chr(34))}\n{row(**cells)}\n"
    )
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0].startswith(f"第 4 行 {column}：")
    assert (result.stdout, rows) == ("", [])


def test_everything_wrong_with_a_row_is_named(tmp_path: Path) -> None:
    bad = row(arrived_at="x", repaired_at="2020-01-01T00:00", terminals="-3", cause="?")
    result, _rows = told(tmp_path, f"{HEADER}\n{bad}\n")
    named = [line.split("：")[0] for line in result.stderr.splitlines()[:-1]]
    assert named == [f"第 2 行 {name}" for name in ("arrived_at", "repaired_at", "terminals", "cause")]


def test_rows_that_are_no_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [
        HEADER,
        row(),
        'F2,"2026-11-02T08:00,,,1,0,',
        row(ref="F3"),
        "a,b",
        row(ref="F5"),
        row(ref='"x"y'),
        row(ref="F7"),
    ]
    result, rows = told(tmp_path, "\n".join(lines) + "\n", "--skip-bad")
    assert result.exit_code == 0
    assert [line.split("：")[0] for line in result.stderr.splitlines()] == ["第 3 行", "第 5 行", "第 7 行"]
    assert [line[0] for line in rows[1:]] == ["F1", "F3", "F5", "F7"]
    assert "跳过有误的 3 行" in result.stdout


def test_an_open_quote_before_a_long_file_costs_one_row(tmp_path: Path) -> None:
    text = "\n".join([HEADER, 'F0,"open', *[row(ref=f"F{n}") for n in range(1, 1001)]])
    result, rows = told(tmp_path, text, "--skip-bad")
    assert result.stderr.startswith("第 2 行：引号没有闭合")
    assert len(rows) == 1001


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    for coding in ("utf-8", "gb18030"):
        broken = SAMPLE.encode(coding).replace("三组".encode(coding), b"\xff\xff")
        result, rows = told(tmp_path, broken, "--skip-bad")
        assert result.stderr.startswith("第 6 行 team：有无法识别的字节")
        assert [line[0] for line in rows[1:]] == ["F1", "F2", "F3", "F4", "F6"]
        assert rows[1][7] == "一组"


def test_a_hundred_problems_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    text = "\n".join([HEADER, *[row(terminals="x", cardholders="y")] * 60])
    result, _rows = told(tmp_path, text)
    lines = result.stderr.splitlines()
    assert sum(line.startswith("第 ") for line in lines) == 100
    assert lines[100] == "还有 20 个"
    assert lines[101].startswith("60 行有误")


@pytest.mark.parametrize(
    ("header", "named"),
    [
        (HEADER.replace("ref,", "").replace(",cause", ""), "ref, cause"),
        (HEADER + ",team,team", "team"),
        (HEADER + ",severity", "severity"),
        ("", "空文件"),
    ],
)
def test_a_header_that_will_not_do_is_named(tmp_path: Path, header: str, named: str) -> None:
    result, rows = told(tmp_path, header)
    assert (result.exit_code, result.stdout, rows) == (1, "", [])
    assert named in result.stderr


def test_a_file_with_a_header_alone_is_a_file(tmp_path: Path) -> None:
    result, rows = told(tmp_path, HEADER + "\n")
    assert result.exit_code == 0
    assert rows == [[*COLUMNS, *ADDED]]


def test_nothing_half_done_is_left_behind(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    source = tmp_path / "faults.csv"
    source.write_text(f"{HEADER}\n{row(cause='?')}\n", encoding="utf-8")
    assert run(source).exit_code == 1
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["faults.csv", "out.csv"]


def test_the_input_is_never_written_on(tmp_path: Path) -> None:
    source = tmp_path / "faults.csv"
    source.write_text(SAMPLE, encoding="utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    for out in (source, link, tmp_path / "no" / "such.csv"):
        assert run(source, out=out).exit_code in (1, 2)
    assert source.read_text(encoding="utf-8") == SAMPLE


def test_the_commands_start_without_django(tmp_path: Path) -> None:
    code = "import sys, yika.faults.cli; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


STANDARD = loader.builtin()
BASE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
offsets = st.one_of(
    st.none(), st.integers(0, 80 * 3600), st.sampled_from([1800, 3600, 43200, 86400, 172800, 259200])
)
edges = st.sampled_from([0, 1, 2, 4, 5, 9, 10, 49, 50, 99, 100, 999, 1000, 1001])


@given(
    reported=st.integers(-86400, 86400),
    arrived=offsets,
    repaired=offsets,
    terminals=edges,
    cardholders=edges,
    cause=st.sampled_from(["", "special", "bank"]),
    as_of=st.one_of(st.none(), st.integers(-86400, 4 * 86400)),
)
def test_the_fast_way_judges_like_the_plain_one(
    reported: int, arrived: int | None, repaired: int | None, terminals: int, cardholders: int, cause: str,
    as_of: int | None,
) -> None:  # fmt: skip
    start = BASE + timedelta(seconds=reported)
    arrival = None if arrived is None else start + timedelta(seconds=arrived)
    repair = None if repaired is None else start + timedelta(seconds=repaired)
    moment = None if as_of is None else BASE + timedelta(seconds=as_of)
    plain = explain(
        Case(start, terminals, cardholders, bool(cause), arrival, repair),
        STANDARD,
        moment or latest(NOW, arrival, repair),
    )
    cells = [
        *(at.isoformat() if at else "" for at in (start, arrival, repair)),
        str(terminals),
        str(cardholders),
        cause,
    ]
    severity, *stands = Judge(STANDARD, NOW, moment).judge(cells)
    assert severity == plain.clocks.level.key
    expected: list[str] = []
    for stand in (plain.response, plain.repair):
        expected += ["", ""] if stand is None else [iso(stand.due_at), stand.outcome.value]
    assert stands == expected
