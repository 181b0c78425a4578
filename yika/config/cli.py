"""The ``yika`` command. What needs no database starts without Django.

Commands live in their apps (``yika/<app>/cli.py``); the tables here name them, and this is the one
place where modules are imported by name.
"""

import importlib
import os
import sys
from dataclasses import dataclass
from typing import Any

import click

from yika import __version__


@dataclass(frozen=True)
class Entry:
    """Where a command stands ("module:attribute"), its one line of help, and whether it needs Django."""

    target: str
    help: str
    django: bool = False


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is used."""

    def __init__(self, *args: Any, table: dict[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return [*self.table, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, with Django ready if it needs that."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        if entry.django:
            _set_up_django()
        module, _, name = entry.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. Raises: ClickException for a database that is not there or not up to date."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if words := _unready(error):
                raise click.ClickException(words) from error
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        rows = [(name, entry.help) for name, entry in self.table.items()]
        for name in super().list_commands(ctx):
            command = super().get_command(ctx, name)
            rows.append((name, command.get_short_help_str(200) if command else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _set_up_django() -> None:
    """Read the settings and load the apps. Raises: ClickException when a setting is missing or wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yika.config.settings")
    django = importlib.import_module("django")
    wrong = importlib.import_module("django.core.exceptions").ImproperlyConfigured
    try:
        django.setup()
    except wrong as error:
        raise click.ClickException(str(error)) from error


def _unready(error: Exception) -> str:
    """What to do about an error of a database that is not set up or not there; else empty."""
    if "django" not in sys.modules:
        return ""
    db = importlib.import_module("django.db")
    if not isinstance(error, db.OperationalError | db.ProgrammingError):
        return ""
    executor = importlib.import_module("django.db.migrations.executor").MigrationExecutor
    try:
        plan = executor(db.connection)
        behind = bool(plan.migration_plan(plan.loader.graph.leaf_nodes()))
    except db.Error as second:
        return f"无法使用数据库 / the database cannot be used: {second}"
    if behind:
        return (
            "数据库尚未建立或不是最新，请先运行 yika migrate / "
            "the database is not set up or not up to date: run yika migrate first"
        )
    return ""


def _group(name: str, text: str, table: dict[str, Entry]) -> LazyGroup:
    return LazyGroup(name, help=text, short_help=text, table=table)


GROUPS = [
    _group(
        "standard",
        "质量规范：检查、查看、推算 / The standard: check, show, explain",
        {
            "check": Entry("yika.standards.cli:check", "检查规范文件 / Check a standard file"),
            "show": Entry("yika.standards.cli:show", "显示规范 / Show a standard"),
            "explain": Entry(
                "yika.faults.cli:explain",
                "逐行推算一个故障的等级与时限 / Explain a fault's level and deadlines",
            ),
        },
    ),
    _group(
        "journal",
        "操作记录：核验、导出 / The journal: verify, export",
        {
            "verify": Entry(
                "yika.journal.cli:verify", "核验操作记录 / Prove that nothing was altered", django=True
            ),
            "export": Entry(
                "yika.journal.cli:export", "导出操作记录副本 / Take a copy of the journal", django=True
            ),
        },
    ),
    _group(
        "user",
        "账号：新建、重置密码 / Accounts: create, reset",
        {
            "create": Entry("yika.people.cli:create", "新建账号 / Create an account", django=True),
            "reset": Entry("yika.people.cli:reset", "重置密码 / Give a new one-time password", django=True),
        },
    ),
    _group(
        "import",
        "导入 / Import",
        {
            "places": Entry("yika.assets.cli:places", "导入地点 / Import places", django=True),
            "faults": Entry(
                "yika.faults.cli_history:faults", "导入历史故障 / Bring past faults in", django=True
            ),
            "undo": Entry(
                "yika.faults.cli_history:undo", "撤回一次历史导入 / Take an import out again", django=True
            ),
        },
    ),
    _group(
        "search",
        "搜索：重建索引 / Search: rebuild",
        {
            "rebuild": Entry(
                "yika.search.cli:rebuild", "核对并修复搜索索引 / Compare and mend the index", django=True
            )
        },
    ),
]

main = LazyGroup(
    "yika",
    help="Yika 一卡运维：让校园卡服务按标准运行，事事有据。 / Keeps a campus-card service to its standard.",
    context_settings={"help_option_names": ["-h", "--help"]},
    table={
        "run": Entry(
            "yika.config.serving:run",
            "本机试用：建库、载入演示校园、启动网页与后台任务 / Everything in one process",
            django=True,
        ),
        "serve": Entry("yika.config.serving:serve", "启动网页服务 / Serve the pages", django=True),
        "worker": Entry("yika.worker.cli:worker", "启动后台任务 / Run the worker", django=True),
        "migrate": Entry(
            "yika.config.upkeep:migrate",
            "更新数据库与静态文件 / Bring database and static files up to date",
            django=True,
        ),
        "demo": Entry(
            "yika.config.upkeep:demonstrate",
            "向空库载入演示校园 / Load the demonstration campus into an empty database",
            django=True,
        ),
        "manage": Entry("yika.config.upkeep:manage", "Django 管理命令 / Django's own commands", django=True),
        "simulate": Entry(
            "yika.faults.cli_history:simulate",
            "生成模拟校园，用于演示和测量 / Make a campus with years of faults",
            django=True,
        ),
        "replay": Entry(
            "yika.faults.cli:replay", "按规范重算一批历史故障 / Replay past faults against a standard"
        ),
    },
)
for group in GROUPS:
    main.add_command(group)
click.version_option(__version__, prog_name="yika", help="版本 / Show the version")(main)
