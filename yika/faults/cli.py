"""``yika standard explain`` and ``yika replay``: without a database."""

import json
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from yika.faults import explaining
from yika.faults import replay as replaying
from yika.faults.explaining import Case
from yika.faults.replay import Judge, Line, Score, Tally
from yika.faults.rows import Unreadable
from yika.lib import clock
from yika.standards.cli import file_type, lang_option, standard_from
from yika.standards.readings import Words
from yika.standards.rules import Standard


class Moment(click.ParamType[datetime]):
    """A time as people write it; without an offset it is campus time."""

    name = "时间 TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Raises: a usage error that names the option."""
        if isinstance(value, datetime):
            return value
        try:
            return clock.read(str(value))
        except (ValueError, OverflowError):
            self.fail(
                f"无法识别的时间 no such time: {value!r}。写法 write: 2026-11-22T09:12[:05][+08:00]",
                param,
                ctx,
            )


class Count(click.ParamType[int]):
    """How many are affected."""

    name = "数量 N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Raises: a usage error that names the option."""
        if isinstance(value, int):
            return value
        try:
            return replaying.count(str(value))
        except ValueError as error:
            words = error.args[0]
            self.fail(f"{words.zh} {words.en}", param, ctx)


MOMENT = Moment()
COUNT = Count()
standard_option = click.option(
    "--standard", "file", type=file_type, help="规范文件，默认内置 a standard's file; the built-in by default"
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON output JSON")


@click.command()
@click.option("--terminals", type=COUNT, default=0, show_default=True, help="受影响终端数 terminals affected")
@click.option(
    "--cardholders", type=COUNT, default=0, show_default=True, help="受影响持卡人数 cardholders affected"
)
@click.option(
    "--cause",
    default="",
    help="special 或规范中的原因（如 bank）：特殊故障 special, or a cause of the standard",
)
@click.option("--reported-at", type=MOMENT, required=True, help="报修时间 when it was reported")
@click.option("--arrived-at", type=MOMENT, help="到场时间 when the technician arrived")
@click.option("--repaired-at", type=MOMENT, help="修复时间，未到场即远程修复 when it was repaired")
@click.option(
    "--returned-to-factory",
    is_flag=True,
    help="返厂且无备机，经信息化办公室同意 at the factory with no spare, the Office consenting",
)
@click.option("--shipped-at", type=MOMENT, help="送厂发出时间 when the unit was shipped")
@click.option(
    "--as-of",
    type=MOMENT,
    help="结果截至何时，默认现在；所给的到场、修复视为已发生 outcomes as of when; now by default, "
    "what is stated counts as done",
)
@standard_option
@json_option
@lang_option
def explain(
    terminals: int,
    cardholders: int,
    cause: str,
    reported_at: datetime,
    arrived_at: datetime | None,
    repaired_at: datetime | None,
    returned_to_factory: bool,
    shipped_at: datetime | None,
    as_of: datetime | None,
    file: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """逐行推算一个故障的等级与时限，注明条款。 Explain a fault's level and deadlines, clause by clause.

    时间不带时区即校园时间。 Times without an offset are campus time.
    """
    standard = standard_from(file, lang)
    for option, moment in (
        ("--arrived-at", arrived_at),
        ("--repaired-at", repaired_at),
        ("--shipped-at", shipped_at),
    ):
        if moment is not None and moment < reported_at:
            raise click.BadParameter("早于报修时间 earlier than the report", param_hint=f"'{option}'")
    if shipped_at is not None and not returned_to_factory:
        raise click.BadParameter(
            "须与 --returned-to-factory 同用 needs --returned-to-factory", param_hint="'--shipped-at'"
        )
    case = Case(
        reported_at,
        terminals,
        cardholders,
        _special(cause, standard),
        arrived_at,
        repaired_at,
        returned_to_factory,
        shipped_at,
    )
    when = as_of or explaining.latest(clock.now(), arrived_at, repaired_at)
    try:
        result = explaining.explain(case, standard, when)
    except (ValueError, OverflowError) as error:
        raise click.ClickException(f"推算不出时限 no limit can be counted: {error}") from error
    if as_json:
        click.echo(json.dumps(explaining.as_data(result), ensure_ascii=False, indent=2))
        return
    for line in explaining.lines(result, standard, lang):
        click.echo(line)


def _special(cause: str, standard: Standard) -> bool:
    try:
        return explaining.is_special(cause, standard)
    except ValueError:
        known = ", ".join(explaining.causes(standard))
        message = f"未知的原因 unknown cause: {cause!r}。可选 known: {known}"
        raise click.BadParameter(message, param_hint="'--cause'") from None


@click.command()
@click.argument("faults", type=file_type)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="结果文件，全部算完才写入 the result, written when all is done",
)
@standard_option
@click.option(
    "--as-of",
    type=MOMENT,
    help="结果截至何时，默认现在；所记的到场、修复视为已发生 outcomes as of when; now by default, "
    "what is recorded counts as done",
)
@click.option(
    "--skip-bad",
    is_flag=True,
    help="跳过有误的行：写入其余各行，状态码 0 leave bad rows out and write the others, with status 0",
)
@json_option
@lang_option
def replay(
    faults: Path,
    out: Path,
    file: Path | None,
    as_of: datetime | None,
    skip_bad: bool,
    as_json: bool,
    lang: str,
) -> None:
    """按规范重算一批历史故障。 Replay past faults against a standard.

    FAULTS 为 CSV（UTF-8 或 GB18030），须有列 ref, reported_at, arrived_at, repaired_at, terminals,
    cardholders, cause；其余列照抄。结果加上 severity, response_due_at, response_outcome, repair_due_at,
    repair_outcome。未到场而修复即远程响应；数量为空即 0。有误的行逐一列出行号和列名，状态码 1，不写文件。

    A CSV file (UTF-8 or GB18030) with those columns; others pass through. A repair without an arrival is a
    remote repair and settles the response; an empty count is 0. Bad rows are named by line and column, the
    status is 1 and nothing is written.
    """
    standard = standard_from(file, lang)
    if out.exists() and (not out.is_file() or out.samefile(faults)):
        raise click.BadParameter(
            "须是另一个普通文件 must be a plain file, not the input", param_hint="'--out'"
        )
    judge = Judge(standard, clock.now(), as_of)
    try:
        with _whole(out) as written:
            tally = replaying.replay(faults, written.stream, judge)
            written.good = skip_bad or not tally.bad_rows
    except Unreadable as error:
        raise click.ClickException(f"{faults}：{error.words.told(lang)}") from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
    name_problems(tally, lang)
    if tally.bad_rows and not skip_bad:
        words = Words(
            f"{tally.bad_rows} 行有误，没有写入；可用 --skip-bad 跳过",
            f"{tally.bad_rows} bad rows, nothing written; --skip-bad leaves them out",
        )
        click.echo(words.told(lang), err=True)
        raise click.exceptions.Exit(1)
    if as_json:
        click.echo(json.dumps(_data(tally, standard, judge), ensure_ascii=False, indent=2))
    else:
        for line in table(tally, standard, judge, lang):
            click.echo(line)


@dataclass
class _Writing:
    """A file being written; ``good`` once it may take its place."""

    stream: TextIO
    good: bool = False


@contextmanager
def _whole(path: Path) -> Iterator[_Writing]:
    """A file that appears whole and good, or not at all."""
    path = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            writing = _Writing(stream)
            yield writing
            stream.flush()
            os.fsync(stream.fileno())
        if writing.good:
            beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_mask())
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _mask() -> int:
    """The mask of rights for new files; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def name_problems(tally: Tally, lang: str) -> None:
    """Name the bad rows, each with its line and column."""
    for problem in tally.problems:
        click.echo(problem.told(lang), err=True)
    if more := tally.problem_count - len(tally.problems):
        click.echo(Words(f"还有 {more} 个", f"and {more} more").told(lang), err=True)


def _data(tally: Tally, standard: Standard, judge: Judge) -> dict[str, Any]:
    """The summary for machines."""

    def score(found: Score) -> dict[str, Any]:
        rate = None if found.rate is None else round(found.rate, 6)
        return {"met": found.met, "missed": found.missed, "open": found.open, "rate": rate}

    *levels, total = (
        {
            "severity": line.level.key if line.level else None,
            "count": line.count,
            "response": score(line.response),
            "repair": score(line.repair),
        }
        for line in replaying.summary(tally, standard)
    )
    return {
        "standard": {"code": standard.code, "version": standard.version, "sha256": standard.sha256},
        "as_of": explaining.iso(judge.now),
        "severities": levels,
        "total": total,
        "bad_rows": tally.bad_rows,
    }


def table(tally: Tally, standard: Standard, judge: Judge, lang: str) -> Iterator[str]:
    """The summary for people."""
    as_of = explaining.said_at(judge.now)
    yield Words(
        f"《{standard.title}》{standard.version} 版，截至 {as_of.zh}",
        f"{standard.title_en}, version {standard.version}, as of {as_of.en}",
    ).told(lang)
    head = Words(
        "等级 件数 响应按时 响应超时 响应未到期 响应达标率 修复按时 修复超时 修复未到期 修复达标率",
        "severity count resp.met missed open rate repair.met missed open rate",
    )
    rows = [
        head.told(lang).split(),
        *(_cells(line, lang) for line in replaying.summary(tally, standard)),
    ]
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        first, *rest = (" " * (width - _width(cell)) + cell for cell, width in zip(row, widths, strict=True))
        yield "  ".join([row[0] + " " * (len(first) - len(row[0])), *rest])
    if tally.bad_rows:
        yield Words(f"跳过有误的 {tally.bad_rows} 行", f"{tally.bad_rows} bad rows left out").told(lang)


def _cells(line: Line, lang: str) -> list[str]:
    level = line.level
    name = Words(level.name, level.name_en) if level else Words("合计", "total")
    cells = [name.told(lang).replace(" ", "_"), str(line.count)]
    for score, owed in (
        (line.response, line.level is None or line.level.response is not None),
        (line.repair, line.level is None or line.level.repair is not None),
    ):
        rate = "—" if score.rate is None else _percent(score.met, score.met + score.missed)
        cells += [str(score.met), str(score.missed), str(score.open), rate] if owed else ["—"] * 4
    return cells


def _percent(part: int, whole: int) -> str:
    """19 of 20 → 95.00%; cut, so that 100.00% means all."""
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _width(text: str) -> int:
    """Columns of a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
