"""The commands that run Yika: pages, worker, or both at once."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import click
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

from yika.assets.actions import seed_kinds
from yika.config import demo
from yika.config.upkeep import load_demonstration, name_accounts
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.worker.loop import run_worker

logger = logging.getLogger(__name__)
STOPPING_TAKES = 15  # seconds that a running job is given to finish


@click.command(short_help="本机试用 / Everything in one process")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / address")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="端口 / port")
@click.option(
    "--demo/--no-demo", "with_demo", default=True, help="空库时载入演示校园 / fill an empty database"
)
def run(host: str, port: int, with_demo: bool) -> None:
    """建库、载入演示校园（仅空库）、启动网页与后台任务。按 Ctrl-C 停止，数据保留。

    Makes the database, fills an empty one with a demonstration campus, serves the pages and runs the
    worker in one process. Ctrl-C stops it; the data stay.
    """
    if settings.PRODUCTION:
        raise click.ClickException(
            "生产环境请用 yika serve 与 yika worker。 / In production: serve and worker."
        )
    _insist_free(host, port)
    if not os.environ.get("YIKA_ORIGIN"):
        settings.ORIGIN = f"http://{host}:{port}"
    call_command("migrate", verbosity=0, interactive=False)
    if with_demo and demo.is_empty():
        click.echo("正在载入演示校园… / Loading the demonstration campus …")
        load_demonstration()
    seed_kinds(by=COMMAND_LINE, at=clock.now())
    stop = threading.Event()
    hand = threading.Thread(target=_work_until, args=(stop,), name="worker")
    hand.start()
    try:
        _serve(host, port, threads=8, ready=lambda: _greet(host, port))
    finally:
        stop.set()
        hand.join(STOPPING_TAKES)
        click.echo("已停止，数据保留。 / Stopped; the data stay.")


@click.command(short_help="启动网页服务 / Serve the pages")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 / address")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="端口 / port")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="进程数，一般每核一个；不写则为单进程 / processes, one a core",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    help="每个进程的线程数，默认单进程 8、多进程 4 / threads of each process: 8 of a single one, else 4",
)
def serve(host: str, port: int, workers: int | None, threads: int | None) -> None:
    """启动网页服务，不含后台任务。 / Serves the pages, without the worker."""
    _insist_free(host, port)
    if workers is not None:
        _serve_with(workers, threads or 4, host, port)
    _serve(host, port, threads or 8, ready=lambda: click.echo(f"http://{host}:{port}/"))


def _serve_with(workers: int, threads: int, host: str, port: int) -> NoReturn:
    """Become granian, whose processes share the port; one that dies is replaced."""
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(threads),
        "--log-level": "warning",
    }
    words = [word for option in options.items() for word in option]
    flags = ["--respawn-failed-workers", "--no-ws"]
    click.echo(f"http://{host}:{port}/")
    sys.stdout.flush()
    os.execv(  # noqa: S606 - a program of our own environment
        sys.executable, [sys.executable, "-m", "granian", *words, *flags, "yika.config.wsgi:application"]
    )


def _serve(host: str, port: int, threads: int, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; a running request is finished first."""
    server = create_server(
        get_wsgi_application(),
        host=host,
        port=port,
        threads=threads,
        ident="",
        # What the proxies say is judged in one place, by settings.PROXIES; see yika.lib.address.
        clear_untrusted_proxy_headers=False,
        # Twice what a form may send, so that whoever sends more is told by a page of ours: see Refusals.
        max_request_body_size=2 * settings.LARGEST_BODY,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    ready()
    server.run()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _work_until(stop: threading.Event) -> None:
    try:
        run_worker(stop)
    except Exception:
        logger.critical("the worker stopped", exc_info=True)


def _insist_free(host: str, port: int) -> None:
    """Raises: ClickException when somebody already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} 不可用（{error.strerror}），请换一个端口：make run PORT=8001。 / "
                f"{host}:{port} cannot be used; choose another port."
            ) from error


def _greet(host: str, port: int) -> None:
    click.echo(f"\n  Yika 一卡运维  http://{host}:{port}/\n")
    name_accounts()
    click.echo("  Ctrl-C 停止 / stops\n")
