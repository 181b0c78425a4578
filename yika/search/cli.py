"""The search on the command line."""

import click
from django.utils.translation import gettext as _

from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.search import actions


@click.command()
def rebuild() -> None:
    """核对并修复搜索索引：逐行比较，只改有误的行，可在使用中运行。

    Compares what everything is found by with the things themselves; mends what is wrong. Safe while in use.
    """

    def tell(kind: str, done: int) -> None:
        if done % 100_000 == 0:
            click.echo(f"{kind} {done}", err=True)

    mended = actions.rebuild(by=COMMAND_LINE, at=clock.now(), progress=tell)
    click.echo(
        _("已修复：地点 %(places)d 个，设备 %(devices)d 台，人员 %(people)d 人，故障 %(faults)d 件") % mended
    )
