"""``python -m bench``: fill, measure, and print a table for docs/bench.md."""

import argparse
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg

from bench import databases, report, site
from bench.report import Figures
from yika.lib.statistics import SAMPLE

DUE = 5_000
DEVICES = 2_000
A_MONTH = 4_200  # faults of such a campus: more faults are more years, not a larger campus
PORT = 8139


def main() -> None:
    """Measure what was asked for; results are kept beside the data, so that a table holds every run."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    asked.add_argument("--on", nargs="+", choices=("postgresql", "sqlite"), default=["postgresql", "sqlite"])
    asked.add_argument("--home", type=Path, default=Path("var/bench"), help="where the databases stay")
    asked.add_argument("--replay", type=int, default=1_000_000, help="rows to replay; 0 for none")
    asked.add_argument("--only", choices=("pages", "creations", "sweep"), help="one part")
    told = asked.parse_args()
    home = told.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    found: list[Figures] = []
    if told.replay:
        found.append(_replayed(home, told.replay))
    for name in told.on:
        with ExitStack() as stack:
            server = stack.enter_context(databases.postgres(home / "pg")) if name == "postgresql" else None
            for size in told.sizes:
                found.append(_measured(home, server, name, size, told.only))
                print(report.table(found), flush=True)
    (home / "results.json").write_text(json.dumps([one.plain() for one in found], indent=1))


def _measured(home: Path, server: str | None, name: str, size: int, only: str | None) -> Figures:
    """One size on one database."""
    found = Figures(name, size)
    with _copy(home, server, size) as env:
        seen = site.inside(env, "ready")
        found.all, found.open = seen["all"], seen["open"]
        with site.running(env, "serve", "--workers", "2", "--port", str(PORT), port=PORT) as server_pid:
            found.put("web process, idle", site.memory(server_pid)[0])
            if only in (None, "pages"):
                for row, role, paths in _pages(seen):
                    found.put(row, site.Browser(PORT, cookie=seen["cookies"][role]).times(paths))
            if only in (None, "creations"):
                for clients in (1, 4):
                    row = f"creations, {clients} client{'s' * (clients > 1)}"
                    found.put(
                        row, site.creations(PORT, seen["token"], seen["devices"], clients, seen["carrier"])
                    )
        if only in (None, "sweep"):
            swept = site.inside(env, "sweep")
            found.put("sweep, 5,000 due", swept["took"] * DUE / swept["due"])
            found.put("sweep, nothing due", swept["idle"])
            with site.running(env, "worker") as worker:
                time.sleep(15)
                found.put("worker, idle", site.memory(worker)[0])
    return found


def _pages(seen: dict[str, list[int]]) -> list[tuple[str, str, list[str]]]:
    faults = [f"/faults/{key}/" for key in seen["faults"]]
    return [
        ("open list", "dispatcher", ["/faults/"]),
        ("fault page", "dispatcher", faults),
        ("home, desk", "dispatcher", ["/board/"]),
        ("home, technician", "technician", ["/my/"]),
        ("home, Office", "office", ["/"]),
        ("search", "dispatcher", ["/search/?q=%E9%A3%9F%E5%A0%82", "/search/?q=%E5%9C%88%E5%AD%98"]),
        ("list with words", "dispatcher", ["/faults/?state=all&q=%E9%A3%9F%E5%A0%82"]),
        ("month's figures", "office", ["/compliance/"]),
    ]


@contextmanager
def _copy(home: Path, server: str | None, size: int) -> Iterator[dict[str, str]]:
    """The environment of a fresh copy of the campus of this size, which is made if it is not there yet."""
    make = _on_postgres if server else _on_sqlite
    data, url = make(home, server, size)
    env = site.environment(data, url)
    site.yika(env, "migrate")  # static files too
    yield env


def _on_postgres(home: Path, server: str | None, size: int) -> tuple[Path, str]:
    assert server
    data, kept, copy = home / "data", f"yika_{size}", "yika_measured"
    data.mkdir(exist_ok=True)
    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept]).fetchone():
            connection.execute(f"CREATE DATABASE {kept}_half")
            _fill(site.environment(data, server.format(name=f"{kept}_half")), size)
            connection.execute(f"ALTER DATABASE {kept}_half RENAME TO {kept}")
        connection.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {copy} TEMPLATE {kept}")
    with psycopg.connect(server.format(name=copy), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return data, server.format(name=copy)


def _on_sqlite(home: Path, _server: str | None, size: int) -> tuple[Path, None]:
    kept, copy = home / f"sqlite_{size}", home / "sqlite_measured"
    if not kept.exists():
        half = home / f"sqlite_{size}_half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        _fill(site.environment(half, None), size)
        half.rename(kept)
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(kept, copy)
    with closing(sqlite3.connect(copy / "yika.sqlite3")) as connection:
        connection.execute(f"PRAGMA analysis_limit = {SAMPLE}")  # as the worker does every hour
        connection.execute("ANALYZE")
    return copy, None


def _fill(env: dict[str, str], size: int) -> None:
    months = max(3, min(240, round(size / A_MONTH)))
    print(f"filling {size:,} faults of {months} months …", file=sys.stderr, flush=True)
    site.yika(env, "migrate")
    site.yika(
        env,
        "simulate",
        *("--devices", str(DEVICES), "--months", str(months), "--faults", str(size), "--due", str(DUE)),
    )
    site.yika(env, "search", "rebuild")


def _replayed(home: Path, rows: int) -> Figures:
    """Judge generated rows against the built-in standard: speed, and the memory of the whole command."""
    source, target = home / f"replay_{rows}.csv", home / "replayed.csv"
    if not source.exists():
        _write_rows(source, rows)
    started = time.perf_counter()
    words = [str(site.YIKA), "replay", str(source), "--out", str(target), "--as-of", "2026-06-01T00:00"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - started
    target.unlink()
    found = Figures("replay", rows)
    found.put("replay, rows a second", rows / took)
    found.put("replay, memory", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    return found


def _write_rows(path: Path, rows: int) -> None:
    """Years of reports; nine of ten with an arrival, six of seven with a repair, every level."""
    dice = random.Random(1)
    at, zone = datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=8))), timedelta(minutes=1)
    with path.open("w", encoding="utf-8") as file:
        file.write("ref,reported_at,arrived_at,repaired_at,terminals,cardholders,cause\n")
        for number in range(rows):
            reported = at + zone * dice.randrange(1_000_000)
            arrived = reported + zone * dice.randrange(1, 120)
            repaired = arrived + zone * dice.randrange(1, 3000)
            told: list[Callable[[], str] | str] = [
                f"R{number}",
                reported.isoformat(),
                arrived.isoformat() if number % 10 else "",
                repaired.isoformat() if number % 7 else "",
                str(dice.choice((1, 1, 1, 2, 8, 30, 200))),
                str(dice.choice((0, 0, 1, 50, 900))),
                "",
            ]
            file.write(",".join(map(str, told)) + "\n")


if __name__ == "__main__":
    main()
