"""Several workers, killed in the middle of their work: nothing lost, nothing doubled."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from django.db import connection, transaction

from tests import cast
from yika.journal import queries
from yika.journal.actions import event, record_all, seal
from yika.journal.models import Event, Seal
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.notices.models import Notice
from yika.people.models import User
from yika.worker.loop import run_worker
from yika.worker.models import Heartbeat
from yika.worker.rules import Due

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PAST = datetime(2026, 1, 1, tzinfo=UTC)
Start = Callable[[], "subprocess.Popen[bytes]"]


def environment() -> dict[str, str]:
    """What leads another process to this test's database."""
    settings = connection.settings_dict
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={host}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yika.config.settings"}


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts workers on this test's database; whoever is left at the end is killed."""
    names = count(1)
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.worker.hand", f"hand{next(names)}"], env=environment()
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def delivered() -> int:
    return Event.objects.filter(verb="play.deliver").count()


def waiting(to: User) -> Notice:
    return Notice(to=to, subject="x", kept={}, at=PAST, send_after=PAST)


def test_two_workers_killed_again_and_again_do_everything_once(start: Start) -> None:
    to = cast.office()
    Notice.objects.bulk_create(waiting(to) for _ in range(400))
    hands = [start(), start()]
    for _ in range(3):
        before = delivered()
        wait_until(lambda before=before: delivered() >= before + 40)  # type: ignore[misc]
        hands[0].send_signal(signal.SIGKILL)
        hands[0].wait()
        hands = [hands[1], start()]
    wait_until(lambda: not Notice.objects.filter(send_after__isnull=False).exists())
    for hand in hands:
        hand.send_signal(signal.SIGTERM)
    assert [hand.wait(20) for hand in hands] == [0, 0]

    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}
    told = Event.objects.filter(verb="play.deliver").values_list("key", flat=True)
    assert sorted(map(int, told)) == sorted(Notice.objects.values_list("pk", flat=True))
    ticks = list(Event.objects.filter(verb="play.tick").values_list("at", flat=True))
    assert ticks and len(ticks) == len(set(ticks))
    while seal(at=clock.now()):
        pass
    report = queries.verify()
    assert report.ok, report.findings
    signed_off = {"hand4", "hand5"}
    assert not signed_off & set(Heartbeat.objects.values_list("worker", flat=True))


def test_a_stop_finishes_the_row_in_hand(start: Start) -> None:
    to = cast.office()
    Notice.objects.bulk_create(waiting(to) for _ in range(300))
    hand = start()
    wait_until(lambda: delivered() > 5)
    hand.send_signal(signal.SIGTERM)
    assert hand.wait(20) == 0
    assert Notice.objects.filter(attempts=1).count() == delivered() < 300
    assert not Heartbeat.objects.exists()


def test_the_command_keeps_so_many_processes_and_stops_them_all() -> None:
    command = [sys.executable, "-c", "from yika.config.cli import main; main()", "worker", "--processes", "2"]
    parent = subprocess.Popen(command, env=environment())
    try:
        wait_until(lambda: Heartbeat.objects.count() == 2)
        killed = Heartbeat.objects.earliest("id")
        os.kill(int(killed.worker.rpartition(":")[2]), signal.SIGKILL)
        wait_until(lambda: Heartbeat.objects.count() == 3)
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(20) == 0
    finally:
        if parent.poll() is None:
            parent.kill()  # its children notice and stop
        parent.wait()
    assert Heartbeat.objects.get() == killed


def test_many_seal_at_once_and_the_chain_is_one() -> None:
    with transaction.atomic():
        record_all([event("a.b", ("thing", n), by=SYSTEM, at=cast.AT) for n in range(3000)])
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        try:
            for _ in range(12):
                seal(at=cast.AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not Event.objects.filter(seal__isnull=True).exists()
    assert Seal.objects.count() == 6
    assert queries.verify().ok


def test_the_loop_outlives_the_loss_of_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    backends: list[int] = []

    def look(at: datetime) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])
        return False

    monkeypatch.setattr("yika.worker.loop.IDLE", 0.05)
    monkeypatch.setattr("yika.worker.loop.pause", lambda failures: 0.05)
    thread = threading.Thread(
        target=run_worker, args=(stop,), kwargs={"name": "t", "jobs": (Due("look", look),)}
    )
    thread.start()
    try:
        for _ in range(2):
            seen = set(backends)
            wait_until(lambda seen=seen: bool(set(backends) - seen))  # type: ignore[misc]
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [backends[-1]])
        seen = set(backends)
        wait_until(lambda: bool(set(backends) - seen))
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert not Heartbeat.objects.exists()
