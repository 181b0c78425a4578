"""The worker on the command line."""

import multiprocessing
import os
import signal
import socket
import threading
from multiprocessing.context import ForkProcess

import click
from django.db import connections

from yika.worker.loop import run_worker

RESTART_AFTER = 1.0  # seconds


@click.command()
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 32),
    help="同时运行的进程数 / how many processes",
)
def worker(processes: int) -> None:
    """启动后台任务：预警、升级通知、邮件、操作记录封存。可在多台机器上同时启动。

    Runs the worker: warnings, escalations, mail, sealing the journal. Several may run at once, on
    several machines too. SIGTERM and Ctrl-C finish the row in hand first.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if processes == 1:
        run_worker(stop)
    else:
        _keep_running(processes, stop)


def _keep_running(processes: int, stop: threading.Event) -> None:
    """Start so many processes, put another in the place of one that died, stop them all at the end."""
    connections.close_all()
    forking = multiprocessing.get_context("fork")
    children: list[ForkProcess] = []
    while not stop.is_set():
        children = [child for child in children if child.is_alive()]
        while len(children) < processes:
            child = forking.Process(target=_child)
            child.start()
            children.append(child)
        stop.wait(RESTART_AFTER)
    while any(child.is_alive() for child in children):
        for child in children:
            child.terminate()
            child.join(RESTART_AFTER)


def _child() -> None:
    """One process of several; it stops by itself when its parent is gone."""
    stop = threading.Event()
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which tells us
    threading.Thread(target=_watch, args=(parent, stop), daemon=True).start()
    run_worker(stop, name=f"{socket.gethostname()}:{os.getpid()}")


def _watch(parent: int, stop: threading.Event) -> None:
    while not stop.wait(2.0):
        if os.getppid() != parent:
            stop.set()
