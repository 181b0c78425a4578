"""The commands that keep Yika's database and files in order."""

from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command, execute_from_command_line

from yika.assets.actions import seed_kinds
from yika.config import demo
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock


@click.command(short_help="更新数据库与静态文件 / Bring database and static files up to date")
def migrate() -> None:
    """更新数据库结构，预置设备类型；生产环境同时收集静态文件。每次升级后执行一次。

    Brings the tables up to date, sees that the usual kinds of device are there and, in production, collects
    the static files. Once after each upgrade.
    """
    call_command("migrate", interactive=False)
    seed_kinds(by=COMMAND_LINE, at=clock.now())
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
        click.echo(f"静态文件：{settings.STATIC_ROOT} / static files collected")


@click.command(short_help="载入演示校园 / Load the demonstration campus")
def demonstrate() -> None:
    """向空库载入演示校园，并列出登录名与口令。 / Fills an empty database and prints the sign-in names."""
    if settings.PRODUCTION:
        raise click.ClickException("生产环境不载入演示数据。 / Not in production.")
    call_command("migrate", verbosity=0, interactive=False)
    if not demo.is_empty():
        raise click.ClickException(
            "数据库不是空的，未载入。 / The database is not empty; nothing was loaded."
        )
    load_demonstration()
    name_accounts()


@click.command(
    short_help="Django 管理命令 / Django's own commands",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django 的管理命令，例如 yika manage dbshell。 / Django's own commands."""
    execute_from_command_line(["yika manage", *arguments])


def load_demonstration() -> None:
    """Fill the empty database; the password, made for this installation, goes into a file of its owner's."""
    path = _accounts_file()
    password = demo.load(clock.now())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    lines = [f"{account.username:<12}{password:<18}{account.label}\n" for account in demo.ACCOUNTS]
    path.write_text("".join(lines), encoding="utf-8")


def name_accounts() -> None:
    """Print the demonstration's sign-in names with their first passwords, if this database holds it."""
    if not demo.is_here():
        return
    path = _accounts_file()
    if not path.exists():
        click.echo(
            f"  {path} 不在了；重置口令：yika user reset 登录名\n"
            f"  {path} is gone; to reset a password: yika user reset NAME\n"
        )
        return
    click.echo("  演示账号（初始口令） / demonstration accounts (initial passwords)")
    for line in path.read_text(encoding="utf-8").splitlines():
        click.echo(f"    {line}")
    click.echo(f"  以后查看 / to see them again: {path}\n")


def _accounts_file() -> Path:
    path: Path = settings.DATA / "demo-accounts.txt"
    return path
