"""``python -m bench.network``: a campus of devices, what its core switch takes down, and a building drawn.

Measured in a process that knows the graph, as a server does; "graph, first read" is what the first question
after a change costs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg

from bench import databases, site

PER_SWITCH, PER_BUILDING, PER_UPLINK = 24, 10, 20  # terminals, access switches, buildings
ROUNDS = 40
ROWS = (
    "graph, first read",
    "impact of the core",
    "impact of the core, page",
    "building diagram, page",
    "backbone diagram, page",
)


def main() -> None:
    """Fill and measure each size on each database; prints a table."""
    asked = argparse.ArgumentParser(prog="python -m bench.network", description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    asked.add_argument("--on", nargs="+", choices=("postgresql", "sqlite"), default=["postgresql", "sqlite"])
    asked.add_argument("--home", type=Path, default=Path("var/bench"), help="where the databases stay")
    told = asked.parse_args()
    home = told.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, list[float]]] = {}
    for name in told.on:
        with ExitStack() as stack:
            server = stack.enter_context(databases.postgres(home / "pg")) if name == "postgresql" else None
            for size in told.sizes:
                env = _filled(home, server, size)
                found[f"{name} {size:,}"] = json.loads(_inside(env, "measure"))
                print(table(found), flush=True)
    (home / "network.json").write_text(json.dumps(found, indent=1))


def table(found: dict[str, dict[str, list[float]]]) -> str:
    """Markdown: median and 95th percentile. Units: milliseconds."""
    lines = ["| p50 / p95 in ms | " + " | ".join(found) + " |", "|---|" + "---:|" * len(found)]
    for row in ROWS:
        cells = [f"{one[row][0]:.1f} / {one[row][1]:.1f}" for one in found.values()]
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _filled(home: Path, server: str | None, size: int) -> dict[str, str]:
    """The environment of a campus of this size, filled anew."""
    if server:
        with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS yika_network WITH (FORCE)")
            connection.execute("CREATE DATABASE yika_network")
        data, url = home / "data", server.format(name="yika_network")
    else:
        data, url = home / "sqlite_network", None
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(exist_ok=True)
    env = site.environment(data, url)
    site.yika(env, "migrate")
    _inside(env, "fill", str(size))
    if server:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    return env


def _inside(env: dict[str, str], *words: str) -> str:
    """Run a part of this in a process with the settings of the database measured."""
    command = [sys.executable, "-m", "bench.network_inside", *words]
    run = subprocess.run(command, env={**os.environ, **env}, check=True, stdout=subprocess.PIPE, text=True)
    return run.stdout.strip().splitlines()[-1] if run.stdout.strip() else ""


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Median and 95th percentile of some rounds. Units: milliseconds."""
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - started))
    took.sort()
    return [took[len(took) // 2], took[min(int(len(took) * 0.95), len(took) - 1)]]


if __name__ == "__main__":
    main()
