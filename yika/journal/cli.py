"""The journal on the command line: check it, take a copy out, check a copy without the server."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

from yika.journal import queries
from yika.journal.rules import Finding, Kind, Report, copying
from yika.lib.text import exact

WORDS: dict[Kind, tuple[str, str]] = {
    Kind.ALTERED: ("内容已被改动", "content was altered"),
    Kind.MISSING: ("记录已丢失", "event is missing"),
    Kind.SWAPPED: ("内容与同批另一条记录互换", "content was swapped with another event of its seal"),
    Kind.FOREIGN: ("不属于其所称的封存批次", "does not belong to the seal it claims"),
    Kind.CHAIN: ("封存链断开", "the chain of seals is broken"),
    Kind.BACKDATED: ("时间早于已封存的时段，事后补入", "dated into a time that had been sealed"),
    Kind.PASSED_OVER: ("其后的记录已封存，唯独此条未封存", "left unsealed although later events were sealed"),
    Kind.EXPECTED: ("抄存的封存值不在链上", "the noted hash is not in the chain"),
    Kind.UNREADABLE: ("副本此处无法读取", "the copy cannot be read here"),
    Kind.UNGUARDED: ("数据库防改触发器缺失", "a guard of the database is missing"),
}


@click.command()
@click.option(
    "--expect",
    multiple=True,
    metavar="HASH",
    help="此前抄存的封存值（至少前 16 位），可多次给出。 / A hash noted earlier (first 16 or more).",
)
@click.option(
    "--file",
    "source",
    type=click.File(encoding="utf-8"),
    help="核对导出的副本，不连接数据库（- 为标准输入）。 / Check a copy, not the database.",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。 / Print JSON.")
def verify(expect: tuple[str, ...], source: TextIO | None, as_json: bool) -> None:
    """核对操作记录；发现任何问题时退出码为 1。 / Check the journal; exit status 1 if anything is wrong."""
    try:
        report = copying.check(source, expect) if source else queries.verify(expect)
    except ValueError as error:
        raise click.BadParameter(
            f"不是封存值：{error} / not a hash (16 to 64 hexadecimal digits)", param_hint="--expect"
        ) from error
    if as_json:
        click.echo(json.dumps(_plain(report), ensure_ascii=False, indent=2))
    else:
        for text in _told(report):
            click.echo(text)
    if not report.ok:
        sys.exit(1)


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="写入的文件；不给出则写到标准输出。 / The file to write; standard output otherwise.",
)
def export(out: Path | None) -> None:
    """导出操作记录副本（每行一个 JSON）。 / Write a copy of the journal as JSON lines."""
    lines = copying.written(queries.sealed(queries.last_seal()), queries.unsealed())
    if out is None:
        _write(sys.stdout, lines)
        return
    with out.open("w", encoding="utf-8") as file:
        _write(file, lines)


def _write(file: TextIO, lines: Iterable[str]) -> None:
    for text in lines:
        file.write(text)


def _told(report: Report) -> Iterable[str]:
    yield (
        f"{report.events} 条记录，{report.seals} 次封存，{report.unsealed} 条待封存。"
        f" / {report.events} events, {report.seals} seals, {report.unsealed} not sealed yet."
    )
    if report.oldest_unsealed_at:
        at = exact(report.oldest_unsealed_at)
        yield f"最早的待封存记录：{at} / oldest unsealed event: {at}"
    if report.last:
        at = exact(report.last.sealed_at)
        yield f"最近一次封存：第 {report.last.id} 号，{at} / last seal: number {report.last.id}"
        yield f"封存值 / hash: {report.last.hash}"
    for finding in report.findings:
        yield "✗ " + _sentence(finding)
    if report.more:
        yield f"… 另有 {report.more} 处未列出 / and {report.more} more"
    count = len(report.findings) + report.more
    yield (
        "✓ 未发现改动。 / Nothing was altered."
        if report.ok
        else f"✗ 发现 {count} 处问题。 / {count} problems found."
    )


def _sentence(finding: Finding) -> str:
    chinese, english = WORDS[finding.kind]
    where_zh = [f"封存 {finding.seal_id}"] if finding.seal_id else []
    where_en = [f"seal {finding.seal_id}"] if finding.seal_id else []
    if finding.event_id:
        where_zh.append(f"记录 {finding.event_id}")
        where_en.append(f"event {finding.event_id}")
    detail = f" ({finding.detail})" if finding.detail else ""
    return (
        f"{'，'.join(where_zh)}{'：' if where_zh else ''}{chinese}"
        f" / {', '.join(where_en)}{': ' if where_en else ''}{english}{detail}"
    )


def _plain(report: Report) -> dict[str, object]:
    last = report.last
    return {
        "ok": report.ok,
        "events": report.events,
        "seals": report.seals,
        "unsealed": report.unsealed,
        "oldest_unsealed_at": _iso(report.oldest_unsealed_at),
        "last_seal": {"id": last.id, "sealed_at": _iso(last.sealed_at), "hash": last.hash} if last else None,
        "findings": [asdict(finding) for finding in report.findings],
        "more": report.more,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
