"""Importing places and devices from the command line."""

import hashlib
from pathlib import Path

import click
from django.utils.translation import gettext as _

from yika.assets import actions, queries
from yika.assets.rules import MAX_PROBLEMS, Plan, decode, fingerprint, parse, plan
from yika.assets.sentences import worded
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.lib.decisions import Refusal
from yika.lib.office.reading import Unreadable
from yika.lib.office.words import told


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--terminals", is_flag=True, help="每个没有设备的窗口新增一台消费机 / A terminal per window")
@click.option("--dry-run", is_flag=True, help="只预览，不导入 / Only show what would be done")
@click.option("--yes", is_flag=True, help="不再询问 / Do not ask")
def places(file: Path, terminals: bool, dry_run: bool, yes: bool) -> None:
    """Import places and devices from a list: one path a line, or a table with a header. / 导入地点和设备。"""
    at = clock.now()
    data = file.read_bytes()
    try:
        text, flaws = decode(data)
    except Unreadable as refusal:
        raise click.ClickException(told(refusal.flaw)) from refusal
    if not dry_run:
        actions.seed_kinds(by=COMMAND_LINE, at=at)
    planned = plan(parse(text, flaws), queries.world(), terminals=terminals)
    if planned.problems:
        _tell(planned)
        raise click.exceptions.Exit(1)
    _summary(planned)
    if planned.is_empty or dry_run:
        return
    if not yes:
        click.confirm(_("确认导入？"), abort=True)
    try:
        actions.import_list(
            text,
            terminals=terminals,
            shown=fingerprint(planned),
            file_name=file.name[:100],
            sha256=hashlib.sha256(data).hexdigest(),
            by=COMMAND_LINE,
            at=at,
        )
    except Refusal as refusal:
        raise click.ClickException("；".join(refusal.problems)) from refusal
    click.echo(_("已导入"))


def _tell(planned: Plan) -> None:
    """Every bad line on standard error, as many as a person can use."""
    for problem in planned.problems[:MAX_PROBLEMS]:
        where = _("第 %(line)d 行") % {"line": problem.line} if problem.line else _("文件")
        click.echo(f"{where} {problem.column}：{worded(problem)}".replace(" ：", "："), err=True)
    left = len(planned.problems) - MAX_PROBLEMS
    if left > 0:
        click.echo(_("另有 %(count)d 处问题未列出") % {"count": left}, err=True)


def _summary(planned: Plan) -> None:
    if planned.ignored:
        click.echo(_("不认识、不导入的列：") + _("、").join(planned.ignored))
    click.echo(
        _(
            "新增地点 %(places)d 个，新增设备 %(devices)d 台，修改设备 %(changed)d 台；"
            "已有地点 %(known_places)d 个，已有设备 %(known_devices)d 台"
        )
        % {
            "places": len(planned.new_places),
            "devices": len(planned.new_devices),
            "changed": len(planned.changes),
            "known_places": planned.known_places,
            "known_devices": planned.known_devices,
        }
    )
