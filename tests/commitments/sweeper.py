"""A worker's sweep in a process of its own, which can be made to die between two statements.

``python -m tests.commitments.sweeper AT FATAL``: waits for a line, sweeps until nothing is due, and is
killed -9 before statement number FATAL (0: never).
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django

BATCH = 25  # small, so that two workers meet often


def main(at: datetime, fatal: int) -> None:
    django.setup()
    from django.db import connection

    from yika.commitments import jobs

    jobs.BATCH = BATCH
    statements = 0

    def dying(
        execute: Callable[..., object], sql: str, params: object, many: bool, context: dict[str, Any]
    ) -> object:
        nonlocal statements
        statements += 1
        if statements == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    with connection.execute_wrapper(dying):
        while jobs.handle_due(at):
            pass
    print(statements)


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]))
