"""A process of its own that acts on faults, for tests that kill it or let several loose.

``python -m tests.faults.hand``: says ready, then does what each line on its input asks for, and answers
with a line. ``die``: acts in a child that is killed -9 before its nth statement. ``rampage``: tries so
many random things, and says how many were done and refused.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from tests import cast  # noqa: E402
from tests.faults.living import ALONE, Life, drawn  # noqa: E402
from yika.assets.models import Device  # noqa: E402
from yika.faults.actions import asking, classifying, dispatching, finishing, working  # noqa: E402
from yika.faults.models import Fault, Ruling  # noqa: E402
from yika.lib.decisions import Refusal  # noqa: E402
from yika.people.models import User  # noqa: E402

LATER = cast.AT + timedelta(hours=1)
DONE = 7  # exit status of a child that lived to the end


def act(what: str, fault: int, by: int, other: int) -> object:
    """One action, by the keys of what it is about."""
    row, who = Fault.objects.get(pk=fault), User.objects.get(pk=by)
    if what == "dispatch":
        return dispatching.dispatch(row, to=User.objects.get(pk=other), by=who, at=LATER)
    if what == "restore":
        return working.restore(row, by=who, at=LATER, note="修好")
    if what == "reopen":
        return finishing.reopen(row, by=who, at=LATER, note="又坏")
    if what == "classify":
        return classifying.classify(row, terminals=12, cardholders=0, reason="整层", by=who, at=LATER)
    if what == "merge":
        return dispatching.merge(row, into=Fault.objects.get(pk=other), by=who, at=LATER)
    if what == "split":
        return dispatching.split(row, by=who, at=LATER, note="不是同一故障")
    ruling = Ruling.objects.get(pk=other)
    return asking.decide(ruling, granted=True, decision="核实", by=who, at=LATER)


def die(fatal: int, **what: Any) -> str:
    """Act in a child; whether it was killed or done."""
    child = os.fork()
    if child == 0:
        statements = 0

        def dying(
            execute: Callable[..., object], sql: str, params: object, many: bool, context: dict[str, Any]
        ) -> object:
            nonlocal statements
            statements += 1
            if statements == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(dying):
            act(**what)
        os._exit(DONE)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"killed {os.WTERMSIG(status)}"
    return "done" if os.WEXITSTATUS(status) == DONE else "failed"


def rampage(seed: int, count: int, people: dict[str, int]) -> str:
    """Try random things to all faults there are."""
    chance = random.Random(seed)
    users = {name: User.objects.get(pk=pk) for name, pk in people.items()}
    campus = Life(users, list(Device.objects.order_by("pk")), LATER)
    done = refused = 0
    for _ in range(count):
        campus.faults = list(Fault.objects.order_by("pk"))
        campus.step = step = drawn(chance, campus)
        fault = Fault.objects.get(pk=campus.faults[step.fault % len(campus.faults)].pk)
        try:
            campus.tried(*([] if step.act in ALONE else [fault]))
            done += 1
        except Refusal:
            refused += 1
    return f"{done} {refused}"


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(die(**asked) if asked.pop("do") == "die" else rampage(**asked), flush=True)
