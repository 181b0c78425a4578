"""A Yika to measure: its environment, its server and worker, and a client that asks like a browser."""

import http.client
import json
import multiprocessing
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

YIKA = Path(sys.executable).parent / "yika"
HOST = "127.0.0.1"


def environment(data: Path, url: str | None) -> dict[str, str]:
    """Production on PostgreSQL; on SQLite, which production refuses, the settings for one machine."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("YIKA_")}
    env |= {"YIKA_DATA": str(data), "SECRET_KEY": "measured-" * 8, "YIKA_API_PER_MINUTE": "0"}
    env.pop("DATABASE_URL", None)
    if url is not None:
        env |= {
            "YIKA_ENV": "production",
            "DATABASE_URL": url,
            "ALLOWED_HOSTS": HOST,
            "YIKA_ORIGIN": f"https://{HOST}",
        }
    return env


def yika(env: dict[str, str], *words: str) -> str:
    """What a command of Yika prints."""
    return subprocess.run([str(YIKA), *words], env=env, check=True, capture_output=True, text=True).stdout


def inside(env: dict[str, str], what: str) -> dict[str, Any]:
    """What ``bench.inside`` answers."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", what], env=env, check=True, capture_output=True, text=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@dataclass(frozen=True)
class Times:
    """Units: milliseconds."""

    p50: float
    p95: float


class Browser:
    """One connection that stays open, one person signed in or one token."""

    def __init__(self, port: int, *, cookie: str = "", token: str = "") -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self.headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": HOST}
        if cookie:
            self.headers["Cookie"] = f"sessionid={cookie}"
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> bytes:
        """A whole page; anything but 200 is an error."""
        return self._ask("GET", path, None, 200)

    def post(self, path: str, data: dict[str, Any]) -> bytes:
        """JSON to the API; anything but 201 is an error."""
        return self._ask("POST", path, json.dumps(data), 201)

    def _ask(self, method: str, path: str, body: str | None, wanted: int) -> bytes:
        headers = self.headers | ({"Content-Type": "application/json"} if body else {})
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        read = answer.read()
        assert answer.status == wanted, (method, path, answer.status, read[:300])
        return read

    def times(self, paths: Sequence[str], count: int = 60, warm: int = 10) -> Times:
        """How long each page takes, asked one after the other."""
        found = []
        for number in range(-warm, count):
            started = time.perf_counter()
            self.get(paths[number % len(paths)])
            if number >= 0:
                found.append(1000 * (time.perf_counter() - started))
        return Times(statistics.median(found), statistics.quantiles(found, n=20)[-1])


SAID = {
    "symptom": "terminal_dead",
    "channel": "phone",
    "description": "刷卡机黑屏，重启无效",
    "reporter_name": "王同学",
    "reporter_phone": "13800000000",
}


def creations(
    port: int, token: str, devices: Sequence[str], clients: int, carrier: str, seconds: float = 10
) -> float:
    """Faults of terminals created through the API by so many clients at once, while one outage is open.

    The outage is of ``carrier``: each report is asked whether it belongs there. Units: per second.
    """
    Browser(port, token=token).post("/api/v1/faults", SAID | {"devices": [carrier]})
    with multiprocessing.get_context("spawn").Pool(clients) as pool:
        pool.map(_warm, range(clients))
        asked = [(port, token, list(devices[number::clients]), seconds) for number in range(clients)]
        return sum(pool.starmap(_create, asked, chunksize=1))


def _warm(_number: int) -> None:
    time.sleep(0.2)


def _create(port: int, token: str, devices: Sequence[str], seconds: float) -> float:
    browser = Browser(port, token=token)
    for number in range(5):
        browser.post("/api/v1/faults", SAID | {"devices": [devices[number]]})
    made, started = 0, time.perf_counter()
    while (took := time.perf_counter() - started) < seconds:
        browser.post("/api/v1/faults", SAID | {"devices": [devices[made % len(devices)]]})
        made += 1
    return made / took


@contextmanager
def running(env: dict[str, str], *words: str, port: int | None = None) -> Iterator[int]:
    """A service of Yika for the length of the block; gives its process. Ready when the port answers."""
    process = subprocess.Popen([str(YIKA), *words], env=env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if port is None or _answers(port):
                break
            assert process.poll() is None, f"yika {' '.join(words)} ended"
            time.sleep(0.2)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def memory(pid: int) -> list[float]:
    """Resident memory of a process and its children, the largest first. Units: MB."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    return sorted((rss / 1024 for own, parent, rss in rows if pid in (own, parent)), reverse=True)
