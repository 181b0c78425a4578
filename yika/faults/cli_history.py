"""``yika import faults``, ``yika import undo`` and ``yika simulate``: with a database."""

from datetime import datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from yika.contracts.models import Contract
from yika.faults.actions import importing, simulating
from yika.faults.cli import name_problems, table
from yika.faults.importing import History
from yika.faults.models import FaultImport
from yika.faults.queries.imports import earlier, known
from yika.faults.rows import Unreadable
from yika.faults.simulating import faults_for
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.lib.decisions import Refusal
from yika.standards.cli import file_type, lang_option
from yika.standards.queries import standard_of
from yika.standards.readings import Words


@click.command()
@click.argument("file", type=file_type)
@click.option("--contract", "number", required=True, help="合同编号 number of the contract")
@click.option("--dry-run", is_flag=True, help="只预览，不导入 only show what would be done")
@click.option("--yes", is_flag=True, help="不再询问 do not ask")
@lang_option
def faults(file: Path, number: str, dry_run: bool, yes: bool, lang: str) -> None:
    """把一批历史故障导入为合同的历史。 Bring past faults in as closed history of a contract.

    FILE 的列与 yika replay 相同，另可有 place, device, description；其余列记入描述。先预览，有一行有误就什么
    也不导入。同一份文件不能导入两次；yika import undo 整份撤回。

    Columns as for yika replay, and place, device, description if you like; others go into the description.
    Previewed first; one bad row and nothing is brought in. The same file is refused a second time.
    """
    at = clock.now()
    contract = Contract.objects.select_related("standard", "vendor").filter(number=number).first()
    if contract is None:
        there = ", ".join(Contract.objects.order_by("number").values_list("number", flat=True)[:20])
        raise click.BadParameter(
            f"没有这份合同 no such contract: {number!r}。已有 known: {there or '—'}",
            param_hint="'--contract'",
        )
    try:
        shown = importing.fingerprint(file)
        rows = preview(file, contract, shown, at, lang)
        if dry_run:
            return
        if not yes:
            click.confirm(_("确认导入？"), abort=True)
        with click.progressbar(length=rows, label=Words("导入", "importing").told(lang)) as bar:
            made = importing.import_faults(
                file,
                contract=contract,
                file_name=file.name,
                shown=shown,
                by=COMMAND_LINE,
                at=at,
                progress=bar.update,
            )
    except Unreadable as error:
        raise click.ClickException(f"{file}：{error.words.told(lang)}") from error
    except Refusal as refusal:
        raise click.ClickException("；".join(refusal.problems)) from refusal
    words = Words(
        f"已导入 {made.rows} 件，第 {made.pk} 号导入；撤回：yika import undo {made.pk}",
        f"{made.rows} faults brought in, import {made.pk}; to take it out: yika import undo {made.pk}",
    )
    click.echo(words.told(lang))


def preview(file: Path, contract: Contract, shown: str, at: datetime, lang: str) -> int:
    """Say what a file holds; how many rows there are. Bad rows are named and end with status 1."""
    before = earlier(shown)
    if before is not None:
        raise click.ClickException(importing.already(before))
    standard = standard_of(contract.standard)
    history = History(file, standard, known(contract), at)
    seen = history.check()
    name_problems(seen.tally, lang)
    if bad := seen.tally.bad_rows:
        words = Words(f"{bad} 行有误，没有导入任何内容", f"{bad} bad rows, nothing was brought in")
        click.echo(words.told(lang), err=True)
        raise click.exceptions.Exit(1)
    if not seen.first or not seen.last:
        raise click.ClickException(Words("文件里没有故障", "no faults in the file").told(lang))
    for line in table(seen.tally, standard, history.judge, lang):
        click.echo(line)
    first, last = clock.campus_date(seen.first), clock.campus_date(seen.last)
    words = Words(
        f"报修 {first} 至 {last}；未到场而修复 {seen.remote} 件；没有修复时间 {seen.unrepaired} 件，"
        "导入后为已办结，修复记为超时",
        f"reported {first} to {last}; {seen.remote} repaired without an arrival; {seen.unrepaired} never "
        "repaired: closed, their repair missed",
    )
    click.echo(words.told(lang))
    return seen.rows


@click.command()
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="不再询问 do not ask")
@lang_option
def undo(number: int, yes: bool, lang: str) -> None:
    """整份撤回一次历史导入。 Take a whole import of past faults out again.

    导入之后已有人处理过其中故障的，不能撤回。 Refused once somebody has worked on one of its faults.
    """
    imported = FaultImport.objects.select_related("contract").filter(pk=number).first()
    if imported is None:
        raise click.BadParameter(f"没有第 {number} 号导入 no such import", param_hint="'NUMBER'")
    told = f"{imported.file_name}，{imported.contract.number}，{imported.rows}"
    if not yes:
        click.confirm(Words(f"撤回导入：{told}？", f"take out {told}?").told(lang), abort=True)
    try:
        count = importing.undo_import(imported, by=COMMAND_LINE, at=clock.now())
    except Refusal as refusal:
        raise click.ClickException("；".join(refusal.problems)) from refusal
    click.echo(Words(f"已撤回，删去 {count} 件", f"taken out, {count} faults removed").told(lang))


@click.command()
@click.option(
    "--devices",
    type=click.IntRange(20, simulating.MOST_DEVICES),
    default=600,
    show_default=True,
    help="设备台数 how many devices",
)
@click.option(
    "--months", type=click.IntRange(1, 240), default=12, show_default=True, help="多少个月 how many months"
)
@click.option(
    "--seed",
    type=click.IntRange(0, 999_999),
    default=1,
    show_default=True,
    help="种子：同一时刻、同一种子，同一校园 the same at the same moment for the same seed",
)
@click.option(
    "--faults",
    "count",
    type=click.IntRange(0),
    help="故障件数，默认按设备和月数 how many faults; by default as many as the devices have",
)
@click.option(
    "--due",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="另加多少件刚超时、尚未预警的故障 besides, open faults that nobody has been warned of yet",
)
@click.option(
    "--beside-real",
    is_flag=True,
    help="库中已有真实合同也照做；模拟合同记为已到期 beside a real contract too; the simulated one has ended",
)
@lang_option
def simulate(
    devices: int, months: int, seed: int, count: int | None, due: int, beside_real: bool, lang: str
) -> None:
    """生成模拟校园：地点、设备、人员和若干个月的故障，用于演示和测量。 Make a campus with years of faults.

    合同名称带（模拟）。不能删除：请用单独的数据库。 Marked as simulated; use a database of its own.
    """
    total = (faults_for(devices, months) if count is None else count) + due
    try:
        with click.progressbar(length=total, label=Words("模拟", "simulating").told(lang)) as bar:
            made = simulating.simulate(
                devices=devices,
                months=months,
                seed=seed,
                faults=count,
                due=due,
                beside_real=beside_real,
                by=COMMAND_LINE,
                at=clock.now(),
                progress=bar.update,
            )
    except Refusal as refusal:
        raise click.ClickException("；".join(refusal.problems)) from refusal
    words = Words(
        f"{made.contract.name}：设备 {made.devices} 台，故障 {made.faults} 件。"
        f"以下账号的密码均为 {made.password}",
        f"{made.contract.name}: {made.devices} devices, {made.faults} faults. The password of each: "
        f"{made.password}",
    )
    click.echo(words.told(lang))
    for user in made.people:
        click.echo(f"  {user.username:<20}{user.name}  {user.role_name}")
